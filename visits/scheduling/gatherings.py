"""Who of us helps when a programme of ours comes together: they are asked by the desk, and say yes or no."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import outbox, rules, words
from visits.choices import AskState, FacilitatorKind
from visits.models import Booking, Facilitator, Gathering, GatheringAsk, User
from visits.scheduling import asks, helping, moves
from visits.scheduling.clashes import clash_words, standing_in_the_way
from visits.scheduling.moves import Becomes
from visits.scheduling.refusals import AskRefused, Clash, retry_deadlocks


class Told(NamedTuple):
    """Who gets a mail about a gathering: is asked to help, or is let off."""

    asked: list[Facilitator]
    let_off: list[Facilitator]


def helpers() -> QuerySet[Facilitator]:
    """Who may be asked to help: everybody of ours but those of the Living Library, who meet guests only."""
    active = Facilitator.objects.active().exclude(kind=FacilitatorKind.LIVING_LIBRARY)
    return active.select_related("user").order_by("user__first_name", "user__last_name", "pk")


def lacking(gatherings: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """Those of the gatherings that need more people than help or are asked, each with `count` of how many do."""
    counted = Count("asks", filter=Q(asks__state__in=rules.LIVE_ASKS))
    return gatherings.annotate(count=counted).filter(count__lt=F("facilitators_needed"))


def counted(gatherings: QuerySet[Gathering]) -> QuerySet[Gathering]:
    """Each of the gatherings with how many have said `yes`, and how many are `asked` and have not answered."""
    return gatherings.annotate(
        yes=Count("asks", filter=Q(asks__state=AskState.ACCEPTED)),
        asked=Count("asks", filter=Q(asks__state=AskState.ASKED)),
    )


def helped_words(gathering: Gathering) -> str:
    """«2 of 3, one asked»: how many of those who are needed have said yes, of one of `counted`."""
    yes, asked = getattr(gathering, "yes", 0), getattr(gathering, "asked", 0)
    told = _("%(count)d of %(needed)d") % {"count": yes, "needed": gathering.facilitators_needed}
    if not asked:
        return told
    waiting = ngettext("one asked", "%(count)s asked", asked) % {"count": words.spelled(asked)}
    return f"{told}, {waiting}"


@retry_deadlocks
@transaction.atomic
def ask_people(gathering: Gathering, people: Collection[Facilitator], *, by: User, with_it: str = "") -> Told:
    """Let exactly these be asked to help at a gathering, at its time as it is saved; nobody is set down.

    `with_it` is read by whoever is asked now; without it, whoever is asked anew reads what was written before.
    Whoever is asked, or has said yes, stays so; who is not among them any more is let off and told. When the
    gathering has moved everybody is asked anew, and a yes holds no time until it is said again; a place where none
    was known moves nobody, and what is over is only written down as it was. Returns who is asked now, and who is let
    off. Raises Clash, naming what stands there, when one of them is taken then, AskRefused for those of the Living
    Library; then nothing has changed.
    """
    if not helping.hold(gathering.pk):
        raise Clash(_("This gathering has been called off. Thank you."))
    wanted = {person.pk: person for person in people}
    rows = helping.told().filter(gathering=gathering, state__in=rules.LIVE_ASKS).order_by("pk")
    live = {one.facilitator_id: one for one in rows.select_for_update(of=("self",))}
    held, now = moves.held_for(gathering.pk), timezone.now()
    found: defaultdict[Becomes, list[GatheringAsk]] = defaultdict(list)
    for key, one in live.items():
        found[moves.becomes(one, gathering, held.get(key), now) if key in wanted else Becomes.LET_OFF].append(one)
    for one in (*found[Becomes.LET_OFF], *found[Becomes.ASKED_ANEW]):
        helping.close(one)
    for one in found[Becomes.LET_OFF]:
        outbox.owe_helper("gathering_withdrawn", one)
    before = {one.facilitator_id: one for one in found[Becomes.ASKED_ANEW]}
    anew = [person for key, person in sorted(wanted.items()) if key not in live or key in before]
    _refuse_unless_free(gathering, anew, [one.facilitator for one in found[Becomes.KEPT]])
    for one in found[Becomes.KEPT]:
        moves.keep(one, gathering, held.get(one.facilitator_id))
    known = {key: moves.known_of(one, held.get(key)) for key, one in before.items()}
    said = {key: with_it or one.words for key, one in before.items()}
    asked = [
        one for one in anew
        if _ask(gathering, one, by=by, with_it=said.get(one.pk, with_it), known=known.get(one.pk, {}))
    ]  # fmt: skip
    return Told(asked, [one.facilitator for one in found[Becomes.LET_OFF]])


def ask_more_people(gathering: Gathering, people: Iterable[Facilitator], *, by: User) -> None:
    """These are asked too. Raises Clash and AskRefused as `ask_people`."""
    live = GatheringAsk.objects.live().filter(gathering=gathering)
    there = Facilitator.objects.filter(pk__in=live.values("facilitator")).select_related("user")
    ask_people(gathering, {*there, *people}, by=by)


@retry_deadlocks
@transaction.atomic
def call_off(gathering: Gathering) -> list[Facilitator]:
    """A gathering does not take place: everybody who was asked, or helps, is told, and their time is free.

    It is gone from the desk, and stays in their calendars as called off for a while. Called off twice it is called
    off once. Returns who is told.
    """
    if not helping.hold(gathering.pk):
        return []
    # A yes that is being written is waited for, and goes with the rest.
    list(GatheringAsk.objects.select_for_update().filter(gathering=gathering).order_by("pk"))
    live = list(helping.told().filter(gathering=gathering, state__in=rules.LIVE_ASKS).order_by("pk"))
    for one in live:
        user = one.facilitator.user
        # A mail may wait for longer than the gathering is kept, so it carries what it says.
        outbox.owe_staff(
            "gathering_off", user, once_per=f"gathering-ask-{one.pk}", starts=one.starts_at.isoformat(),
            ends=one.ends_at.isoformat(), en=gathering.words_in("en"), sv=gathering.words_in("sv"),
            site=gathering.site.name if gathering.site else "",
        )  # fmt: skip
        helping.close(one)
    Gathering.objects.filter(pk=gathering.pk).update(called_off_at=timezone.now())
    return [one.facilitator for one in live]


def in_the_way(gathering: Gathering, people: Collection[Facilitator]) -> list[str]:
    """What keeps each of these from helping at a gathering, in sentences; empty when all can. It books nothing.

    Time that is taken, and too short a way from, or to, what stands before and after.
    """
    held = (
        {one.facilitator_id: one.pk for one in Booking.objects.filter(gathering=gathering.pk)} if gathering.pk else {}
    )
    probes = [helping.booking_of(gathering, person) for person in people]
    for probe in probes:
        probe.pk = held.get(probe.facilitator_id)
    return [clash_words(probe) for probe in probes if _cannot_be_there(probe)]


def _cannot_be_there(probe: Booking) -> bool:
    """Taken by something that does not give way, as what was read from their own calendar does, or too far away."""
    other = standing_in_the_way(probe)
    if other is not None:
        return not other.imported
    return probe.too_near_another() is not None


def guests_only(gathering: Gathering, people: Collection[Facilitator]) -> list[str]:
    """Who of these would be asked when the gathering is saved so, and meets guests only, in sentences."""
    living = [person for person in people if person.kind == FacilitatorKind.LIVING_LIBRARY]
    if not living:
        return []
    live = {one.facilitator_id: one for one in GatheringAsk.objects.live().filter(gathering=gathering.pk)}
    held, now = moves.held_for(gathering.pk) if live else {}, timezone.now()
    return [
        _of_the_library(person) for person in living
        if person.pk not in live
        or moves.becomes(live[person.pk], gathering, held.get(person.pk), now) == Becomes.ASKED_ANEW
    ]  # fmt: skip


def _of_the_library(person: Facilitator) -> str:
    return _("%(name)s is of the Living Library, and is asked for guests only.") % {"name": person.name}


def _refuse_unless_free(gathering: Gathering, asked: Collection[Facilitator], kept: Collection[Facilitator]) -> None:
    if living := [_of_the_library(person) for person in asked if person.kind == FacilitatorKind.LIVING_LIBRARY]:
        raise AskRefused(" ".join(living))
    if taken := in_the_way(gathering, [*asked, *kept]):
        raise Clash(" ".join(taken))


def _ask(gathering: Gathering, person: Facilitator, *, by: User, with_it: str, known: dict[str, Any]) -> bool:
    """Ask one, with what they knew of it before; what is over is written down, and nobody is asked about it."""
    now = timezone.now()
    if gathering.ends_at <= now:
        return False
    asked = GatheringAsk.objects.create(
        gathering=gathering, facilitator=person, asked_by=by, asked_at=now, answer_by=asks.answer_by(gathering, now),
        starts_at=gathering.starts_at, ends_at=gathering.ends_at, words=with_it,
    )  # fmt: skip
    outbox.owe_helper("gathering_ask", asked, **known)
    return True
