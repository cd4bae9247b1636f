"""What is done in a room. Each deed is one transaction; what cannot be done is refused with a sentence."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import group, history, rules
from visits.meeting.doors import Act, Speaker
from visits.meeting.opening import Stage, closed_words, stage_of
from visits.models import HostIntroduction, Participant, RoomQuestion, RoomReply, Visit


class RoomRefused(Exception):
    """It cannot be done in this room now; the text says why, to whoever tried."""


@transaction.atomic
def ask(speaker: Speaker, *, text: str) -> RoomQuestion:
    """A question to the other side. The same words again within a minute are the same question."""
    visit = enter(speaker, Act.ASK)
    since = timezone.now() - rules.SAME_MESSAGE
    same = visit.questions.filter(text=text, asked_at__gt=since, **_by(speaker)).first()
    if same is not None:
        return same
    _record(speaker, "room_asked")
    return RoomQuestion.objects.create(visit=visit, text=text, **_by(speaker), author_name=speaker.name[:120])


@transaction.atomic
def reply(speaker: Speaker, question_id: int, *, text: str) -> RoomReply:
    """An answer, or a question back. The same words again within a minute are the same answer."""
    visit = enter(speaker, Act.REPLY)
    question = _question(visit, question_id)
    since = timezone.now() - rules.SAME_MESSAGE
    same = question.replies.filter(text=text, written_at__gt=since, **_by(speaker)).first()
    if same is not None:
        return same
    _record(speaker, "room_answered", question=question.text[:160])
    return RoomReply.objects.create(
        question=question, text=text, **_by(speaker), author_name=speaker.name[:120], author_role=speaker.role[:120]
    )


@transaction.atomic
def take(speaker: Speaker, question_id: int) -> RoomQuestion:
    """Take a question of the guests with oneself to the meeting. Raises RoomRefused when somebody else has it."""
    visit = enter(speaker, Act.TAKE)
    question = _question(visit, question_id)
    free = RoomQuestion.objects.filter(pk=question.pk, taken_by=None).update(taken_by=speaker.user)
    if not free and question.taken_by != speaker.user:
        raise RoomRefused(_("%(name)s has taken this question already.") % {"name": question.taken_by})
    if free:
        _record(speaker, "room_taken", question=question.text[:160])
    return question


@transaction.atomic
def put_back(speaker: Speaker, question_id: int) -> RoomQuestion:
    """Leave a question to others again; doing it twice changes nothing."""
    visit = enter(speaker, Act.TAKE)
    question = _question(visit, question_id)
    if RoomQuestion.objects.filter(pk=question.pk, taken_by=speaker.user).update(taken_by=None):
        _record(speaker, "room_put_back", question=question.text[:160])
    return question


@transaction.atomic
def introduce(speaker: Speaker, *, text: str) -> None:
    """Say a few words about oneself, in place of those that stood there; without words they are taken away."""
    visit = enter(speaker, Act.INTRODUCE)
    if speaker.user is not None:
        HostIntroduction.objects.update_or_create(visit=visit, user=speaker.user, defaults={"text": text})
    else:
        Participant.objects.filter(pk=own_row(speaker, visit).pk).update(introduction=text)


@transaction.atomic
def choose_news(speaker: Speaker, *, wanted: bool) -> None:
    """Switch the mail with news of this room on or off, for oneself."""
    visit = enter(speaker, Act.CHOOSE_NEWS)
    if speaker.user is not None:
        HostIntroduction.objects.update_or_create(visit=visit, user=speaker.user, defaults={"wants_news": wanted})
    else:
        Participant.objects.filter(pk=own_row(speaker, visit).pk).update(wants_news=wanted)


def own_row(speaker: Speaker, visit: Visit) -> Participant:
    """The row of a guest in their group; the contact person's is made when it is missing."""
    return speaker.participant or group.seat_contact(visit)


def enter(speaker: Speaker, act: Act) -> Visit:
    """The visit, held against others until the transaction ends.

    Raises PermissionDenied at a door that does not lead there, RoomRefused when the room
    is not open for it.
    """
    if not speaker.may(act):
        raise PermissionDenied
    rows = Visit.objects.select_for_update(of=("self",)).select_related("request")
    visit = rows.filter(request=speaker.visit_request).first()
    visit_request = visit.request if visit else speaker.visit_request
    stage = stage_of(visit_request, timezone.localdate())
    if visit is None or (stage is not Stage.OPEN and act is not Act.REMOVE_ANY_FILE):
        raise RoomRefused(closed_words(visit_request, stage))
    if not speaker.name:
        raise RoomRefused(_("Write your name on the page of your group first, so that the others know who speaks."))
    return visit


def _question(visit: Visit, question_id: int) -> RoomQuestion:
    found = visit.questions.select_related("taken_by__facilitator").filter(pk=question_id).first()
    if found is None:
        raise RoomRefused(_("That question is not here any more."))
    return found


def _by(speaker: Speaker) -> dict[str, object]:
    """Whose words they are."""
    return {"side": speaker.side, "author": speaker.user, "participant": speaker.participant}


def _record(speaker: Speaker, what: str, **detail: str) -> None:
    history.record(speaker.visit_request, what, by=speaker.user, by_name=speaker.name, **detail)
