"""A visitor's unfinished request: kept by us from the first answer on, until it is sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.db.models import F, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits import access, almanac, outbox, rules, season, words, workflow
from visits.choices import LinkPurpose, RequestState
from visits.models import AccessLink, SpecialNeeds, VisitRequest, WishedPeriod

S = RequestState
LIFE: Final = rules.DAYS_TO_MOVE[S.DRAFT] * rules.DAY
VERIFY_LIFE: Final = rules.DAYS_TO_MOVE[S.UNVERIFIED] * rules.DAY
NEEDS: Final = (*SpecialNeeds.ACCESS, *SpecialNeeds.FOOD)
CATALOGUE: Final = ("areas", "offerings", "initiatives", "programmes")

# What a request says before it can be sent: the step, the field, and what to do when it is empty.
WANTED: Final = (
    ("who", "organisation_name", gettext_lazy("Write the name of your organisation.")),
    ("who", "country", gettext_lazy("Choose the country that you come from.")),
    ("who", "organisation_kind", gettext_lazy("Choose what kind of organisation it is.")),
    ("who", "contact_name", gettext_lazy("Write your name.")),
    ("who", "contact_role", gettext_lazy("Write your role, for example nurse or head of improvement.")),
    ("who", "contact_email", gettext_lazy("Write an e-mail address, like name@hospital.org.")),
    ("who", "group_size", gettext_lazy("Write how many you are, as a number from 1 to 60.")),
    ("who", "professions", gettext_lazy("Choose who comes with you. “Others” is an answer too.")),
    ("learn", "aim", gettext_lazy("Write what you want to understand, see or try.")),
    ("learn", "big_questions", gettext_lazy("Write one big question. One is enough.")),
    ("bring", "brings", gettext_lazy("Tell us one thing you could share. A question counts.")),
    ("when", "length", gettext_lazy("Choose how long you would like to stay. “Not sure yet” is an answer too.")),
    ("needs", "meeting_language", gettext_lazy("Choose which language we meet in.")),
)
SAY: Final[Mapping[str, Any]] = {name: sentence for _step, name, sentence in WANTED}
CHOOSE_A_DAY: Final = gettext_lazy("Choose the first day of your visit.")
CHOSEN_ALREADY: Final = gettext_lazy("You have chosen this day already. Choose another one, or leave it out.")
USUALLY_CLOSED: Final = gettext_lazy("Qulturum is usually closed on this day. We will suggest another day near it.")


class DraftClosed(Exception):
    """The request is not a draft any more: it has been sent, perhaps in another window."""


class Missing(NamedTuple):
    """Something that a draft lacks before it can be sent."""

    step: str
    field: str
    sentence: str


class NotReady(Exception):
    """The draft cannot be sent yet; `missing` says what it lacks."""

    def __init__(self, missing: list[Missing]) -> None:
        super().__init__(" ".join(str(lack.sentence) for lack in missing))
        self.missing = missing


class Wish(NamedTuple):
    """A first day that somebody wishes for."""

    first_day: date
    flexible: bool = False


@dataclass(frozen=True)
class Chosen:
    """What a request has picked from the catalogue, as primary keys."""

    areas: frozenset[int] = frozenset()
    offerings: frozenset[int] = frozenset()
    initiatives: frozenset[int] = frozenset()
    programmes: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Answers:
    """What one step says. What is None stays as it was."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    chosen: Chosen | None = None
    wishes: list[Wish] | None = None
    needs: Mapping[str, int] | None = None

    @property
    def say_something(self) -> bool:
        """Whether there is anything in them to keep."""
        picked = self.chosen is not None and self.chosen != Chosen()
        return picked or bool(self.wishes) or any(self.fields.values()) or any((self.needs or {}).values())


@transaction.atomic
def start(*, language: str) -> AccessLink:
    """A new draft, and the link by which its writer comes back for thirty days."""
    now = timezone.now()
    draft = VisitRequest.objects.create(state_since=now, due_at=rules.due_moment(S.DRAFT, now), language=language)
    return access.issue(LinkPurpose.DRAFT, request=draft, life=LIFE)


@transaction.atomic
def save(link: AccessLink | None, answers: Answers, *, language: str) -> AccessLink:
    """Keep what one step says, in a new draft when there is none yet.

    Raises DraftClosed when the draft has been sent meanwhile; then nothing is kept.
    """
    link = link or start(language=language)
    draft = _request(link)
    changes = {**answers.fields, "saved_at": timezone.now()}
    if not VisitRequest.objects.filter(pk=draft.pk, state=S.DRAFT).update(version=F("version") + 1, **changes):
        raise DraftClosed
    draft.version += 1
    for name, value in changes.items():
        setattr(draft, name, value)
    _save_rows(draft, answers)
    return link


def _request(link: AccessLink) -> VisitRequest:
    if link.request is None:
        raise TypeError("The link of a draft belongs to a request.")
    return link.request


def _save_rows(draft: VisitRequest, answers: Answers) -> None:
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
    first, *others = (_picked(draft, name) for name in CATALOGUE)
    pairs = list(first.union(*others, all=True))
    return Chosen(**{name: frozenset(pk for kind, pk in pairs if kind == name) for name in CATALOGUE})


