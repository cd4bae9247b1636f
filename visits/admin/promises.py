"""Everything that we owe anybody, on one page: late first."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from visits import memory
from visits.admin.organisations import VIEW, may
from visits.admin.request import me, refuse_without
from visits.admin.site import DeskSite, View, desk_context


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    return [path("promises/", guarded(require_safe(promises)), name="promises")]


DeskSite.more.append(urls)


def promises(request: HttpRequest) -> HttpResponse:
    """All open promises, or those of the one who looks."""
    refuse_without(request, VIEW)
    mine = request.GET.get("who") == "mine"
    rows = memory.open_promises(timezone.localdate(), mine=me(request) if mine else None)
    context = {"rows": rows, "mine": mine, "late": sum(row.is_late for row in rows), "may_change": may(request)}
    return render(request, "desk/promises.html", desk_context() | context)
