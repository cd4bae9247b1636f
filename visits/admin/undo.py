"""Taking a decision back at the desk, or letting its mails leave at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from visits import scheduling, undoing
from visits.deeds import decisions
from visits.models import Decision, User, VisitRequest

REFUSALS = (undoing.UndoRefused, scheduling.Clash)


def press(request: HttpRequest, case: VisitRequest, decision_id: int, *, by: User) -> None:
    """What the bar's two buttons do. Raises one of REFUSALS when it is not done; Http404 for another case's."""
    decision = get_object_or_404(Decision.objects.select_related("request"), pk=decision_id, request=case)
    if "send_now" in request.POST:
        undoing.send_now(decision)
        messages.success(request, _("The mails leave now. This cannot be taken back any more."))
        return
    undoing.undo(decision, by=by)
    told = {"what": decisions.told(decision.what, decision.detail)}
    messages.success(request, _("Taken back: %(what)s. No mail has left, and all is as it was.") % told)
