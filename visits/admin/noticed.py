"""Things to notice on the desk: under a row of the queue, beside the decision, and what is pressed about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from visits import noticing, workflow
from visits.admin.opened import MOST_COMPARED, Opened
from visits.choices import FlagKind
from visits.forms.noticed import FlagForm, NotSoForm, TogetherForm
from visits.models import Flag, User, VisitRequest
from visits.noticing import Comparison, Told

# -- The queue ---------------------------------------------------------------------------


def told_of(case: VisitRequest) -> list[Told]:
    """What is told under the row of a request that came with its open flags: while there is something to decide."""
    if case.request_state not in noticing.WATCHED:
        return []
    return [noticing.told(flag) for flag in noticing.open_flags(case)]


def known_kind(typed: str) -> str:
    """A kind to look for, or nothing for what is none."""
    return typed if typed in FlagKind.values else ""


def to_notice(cases: QuerySet[VisitRequest], kind: str = "") -> QuerySet[VisitRequest]:
    """Those of the requests about which there is something to notice, or something of one kind."""
    flags = Flag.objects.open().filter(**({"kind": kind} if kind else {}))
    return cases.filter(pk__in=flags.values("request"), state__in=noticing.WATCHED)


class Row(Protocol):
    """A row of the queue."""

    case: VisitRequest

    @property
    def flags(self) -> list[Told]: ...


def beside_the_queue(picked: Row | None) -> dict[str, Any]:
    """What the request in the preview may be the same as; no query without."""
    return {
        "doubles": doubles(picked.case, picked.flags) if picked else [],
        "may_change": True,  # each press asks for the permission itself
    }


# -- Beside the decision -----------------------------------------------------------------


@dataclass(frozen=True)
class Noticed:
    """One thing to notice on the request page, with the form that says «not so»."""

    told: Told
    form: NotSoForm | None

    @property
    def is_open_form(self) -> bool:
        return self.form is not None and self.form.is_bound


def panel(opened: Opened, forms: dict[str, Any]) -> dict[str, Any]:
    """What there is to notice, what was said «not so» to, and whom it may be the same as; no query of its own."""
    case, flags = opened.case, opened.flags
    is_watched = case.request_state in noticing.WATCHED
    open_flags = [flag for flag in flags if flag.dismissed_at is None and is_watched]
    return {
        "noticed": [Noticed(noticing.told(flag), _not_so_form(case, flag, forms)) for flag in open_flags],
        "said_not_so": [noticing.told(flag) for flag in flags if flag.dismissed_at is not None],
        "doubles": _beside(case, opened.doubles, _doubted(noticing.told(flag) for flag in open_flags)),
    }


def _not_so_form(case: VisitRequest, flag: Flag, forms: dict[str, Any]) -> NotSoForm | None:
    if flag.kind == FlagKind.DUPLICATE:
        return None
    typed = forms.get("not_so")
    if isinstance(typed, NotSoForm) and typed.data.get("flag") == str(flag.pk):
        return typed
    return NotSoForm(visit_request=case, auto_id=f"not_so_{flag.pk}_%s", initial={"flag": flag.pk})


@dataclass(frozen=True)
class Double:
    """Two requests beside each other, the flag that says so, and which of them would go on."""

    comparison: Comparison
    flag: Flag
    goes_on: VisitRequest | None
    refusal: str

    @property
    def is_put_into(self) -> VisitRequest:
        """The one that would be put into the other."""
        return self.comparison.that if self.goes_on == self.comparison.this else self.comparison.this


def doubles(case: VisitRequest, told: Iterable[Told]) -> list[Double]:
    """The requests that this one is probably the same as, beside it; no query without any."""
    about = _doubted(told)
    if not about:
        return []
    rows = VisitRequest.objects.sent().prefetch_related("wishes", "areas", "offerings")
    found = rows.filter(pk__in=[*about, case.pk]).order_by("-pk").in_bulk()
    return _beside(found.get(case.pk, case), found, about)


def _doubted(told: Iterable[Told]) -> dict[int, Flag]:
    """The flags that say so, by the number of the other request; no more than are compared."""
    about = {one.other: one.flag for one in told if one.other}
    return dict(list(about.items())[:MOST_COMPARED])


def _beside(this: VisitRequest, found: Mapping[int, VisitRequest], about: Mapping[int, Flag]) -> list[Double]:
    return [_double(this, found[pk], flag) for pk, flag in about.items() if pk in found]


def _double(this: VisitRequest, that: VisitRequest, flag: Flag) -> Double:
    goes_on, refusal = None, ""
    try:
        goes_on, _absorbed = workflow.which_goes_on(this, that)
    except workflow.MoveRefused as why:
        refusal = str(why)
    return Double(noticing.comparison(this, that), flag, goes_on, refusal)


def family(case: VisitRequest) -> list[VisitRequest]:
    """The requests that have been put into this one, the oldest first; no query where it is known that none was."""
    return list(case.absorbed.order_by("pk")) if getattr(case, "has_absorbed", True) else []


# -- What is pressed ---------------------------------------------------------------------


def not_so(_case: VisitRequest, form: NotSoForm, by: User) -> Sequence[str] | None:
    noticing.dismiss(form.cleaned_data["flag"], why=form.cleaned_data["why"], by=by)
    return None


def notice_again(_case: VisitRequest, form: FlagForm, by: User) -> Sequence[str] | None:
    noticing.notice_again(form.cleaned_data["flag"], by=by)
    return None


def they_are_two(_case: VisitRequest, form: FlagForm, by: User) -> Sequence[str] | None:
    noticing.they_are_two(form.cleaned_data["flag"], by=by)
    return None


def put_together(case: VisitRequest, form: TogetherForm, by: User) -> Sequence[str] | None:
    typed = form.cleaned_data
    kept, absorbed = workflow.put_together(
        case, typed["other"], by=by, seen=typed["seen"], seen_other=typed["seen_other"]
    )
    values = {"kept": kept.reference, "absorbed": absorbed.reference}
    return [_("Put together: %(kept)s goes on, and %(absorbed)s can be read in it. Both people are told.") % values]
