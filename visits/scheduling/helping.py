"""What somebody is asked about a gathering of ours, as it stands, and how it is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from visits import outbox, roles, rules
from visits.choices import AskState, BookingHold, BookingKind
from visits.models import Booking, Facilitator, Gathering, GatheringAsk, User
from visits.models.gathering_ask import GatheringAskQuerySet
from visits.scheduling.moments import at_any
from visits.scheduling.refusals import AskRefused
from visits.spans import Span

TOLD: Final = ("gathering__programme", "gathering__site", "facilitator__user", "asked_by")


def told() -> GatheringAskQuerySet:
    """Asks about gatherings with what is said of them."""
    return GatheringAsk.objects.select_related(*TOLD)


def hold(gathering: int) -> bool:
    """Hold a gathering against others until the transaction ends, before any ask about it; whether it takes place.

    Whoever is asked there is asked under it.
    """
    return Gathering.objects.select_for_update(no_key=True).filter(pk=gathering).first() is not None


def locked(ask: GatheringAsk) -> GatheringAsk:
    """The ask as it stands, held against others until the transaction ends. Raises AskRefused when it is gone."""
    # Held first and read then, as asks about sessions are.
    if GatheringAsk.objects.select_for_update().filter(pk=ask.pk).first() is None:
        raise AskRefused(_("This gathering has been called off. Thank you."))
    return told().get(pk=ask.pk)


def booking_of(gathering: Gathering, person: Facilitator) -> Booking:
    """The time of somebody who helps; not saved."""
    return Booking(
        facilitator=person, kind=BookingKind.NETWORK, hold=BookingHold.FIRM, gathering=gathering,
        starts_at=gathering.starts_at, ends_at=gathering.ends_at,
    )  # fmt: skip


def free(ask: GatheringAsk) -> None:
    """Nobody counts on somebody's time at a gathering any more."""
    Booking.objects.filter(gathering=ask.gathering_id, facilitator=ask.facilitator_id).delete()


def close(ask: GatheringAsk) -> None:
    """Somebody is not asked about a gathering any more, or need not help there; inside a deed."""
    GatheringAsk.objects.filter(pk=ask.pk).update(state=AskState.WITHDRAWN, withdrawn_at=timezone.now())
    free(ask)


def tell_who_asked(ask: GatheringAsk, *, but: User | None = None) -> None:
    """Whoever asked somebody who had said yes to help learns by mail that they do not, of each such answer once.

    Where nobody asked them, or whoever did has left, it is the desk that learns it. `but` knows it already.
    """
    by, answered = ask.asked_by, ask.answered_at.isoformat() if ask.answered_at else ""
    for user in [by] if by is not None and by.is_active else roles.desk():
        if user != but:
            outbox.owe_staff(
                "gathering_left", user, once_per=f"gathering-ask-{ask.pk}-{answered}",
                who=ask.facilitator.name, gathering=ask.gathering_id, ask=ask.pk,
            )  # fmt: skip


def asked_at(facilitator: Facilitator, spans: Iterable[Span]) -> list[GatheringAsk]:
    """What somebody is asked about gatherings, or has said yes to, at any of these times, in order; one query."""
    live = told().filter(at_any(spans), facilitator=facilitator, state__in=rules.LIVE_ASKS)
    return list(live.order_by("starts_at", "pk"))


def locked_at(facilitator: Facilitator, spans: Iterable[Span]) -> list[GatheringAsk]:
    """The same as they stand, held against others until the transaction ends."""
    keys = [ask.pk for ask in asked_at(facilitator, spans)]
    live = GatheringAsk.objects.live().filter(pk__in=keys).order_by("pk").select_for_update()
    return list(told().filter(pk__in=[ask.pk for ask in live]).order_by("starts_at", "pk"))


def withdraw_rivals(facilitator: Facilitator, starts_at: datetime, ends_at: datetime) -> None:
    """Inside a yes to something else at that time: what they are asked about gatherings then falls."""
    rivals = GatheringAsk.objects.waiting().filter(facilitator=facilitator).overlapping(starts_at, ends_at)
    rivals.update(state=AskState.WITHDRAWN, withdrawn_at=timezone.now())


def expire_helping(today: date) -> int:
    """The clock: asks about gatherings whose answer date has passed; return how many."""
    # One conditional UPDATE: a yes that is being written is waited for, and stands.
    return GatheringAsk.objects.waiting().filter(answer_by__lt=today).update(state=AskState.EXPIRED)


def is_at_its_time(ask: GatheringAsk) -> bool:
    """Whether the gathering is still when it was asked about."""
    gathering = ask.gathering
    return gathering.called_off_at is None and (ask.starts_at, ask.ends_at) == (gathering.starts_at, gathering.ends_at)


def may_undo_helping(ask: GatheringAsk, now: datetime) -> bool:
    """Whether an answer was given so lately that it may be taken back."""
    answered = ask.answered_at if ask.state in (AskState.ACCEPTED, AskState.DECLINED) else None
    return bool(answered and answered <= now < answered + rules.UNDO_ANSWER and is_at_its_time(ask))


def no_more_helping(ask: GatheringAsk) -> str:
    """Why an ask about a gathering cannot be answered any more, said to whoever was asked; nothing while it can."""
    if ask.gathering.called_off_at is not None:
        return _("This gathering has been called off. Thank you.")
    if ask.is_waiting and not is_at_its_time(ask):
        return _("The gathering has been moved, so the ask was taken back. Thank you.")
    if ask.is_waiting:
        return _("This gathering is over. Thank you.") if ask.ends_at <= timezone.now() else ""
    return {
        AskState.ACCEPTED: _("You have said yes to this already."),
        AskState.DECLINED: _("You have said no to this already. Thank you for answering."),
        AskState.EXPIRED: _("The day to answer has passed, so we look for a colleague. Thank you."),
    }.get(AskState(ask.state), _("You are not needed for this any more, so the ask was taken back. Thank you."))
