"""The answer to an ask about a gathering: yes, no, ten minutes to think again, and a yes that is given back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from visits.choices import AskState
from visits.models import GatheringAsk
from visits.scheduling import going_on, helping, imported, taking
from visits.scheduling.refusals import AskRefused, retry_deadlocks


@retry_deadlocks
@transaction.atomic
def accept_helping(ask: GatheringAsk) -> GatheringAsk:
    """Somebody helps: their time is booked, and their other asks for that hour fall, also those for sessions.

    A second yes changes nothing. Raises AskRefused when the ask is no longer open, Clash when the time has been
    taken meanwhile; then nothing has changed.
    """
    imported.hold_facilitator(ask.facilitator_id)  # one yes of a person after another, as for sessions
    current = helping.locked(ask)
    if current.state == AskState.ACCEPTED:
        return current
    if refusal := helping.no_more_helping(current):
        raise AskRefused(refusal)
    imported.make_way(current.facilitator, [(current.starts_at, current.ends_at)])
    taking.insert(helping.booking_of(current.gathering, current.facilitator))
    current.state, current.answered_at = AskState.ACCEPTED, timezone.now()
    current.save(update_fields=["state", "answered_at"])
    going_on.withdraw_rivals(current)
    return current


@retry_deadlocks
@transaction.atomic
def decline_helping(ask: GatheringAsk) -> GatheringAsk:
    """They cannot; no reason is asked. A second no changes nothing.

    After a yes the time is let go, and whoever asked is told by mail. Raises AskRefused when the ask is closed.
    """
    current = helping.locked(ask)
    if current.state == AskState.DECLINED:
        return current
    had_said_yes = current.state == AskState.ACCEPTED
    refusal = "" if had_said_yes else helping.no_more_helping(current)
    if had_said_yes and current.ends_at <= timezone.now():
        refusal = _("This gathering is over. Thank you.")
    if refusal:
        raise AskRefused(refusal)
    now = timezone.now()
    current.state, current.answered_at = AskState.DECLINED, now
    # Who was set down before anybody was asked has never had a day to answer by: it is today.
    current.asked_at, current.answer_by = current.asked_at or now, current.answer_by or timezone.localdate(now)
    current.save(update_fields=["state", "answered_at", "asked_at", "answer_by"])
    helping.free(current)
    if had_said_yes:
        helping.tell_who_asked(current)
    return current


@retry_deadlocks
@transaction.atomic
def take_back_helping(ask: GatheringAsk) -> GatheringAsk:
    """Undo a yes or a no within ten minutes: the ask waits again, and holds no time.

    Raises AskRefused when it is too late for that, or when they have been asked anew meanwhile.
    """
    helping.hold(ask.gathering_id)  # whoever asks them anew at this moment comes before or after
    current = helping.locked(ask)
    if current.state == AskState.ASKED:
        return current
    others = GatheringAsk.objects.live().filter(gathering=current.gathering_id, facilitator=current.facilitator_id)
    is_asked_anew = others.exclude(pk=current.pk).exists()
    if is_asked_anew or not helping.may_undo_helping(current, timezone.now()):
        raise AskRefused(_("It is too late to undo this answer. Write to your coordinator."))
    current.state, current.answered_at = AskState.ASKED, None
    current.save(update_fields=["state", "answered_at"])
    helping.free(current)
    return current
