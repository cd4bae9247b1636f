"""What each tab of the request page shows."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from programmes.models import Offering
from visits import choices, planning, scheduling, words
from visits.admin import agenda, deeds, facts, sentences
from visits.choices import RequestState
from visits.forms import desk
from visits.models import Session, Visit, VisitRequest
from visits.planning.guard import EDITABLE

S = RequestState
Forms = dict[str, desk.SeenForm]
PLANNED: Final = (S.IN_REVIEW, S.PROPOSED, S.AGREED, S.CONFIRMED)
RECENT: Final = 4
OFFERED: Final = 6

TABS: Final = (("plan", _("Plan")), ("request", _("Request")), ("messages", _("Messages")), ("history", _("History")))
NAMES: Final = {"plan": "change", "request": "request", "messages": "messages", "history": "history"}


def tab_url(case: VisitRequest, tab: str) -> str:
    return reverse(f"admin:visits_visitrequest_{NAMES[tab]}", args=[case.pk])


def frame(request: HttpRequest, case: VisitRequest, tab: str) -> dict[str, Any]:
    """What the head of every tab needs."""
    return {
        "case": case,
        "tab": tab,
        "tabs": [(name, title, tab_url(case, name)) for name, title in TABS],
        "state": case.state,
        "turn_words": facts.turn_words(case),
        "turn_kind": facts.turn_kind(case),
        "may_change": request.user.has_perm(deeds.CHANGE),
        "may_waive": request.user.has_perm(deeds.WAIVE),
        "has_agenda": _visit(case) is not None and _visit(case).sessions.exists(),  # type: ignore[union-attr]
        "message_count": case.comments.count(),
    }


def _visit(case: VisitRequest) -> Visit | None:
    return getattr(case, "visit", None)


def fresh(case: VisitRequest, name: str, initial: Mapping[str, Any] | None = None, **options: Any) -> desk.SeenForm:
    """An empty form of a deed; its ids begin with the deed's name, so many stand on one page."""
    return deeds.DEEDS[name].form(visit_request=case, auto_id=f"{name}_%s", initial=initial, **options)


def can_we(case: VisitRequest) -> planning.Checks:
    asked = {area.pk for area in case.areas.all()} | {offering.area_id for offering in case.offerings.all()}
    return planning.check_all([case], areas={case.pk: asked})[case.pk]


# -- Plan ------------------------------------------------------------------------------


def plan(request: HttpRequest, case: VisitRequest, forms: Forms) -> dict[str, Any]:
    checks = can_we(case)
    context: dict[str, Any] = {
        "checks": checks,
        "weeks": facts.weeks_around(checks.first_day),
        "recent": [sentences.line(entry) for entry in case.history.all()[:RECENT]],
        "may_plan": case.request_state in PLANNED,
        "may_edit": case.request_state in EDITABLE and request.user.has_perm(deeds.CHANGE),
        "days_form": forms.get("choose_days") or fresh(case, "choose_days", _days_typed(case, checks)),
    }
    visit = _visit(case)
    return context | _planned(request, case, visit, forms) if visit else context


def _planned(request: HttpRequest, case: VisitRequest, visit: Visit, forms: Forms) -> dict[str, Any]:
    visit.request = case
    plan = agenda.agenda_of(visit)
    retimed, changed = forms.get("retime"), forms.get("change_session")
    if isinstance(retimed, desk.RetimeForm):
        agenda.keep_typed(plan, retimed)
    open_pk = _number(request.GET.get("open"))
    agenda.open_row(plan, open_pk, changed if isinstance(changed, desk.ChangeSessionForm) else None)
    asked_about = _asked_about(request, plan)
    return {
        "agenda": plan,
        "number": case.proposals.count() + 1,
        "add_form": forms.get("add_session") or fresh(case, "add_session", _next(plan), visit=visit),
        "asked_about": asked_about,
        "candidates": scheduling.candidates(asked_about.session) if asked_about else [],
        "offered": _offered(case),
        "clash_rooms": _free_rooms(case, forms),
        "missing": scheduling.missing_for_confirmation(case),
    }


def _days_typed(case: VisitRequest, checks: planning.Checks) -> dict[str, Any]:
    visit = _visit(case)
    if checks.first_day is None or checks.last_day is None:
        return {}
    days = (checks.last_day - checks.first_day).days + 1
    return {"first_day": checks.first_day, "days": days, "title": visit.title if visit else ""}


def _next(plan: agenda.Agenda) -> dict[str, Any]:
    """Where a new row would go: after the last one there is, an hour long."""
    day = next((day for day in reversed(plan.days) if day.rows), plan.days[0])
    return {"day": day.day.isoformat(), "starts": day.next_start, "minutes": 60, "kind": choices.SessionKind.HOST}


def _asked_about(request: HttpRequest, plan: agenda.Agenda) -> agenda.Row | None:
    """The session that the panel of people is about: the one that was pressed, else the first without anybody."""
    pressed = plan.row(_number(request.GET.get("session")))
    if pressed and pressed.session.needs_facilitator:
        return pressed
    return plan.missing[0] if plan.missing else None


def _offered(case: VisitRequest) -> list[Any]:
    """What of the catalogue touches what they asked for: their own choices first."""
    chosen = list(case.offerings.all())
    areas = [area.pk for area in case.areas.all()] + [offering.area_id for offering in chosen]
    near = Offering.objects.filter(area__in=areas, is_published=True)
    return [*chosen, *near.exclude(pk__in=[offering.pk for offering in chosen])[:OFFERED]][:OFFERED]


def _free_rooms(case: VisitRequest, forms: Forms) -> list[Any]:
    """Rooms that are free at the time somebody just tried, when that could not be kept."""
    for name in ("change_session", "add_session"):
        form = forms.get(name)
        if isinstance(form, desk.SessionForm) and form.is_bound and form.is_valid() and form.cleaned_data["room"]:
            wanted = form.filled(Session())
            return scheduling.free_rooms(wanted.starts_at, wanted.ends_at, people=case.group_size or 1)
    return []


# -- The other tabs --------------------------------------------------------------------


def facts_of(request: HttpRequest, case: VisitRequest, forms: Forms) -> dict[str, Any]:
    may_see = request.user.has_perm("visits.see_special_needs")
    names = ("hand_over", "waitlist", "waive", "cancel")
    return {
        "checks": can_we(case),
        "subjects": facts.subjects(case),
        "gifts": facts.gifts(case),
        "who": facts.who(case),
        "when": facts.when(case),
        "needs": facts.needs(case, may_see=may_see),
        "alternatives": list(case.alternatives.all()),
        **{f"{name}_form": forms.get(name) or fresh(case, name) for name in names},
    }


def messages_of(request: HttpRequest, case: VisitRequest, forms: Forms) -> dict[str, Any]:
    kind = request.GET.get("kind", "message")
    return {
        "comments": list(case.comments.all()),
        "proposals": list(case.proposals.all()),
        "say_form": forms.get("say") or fresh(case, "say", {"kind": kind}),
    }


def history_of(_request: HttpRequest, case: VisitRequest, _forms: Forms) -> dict[str, Any]:
    entries = list(case.history.all())
    lines = [sentences.line(entry) for entry in entries]
    by_day = groupby(lines, key=lambda line: words.local_date(line.entry.at))
    return {
        "days": [(day, list(found)) for day, found in by_day],
        "share": facts.turn_share(case, reversed(entries)),
    }


CONTENTS: Final = {"plan": plan, "request": facts_of, "messages": messages_of, "history": history_of}


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 10 else None
