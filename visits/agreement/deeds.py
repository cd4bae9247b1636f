"""What is done to an agreement: written, agreed to by each side, read again. Each deed is one transaction.

Whoever agrees, or writes, does so to the text that stood on the screen: its fingerprint
comes with the form. A text that has changed meanwhile is refused with a sentence, and
nothing has happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits import almanac, history, outbox, rules
from visits.agreement import content as contents
from visits.agreement import drafting, standing
from visits.agreement.content import GUESTS, OURS, Content
from visits.agreement.material import Change, differences, is_material
from visits.agreement.standing import Stage, stage_of
from visits.agreement.wording import missing_words
from visits.choices import RequestState
from visits.door import touch
from visits.models import Agreement, User, VisitRequest

S = RequestState


class AgreementRefused(Exception):
    """The agreement cannot be changed or agreed to so; its text says why and what to do."""


# -- Writing ---------------------------------------------------------------------------


@transaction.atomic
def write(visit_request: VisitRequest, *, by: User | None = None) -> Agreement:
    """The agreement of an agreed visit: written from the request and its plan, or the one that stands.

    Where it stands already and the plan is another one, it follows: a text that nobody has
    agreed to at once, one that somebody has agreed to as a new version for both.
    """
    _hold(visit_request)
    found = standing.current(visit_request)
    if found is not None:
        return _follow(visit_request, found, by=by)
    made = _create(visit_request, 1, _fresh(visit_request, None), by=by)
    history.record(visit_request, "agreement_written", by=None, by_clock=True, version=1)
    return made


@transaction.atomic
def write_ours(
    visit_request: VisitRequest,
    *,
    answers: Mapping[str, str],
    contacts: Iterable[Mapping[str, str]],
    by: User,
    seen: str,
) -> Agreement:
    """Our half: our answers to the three questions, and when we are next in touch; the plan is as it stands now.

    Raises AgreementRefused when the text has changed since it was read.
    """
    found = _standing(visit_request, seen)
    fresh = _fresh(visit_request, found.content)
    written = contents.with_contacts(contents.with_answers(fresh, OURS, answers), contacts)
    return _rewrite(visit_request, found, written, what="agreement_edited", by=by)


@transaction.atomic
def change_answers(visit_request: VisitRequest, *, answers: Mapping[str, str], seen: str) -> Agreement:
    """The guests’ own answers to the three questions, until both have agreed.

    Raises AgreementRefused after that, and when the text has changed since it was read.
    """
    found = _standing(visit_request, seen)
    if found.is_agreed:
        raise AgreementRefused(_("We have both agreed. Write to your host if an answer should be another one."))
    written = contents.with_answers(found.content, GUESTS, answers)
    return _rewrite(visit_request, found, written, what="answers_changed", by=None)


@transaction.atomic
def read_again_if_changed(visit_request: VisitRequest, *, by: User | None = None) -> bool:
    """Whether both read the agreement again, since something material in the visit has changed.

    Called inside the deed that changes days, size, subjects or the guests' own part. A
    harmless change leaves a text that somebody has agreed to as it is.
    """
    if visit_request.request_state not in rules.STANDING:
        return False
    _hold(visit_request)
    found = standing.current(visit_request)
    if found is None:
        return False
    return _follow(visit_request, found, by=by).number > found.number


def _follow(visit_request: VisitRequest, found: Agreement, *, by: User | None) -> Agreement:
    """The text follows the plan, as far as it has to."""
    fresh = _fresh(visit_request, found.content)
    changes = differences(found.content, fresh)
    touched = found.ours_at or found.guests_at
    if touched and not any(map(is_material, changes)):
        return found
    return _put(visit_request, found, fresh, changes, by=by)


def _fresh(visit_request: VisitRequest, like: Content | None) -> Content:
    # The plan as it is stored: the deed that calls may hold an older copy of it.
    row = VisitRequest.objects.select_related("visit", "coordinator").get(pk=visit_request.pk)
    return drafting.draft(row, like=like, today=timezone.localdate())


def _rewrite(
    visit_request: VisitRequest, found: Agreement, written: Content, *, what: str, by: User | None
) -> Agreement:
    changes = differences(found.content, written)
    if not changes:
        return found
    history.record(visit_request, what, by=by, version=found.number)
    return _put(visit_request, found, written, changes, by=by)


def _put(
    visit_request: VisitRequest, found: Agreement, written: Content, changes: list[Change], *, by: User | None
) -> Agreement:
    """The new text: in the same version while nobody has agreed to it, else in a new one that asks both."""
    if not changes:
        return found
    if found.ours_at is None and found.guests_at is None:
        earlier = standing.before(found)
        if earlier is not None and not any(map(_asks_again, differences(earlier.content, written))):
            return _stand_again(visit_request, found, earlier, by=by)
        untouched = Agreement.objects.current().filter(pk=found.pk, digest=found.digest, ours_at=None, guests_at=None)
        because = differences(earlier.content, written) if earlier else []
        if not untouched.update(
            content=written, digest=contents.digest(written), because=because, written_at=timezone.now()
        ):
            raise AgreementRefused(_overtaken())
        found.refresh_from_db()
        return found
    return _replace(visit_request, found, written, changes, by=by)


def _asks_again(change: Change) -> bool:
    """Whether a text that differs so is another one than somebody agreed to: materially, or by what was written."""
    return is_material(change) or change["what"] in ("answer", "contact")


def _stand_again(visit_request: VisitRequest, found: Agreement, earlier: Agreement, *, by: User | None) -> Agreement:
    """The change has been taken back before anybody agreed to it: what was agreed to holds as it did."""
    if not Agreement.objects.current().filter(pk=found.pk, digest=found.digest).update(superseded_at=timezone.now()):
        raise AgreementRefused(_overtaken())
    Agreement.objects.filter(pk=earlier.pk).update(superseded_at=None)
    earlier.refresh_from_db()
    _turned(visit_request, "agreement_stands_again", earlier, by=by)
    return earlier


def _replace(
    visit_request: VisitRequest, found: Agreement, written: Content, changes: list[Change], *, by: User | None
) -> Agreement:
    if not Agreement.objects.current().filter(pk=found.pk).update(superseded_at=timezone.now()):
        raise AgreementRefused(_overtaken())
    last = Agreement.objects.filter(request=visit_request).order_by("number").values_list("number", flat=True).last()
    made = _create(visit_request, (last or 0) + 1, written, by=by, because=changes)
    first_day = date.fromisoformat(written["plan"]["first_day"])
    answer_by = _answer_by(first_day)
    Agreement.objects.filter(pk=made.pk).update(answer_by=answer_by)
    made.answer_by = answer_by
    _turned(visit_request, "agreement_reopened", made, by=by)
    _ask_again(visit_request, found, made, by=by)
    return made


def _create(
    visit_request: VisitRequest, number: int, written: Content, *, by: User | None, because: Iterable[Change] = ()
) -> Agreement:
    return Agreement.objects.create(
        request=visit_request,
        number=number,
        content=written,
        digest=contents.digest(written),
        because=list(because),
        written_by=by,
    )


# -- Agreeing --------------------------------------------------------------------------


@transaction.atomic
def agree_for_us(visit_request: VisitRequest, *, by: User, seen: str) -> Agreement:
    """Qulturum agrees to the text that was read; the guests are asked, or both have agreed now.

    Raises AgreementRefused, naming what is missing, unless all four parts are there.
    Pressed twice it is one agreement.
    """
    found = _standing(visit_request, seen)
    if found.ours_at:
        return found
    _refuse_unless_whole(visit_request, found, for_guests=False)
    answer_by = _answer_by(date.fromisoformat(found.content["plan"]["first_day"]))
    _sign(found, ours_at=timezone.now(), ours_by=by, answer_by=answer_by)
    _turned(visit_request, "agreed_for_us", found, by=by)
    if not _settle(visit_request, found):
        outbox.owe_visitor("agreement_ready", visit_request, once_per=found.number, number=found.number)
    return found


@transaction.atomic
def agree_for_guests(visit_request: VisitRequest, *, seen: str) -> Agreement:
    """The contact person agrees for the group to the text that was read.

    Raises AgreementRefused, naming what is missing, unless all four parts are there.
    Pressed twice it is one agreement.
    """
    found = _standing(visit_request, seen)
    if found.guests_at:
        return found
    _refuse_unless_whole(visit_request, found, for_guests=True)
    _sign(found, guests_at=timezone.now(), guests_by=visit_request.contact_name[:120] or visit_request.contact_email)
    _turned(visit_request, "agreed_for_guests", found, by=None)
    _settle(visit_request, found)
    return found


def _sign(found: Agreement, **marks: Any) -> None:
    """Mark exactly this text: no other version, and not this one with other words in it."""
    unmoved = Agreement.objects.current().filter(pk=found.pk, digest=found.digest)
    if not unmoved.update(**marks):
        raise AgreementRefused(_overtaken())
    found.refresh_from_db()


def _settle(visit_request: VisitRequest, found: Agreement) -> bool:
    if not found.is_agreed:
        return False
    outbox.owe_visitor("agreement_settled", visit_request, once_per=found.number, number=found.number)
    if visit_request.coordinator:
        key = f"{visit_request.pk}-{found.number}"
        outbox.owe_staff(
            "agreement_settled_us", visit_request.coordinator, once_per=key, request=visit_request, number=found.number
        )
    return True


def _ask_again(visit_request: VisitRequest, earlier: Agreement, made: Agreement, *, by: User | None) -> None:
    """Tell the guests, and the host where it was somebody else who changed it."""
    host = visit_request.coordinator
    if by is not None:
        outbox.owe_visitor("agreement_reopened", visit_request, once_per=made.number, number=made.number)
    if host is not None and host != by:
        key = f"{visit_request.pk}-{made.number}"
        outbox.owe_staff("agreement_reopened_us", host, once_per=key, request=visit_request, number=made.number)


# -- What all of them need -------------------------------------------------------------


def _hold(visit_request: VisitRequest) -> None:
    """Wait for whoever changes this case now; then look at it as it stands."""
    held = VisitRequest.objects.select_for_update().only("state", "version", "due_at").get(pk=visit_request.pk)
    for name in ("state", "version", "due_at"):
        setattr(visit_request, name, getattr(held, name))


def _standing(visit_request: VisitRequest, seen: str) -> Agreement:
    """The version that stands, when it is the text that somebody read."""
    _hold(visit_request)
    if visit_request.request_state not in rules.STANDING:
        raise AgreementRefused(_("The agreement rests: it belongs to a visit that both have said yes to."))
    found = standing.current(visit_request)
    if found is None:
        raise AgreementRefused(_("There is no agreement yet."))
    if found.digest != seen:
        raise AgreementRefused(_overtaken())
    if not standing.is_genuine(found):
        raise AgreementRefused(_("The stored text is not the one that was written. Tell us: nobody can agree to it."))
    return found


def _refuse_unless_whole(visit_request: VisitRequest, found: Agreement, *, for_guests: bool) -> None:
    lacks = contents.missing(found.content, for_guests=for_guests, today=timezone.localdate())
    if lacks:
        told = " ".join(missing_words(lacks, visit_request.organisation_name))
        raise AgreementRefused(_("Not all of it is there yet. %(missing)s") % {"missing": told})


def _overtaken() -> str:
    return _("The agreement has changed since you opened the page. Read what is new, then agree.")


def _answer_by(first_day: date) -> date:
    """A week to read it; for a visit that is closer, until the day before it."""
    today = timezone.localdate()
    return max(today, min(today + rules.DAYS_TO_AGREE, first_day - rules.DAY))


def _turned(visit_request: VisitRequest, what: str, found: Agreement, *, by: User | None) -> None:
    """Note what happened, and when whoever has the turn now ought to have moved."""
    stage = stage_of(found)
    whose = standing.turn_at(visit_request.request_state, stage)
    detail = {"version": found.number, "turn": whose.value}
    touch(visit_request, what=what, by=by, seen=None, detail=detail, due_at=_due(visit_request, found, stage))


def _due(visit_request: VisitRequest, found: Agreement, stage: Stage) -> datetime | None:
    if stage in (Stage.THEIRS, Stage.BOTH) and found.answer_by:
        return datetime.combine(found.answer_by, rules.CLOSE_OF_DAY, rules.STOCKHOLM)
    now = timezone.now()
    closed = almanac.closed_from(now.date())
    if stage == Stage.SETTLED:
        return rules.due_moment(visit_request.request_state, now, closed=closed)
    return rules.due_moment(S.AGREED, now, closed=closed)
