"""What each tab of the request page shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from visits import (
    correcting,
    foresight,
    group,
    kitchen,
    noticing,
    planning,
    rules,
    scheduling,
    story,
    viewings,
    waiting,
    workflow,
)
from visits.admin import (
    afterwards,
    agenda,
    agreement,
    building,
    deeds,
    facts,
    needs,
    noticed,
    past,
    to_do,
    undoable,
    ways_open,
    writing,
)
from visits.admin.opened import Opened
from visits.choices import AskRole, MeetingLanguage, RequestState
from visits.deeds import sentences
from visits.documents.hand import hand_of
from visits.forms import desk
from visits.forms.fields import let_choose
from visits.models import Entry, HistoryEntry, Part, SpecialNeeds, User, Visit, VisitRequest
from visits.planning.guard import EDITABLE
from visits.scheduling import Candidate

S = RequestState
Forms = dict[str, desk.SeenForm]
PLANNED: Final = (S.IN_REVIEW, S.PROPOSED, S.AGREED, S.CONFIRMED)
RECENT: Final = 4
MOST_VOICES: Final = 3  # beside whoever leads a session
REWRITTEN: Final = ("request_changed", "corrected")
NEEDS_ON: Final = ("request", "group")
NOTICED_ON: Final = ("plan", "request")

TABS: Final = (
    ("plan", _("Plan")),
    ("request", _("Request")),
    ("messages", _("Messages")),
    ("agreement", _("Agreement")),
    ("group", _("Group")),
    ("to_do", _("To do")),
    ("room", _("Room")),
    ("afterwards", _("Afterwards")),
    ("history", _("History")),
)
NAMES: Final = {
    "plan": "change",
    "request": "request",
    "messages": "messages",
    "agreement": "agreement",
    "group": "group",
    "to_do": "to_do",
    "room": "room",
    "afterwards": "afterwards",
    "history": "history",
}


def tab_url(case: VisitRequest, tab: str) -> str:
    return reverse(f"admin:visits_visitrequest_{NAMES[tab]}", args=[case.pk])


def _shown_tabs(case: VisitRequest) -> list[tuple[str, Any]]:
    """What there is to see of a request: what comes when the visit is over has its tab then."""
    return [(name, title) for name, title in TABS if name != "afterwards" or afterwards.is_over(case)]


def frame(request: HttpRequest, opened: Opened, tab: str) -> dict[str, Any]:
    """What the head of every tab needs."""
    case, undo = opened.case, undoable.bar_of(opened.case)
    return {
        "case": case,
        "tab": tab,
        "tabs": [(name, title, tab_url(case, name)) for name, title in _shown_tabs(case)],
        "state": case.state,
        "turn_words": facts.turn_words(case, opened.stage, undo.gives_turn_at if undo else None),
        "turn_kind": facts.turn_kind(case, opened.stage),
        "undo": undo,
        "may_change": request.user.has_perm(deeds.CHANGE),
        "may_waive": request.user.has_perm(deeds.WAIVE),
        "has_agenda": getattr(case, "has_agenda", False),
        "message_count": getattr(case, "message_count", 0),
        "name_count": getattr(case, "name_count", 0),
        "readers": viewings.readers_of(case, but=cast("User", request.user), before=opened.recent_looks),
        "entry": _not_taken_over(case),
        "line": waiting.standing(case) if case.request_state == S.WAITLISTED else None,
        "family": noticed.family(case),
    }


def _not_taken_over(case: VisitRequest) -> Entry | None:
    """That one of us has entered it, while its visitor has not said that it is theirs."""
    entry: Entry | None = getattr(case, "entry", None)
    return entry if entry and entry.taken_over_at is None else None


def fresh(case: VisitRequest, name: str, initial: Mapping[str, Any] | None = None, **options: Any) -> desk.SeenForm:
    """An empty form of a deed; its ids begin with the deed's name, so many stand on one page."""
    return deeds.DEEDS[name].form(visit_request=case, auto_id=f"{name}_%s", initial=initial, **options)


def can_we(case: VisitRequest, house: planning.House | None = None) -> planning.Checks:
    asked = {area.pk for area in case.areas.all()} | {offering.area_id for offering in case.offerings.all()}
    return planning.check_all([case], areas={case.pk: asked}, house=house)[case.pk]


# -- Plan ------------------------------------------------------------------------------


def plan(request: HttpRequest, opened: Opened, forms: Forms) -> dict[str, Any]:
    """The agenda once there are days; before that, what speaks for which days."""
    case, may_change = opened.case, request.user.has_perm(deeds.CHANGE)
    context: dict[str, Any] = {
        "may_plan": case.request_state in PLANNED,
        "may_edit": case.request_state in EDITABLE and may_change,
        **noticed.panel(opened, forms),
    }
    if opened.visit:
        proposed = _proposed(request)
        context["is_proposed"] = proposed is not None
        context["days_form"] = forms.get("choose_days") or fresh(
            case, "choose_days", _days_of(opened.visit), proposed=proposed
        )
        return context | _planned(request, opened, opened.visit, forms)
    return context | _days_wanted(case, forms, _proposed(request))


