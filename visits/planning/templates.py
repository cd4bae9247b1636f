"""Agendas that have worked before: to begin a visit with, and to keep one for the next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import rules, words
from visits.models import AgendaTemplate, AgendaTemplateRow, Session, User, Visit, VisitRequest
from visits.planning import guard, telling, timing
from visits.planning.copies import left_out, meets, without_taken_room
from visits.planning.guard import PlanRefused
from visits.planning.sessions import visit_of


@transaction.atomic
def start_from(
    visit_request: VisitRequest, template: AgendaTemplate, *, first: date | None, by: User, seen: int
) -> list[str]:
    """Put a template's rows on the visit's days, from `first` on, weekends skipped.

    What would meet a row that is there already (the lunch, often) is left out and told, and so
    are days that the visit does not have. Raises PlanRefused when nothing fits.
    """
    visit = visit_of(visit_request)
    others = list(visit.sessions.all())
    days = [day for day in visit.days if day >= (first or visit.first_day)]
    days = [day for day in days if day.weekday() < 5] or days
    rows = list(template.rows.select_related("offering", "room", "site"))
    made = [_session(row, visit, days[row.day - 1]) for row in rows if row.day <= len(days)]
    fitting = [session for session in made if not meets(session, others)]
    if not fitting:
        raise PlanRefused(_("Nothing of “%(name)s” fits on those days. Choose another day.") % {"name": template.name})
    timing.refuse_unless_it_fits(visit, [*others, *fitting])
    telling.changed(visit_request, "used_template", by=by, seen=seen, name=template.name)
    told = [sentence for session in fitting for sentence in without_taken_room(session)]
    told += left_out([session for session in made if session not in fitting]) + _too_few_days(rows, len(days))
    return told + guard.asked_again(visit_request, by=by)


def _session(row: AgendaTemplateRow, visit: Visit, day: date) -> Session:
    """The row on its day, told in the language that the guests read."""
    starts_at = datetime.combine(day, row.starts, rules.STOCKHOLM)
    swedish = visit.request.language == "sv"
    size = visit.request.group_size or 1
    return Session(
        visit=visit, kind=row.kind, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=row.minutes),
        title=row.title_sv if swedish else row.title_en,
        description=row.description_sv if swedish else row.description_en,
        offering=row.offering, site=row.site, dialogue_minutes=row.dialogue_minutes, level=row.level,
        room=row.room if row.room and row.room.capacity >= size else None,
    )  # fmt: skip


def _too_few_days(rows: Sequence[AgendaTemplateRow], days: int) -> list[str]:
    most = max((row.day for row in rows), default=0)
    if most <= days:
        return []
    return [ngettext("The template has one day more than there is room for.",
                     "The template has %(days)d days more than there is room for.",
                     most - days) % {"days": most - days}]  # fmt: skip


@transaction.atomic
def keep_as_template(visit_request: VisitRequest, name: str) -> AgendaTemplate:
    """Keep the agenda for other visits, without days, people and who of the guests tells.

    Both languages hold the words as they stand; staff translate them among the templates.
    Raises PlanRefused without a session.
    """
    visit = visit_of(visit_request)
    sessions = list(visit.sessions.all())
    if not sessions:
        raise PlanRefused(_("Put at least one session into the agenda first."))
    template = AgendaTemplate.objects.create(slug=_free_slug(name), name_en=name, name_sv=name)
    AgendaTemplateRow.objects.bulk_create(_row(template, session, visit) for session in sessions)
    return template


def _row(template: AgendaTemplate, session: Session, visit: Visit) -> AgendaTemplateRow:
    starts = session.starts_at.astimezone(rules.STOCKHOLM)
    return AgendaTemplateRow(
        template=template, day=(words.local_date(starts) - visit.first_day).days + 1,
        starts=starts.time(), minutes=session.minutes, kind=session.kind,
        title_en=session.title, title_sv=session.title,
        description_en=session.description, description_sv=session.description,
        dialogue_minutes=session.dialogue_minutes, level=session.level, offering_id=session.offering_id,
        site_id=session.site_id, room_id=session.room_id,
    )  # fmt: skip


def _free_slug(name: str) -> str:
    wanted = slugify(name)[:50] or "agenda"
    taken = set(AgendaTemplate.objects.filter(slug__startswith=wanted).values_list("slug", flat=True))
    numbered = (wanted if n == 1 else f"{wanted}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)
