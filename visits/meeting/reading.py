"""A visit's room as one of those who are in it reads it: a constant number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import F, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import words
from visits.choices import Side
from visits.meeting import kinds
from visits.meeting.doors import Act, Door, Speaker
from visits.meeting.files import removing
from visits.meeting.opening import OPEN_STATES, Stage, closed_words, last_open_day, stage_of, visit_of
from visits.meeting.people import Hello, Own, Person, guest_name
from visits.models import (
    RoomFile,
    RoomQuestion,
    RoomReply,
    Visit,
)

FAR_BACK: Final = datetime(2000, 1, 1, tzinfo=words.STOCKHOLM)


@dataclass(frozen=True)
class Said:
    """An answer, or a question back, under a question."""

    name: str
    role: str
    is_guest: bool
    text: str
    written_at: datetime
    is_new: bool


@dataclass(frozen=True)
class Thread:
    """A question and what has been said to it."""

    pk: int
    text: str
    is_guest: bool
    name: str
    asked_at: datetime
    replies: list[Said]
    taken_by: str
    is_mine: bool  # taken by whoever reads
    may_take: bool
    is_answered: bool
    is_new: bool


@dataclass(frozen=True)
class Paper:
    """A file as it stands in the list."""

    pk: int
    title: str
    kind: str | Promise
    size: int
    owner: str
    may_remove: bool


@dataclass(frozen=True)
class Room:
    """Everything that the page of a room shows to one of those in it."""

    speaker: Speaker
    stage: Stage
    is_over: bool  # the days of the meeting lie behind us
    closed: str  # why nothing can be written; nothing while something can
    visit: Visit | None
    last_open_day: date | None
    threads: list[Thread]
    people: list[Person]
    guests: int
    hosts: int
    files: list[Paper]
    own_words: str
    wants_news: bool

    @property
    def title(self) -> str:
        return _("The room after we met") if self.is_over else _("The room before we meet")

    @property
    def is_open(self) -> bool:
        return self.stage is Stage.OPEN

    @property
    def everybody(self) -> int:
        """How many meet: the whole group, and the hosts who may be named."""
        return max(self.guests + self.hosts, len(self.people))

    @property
    def who_meets(self) -> str:
        """For whom the room is: «For the six of you and the five of us who meet on 16–17 March 2027.»"""
        if self.visit is None:
            return ""
        if self.speaker.visit_request.request_state in OPEN_STATES:
            sentence = _("For %(guests)s and %(hosts)s who meet on %(days)s.")
        else:  # the days are off, or planned again
            sentence = _("For %(guests)s and %(hosts)s.")
        return sentence % {"guests": self._guests_in_words(), "hosts": self._hosts_in_words(), "days": self.days}

    def _guests_in_words(self) -> str:
        count = {"count": words.spelled(self.guests)}
        if self.speaker.is_host:
            return ngettext("the guest", "the %(count)s guests", self.guests) % count
        return ngettext("you", "the %(count)s of you", self.guests) % count

    def _hosts_in_words(self) -> str:
        if not self.hosts:
            return _("us")
        return ngettext("one of us", "the %(count)s of us", self.hosts) % {"count": words.spelled(self.hosts)}

    @property
    def days(self) -> str:
        return words.day_range(self.visit.first_day, self.visit.last_day) if self.visit else ""

    @property
    def unanswered(self) -> int:
        return sum(not thread.is_answered for thread in self.threads)

    @property
    def may_speak(self) -> bool:
        return self.is_open and self.speaker.may(Act.ASK) and bool(self.speaker.name)

    @property
    def waits_for_yes(self) -> bool:
        """Whether somebody reads who guests get to know only after their own yes."""
        return self.is_open and not self.speaker.may_be_named

    @property
    def may_add_file(self) -> bool:
        return self.may_speak and self.speaker.may(Act.ADD_FILE)


def read(speaker: Speaker, at: datetime) -> Room:
    """The room as `speaker` sees it at `at`: nine queries at most, whatever has been said."""
    visit_request = speaker.visit_request
    visit = visit_of(visit_request)
    stage = stage_of(visit_request, words.local_date(at))
    hello = Hello(visit_request, visit) if visit and stage is not Stage.NOT_YET else None
    own = hello.of(speaker) if hello else Own()
    return Room(
        speaker=speaker,
        stage=stage,
        is_over=visit is not None and words.local_date(at) > visit.last_day,
        closed=closed_words(visit_request, stage),
        visit=visit,
        last_open_day=last_open_day(visit) if visit else None,
        threads=_threads(visit, speaker, own.seen_at or FAR_BACK) if hello and visit else [],
        people=hello.people if hello else [],
        guests=max(visit_request.group_size or 0, len(hello.guests) if hello else 0),
        hosts=len(hello.hosts) if hello else 0,
        files=_papers(visit, speaker, stage) if hello and visit else [],
        own_words=own.words,
        wants_news=own.wants_news,
    )


def questions_of(visit: Visit) -> QuerySet[RoomQuestion]:
    """A visit's questions, the big ones first, with what was said to them and by whom; two queries."""
    replies = RoomReply.objects.order_by("pk")
    rows = RoomQuestion.objects.filter(visit=visit).select_related("taken_by__facilitator__user")
    return rows.prefetch_related(Prefetch("replies", replies)).order_by(F("big").asc(nulls_last=True), "pk")