def _proposed(request: HttpRequest) -> date | None:
    """A first day that another page proposes: it is filled in, and kept when somebody sends it."""
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None


def _planned(request: HttpRequest, opened: Opened, visit: Visit, forms: Forms) -> dict[str, Any]:
    case = opened.case
    context = building.built(request, opened, visit, forms)
    asked_about = _asked_about(request, context["agenda"])
    candidates = scheduling.candidates(asked_about.session) if asked_about else []
    proposed = building.number(request.GET.get("person"))
    latest = case.proposals.last()
    return context | {
        "has_agenda": bool(context["sessions"]),
        "number": (latest.number if latest else 0) + 1,
        "change_wish": latest.change_wish if latest and case.request_state in EDITABLE else "",
        "has_paper": hand_of(case) is not None,
        "may_write_practical": case.request_state in PLANNED and request.user.has_perm(deeds.CHANGE),
        "practical_form": forms.get("write_practical")
        or fresh(case, "write_practical", {"practical": visit.practical}),
        "asked_about": asked_about,
        "candidates": _leaders(candidates, proposed),
        "proposed_person": proposed,
        "seconds": _seconds(asked_about, candidates),
        "voices": _voices(asked_about, candidates),
        "cannot": ways_open.who_cannot(asked_about.session, context["sessions"], candidates) if asked_about else [],
        "missing": workflow.missing_for_confirmation(context["sessions"], opened.agreement),
    }


def _seconds(asked_about: agenda.Row | None, found: Iterable[Candidate]) -> list[Candidate]:
    """Who could learn beside whoever leads the session; nobody while nobody leads it."""
    may = asked_about is not None and asked_about.may_have_second
    return [one for one in found if one.can_be_second] if may else []


def _leaders(found: Sequence[Candidate], proposed: int | None) -> list[Candidate]:
    """Who could lead it, whoever another page proposes first, also where they would be offered as the voice."""
    offered = scheduling.suited(found, AskRole.LEADER)
    could = [one for one in found if one.can and (one in offered or one.facilitator.pk == proposed)]
    return sorted(could, key=lambda one: one.facilitator.pk != proposed)


def _voices(asked_about: agenda.Row | None, found: Sequence[Candidate]) -> list[Candidate]:
    """Who could tell beside whoever leads the session, or will; nobody while somebody is asked to."""
    may = asked_about is not None and not any(ask.is_voice for ask in asked_about.asks)
    return scheduling.suited(found, AskRole.VOICE)[:MOST_VOICES] if may else []


def _days_wanted(case: VisitRequest, forms: Forms, proposed: date | None) -> dict[str, Any]:
    checks = can_we(case)
    typed: dict[str, Any] = {}
    if checks.first_day and checks.last_day:
        typed = {"first_day": checks.first_day, "days": (checks.last_day - checks.first_day).days + 1}
    return {
        "checks": checks,
        "weeks": facts.weeks_around(checks.first_day),
        "recent": [sentences.line(entry) for entry in case.history.all()[:RECENT]],
        "days_form": forms.get("choose_days") or fresh(case, "choose_days", typed, proposed=proposed),
    }


def _days_of(visit: Visit) -> dict[str, Any]:
    days = (visit.last_day - visit.first_day).days + 1
    return {"first_day": visit.first_day, "days": days, "title": visit.title}


def _asked_about(request: HttpRequest, plan: agenda.Agenda) -> agenda.Row | None:
    """The session that the panel of people is about: the one that was pressed."""
    pressed = plan.row(building.number(request.GET.get("session")))
    return pressed if pressed and pressed.session.needs_facilitator else None


# -- The other tabs --------------------------------------------------------------------


def facts_of(request: HttpRequest, opened: Opened, forms: Forms) -> dict[str, Any]:
    case = opened.case
    shown = facts.to_choose(case)
    house = foresight.house_of(case) if case.request_state in noticing.WATCHED else None
    rewritten = list(case.history.filter(what__in=REWRITTEN).not_taken_back())
    return {
        "checks": can_we(case, house),
        "subjects": facts.subjects(case, shown),
        "gifts": facts.gifts(case),
        "who": facts.who(case, address_by_us=_address_by_us(rewritten)),
        "when": facts.when(case),
        "needs": facts.needs(case),
        "further": facts.further(case),
        **_needs_of(request, case),
        **_correcting_numbers(request, case, forms),
        "alternatives": [story.way_on(one) for one in case.alternatives.order_by("pk")] if case.decline_words else [],
        "changed": [
            (entry, story.rewritten_line(change)) for entry in rewritten for change in entry.detail.get("changes", [])
        ],
        **_correcting(request, case, forms),
        "effects": _let_go(opened),
        "may_wait": case.request_state in rules.PUT_ASIDE,
        **noticed.panel(opened, forms),
        "foreseen": foresight.foresee(case, house),
        "address_form": forms.get("correct_address") or fresh(case, "correct_address"),
        **_ways_on(case, forms, shown),
    }


