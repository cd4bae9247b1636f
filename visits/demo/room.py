"""What made-up guests and hosts have said in the rooms of their visits."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.files.base import ContentFile

from visits import group, meeting
from visits.choices import AskState, Side
from visits.models import Ask, HostIntroduction, Participant, RoomFile, RoomQuestion, RoomReply, User, VisitRequest

HELLOS: Final = (
    "I count things for a living and want to learn to listen.",
    "Five towns, two results. It keeps me awake.",
    "I bring biscuits, and four years of hospital corridors.",
)
HOST_HELLO: Final = "Ask me anything practical. I am curious about how you began at all."
ANSWER: Final = (
    "It took longer than we thought, and it began with one person’s way through the house. I tell you when we meet."
)
OUR_QUESTION: Final = "Who at home will be the first to try something, and what do they need from you?"
PAPER: Final = (
    "How we draw a process together\n\n"
    "1. One person tells what happened to them, from the first call to the last.\n"
    "2. Somebody draws it on a large paper. Nobody corrects.\n"
    "3. We mark where they waited, and where they were told something twice.\n"
)


def add_room(visit_request: VisitRequest, *, number: int, since: datetime) -> None:
    """The room of an agreed visit: its big questions, one of ours, and in turn an answer or a paper of ours."""
    visit = visit_request.visit
    contact = group.seat_contact(visit)
    Participant.objects.filter(pk=contact.pk).update(introduction=HELLOS[number % len(HELLOS)])
    meeting.open_room(visit_request)
    host = visit_request.coordinator
    if host is None:
        return
    HostIntroduction.objects.create(visit=visit, user=host, text=HOST_HELLO)
    asked = RoomQuestion.objects.create(
        visit=visit, side=Side.OURS, text=OUR_QUESTION, author=host, author_name=str(host)
    )  # fmt: skip
    RoomQuestion.objects.filter(pk=asked.pk).update(asked_at=since + timedelta(hours=3))
    if number % 2 == 0:
        _put_paper(visit_request, host, since + timedelta(hours=4))
    if number % 2:
        _answer(visit_request, since + timedelta(hours=5))


def _answer(visit_request: VisitRequest, at: datetime) -> None:
    """One of those who said yes answers the first big question."""
    ask = Ask.objects.filter(session__visit__request=visit_request, state=AskState.ACCEPTED).first()
    question = RoomQuestion.objects.filter(visit__request=visit_request, big=1).first()
    if ask is None or question is None:
        return
    reply = RoomReply.objects.create(
        question=question, side=Side.OURS, text=ANSWER, author=ask.facilitator.user,
        author_name=ask.facilitator.guest_name, author_role=ask.session.title[:120],
    )  # fmt: skip
    RoomReply.objects.filter(pk=reply.pk).update(written_at=at)


def _put_paper(visit_request: VisitRequest, host: User, at: datetime) -> None:
    """A file of ours that the guests can read before they come."""
    paper = ContentFile(PAPER.encode(), name="demo")
    added = RoomFile.objects.create(
        visit=visit_request.visit, title="How we draw a process together", file=paper, name="a-process-together.txt",
        kind="text/plain", size=paper.size, owner=host,
    )  # fmt: skip
    RoomFile.objects.filter(pk=added.pk).update(added_at=at)