def is_answered(question: RoomQuestion) -> bool:
    """Whether somebody of the other side has said something to it."""
    return any(reply.side != question.side for reply in question.replies.all())


def _threads(visit: Visit, speaker: Speaker, seen_at: datetime) -> list[Thread]:
    return [_thread(question, speaker, seen_at) for question in questions_of(visit)]


def _thread(question: RoomQuestion, speaker: Speaker, seen_at: datetime) -> Thread:
    host = speaker.visit_request.coordinator_id
    return Thread(
        pk=question.pk,
        text=question.text,
        is_guest=question.side == Side.GUESTS,
        name=question.author_name,
        asked_at=question.asked_at,
        replies=[_said(reply, host, speaker, seen_at) for reply in question.replies.all()],
        taken_by=guest_name(question.taken_by) if question.taken_by else "",
        is_mine=question.taken_by_id is not None and question.taken_by == speaker.user,
        may_take=speaker.may(Act.TAKE) and question.side == Side.GUESTS,
        is_answered=is_answered(question),
        is_new=question.asked_at > seen_at and not _is_own(question, speaker),
    )


def _said(reply: RoomReply, host: int | None, speaker: Speaker, seen_at: datetime) -> Said:
    is_host = reply.author_id is not None and reply.author_id == host
    return Said(
        name=reply.author_name,
        role=_("your host") if is_host else reply.author_role,
        is_guest=reply.side == Side.GUESTS,
        text=reply.text,
        written_at=reply.written_at,
        is_new=reply.written_at > seen_at and not _is_own(reply, speaker),
    )


def _is_own(row: RoomQuestion | RoomReply, speaker: Speaker) -> bool:
    if speaker.user is not None:
        return row.author_id == speaker.user.pk
    mine = {speaker.participant.pk if speaker.participant else None}
    if speaker.door is Door.CONTACT:
        mine.add(None)  # what they wrote before they had a row of their own
    return row.author_id is None and row.participant_id in mine


def _papers(visit: Visit, speaker: Speaker, stage: Stage) -> list[Paper]:
    rows = RoomFile.objects.filter(visit=visit).select_related("owner__facilitator__user").order_by("pk")
    return [
        Paper(
            pk=row.pk,
            title=row.title,
            kind=kinds.WORDS.get(row.kind, row.kind),
            size=row.size,
            owner=guest_name(row.owner),
            may_remove=_may_remove(speaker, row, stage),
        )
        for row in rows
    ]


def _may_remove(speaker: Speaker, row: RoomFile, stage: Stage) -> bool:
    act = removing(speaker, row)
    return speaker.may(act) and (stage is Stage.OPEN or act is Act.REMOVE_ANY_FILE)