def areas(draft: VisitRequest | None) -> frozenset[int]:
    """The areas of interest that a draft has picked; one query."""
    if draft is None:
        return frozenset()
    return frozenset(VisitRequest.areas.through.objects.filter(visitrequest=draft.pk).values_list("area", flat=True))


def _picked(draft: VisitRequest, name: str) -> Any:
    through = getattr(VisitRequest, name).through
    return through.objects.filter(visitrequest=draft.pk).order_by().values_list(Value(name), f"{_column(name)}_id")


def _column(name: str) -> str:
    return str(VisitRequest._meta.get_field(name).remote_field.model._meta.model_name)  # type: ignore[union-attr]


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


def day_problem(day: date, *, today: date, shut: Collection[date]) -> str:
    """Why a visit cannot be wished to begin on a day, in one sentence; empty when it can.

    `shut` are the days on which we have closed. A weekend or a public holiday is no
    hindrance: `warning` tells what to know about it.
    """
    if day < rules.earliest_first_day(today):
        return workflow.too_soon(today)
    latest = rules.latest_first_day(today)
    if day > latest:
        return _("Choose a day up to %(day)s. We do not plan further ahead.") % {"day": words.plain_day(latest)}
    if day in shut:
        return _("We are closed on %(day)s. Choose another day.") % {"day": words.month_day(day)}
    return ""


def missing(draft: VisitRequest, wished: list[Wish], needed: Mapping[str, int], *, today: date) -> list[Missing]:
    """What a draft lacks before it can be sent, in the order of the steps."""
    lacks = [Missing(step, name, str(words)) for step, name, words in WANTED if not getattr(draft, name)]
    if not wished:
        lacks.append(Missing("when", "first", str(CHOOSE_A_DAY)))
    shut = season.shut_days([wish.first_day for wish in wished])
    problems = dict.fromkeys(day_problem(wish.first_day, today=today, shut=shut) for wish in wished)
    lacks += [Missing("when", "first", problem) for problem in problems if problem]
    if draft.group_size and any(count > draft.group_size for count in needed.values()):
        lacks.append(Missing("needs", next(iter(needed)), too_many(draft.group_size)))
    steps = ("who", "learn", "bring", "when", "needs")
    return sorted(lacks, key=lambda lack: steps.index(lack.step))


def too_many(group_size: int) -> str:
    """What to say when more people need something than come."""
    return _("You have said that you are %(size)d. Write a number up to %(size)d.") % {"size": group_size}


@transaction.atomic
def send(draft: VisitRequest, *, today: date) -> None:
    """Send a finished draft: the mail that confirms the address is owed.

    Raises NotReady when something is missing, and workflow.MoveRefused when somebody
    was faster; then the draft stays as it is.
    """
    lacks = missing(draft, wishes(draft), needs(draft), today=today)
    if lacks:
        raise NotReady(lacks)
    workflow.send(draft)


def send_resume_link(draft: VisitRequest) -> None:
    """Owe the writer the mail with the way back to the draft; at most one a minute."""
    outbox.owe_visitor("draft_link", draft, once_per=_minute())


@transaction.atomic
def send_resume_link_to(link: AccessLink, email: str) -> None:
    """The same, to an address that becomes the request's. Raises DraftClosed once it is sent."""
    save(link, Answers(fields={"contact_email": email}), language="")
    send_resume_link(_request(link))


@transaction.atomic
def send_verification_again(visit_request: VisitRequest) -> None:
    """Owe the mail that confirms the address once more; at most one a minute."""
    usable = AccessLink.objects.usable(timezone.now())
    if not usable.filter(purpose=LinkPurpose.VERIFY, request=visit_request).exists():
        access.issue(LinkPurpose.VERIFY, request=visit_request, life=VERIFY_LIFE)
    outbox.owe_visitor("verify", visit_request, once_per=f"{visit_request.version}-{_minute()}")


def _minute() -> str:
    return timezone.now().strftime("%Y%m%d%H%M")


@transaction.atomic
def find(email: str, *, language: str) -> None:
    """Owe an address one mail with the way to each of its visits and unfinished requests.

    An address that has none takes the same work and gets no mail.
    """
    found = VisitRequest.objects.of_address(email).values_list("pk", flat=True)
    outbox.owe_address("find", email, language=language, once_per=_minute(), requests=sorted(found))


COPIED: Final = (
    "organisation_name", "country", "town", "organisation_kind", "contact_name", "contact_role", "contact_email",
    "contact_phone", "language", "group_size", "professions", "other_area", "aim", "big_questions", "better_at_home",
    "gifts", "brings", "sharing", "own_time", "teller", "length", "meeting_language", "travel",
    "needs_invitation_letter", "other_needs",
)  # fmt: skip


@transaction.atomic
def start_again(old: VisitRequest) -> AccessLink:
    """A new draft that says what an expired one said."""
    answers = Answers(
        fields={name: getattr(old, name) for name in COPIED},
        chosen=chosen(old),
        wishes=wishes(old),
        needs=needs(old),
    )
    return save(None, answers, language=old.language)


def warning(day: date) -> str:
    """What to know about a day that may be wished for although we are usually closed then."""
    return str(USUALLY_CLOSED) if almanac.is_day_off(day) else ""
