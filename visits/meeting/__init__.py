"""A visit's room: the big questions, who answers them, who is who, and files from our side.

One room, four doors: the contact person, the group, the facilitators who are asked, and the
desk. `doors.MAY` is the one table of who may do what.
"""

from visits.meeting.card import Card, card_of
from visits.meeting.doors import MAY, Act, Door, Speaker, as_facilitator, as_guest, as_staff
from visits.meeting.files import add_file, file_of, remove_file
from visits.meeting.kinds import WrongFile
from visits.meeting.opening import Stage, last_open_day, open_room, stage_of
from visits.meeting.people import Person, look_in
from visits.meeting.reading import Paper, Room, Said, Thread, is_answered, questions_of, read
from visits.meeting.speaking import RoomRefused, ask, choose_news, introduce, put_back, reply, take

__all__ = [
    "MAY",
    "Act",
    "Card",
    "Door",
    "Paper",
    "Person",
    "Room",
    "RoomRefused",
    "Said",
    "Speaker",
    "Stage",
    "Thread",
    "WrongFile",
    "add_file",
    "as_facilitator",
    "as_guest",
    "as_staff",
    "ask",
    "card_of",
    "choose_news",
    "file_of",
    "introduce",
    "is_answered",
    "last_open_day",
    "look_in",
    "open_room",
    "put_back",
    "questions_of",
    "read",
    "remove_file",
    "reply",
    "stage_of",
    "take",
]
