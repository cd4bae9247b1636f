"""The content of an agreement from the rows of a visit as they stand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from visits import almanac, rules
from visits.agreement.content import GUESTS, LOOK_BACK, OURS, QUESTIONS, VISIT, Content, in_order
from visits.choices import SessionKind
from visits.models import Session, VisitRequest
from visits.models.ask import names_for_guests

Row = dict[str, Any]
SIDE_OF = {SessionKind.HOST: OURS, SessionKind.GUEST: GUESTS}


def draft(visit_request: VisitRequest, *, like: Content | None, today: date) -> Content:
    """The content that the request and its plan give now; what people have written into `like` is carried over."""
    visit = visit_request.visit
    days = (visit.first_day, visit.last_day)
    return {
        "title": visit.title,
        "wants": like["wants"] if like else _wants(visit_request),
        "teaching": _teaching(visit.sessions.prefetch_related("asks__facilitator__user")),
        "own_time": visit_request.own_time,
        "contacts": _contacts(days, like, today),
        "persons": {OURS: _host(visit_request), GUESTS: _contact(visit_request)},
        "plan": {
            "first_day": visit.first_day.isoformat(),
            "last_day": visit.last_day.isoformat(),
            "group_size": visit_request.group_size or 0,
            "subjects": _subjects(visit_request),
        },
    }


def _wants(visit_request: VisitRequest) -> Row:
    """The guests' answers as they asked; ours are to be written."""
    told = (visit_request.better_at_home or visit_request.aim, visit_request.measure, visit_request.first_test)
    return {question: {GUESTS: answer, OURS: ""} for question, answer in zip(QUESTIONS, told, strict=True)}


def _teaching(sessions: Any) -> dict[str, list[Row]]:
    taught: dict[str, list[Row]] = {OURS: [], GUESTS: []}
    for session in sessions:
        side = SIDE_OF.get(session.kind)
        if side:
            taught[side].append({"title": session.title, "minutes": session.minutes, "people": _people(session)})
    return taught


def _people(session: Session) -> list[str]:
    if session.is_guests_own:
        return [session.teller] if session.teller else []
    return names_for_guests(session.asks.all())


def _host(visit_request: VisitRequest) -> Row:
    host = visit_request.coordinator
    if host is None:
        return {"name": "", "role": "", "email": "", "phone": ""}
    return {"name": str(host), "role": "", "email": host.email, "phone": host.phone}


def _contact(visit_request: VisitRequest) -> Row:
    return {
        "name": visit_request.contact_name,
        "role": visit_request.contact_role,
        "email": visit_request.contact_email,
        "phone": visit_request.contact_phone,
    }


def _subjects(visit_request: VisitRequest) -> list[Row]:
    """Areas and offerings with their names in both languages, so that the agreement can be read in each."""
    found = []
    for kind, rows in (("area", visit_request.areas.all()), ("offering", visit_request.offerings.all())):
        for slug, english, swedish in rows.order_by("order", "pk").values_list("slug", "name_en", "name_sv"):
            found.append({"key": f"{kind}:{slug}", "en": english, "sv": swedish})
    return found


# -- The next contacts -----------------------------------------------------------------


def _contacts(days: tuple[date, date], like: Content | None, today: date) -> list[Row]:
    first, last = days
    chosen = [row for row in like["contacts"] if row["kind"] not in (VISIT, "names")] if like else []
    chosen = [row for row in chosen if row["day"] < first.isoformat() or row["kind"] == LOOK_BACK]
    moved = bool(like) and like is not None and like["plan"]["last_day"] != last.isoformat()
    if moved:
        chosen = [row for row in chosen if row["kind"] != LOOK_BACK]
    if today < first and not any(today.isoformat() <= row["day"] < first.isoformat() for row in chosen):
        chosen = [row for row in chosen if row["kind"] != "call"]  # it has been: the next one lies ahead
    if not any(row["kind"] == "call" for row in chosen):
        chosen.append(_row("call", call_day(first, today)))
    if not any(row["kind"] == LOOK_BACK for row in chosen):
        chosen.append(_row(LOOK_BACK, look_back_day(last)))
    fixed = [_row("names", names_day(first, today)), {**_row(VISIT, first), "until": last.isoformat()}]
    return in_order([*chosen, *fixed])


def _row(kind: str, day: date) -> Row:
    return {"kind": kind, "day": day.isoformat(), "at": "", "words": ""}


def call_day(first_day: date, today: date) -> date:
    """A working day for going through the programme together: six weeks before the visit, and not before a week
    from now; for a visit that is close, half-way to it.
    """
    wished = max(first_day - rules.CALL_BEFORE, today + rules.CALL_EARLIEST)
    if wished >= first_day - rules.DAY:
        wished = today + (first_day - today) // 2
    return _working(wished) if _working(wished) < first_day else wished


def names_day(first_day: date, today: date) -> date:
    """The day by which the names of the group are wanted; today for a visit that is closer."""
    return max(first_day - timedelta(days=rules.NAMES_DAYS_BEFORE), min(today, first_day - rules.DAY))


def look_back_day(last_day: date) -> date:
    return _working(last_day + rules.LOOK_BACK_AFTER)


def _working(day: date) -> date:
    closed = almanac.closed_from(day)
    return day if rules.is_working_day(day, closed=closed) else rules.working_days_after(day, 1, closed=closed)
