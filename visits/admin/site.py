"""The desk: the admin site whose first page is the triage queue."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import RedirectView

from visits.admin import changes, dashboard, needs, season, to_do
from visits.admin.counts import Counts
from visits.admin.guarded import Guarded, delete_selected
from visits.models import User, VisitRequest

View = Callable[..., HttpResponseBase]
Pages = Callable[[Callable[[View], View]], list[URLPattern]]
DESK_PERMISSION = "visits.view_visitrequest"


class DeskSite(admin.AdminSite):
    """Coordinators and managers work here; who else is signed in is sent away."""

    site_header = _("Qulturum staff desk")
    site_title = _("Qulturum staff")
    index_title = _("All data and settings")
    site_url = "/"
    enable_nav_sidebar = True  # of ours: the template puts the desk's own menu there
    index_template = "admin/all_data.html"

    more: ClassVar[list[Pages]] = []  # pages of modules that stand beside the queue, each with its own addresses

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.add_action(delete_selected, "delete_selected")

    def register(
        self, model_or_iterable: Any, admin_class: type[admin.ModelAdmin[Any]] | None = None, **options: Any
    ) -> None:
        """Every page of the admin under one guard: two who edit the same row are told from one another."""
        kind = admin_class or admin.ModelAdmin
        guarded = type(kind.__name__, (kind, Guarded), {"__module__": kind.__module__, "__doc__": kind.__doc__})
        super().register(model_or_iterable, guarded, **options)

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
        queue: Any = self._registry[VisitRequest]
        return [
            *queue.own_urls(),
            path("all/", self.admin_view(self.all_data), name="all_data"),
            *dashboard.paths(self.admin_view, desk_context),
            path("changes/", self.admin_view(require_safe(self.changes)), name="changes"),
            path("kitchen/", self.admin_view(require_safe(self.kitchen)), name="kitchen"),
            path("kitchen/<int:pk>/send/", self.admin_view(require_POST(needs.send)), name="kitchen_send"),
            path("to-do/", self.admin_view(require_safe(self.to_do)), name="to_do"),
            path("to-do/<int:item_id>/", self.admin_view(require_POST(to_do.press)), name="to_do_press"),
            path("season/", self.admin_view(self.season), name="season"),
            *(page for pages in self.more for page in pages(self.admin_view)),
            # One page for this too: the admin's own styles itself against our content security policy.
            path("password_change/", self.admin_view(RedirectView.as_view(pattern_name="account_change_password"))),
            *super().get_urls(),
        ]

    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The queue; the list of all tables is «All data and settings»."""
        queue: HttpResponse = self._registry[VisitRequest].changelist_view(request, extra_context)
        return queue

    def all_data(self, request: HttpRequest) -> TemplateResponse:
        return super().index(request)

    def changes(self, request: HttpRequest) -> HttpResponse:
        """Who changed what on the plain pages, for managers."""
        return changes.page(request, desk_context())

    def kitchen(self, request: HttpRequest) -> HttpResponse:
        """What the coming visits eat and need, for those who plan food and rooms."""
        return needs.show(request, desk_context())

    def to_do(self, request: HttpRequest) -> HttpResponse:
        """What is to be done around the visits: overdue, this week, later."""
        return to_do.show(request, desk_context())

    def season(self, request: HttpRequest) -> HttpResponse:
        """How full the weeks are; opening, closing and capping one."""
        return season.show(request, desk_context())

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one way to sign in: the admin's own knows no second factor and no rate limit."""
        back = request.GET.get("next", reverse("admin:index"))
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': back})}")

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return super().each_context(request) | desk_context()


def desk_context(user: User | None = None) -> dict[str, Any]:
    """What every page of ours needs: the counts of the side menu, with those of `user`. At most one query."""
    return {"counts": Counts(user.pk if user else None)}


def may_enter(user: User | AnonymousUser) -> bool:
    """Whether somebody works at the desk; one query."""
    if not (user.is_active and user.is_staff):
        return False
    return user.has_perm(DESK_PERMISSION)


desk_site = admin.site
