"""The sheet for those who plan food, the bus and rooms: the only pages that show what guests eat and need."""

from __future__ import annotations

from typing import Any, Final, cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from visits import kitchen, viewings
from visits.models import User, VisitRequest
from visits.workflow import MoveRefused

SEE: Final = "visits.see_special_needs"


def show(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """What the coming visits eat and need, where they ride and in which rooms they sit; three queries."""
    _refuse_without(request)
    found = kitchen.sheets()
    viewings.look_at_needs([sheet.visit.request_id for sheet in found], by=cast("User", request.user))
    context |= {
        "sheets": found,
        "told": kitchen.told_at([sheet.visit.request_id for sheet in found]),
        "has_address": bool(settings.QULTURUM_KITCHEN_EMAIL),
    }
    return render(request, "desk/kitchen.html", context)


def send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the sheet of one visit to the kitchen."""
    _refuse_without(request)
    case = get_object_or_404(VisitRequest.objects.select_related("visit"), pk=pk, visit__isnull=False)
    try:
        kitchen.send(case, by=cast("User", request.user))
    except (kitchen.KitchenRefused, MoveRefused) as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, _("The sheet of %(who)s is on its way to the kitchen.") % {"who": case.reference})
    return HttpResponseRedirect(f"{reverse('admin:kitchen')}#visit-{pk}")


def _refuse_without(request: HttpRequest) -> None:
    if not request.user.has_perm(SEE):
        raise PermissionDenied
