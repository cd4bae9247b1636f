"""What belongs to whoever works at the queue: their saved views, their keys; and for managers who has looked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from visits import saved_views, words
from visits.admin import queue
from visits.admin.queue.wanted import number
from visits.admin.site import desk_context
from visits.forms.desk import search_words
from visits.forms.queue import ViewForm
from visits.models import SavedView, User, Viewing

View = Callable[..., HttpResponse]
SEE_LOOKS: Final = "visits.view_viewing"
A_PAGE: Final = 50


def urls(guarded: Callable[[View], Any]) -> list[URLPattern]:
    return [
        path("views/", guarded(require_POST(save_view)), name="save_view"),
        path("views/<int:view_id>/", guarded(saved_view), name="saved_view"),
        path("keys/", guarded(require_POST(keys)), name="keys"),
        path("looked/", guarded(require_safe(looked)), name="looked"),
    ]


def me(request: HttpRequest) -> User:
    return cast("User", request.user)


# -- Saved views -----------------------------------------------------------------------


def save_view(request: HttpRequest) -> HttpResponse:
    """Keep what is filtered under a name, and stay where one is."""
    wanted = queue.Wanted.from_query(QueryDict(request.POST.get("query", "")[:500].lstrip("?")))
    here = wanted.first()
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["name"][0]))
        return redirect(reverse("admin:index") + here)
    try:
        saved_views.keep(form.cleaned_data["name"], here[:500], by=me(request))
        messages.success(request, _("Kept. You find it under “My views”."))
    except saved_views.ViewRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(reverse("admin:index") + here)


def saved_view(request: HttpRequest, view_id: int) -> HttpResponse:
    """Open a view of one's own, call it something else, or take it away."""
    view = get_object_or_404(SavedView, pk=view_id, user=me(request))
    back = reverse("admin:index") + queue.Wanted.from_query(QueryDict(view.query.lstrip("?"))).first()
    if request.method != "POST":
        return redirect(back)
    if "forget" in request.POST:
        saved_views.forget(view)
        messages.success(request, _("“%(name)s” is taken away.") % {"name": view.name})
        return redirect(back)
    form = ViewForm(request.POST)
    try:
        if form.is_valid():
            saved_views.rename(view, form.cleaned_data["name"])
            messages.success(request, _("It is called “%(name)s” now.") % {"name": view.name})
        else:
            messages.error(request, str(form.errors["name"][0]))
    except saved_views.ViewRefused as refusal:
        messages.error(request, str(refusal))
    return redirect(back)


# -- Keys ------------------------------------------------------------------------------


def keys(request: HttpRequest) -> HttpResponse:
    """Switch the single letters off or on, for this person on every machine."""
    off = request.POST.get("off") == "yes"
    User.objects.filter(pk=me(request).pk).update(keys_off=off)
    messages.success(request, _("The shortcuts are off.") if off else _("The shortcuts are on."))
    return redirect("admin:index")


# -- Who has looked --------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Whose looks, at which request, from which line on. What makes no sense is left out."""

    reference: str
    who: int | None
    before: int | None

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        query = request.GET
        return cls(search_words(query.get("reference", ""))[:12], number(query.get("who")), number(query.get("before")))

    def query(self, before: int) -> str:
        told = QueryDict(mutable=True)
        told.update({"reference": self.reference, "who": str(self.who or ""), "before": str(before)})
        return f"?{told.urlencode()}"


def looked(request: HttpRequest) -> HttpResponse:
    """Who has seen what, the latest first; for managers."""
    if not request.user.has_perm(SEE_LOOKS):
        raise PermissionDenied
    asked = Asked.of(request)
    rows = list(_looks(asked)[: A_PAGE + 1])
    shown = rows[:A_PAGE]
    days = groupby(shown, key=lambda row: words.local_date(row.at))
    context = desk_context() | {
        "asked": asked,
        "days": [(day, list(found)) for day, found in days],
        "older": asked.query(shown[-1].pk) if len(rows) > A_PAGE else "",
        "colleagues": User.objects.filter(is_staff=True).order_by("first_name", "last_name"),
    }
    return render(request, "desk/looked.html", context)


def _looks(asked: Asked) -> Any:
    looks = Viewing.objects.select_related("user", "request").order_by("-pk")
    if asked.reference:
        looks = looks.filter(request__reference__iexact=asked.reference)
    if asked.who:
        looks = looks.filter(user=asked.who)
    return looks.filter(pk__lt=asked.before) if asked.before else looks
