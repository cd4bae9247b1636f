"""The queue and the request page: what the admin shows of visit requests."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from visits import planning, workflow
from visits.admin import deciding, deeds, pages, queue
from visits.admin.site import desk_context, desk_site
from visits.forms import desk
from visits.models import User, VisitRequest

CONFLICT = 409
UNPROCESSABLE = 422
PREFIX = "visits_visitrequest"


@admin.register(VisitRequest, site=desk_site)
class VisitRequestAdmin(admin.ModelAdmin[VisitRequest]):
    """Requests are not edited in forms: they are moved by deeds."""

    search_fields = ["reference", "organisation_name"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: VisitRequest | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        tabs = [
            path(f"<int:pk>/change/{'' if tab == 'plan' else f'{tab}/'}", guarded(require_safe(self.tab_view)),
                 {"tab": tab}, name=f"{PREFIX}_{name}")
            for tab, name in pages.NAMES.items()
        ]  # fmt: skip
        return [
            path("", guarded(require_safe(self.changelist_view)), name=f"{PREFIX}_changelist"),
            *tabs,
            path("<int:pk>/change/decline/", guarded(self.decline_view), name=f"{PREFIX}_decline"),
            path("<int:pk>/change/propose/", guarded(self.propose_view), name=f"{PREFIX}_propose"),
            path("<int:pk>/change/do/<slug:name>/", guarded(require_POST(self.deed_view)), name=f"{PREFIX}_deed"),
        ]

    # -- The queue ---------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        wanted = queue.Wanted.from_query(request.GET)
        page = queue.look(wanted, me(request))
        context = desk_context() | {
            "wanted": wanted,
            "page": page,
            "picked": page.picked(wanted.picked),
            "tabs": queue.tabs(wanted),
            "countries": queue.country_choices(),
            "soon": [] if page.rows or wanted.tab != "ours" else queue.coming_back(),
        }
        return render(request, "desk/queue.html", context)

    # -- The request page --------------------------------------------------------------

    def tab_view(self, request: HttpRequest, pk: int, tab: str) -> HttpResponse:
        return self.show(request, the_case(pk), tab)

    def show(
        self,
        request: HttpRequest,
        case: VisitRequest,
        tab: str,
        forms: pages.Forms | None = None,
        *,
        refusal: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """One tab, with what was typed and why it was not done when there is such."""
        context = desk_context() | pages.frame(request, case, tab)
        context |= pages.CONTENTS[tab](request, case, forms or {})
        context |= {"refusal": refusal, "failed": list((forms or {}).values())}
        return render(request, f"desk/request/{tab}.html", context, status=status)

    def deed_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Do one deed, or show its page again with what was typed and the reason."""
        deed = deeds.DEEDS.get(name)
        if deed is None:
            raise Http404
        refuse_without(request, deed.permission)
        case = the_case(pk)
        options = {"visit": getattr(case, "visit", None)} if issubclass(deed.form, desk.SessionForm) else {}
        form = deed.form(request.POST, visit_request=case, auto_id=f"{name}_%s", **options)
        if not form.is_valid():
            return self.show(request, case, deed.tab, {name: form}, refusal=old_page(form), status=UNPROCESSABLE)
        try:
            told = deed.do(case, form, me(request))
        except deeds.REFUSALS as refusal:
            return self.show(request, the_case(pk), deed.tab, {name: form}, refusal=str(refusal), status=CONFLICT)
        for sentence in [*([str(deed.said)] if deed.said else []), *(told or [])]:
            messages.success(request, sentence)
        return redirect(after(request, case, deed.tab, seen=not told))

    # -- Pages of their own ------------------------------------------------------------

    def decline_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        refuse_without(request, deeds.CHANGE)
        case = the_case(pk)
        form = desk.DeclineForm(
            request.POST or None, visit_request=case, offers=planning.offers_for(case), auto_id="decline_%s"
        )
        refusal, status = "", 200
        if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
            try:
                decline(case, form, request)
                messages.success(request, _("We have said no, and offered something else."))
                return redirect(pages.tab_url(case, "request"))
            except deeds.REFUSALS as why:
                case, refusal, status = the_case(pk), str(why), CONFLICT
        elif form.is_bound and not form.is_valid():
            refusal, status = old_page(form), UNPROCESSABLE
        context = desk_context() | deciding.declining(case, form)
        return render(request, "desk/decline.html", context | {"refusal": refusal}, status=status)

    def propose_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        refuse_without(request, deeds.CHANGE)
        case = the_case(pk)
        form = desk.ProposeForm(request.POST or None, visit_request=case, auto_id="propose_%s")
        refusal, status = "", 200
        if request.method == "POST" and form.is_valid():
            try:
                typed = form.cleaned_data
                sent = planning.propose(case, letter=typed["letter"], by=me(request), seen=typed["seen"])
                messages.success(request, deciding.proposed_words(sent))
                return redirect(pages.tab_url(case, "plan"))
            except deeds.REFUSALS as why:
                case, refusal, status = the_case(pk), str(why), CONFLICT
        elif form.is_bound:
            refusal, status = old_page(form), UNPROCESSABLE
        context = desk_context() | deciding.proposing(case, form)
        return render(request, "desk/propose.html", context | {"refusal": refusal}, status=status)


def decline(case: VisitRequest, form: desk.DeclineForm, request: HttpRequest) -> None:
    typed = form.cleaned_data
    workflow.decline(
        case,
        reason=typed["reason"],
        explanation=typed["explanation"],
        alternatives=form.chosen(),
        by=me(request),
        seen=typed["seen"],
    )


def me(request: HttpRequest) -> User:
    """Who is signed in: the site lets nobody else come here."""
    return cast("User", request.user)


def the_case(pk: int) -> VisitRequest:
    """A request that has reached us, with whom and what belongs to it."""
    rows = VisitRequest.objects.sent().select_related("coordinator", "visit", "organisation", "waived_by")
    return get_object_or_404(rows.prefetch_related("wishes", "areas", "offerings"), pk=pk)


def refuse_without(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def old_page(form: desk.SeenForm) -> str:
    """The sentence for a form whose hidden part is missing or wrong; the visible ones speak for themselves."""
    hidden = [field.name for field in form.hidden_fields()]
    told = [str(error) for name, errors in form.errors.items() if name in hidden for error in errors]
    return " ".join(dict.fromkeys(told))


def after(request: HttpRequest, case: VisitRequest, tab: str, *, seen: bool) -> str:
    """Where one is after a deed: the same tab, at the same session; on top when there is more to read there."""
    session = request.POST.get("session", "")
    there = pages.tab_url(case, tab)
    if not (session.isascii() and session.isdigit()):
        return there
    return f"{there}?session={session}#s{session}" if seen else f"{there}?session={session}"
