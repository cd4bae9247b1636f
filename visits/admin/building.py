"""What the Plan tab shows of an agenda that is being built."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from programmes.models import Offering
from visits import choices, planning, scheduling
from visits.admin import agenda
from visits.admin.opened import Opened
from visits.forms import desk
from visits.forms.agenda import AgendaForm, KeepTemplateForm
from visits.forms.desk import search_words
from visits.forms.fields import let_choose_alike
from visits.forms.session import LEVELS, SessionForm, read_clock
from visits.models import AgendaTemplate, Session, Visit, VisitRequest

Forms = Mapping[str, desk.SeenForm]
OFFERED: Final = 6
FOUND: Final = 12
WAYS_TO_ADD: Final = {
    "catalogue": gettext_lazy("Catalogue"),
    "templates": gettext_lazy("Templates"),
    "empty": gettext_lazy("Empty"),
}


def built(request: HttpRequest, opened: Opened, visit: Visit, forms: Forms) -> dict[str, Any]:
    """The agenda with what was typed and could not be kept, and all that can be added to it."""
    case = visit.request = opened.case
    sessions = scheduling.sessions_of(case)
    plan = agenda.agenda_of(visit, sessions, names_others=request.user.has_perm("visits.view_visitrequest"))
    at, pressed = request.GET.get("at", ""), forms.get("agenda")
    if isinstance(pressed, AgendaForm):
        agenda.keep_typed(plan, pressed)
        agenda.open_refused(plan, pressed, opened.refusal)
        follows = "rest_follows" in pressed.data
        if pressed.for_another_row:
            forms = {**forms, "add_session": pressed.for_another_row}
    else:
        proposed = _proposed(request, visit)
        agenda.open_row(plan, number(request.GET.get("open")), at=at, proposed=proposed)
        follows = not proposed
    agenda.offer_ways(plan)
    adding = _adding(request, plan, forms)
    add_form = _add_form(case, visit, plan, forms) if adding == "empty" else None
    share_answers([form for form in [add_form, *(row.form for row in plan.rows)] if form])
    return {
        "agenda": plan,
        "sessions": sessions,
        "at": at,
        "follows": follows,
        "adding": adding,
        "ways_to_add": WAYS_TO_ADD.items(),
        "add_form": add_form,
        "last_day_used": _next(plan)["day"],
        "clash_rooms": _free_rooms(case, forms),
        "quiet_days": planning.too_little_talk([row.session for row in plan.rows]),
        "keep_template_form": forms.get("keep_template")
        or KeepTemplateForm(visit_request=case, auto_id="keep_template_%s", initial={"name": visit.title}),
        **({"templates": list(AgendaTemplate.objects.filter(is_offered=True))} if adding == "templates" else {}),
        **(_library(request, case) if adding == "catalogue" else {}),
    }


def _proposed(request: HttpRequest, visit: Visit) -> dict[str, Any]:
    """What another page proposes for the row that it opens: day, start, room, level; nonsense is left out."""
    found: dict[str, Any] = {}
    if (day := request.GET.get("on", "")) in {one.isoformat() for one in visit.days}:
        found["day"] = day
    if typed := request.GET.get("starts", ""):
        with suppress(ValidationError):
            found["starts"] = f"{read_clock(typed):%H.%M}"
    if (level := number(request.GET.get("level"))) in {one for one, _name in LEVELS}:
        found["level"] = level
    if room := number(request.GET.get("room")):
        found["room"] = room
    return found


def _adding(request: HttpRequest, plan: agenda.Agenda, forms: Forms) -> str:
    """Which way of adding is open: the one that was pressed, else templates for an empty agenda."""
    if "add_session" in forms:
        return "empty"
    wanted = request.GET.get("add", "catalogue" if plan.rows or request.GET.get("find") else "templates")
    return wanted if wanted in WAYS_TO_ADD else "catalogue"


def _add_form(case: VisitRequest, visit: Visit, plan: agenda.Agenda, forms: Forms) -> desk.SeenForm:
    fresh = SessionForm(visit_request=case, visit=visit, auto_id="add_session_%s", initial=_next(plan))
    return forms.get("add_session") or fresh


def share_answers(on_the_page: Sequence[desk.SeenForm]) -> None:
    """Rooms, sites and offerings are read once for all the forms that offer them."""
    if on_the_page:
        for name in ("room", "offering", "site"):
            let_choose_alike(on_the_page, name)


def number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def _next(plan: agenda.Agenda) -> dict[str, Any]:
    """Where a further row would go: after the last one there is, an hour long."""
    day = next((day for day in reversed(plan.days) if day.rows), plan.days[0])
    return {"day": day.day.isoformat(), "starts": day.next_start, "minutes": 60, "kind": choices.SessionKind.HOST}


def _library(request: HttpRequest, case: VisitRequest) -> dict[str, Any]:
    """What of the catalogue can be added: what was searched for, else what touches what they asked for."""
    typed = search_words(request.GET.get("find", ""))
    if typed:
        found = _search(typed)
        return {"find": typed, "offered": list(found[:FOUND]), "more_offered": 0}
    chosen = list(case.offerings.all())
    areas = [area.pk for area in case.areas.all()] + [offering.area_id for offering in chosen]
    near = Offering.objects.filter(area__in=areas, is_published=True).exclude(pk__in=[o.pk for o in chosen])
    offered = [*chosen, *near]
    return {"find": "", "offered": offered[:OFFERED], "more_offered": max(len(offered) - OFFERED, 0)}


def _search(typed: str) -> QuerySet[Offering]:
    rows = Offering.objects.filter(is_published=True)
    for word in typed.split()[:5]:
        fields = ("name_en", "name_sv", "summary_en", "summary_sv", "area__name_en", "area__name_sv")
        anywhere = Q()
        for name in fields:
            anywhere |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(anywhere)
    return rows.order_by("order", "pk")


def _free_rooms(case: VisitRequest, forms: Forms) -> list[Any]:
    """Rooms that are free at the time somebody just tried, when that could not be kept."""
    form = forms.get("add_session")
    if isinstance(form, SessionForm) and form.is_bound and form.is_valid() and form.cleaned_data["room"]:
        wanted = form.filled(Session())
        return scheduling.free_rooms(wanted.starts_at, wanted.ends_at, people=case.group_size or 1)
    return []
