"""Whose time is taken by what. Nobody is in two places, and nobody is assigned: they are asked.

An ask holds no time, so one person may have two open asks for the same hour; the yes
books it, and the database refuses the second.
"""

from visits.scheduling.answers import accept, approve_swap, be_away, decline, take_back_answer
from visits.scheduling.asks import ASKED_AS, ask_planned, choose, closed_words, send_ask, withdraw_ask
from visits.scheduling.away import Again, add_time_away, add_times_away, end_series, in_the_way, remove_time_away
from visits.scheduling.beyond import Beyond
from visits.scheduling.bookings import book_room, book_rooms, make_firm, prefer, release, rooms_in_the_way
from visits.scheduling.clashes import clash_words, taken_words
from visits.scheduling.diary import TOLD_FOR, Diary, Entry, EntryKind, Taken, entry_kind, reads_from
from visits.scheduling.gatherings import ask_more_people, ask_people, call_off, counted, helpers, lacking
from visits.scheduling.going_on import ask_on, expire_asks, go_on_due
from visits.scheduling.helping import expire_helping, may_undo_helping, no_more_helping
from visits.scheduling.helping_answers import accept_helping, decline_helping, take_back_helping
from visits.scheduling.imported import busy_in_own_calendar, forget_imported, hold_facilitator, keep_imported
from visits.scheduling.living import agree
from visits.scheduling.options import hold, let_go_of_options, on_other_day, take
from visits.scheduling.own_week import OwnWays, agendas, before_a_yes, beside, beyond_with, own_bookings, own_week
from visits.scheduling.places import follow_place, follow_room, refuse_to_move
from visits.scheduling.reasons import Reason
from visits.scheduling.refusals import AskRefused, Clash, InTheWay, retry_deadlocks
from visits.scheduling.standing import (
    accepted_asks,
    free_rooms,
    live_asks,
    missing_for_confirmation,
    series_of,
    sessions_of,
    times_away,
    waiting_count,
)
from visits.scheduling.stepping_in import Gap, Touched, gaps, stand_down, touched_by, without_leader
from visits.scheduling.suggestions import Candidate, WhyYou, candidates, candidates_of, suited, why_no_voice, why_you
from visits.scheduling.swaps import could_take_over, offer, open_offer, take_back_offer
from visits.scheduling.voices import booked_with

__all__ = [
    "ASKED_AS",
    "TOLD_FOR",
    "Again",
    "AskRefused",
    "Beyond",
    "Candidate",
    "Clash",
    "Diary",
    "Entry",
    "EntryKind",
    "Gap",
    "InTheWay",
    "OwnWays",
    "Reason",
    "Taken",
    "Touched",
    "WhyYou",
    "accept",
    "accept_helping",
    "accepted_asks",
    "add_time_away",
    "add_times_away",
    "agendas",
    "agree",
    "approve_swap",
    "ask_more_people",
    "ask_on",
    "ask_people",
    "ask_planned",
    "be_away",
    "before_a_yes",
    "beside",
    "beyond_with",
    "book_room",
    "book_rooms",
    "booked_with",
    "busy_in_own_calendar",
    "call_off",
    "candidates",
    "candidates_of",
    "choose",
    "clash_words",
    "closed_words",
    "could_take_over",
    "counted",
    "decline",
    "decline_helping",
    "end_series",
    "entry_kind",
    "expire_asks",
    "expire_helping",
    "follow_place",
    "follow_room",
    "forget_imported",
    "free_rooms",
    "gaps",
    "go_on_due",
    "helpers",
    "hold",
    "hold_facilitator",
    "in_the_way",
    "keep_imported",
    "lacking",
    "let_go_of_options",
    "live_asks",
    "make_firm",
    "may_undo_helping",
    "missing_for_confirmation",
    "no_more_helping",
    "offer",
    "on_other_day",
    "open_offer",
    "own_bookings",
    "own_week",
    "prefer",
    "reads_from",
    "refuse_to_move",
    "release",
    "remove_time_away",
    "retry_deadlocks",
    "rooms_in_the_way",
    "send_ask",
    "series_of",
    "sessions_of",
    "stand_down",
    "suited",
    "take",
    "take_back_answer",
    "take_back_helping",
    "take_back_offer",
    "taken_words",
    "times_away",
    "touched_by",
    "waiting_count",
    "why_no_voice",
    "why_you",
    "withdraw_ask",
    "without_leader",
]