def _address_by_us(rewritten: Iterable[HistoryEntry]) -> HistoryEntry | None:
    """The last time that one of us corrected the address."""
    ours = (entry for entry in rewritten if entry.what == "corrected")
    return next((one for one in ours if any(c["name"] == "contact_email" for c in one.detail.get("changes", []))), None)


def _correcting(request: HttpRequest, case: VisitRequest, forms: Forms) -> dict[str, Any]:
    """Which parts may be corrected, and the form of the one that is: it was asked for, or is to be mended."""
    if not request.user.has_perm(deeds.CHANGE):
        return {}
    open_facts = correcting.open_facts(case, has_begun=getattr(case, "has_begun", None))
    parts = [part for part, names in correcting.FACTS.items() if open_facts & set(names)]
    typed = {part: forms[f"correct_{part}"] for part in correcting.FACTS if f"correct_{part}" in forms}
    asked = request.GET.get("correct", "")
    if asked in parts and not typed:
        typed = {asked: fresh(case, f"correct_{asked}")}
        typed[asked].propose(_language_proposed(request, typed[asked]))
    return {"may_correct": parts, "correct": typed}


def _language_proposed(request: HttpRequest, form: desk.SeenForm) -> dict[str, Any]:
    """The language of the meeting that another page proposes, where this form asks for it."""
    language = request.GET.get("meeting_language", "")
    is_one = "meeting_language" in form.fields and language in MeetingLanguage.values
    return {"meeting_language": language} if is_one else {}


def _correcting_numbers(request: HttpRequest, case: VisitRequest, forms: Forms) -> dict[str, Any]:
    """The same for the numbers of food and access, for those who may read them."""
    if not request.user.has_perm(needs.SEE) or case.request_state not in rules.OPEN:
        return {}
    typed = forms.get("correct_numbers")
    if typed is None and request.GET.get("correct") == "numbers":
        typed = fresh(case, "correct_numbers")
    return {"may_correct_numbers": True, "numbers_form": typed}


def _ways_on(case: VisitRequest, forms: Forms, shown: facts.ToChoose) -> dict[str, desk.SeenForm]:
    """The forms of the deeds that need words or a choice; what there is to choose was read for all of them."""
    names = ("hand_over", "change_subjects", "put_aside", "waitlist", "waive", "cancel")
    found = {name: forms.get(name) or fresh(case, name) for name in names}
    let_choose(found["hand_over"], "to", [("", _("Choose a colleague")), *shown.colleagues])
    let_choose(found["change_subjects"], "areas", shown.areas)
    let_choose(found["change_subjects"], "offerings", shown.offerings)
    return {f"{name}_form": form for name, form in found.items()}


def group_of(request: HttpRequest, opened: Opened, _forms: Forms) -> dict[str, Any]:
    visit = opened.visit
    return {"group": group.of(visit) if visit else None, **_needs_of(request, opened.case)}


def _needs_of(request: HttpRequest, case: VisitRequest) -> dict[str, Any]:
    """The numbers of diet and access, for whoever plans food and rooms; the query is made for them alone."""
    if not request.user.has_perm(needs.SEE):
        return {}
    known = SpecialNeeds.objects.filter(request=case).first()
    return {"counted": kitchen.counted(known, case.group_size or 0)}


def _let_go(opened: Opened) -> list[str]:
    """What follows when the visit is called off, told before it is; nothing where there is none to call off."""
    if opened.case.request_state not in rules.STANDING:
        return []
    return story.effects_told(workflow.effects_of(opened.case, opened.agreement), story.End.CANCEL)


def history_of(request: HttpRequest, opened: Opened, _forms: Forms) -> dict[str, Any]:
    return past.shown(request, opened.case)


def parts_shown(request: HttpRequest, tab: str) -> list[Part]:
    """What of a request a tab lays before its reader."""
    shows_needs = tab in NEEDS_ON and request.user.has_perm(needs.SEE)
    return [Part(tab), Part.NEEDS] if shows_needs else [Part(tab)]


CONTENTS: Final = {
    "plan": plan,
    "request": facts_of,
    "messages": writing.tab,
    "agreement": agreement.tab,
    "group": group_of,
    "to_do": to_do.tab,
    "afterwards": afterwards.tab,
    "history": history_of,
}
