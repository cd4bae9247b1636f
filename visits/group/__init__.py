"""The visiting group: who comes, by their own hand, and what it needs, as numbers alone.

A name takes a place, and so does an invitation until its name is written: whoever has been
sent a link finds a place. What somebody eats or needs is never near their name.
"""

from visits.group.invitations import invite, invite_again, share_anew
from visits.group.names import (
    AddressKnown,
    Gone,
    OwnWords,
    acknowledge,
    add_name,
    leave,
    remove_name,
    seat_contact,
    write_by_shared_link,
    write_own,
)
from visits.group.numbers import ACCESS, FOOD, KINDS, Figure, change_numbers, count_one, figures
from visits.group.places import OPEN_STATES, Group, GroupFull, is_open, left_lately, of, taken
from visits.group.size import SizeRefused, agreed_size, change_size, is_much, tell_of_small_rooms, why_not

__all__ = [
    "ACCESS",
    "FOOD",
    "KINDS",
    "OPEN_STATES",
    "AddressKnown",
    "Figure",
    "Gone",
    "Group",
    "GroupFull",
    "OwnWords",
    "SizeRefused",
    "acknowledge",
    "add_name",
    "agreed_size",
    "change_numbers",
    "change_size",
    "count_one",
    "figures",
    "invite",
    "invite_again",
    "is_much",
    "is_open",
    "leave",
    "left_lately",
    "of",
    "remove_name",
    "seat_contact",
    "share_anew",
    "taken",
    "tell_of_small_rooms",
    "why_not",
    "write_by_shared_link",
    "write_own",
]
