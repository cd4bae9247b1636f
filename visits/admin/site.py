"""The desk: the admin site whose first page is the triage queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from visits import rules
from visits.choices import MessageState, RequestState, Turn
from visits.models import Enquiry, Message, User, VisitRequest
from visits.models.request import TURN_STATES

View = Callable[..., HttpResponseBase]
DESK_PERMISSION = "visits.view_visitrequest"
NEEDS_US = (MessageState.FAILED, MessageState.UNCERTAIN)


class Counts:
    """How much waits where, for the tabs and the side menu: one query, made when first looked at."""

    @cached_property
    def found(self) -> dict[str, int]:
        cases = VisitRequest.objects.sent().order_by().values_list("state").annotate(n=Count("pk"))
        mails = Message.objects.filter(state__in=NEEDS_US).order_by().values_list("state").annotate(n=Count("pk"))
        asked = Enquiry.objects.filter(answered_at=None).order_by().annotate(state=Value("enquiry"))
        return dict(cases.union(mails, asked.values_list("state").annotate(n=Count("pk")), all=True))

    def of(self, *states: str) -> int:
        return sum(self.found.get(state, 0) for state in states)

    @property
    def ours(self) -> int:
        return self.of(*TURN_STATES[Turn.OURS])

    @property
    def visitor(self) -> int:
        return self.of(RequestState.INFO_REQUESTED, RequestState.PROPOSED)

    @property
    def confirmed(self) -> int:
        return self.of(RequestState.CONFIRMED)

    @property
    def done(self) -> int:
        return self.of(RequestState.COMPLETED, *rules.ENDED)

    @property
    def all(self) -> int:
        return self.of(*RequestState)

    @property
    def outbox(self) -> int:
        return self.of(*NEEDS_US)

    @property
    def enquiries(self) -> int:
        return self.of("enquiry")


class DeskSite(admin.AdminSite):
    """Coordinators and managers work here; who else is signed in is sent away."""

    site_header = _("Qulturum staff desk")
    site_title = _("Qulturum staff")
    index_title = _("All data and settings")
    site_url = "/"
    enable_nav_sidebar = False
    index_template = "admin/all_data.html"

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter(request.user)

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # type: ignore[override]
        """Who is signed in and does not belong here is told so; only strangers are asked to sign in."""
        guarded = super().admin_view(view, cacheable)

        @wraps(view)
        def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.is_authenticated and not may_enter(request.user):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return enter

    def get_urls(self) -> list[URLResolver | URLPattern]:
        return [path("all/", self.admin_view(self.all_data), name="all_data"), *super().get_urls()]

    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The queue; the list of all tables is «All data and settings»."""
        queue: HttpResponse = self._registry[VisitRequest].changelist_view(request, extra_context)
        return queue

    def all_data(self, request: HttpRequest) -> TemplateResponse:
        return super().index(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way to sign in: the admin's own knows no second factor and no rate limit."""
        back = request.GET.get("next", reverse("admin:index"))
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': back})}")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | desk_context()


def desk_context() -> dict[str, Any]:
    """What every page of ours needs: the counts of the side menu. At most one query."""
    counts = Counts()
    return {"counts": counts, "ours_count": SimpleLazyObject(lambda: counts.ours)}


def may_enter(user: User | AnonymousUser) -> bool:
    """Whether somebody works at the desk. The group's permissions answer in one query."""
    if not (user.is_active and user.is_staff):
        return False
    return user.is_superuser or DESK_PERMISSION in user.get_group_permissions() or user.has_perm(DESK_PERMISSION)


desk_site = admin.site
