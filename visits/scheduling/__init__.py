"""Whose time is taken by what. Nobody is in two places, and nobody is assigned: they are asked.

An ask holds no time, so one person may have two open asks for the same hour; the yes
books it, and the database refuses the second.
"""

from visits.scheduling.answers import accept, be_away, decline, take_back_answer
from visits.scheduling.asks import ask_planned, choose, closed_words, expire_asks, send_ask, withdraw_ask
from visits.scheduling.bookings import (
    add_time_away,
    add_times_away,
    book_room,
    clash_words,
    in_the_way,
    make_firm,
    release,
    remove_time_away,
)
from visits.scheduling.diary import Diary, Entry, EntryKind
from visits.scheduling.refusals import AskRefused, Clash, retry_deadlocks
from visits.scheduling.standing import (
    accepted_asks,
    answers_of,
    free_rooms,
    live_asks,
    missing_for_confirmation,
    times_away,
    waiting_count,
)
from visits.scheduling.suggestions import Candidate, WhyYou, candidates, why_you

__all__ = [
    "AskRefused",
    "Candidate",
    "Clash",
    "Diary",
    "Entry",
    "EntryKind",
    "WhyYou",
    "accept",
    "accepted_asks",
    "add_time_away",
    "add_times_away",
    "answers_of",
    "ask_planned",
    "be_away",
    "book_room",
    "candidates",
    "choose",
    "clash_words",
    "closed_words",
    "decline",
    "expire_asks",
    "free_rooms",
    "in_the_way",
    "live_asks",
    "make_firm",
    "missing_for_confirmation",
    "release",
    "remove_time_away",
    "retry_deadlocks",
    "send_ask",
    "take_back_answer",
    "times_away",
    "waiting_count",
    "why_you",
    "withdraw_ask",
]
