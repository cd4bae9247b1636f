"""The day of a visit, read from its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from visits import rules, story
from visits.choices import RequestState, SessionKind
from visits.documents.agenda import news_since, sessions_of
from visits.models import Session, Visit, VisitRequest

SHOWN_IN: Final = (RequestState.CONFIRMED, RequestState.COMPLETED)


def today_of(visit_request: VisitRequest, now: datetime) -> story.Today | None:
    """The visit at a moment; None unless it is confirmed and has an agenda. Four queries.

    What was changed since the day before is news.
    """
    visit: Visit | None = getattr(visit_request, "visit", None)
    if visit is None or visit_request.request_state not in SHOWN_IN:
        return None
    sessions = sessions_of(visit)
    days = story.days_of_visit(sessions)
    if not days:
        return None
    yesterday = rules.end_of(now.astimezone(rules.STOCKHOLM).date() - 2 * rules.DAY)
    news = news_since(visit, days, at=yesterday)
    return story.minute_by_minute(
        days, now, where={row.pk: where_words(row) for row in sessions}, news=news,
        is_step_free=all(row.room is not None and row.room.step_free for row in sessions if _is_held(row)),
    )  # fmt: skip


def _is_held(session: Session) -> bool:
    """Whether it has a place of its own: a break has it where the hour before it was."""
    return session.kind != SessionKind.BREAK or session.room is not None or bool(session.place)


def where_words(session: Session) -> str:
    """«Large room, Qulturum, step-free»; the place that was typed where it is none of our rooms."""
    room = session.room
    if room is None:
        return session.place
    parts = (room.name, room.site.name, _("step-free") if room.step_free else "")
    return ", ".join(part for part in parts if part)
