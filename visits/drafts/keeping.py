"""A draft is begun, kept answer by answer, and read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from visits import access, rules
from visits.choices import LinkPurpose, RequestState
from visits.drafts.answers import Answers, Chosen, Wish
from visits.models import AccessLink, SpecialNeeds, VisitRequest, WishedPeriod

S = RequestState
LIFE: Final = rules.DAYS_TO_MOVE[S.DRAFT] * rules.DAY
NEEDS: Final = (*SpecialNeeds.ACCESS, *SpecialNeeds.FOOD)
CATALOGUE: Final = ("areas", "offerings", "initiatives", "programmes")
CHOSEN: Final = """
SELECT 'areas', area_id FROM visits_visitrequest_areas WHERE visitrequest_id = %(draft)s UNION ALL
SELECT 'offerings', offering_id FROM visits_visitrequest_offerings WHERE visitrequest_id = %(draft)s UNION ALL
SELECT 'initiatives', initiative_id FROM visits_visitrequest_initiatives WHERE visitrequest_id = %(draft)s UNION ALL
SELECT 'programmes', programme_id FROM visits_visitrequest_programmes WHERE visitrequest_id = %(draft)s
"""
"""Asked at every step, so written by hand: building it would cost more than asking it."""


class DraftClosed(Exception):
    """The request is not a draft any more: it has been sent or has ended, perhaps in another window."""


def start(*, language: str, nonce: str = "") -> AccessLink:
    """A new draft, and the link by which its writer comes back.

    Of one `nonce` there is one draft, however often and at how many places at once it is
    begun: every call after the first returns that one's link.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            draft = VisitRequest.objects.create(state_since=now, due_at=due(now), language=language)
            return access.issue(LinkPurpose.DRAFT, request=draft, life=due(now) - now, nonce=nonce)
    except IntegrityError:
        link = access.made_of(LinkPurpose.DRAFT, nonce)
        if link is None:
            raise
        return link


def due(saved_at: datetime) -> datetime:
    """When a draft that was last saved at a moment ends."""
    moment = rules.due_moment(S.DRAFT, saved_at)
    if moment is None:
        raise LookupError("a draft has no day on which it ends")
    return moment


@contextmanager
def alone(link: AccessLink | None) -> Iterator[None]:
    """While it lasts, nobody else writes into the draft; its row is read anew."""
    with transaction.atomic():
        if link is not None and link.request_id is not None:
            link.request = VisitRequest.objects.select_for_update().get(pk=link.request_id)
        yield


@transaction.atomic
def save(link: AccessLink | None, answers: Answers, *, language: str, nonce: str = "") -> AccessLink:
    """Keep what one step says, in a new draft when there is none yet. The draft's thirty days begin anew.

    Raises DraftClosed when the draft has been sent or has ended meanwhile; then nothing is kept.
    """
    link = link or start(language=language, nonce=nonce)
    draft, now = request_of(link), timezone.now()
    changes = {**answers.fields, "saved_at": now, "due_at": due(now)}
    if answers.unfinished is not None:
        begun = {**draft.unfinished, **answers.unfinished}
        changes["unfinished"] = {step: said for step, said in begun.items() if said}
    if not VisitRequest.objects.filter(pk=draft.pk, state=S.DRAFT).update(version=F("version") + 1, **changes):
        raise DraftClosed
    if draft.due_at != changes["due_at"]:
        access.prolong(LinkPurpose.DRAFT, request=draft, until=changes["due_at"])
    draft.version += 1
    for name, value in changes.items():
        setattr(draft, name, value)
    write_rows(draft, answers)
    return link


def request_of(link: AccessLink) -> VisitRequest:
    """The draft itself, as the link brought it."""
    if link.request is None:
        raise TypeError("The link of a draft belongs to a request.")
    return link.request


def write_rows(draft: VisitRequest, answers: Answers) -> None:
    """Keep what an answer says in rows of its own: what is chosen, the days, and the numbers."""
    if answers.chosen is not None:
        _write_chosen(draft, answers.chosen)
    if answers.wishes is not None:
        _write_wishes(draft, answers.wishes)
    if answers.needs is not None:
        _write_needs(draft, answers.needs)


def chosen(draft: VisitRequest | None) -> Chosen:
    """What a draft has picked from the catalogue; one query."""
    if draft is None:
        return Chosen()
    with connection.cursor() as cursor:
        cursor.execute(CHOSEN, {"draft": draft.pk})
        pairs = cursor.fetchall()
    return Chosen(**{name: frozenset(pk for kind, pk in pairs if kind == name) for name in CATALOGUE})


def areas(draft: VisitRequest | None) -> frozenset[int]:
    """The areas of interest that a draft has picked; one query."""
    if draft is None:
        return frozenset()
    return frozenset(VisitRequest.areas.through.objects.filter(visitrequest=draft.pk).values_list("area", flat=True))


def _column(name: str) -> str:
    return str(VisitRequest._meta.get_field(name).remote_field.model._meta.model_name)  # type: ignore[union-attr]


def wishes(draft: VisitRequest | None) -> list[Wish]:
    """The wished first days of a draft, in their order."""
    if draft is None:
        return []
    return [Wish(*row) for row in draft.wishes.order_by("rank").values_list("first_day", "flexible")]


def needs(draft: VisitRequest | None) -> dict[str, int]:
    """How many need what, where anybody does."""
    if draft is None:
        return {}
    counts = SpecialNeeds.objects.filter(request=draft).values(*NEEDS).first() or {}
    return {name: count for name, count in counts.items() if count}


def _write_chosen(draft: VisitRequest, wanted: Chosen) -> None:
    before = chosen(draft)
    for name in CATALOGUE:
        old, new = getattr(before, name), getattr(wanted, name)
        through, column = getattr(VisitRequest, name).through, f"{_column(name)}_id"
        if old - new:
            through.objects.filter(visitrequest=draft.pk, **{f"{column}__in": old - new}).delete()
        if new - old:
            rows = [through(visitrequest_id=draft.pk, **{column: pk}) for pk in sorted(new - old)]
            through.objects.bulk_create(rows, ignore_conflicts=True)


def _write_wishes(draft: VisitRequest, wishes: Iterable[Wish]) -> None:
    draft.wishes.all().delete()
    kept = list(dict.fromkeys(wishes))[: rules.MAX_WISHES]
    WishedPeriod.objects.bulk_create(
        WishedPeriod(request=draft, rank=rank, first_day=wish.first_day, flexible=wish.flexible)
        for rank, wish in enumerate(kept, start=1)
    )


def _write_needs(draft: VisitRequest, needs: Mapping[str, int]) -> None:
    counted = {name: count for name, count in needs.items() if name in NEEDS and count}
    SpecialNeeds.objects.filter(request=draft).delete()
    if counted:
        SpecialNeeds.objects.create(request=draft, **counted)


COPIED: Final = (
    "organisation_name", "country", "town", "organisation_kind", "contact_name", "contact_role", "contact_email",
    "contact_phone", "language", "group_size", "professions", "other_area", "aim", "big_questions", "better_at_home",
    "measure", "first_test", "gifts", "brings", "sharing", "own_time", "teller", "length", "meeting_language", "travel",
    "needs_invitation_letter", "other_needs", "further",
)  # fmt: skip


@transaction.atomic
def start_again(old: VisitRequest) -> AccessLink:
    """A new draft that says what an expired one said."""
    answers = Answers(
        fields={name: getattr(old, name) for name in COPIED},
        chosen=chosen(old),
        wishes=wishes(old),
        needs=needs(old),
        unfinished=old.unfinished,
    )
    return save(None, answers, language=old.language)
