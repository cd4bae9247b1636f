"""Why the portal asked somebody by itself, or nobody, as the history tells it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from visits.choices import AskState
from visits.scheduling import going_on


def reason(what: str, detail: Mapping[str, Any]) -> dict[str, str]:
    """The reason in words, for the lines that have one: what stands after «because», or after the colon."""
    if what in ("asked_next", "asked_next_voice"):
        return {"reason": _why_next(detail)}
    if what in ("nobody_left", "no_voice_left"):
        is_late = detail.get("why") == going_on.TOO_LATE
        return {"reason": _("there is no day left to answer") if is_late else _("nobody who could is left")}
    return {}


def _why_next(detail: Mapping[str, Any]) -> str:
    told = {
        AskState.DECLINED.value: _("%(name)s cannot"),
        AskState.EXPIRED.value: _("%(name)s did not answer in time"),
        AskState.WITHDRAWN.value: _("%(name)s has said yes to something else at that time"),
    }.get(str(detail.get("why")), "…")
    return told % {"name": detail.get("after", "…")}
