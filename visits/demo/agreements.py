"""The agreements of the made-up visits: written where the guests have said yes, agreed to as far as they have come."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, timedelta
from typing import Any, Final

from visits import rules
from visits.agreement import Content, Stage, drafting
from visits.agreement import content as contents
from visits.agreement.material import differences
from visits.choices import RequestState as S
from visits.models import Agreement, HistoryEntry, User, VisitRequest

# By what the visit is about: the guests' measure and first test; what Qulturum wants, sees and tries.
ANSWERS: Final[dict[str, tuple[str, str, str, str, str]]] = {
    "Esther and the flow between hospital and home": (
        "Readmissions within 30 days, counted each month, town by town.",
        "One Esther meeting with home care in the town where it does not work.",
        "To learn how volunteers reach people who never call us.",
        "We ask ten inhabitants who live alone whether they felt followed home.",
        "One ward phones five patients two days after they go home.",
    ),
    "When patients run their own dialysis": (
        "How many of our patients choose their own times after a year.",
        "Two patients teach a third, with the nurse in the next room.",
        "To learn how a telephone that is always answered makes people safe at home.",
        "We count how many call, and what about, for a month.",
        "One unit keeps a telephone answered for two weeks.",
    ),
    "Life cafés, and fewer falls": (
        "Falls at night, each week, on three wards.",
        "One life café, led by somebody who has never led one.",
        "To learn what fire fighters see that we do not.",
        "How many come back to a second café.",
        "One café is led together with the rescue service.",
    ),
    "Safety, every time": (
        "How many near misses are told, and by whom.",
        "One safety round with a patient in the chair.",
        "To learn what changes in the room when the patient leads.",
        "What staff and patients each write on a card afterwards.",
        "One round next month, with one of our own patients.",
    ),
    "Quality as the way to steer": (
        "How many of our managers can say what their unit improves now.",
        "We stop one report that nobody reads.",
        "To learn from a project that failed, and from how it was told.",
        "What we ourselves have stopped doing in a year.",
        "We tell one failure of ours at our next meeting.",
    ),
    "Leaders who learn from each other": (
        "How many come back to the network each term.",
        "Three leaders visit each other's work for half a day.",
        "To learn how a network lives when nobody is in charge.",
        "What its members say they have taken from one another.",
        "One of our networks meets once without us.",
    ),
    "Improvement coaches in everyday care": (
        "How many teams have met their coach in the last month.",
        "One coach gets two hours a week, and we see what happens.",
        "To learn what managers see when they follow a coach for a day.",
        "What the managers change in their own calendars.",
        "Two of our managers follow a coach for one day.",
    ),
    "The future of health care, prepared together": (
        "What is still talked about after half a year.",
        "One morning about 2040 with those who are young.",
        "To learn how children draw care that we cannot picture.",
        "How many of their ideas are tried by somebody.",
        "We ask one school class to draw with us.",
    ),
}
SIGNED_ON_THE_DAY: Final = timedelta(hours=3)
AGREED: Final = (Stage.DRAFT, Stage.THEIRS, Stage.OURS, Stage.SETTLED)  # in turn, while the visit is not confirmed
SENT: Final = (Stage.THEIRS, Stage.OURS, Stage.SETTLED)
REOPENED: Final = 5


def add_agreement(visit_request: VisitRequest, *, state: S, number: int, since: datetime) -> Agreement:
    """One version, as far as it has come; of every eighth visit that is settled a second one that both read again."""
    stage = AGREED[number % len(AGREED)] if state == S.AGREED else Stage.SETTLED
    text, written = _text(visit_request, stage, since), since - timedelta(days=3)
    if state == S.CONFIRMED and number % 8 == REOPENED:
        return _reopen(visit_request, text, since)
    made = _add(visit_request, text, 1, written, answer_by=_answer_by(since) if stage in SENT else None)
    if stage == Stage.THEIRS:
        _due(made)
    return _sign(made, stage, written)


def _text(visit_request: VisitRequest, stage: Stage, since: datetime) -> Content:
    """What stands in it: our half as soon as somebody agrees."""
    text = drafting.draft(visit_request, like=None, today=since.date())
    measure, test, our_aim, our_measure, our_test = ANSWERS[visit_request.visit.title]
    text = contents.with_answers(text, contents.GUESTS, {"measure": measure, "test": test})
    if stage == Stage.DRAFT:
        return text
    return contents.with_answers(text, contents.OURS, {"aim": our_aim, "measure": our_measure, "test": our_test})


def _reopen(visit_request: VisitRequest, text: Content, since: datetime) -> Agreement:
    """Both had agreed for a smaller group; since it has grown by more than a fifth they read it again."""
    earlier, written = deepcopy(text), since - timedelta(days=3)
    earlier["plan"]["group_size"] //= 2
    first = _sign(_add(visit_request, earlier, 1, written, answer_by=_answer_by(since)), Stage.SETTLED, written)
    Agreement.objects.filter(pk=first.pk).update(superseded_at=since)
    made = _add(visit_request, text, 2, since, answer_by=_answer_by(since), because=differences(earlier, text))
    _due(made)
    _tell(made, "agreement_reopened", None, "", since)
    return made


def _add(visit_request: VisitRequest, text: Content, number: int, written: datetime, **more: Any) -> Agreement:
    made = Agreement.objects.create(
        request=visit_request, number=number, content=text, digest=contents.digest(text), **more
    )
    Agreement.objects.filter(pk=made.pk).update(written_at=written)
    if number == 1:
        _tell(made, "agreement_written", None, "", written)
    return made


def _sign(made: Agreement, stage: Stage, written: datetime) -> Agreement:
    """The yes of those who have said it by then."""
    host, contact = made.request.coordinator, made.request.contact_name
    if stage in (Stage.THEIRS, Stage.SETTLED):
        made.ours_at, made.ours_by = written + SIGNED_ON_THE_DAY, host
        _tell(made, "agreed_for_us", host, str(host), made.ours_at)
    if stage in (Stage.OURS, Stage.SETTLED):
        made.guests_at, made.guests_by = written + timedelta(days=1), contact
        _tell(made, "agreed_for_guests", None, contact, made.guests_at)
    made.save(update_fields=["ours_at", "ours_by", "guests_at", "guests_by"])
    return made


def _due(made: Agreement) -> None:
    """While the guests read it, the day to agree is the day of their turn."""
    at = datetime.combine(made.answer_by or made.written_at.date(), rules.CLOSE_OF_DAY, rules.STOCKHOLM)
    VisitRequest.objects.filter(pk=made.request_id).update(due_at=at)


def _answer_by(since: datetime) -> date:
    return (since + timedelta(days=7)).date()


def _tell(made: Agreement, what: str, by: User | None, name: str, at: datetime) -> None:
    detail = {"version": made.number}
    HistoryEntry.objects.create(request=made.request, what=what, by=by, by_name=name, at=at, detail=detail)
