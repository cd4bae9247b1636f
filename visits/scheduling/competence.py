"""What somebody can do in an area: they say it, staff approve it, and it ends on its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from programmes.models import Area
from visits import outbox
from visits.choices import CompetenceLevel
from visits.models import Competence, CompetenceClaim, Facilitator, User


@dataclass(frozen=True)
class Standing:
    """What holds for somebody in one area, and what they have said that staff have not approved yet."""

    area: Area
    level: CompetenceLevel | None  # None while nothing is approved
    until: date | None
    claim: CompetenceClaim | None

    @property
    def is_over(self) -> bool:
        return self.until is not None and self.until < timezone.localdate()


def standing_of(person: Facilitator) -> list[Standing]:
    """Every area in which something holds, has ended, or waits to be approved, in their order; three queries."""
    led = {area.pk: area for area in person.areas.all()}
    rows = {row.area_id: row for row in person.competences.select_related("area")}
    claims = {claim.area_id: claim for claim in person.claims.select_related("area")}
    areas = led | {pk: row.area for pk, row in rows.items()} | {pk: claim.area for pk, claim in claims.items()}
    return [
        Standing(area, _level(rows.get(pk), leads=pk in led), rows[pk].until if pk in rows else None, claims.get(pk))
        for pk, area in sorted(areas.items(), key=lambda pair: (pair[1].order, pair[0]))
    ]


def _level(row: Competence | None, *, leads: bool) -> CompetenceLevel | None:
    if row is not None:
        return CompetenceLevel(row.level)
    return CompetenceLevel.LEADS if leads else None


@transaction.atomic
def claim(person: Facilitator, area: Area, *, level: CompetenceLevel | None, until: date | None) -> None:
    """Keep what somebody says that they can do, for staff to approve; what they said before of the same area goes.

    Saying what holds already takes back what waits. Without a level they give it up, as soon as staff have seen it.
    """
    now = next((one for one in standing_of(person) if one.area == area), None)
    if (level, until) == ((now.level, now.until) if now else (None, None)):
        CompetenceClaim.objects.filter(facilitator=person, area=area).delete()
        return
    CompetenceClaim.objects.update_or_create(facilitator=person, area=area, defaults={"level": level, "until": until})


@transaction.atomic
def approve(claimed: CompetenceClaim, *, by: User | None = None) -> bool:
    """From now on it holds, and the person is told; whether it still waited as it was read.

    What the person leads or was asked for stays as it is.
    """
    current = _waiting(claimed)
    if current is None:
        return False
    person, area = current.facilitator, current.area
    if current.level is None:
        Competence.objects.filter(facilitator=person, area=area).delete()
        person.areas.remove(area)
    else:
        kept = {"level": current.level, "until": current.until}
        row, _made = Competence.objects.update_or_create(facilitator=person, area=area, defaults=kept)
        leads = row.level >= CompetenceLevel.LEADS and row.holds_on(timezone.localdate())
        (person.areas.add if leads else person.areas.remove)(area)
    _told("competence_approved", current, by)
    current.delete()
    return True


@transaction.atomic
def refuse(claimed: CompetenceClaim, *, by: User | None = None) -> bool:
    """What holds stays as it is, and the person is told; whether it still waited as it was read."""
    current = _waiting(claimed)
    if current is None:
        return False
    _told("competence_refused", current, by)
    current.delete()
    return True


def waiting() -> list[CompetenceClaim]:
    """What waits to be approved, the first that was said first, each with what holds now as `now`. Three queries."""
    rows = CompetenceClaim.objects.select_related("facilitator__user", "area")
    claims = list(rows.prefetch_related("facilitator__competences", "facilitator__areas"))
    for one in claims:
        of_area = (row for row in one.facilitator.competences.all() if row.area_id == one.area_id)
        one.now = _level(next(of_area, None), leads=one.area in one.facilitator.areas.all())
    return claims


def _waiting(claimed: CompetenceClaim) -> CompetenceClaim | None:
    """The claim, held against others; None when it is gone, or the person has said something else since."""
    rows = CompetenceClaim.objects.select_for_update(of=("self",)).select_related("facilitator__user", "area")
    return rows.filter(pk=claimed.pk, said_at=claimed.said_at).first()


def _told(kind: str, claim: CompetenceClaim, by: User | None) -> None:
    outbox.owe_staff(
        kind, claim.facilitator.user, once_per=f"claim-{claim.pk}", area=claim.area_id, level=claim.level,
        until=claim.until.isoformat() if claim.until else "", by=by.pk if by else None,
    )  # fmt: skip


@transaction.atomic
def follow_areas(person: Facilitator) -> None:
    """Staff have ticked the areas themselves: they lead what is ticked, without end where it had ended, and no more."""
    led = set(person.areas.values_list("pk", flat=True))
    for row in person.competences.all():
        leads = row.level >= CompetenceLevel.LEADS and row.holds_on(timezone.localdate())
        if row.area_id in led and not leads:
            row.level, row.until = max(row.level, CompetenceLevel.LEADS), None
            row.save(update_fields=["level", "until", "approved_at"])
        elif leads and row.area_id not in led:
            row.delete()


def lapse(at: datetime) -> int:
    """The clock: nobody leads an area any more when the day has passed until which it held; how many that were."""
    over = Competence.objects.filter(until__lt=timezone.localdate(at), level__gte=CompetenceLevel.LEADS)
    ended = 0
    for person, area in over.order_by("pk").values_list("facilitator", "area"):
        leads = Facilitator.areas.through.objects.filter(facilitator=person, area=area)
        ended += leads.delete()[0]
    return ended
