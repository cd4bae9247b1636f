"""The queue and the request page: what the admin shows of visit requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from visits import ledger, planning, scheduling, viewings
from visits.admin import (
    after_decision,
    afterwards,
    agreement,
    clash,
    deciding,
    deeds,
    doing,
    landing,
    noticed,
    own_pages,
    pages,
    papers,
    pressed,
    queue,
    room,
    several,
    to_do,
    undo,
    undoable,
    writing,
)
from visits.admin.opened import Opened, the_case
from visits.admin.site import desk_context, desk_site
from visits.documents import press
from visits.forms import desk
from visits.forms.look_back import FollowUpForm, OurLookBackForm
from visits.models import Part, User, VisitRequest

CONFLICT = 409
UNPROCESSABLE = 422
NO_PRESS = 503
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
        queue = self.admin_site.admin_view(require_safe(self.changelist_view))
        return [
            path("", queue, name=f"{PREFIX}_changelist"),
            *self._tab_urls(),
            *self._several_urls(),
            *self._paper_urls(),
            *self._page_urls(),
        ]

    def _of_one(self, route: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
        """An address below the page of one request."""
        return path(f"<int:pk>/change/{route}", self.admin_site.admin_view(view), name=f"{PREFIX}_{name}")

    def _tab_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_safe(self.tab_view))
        return [
            path(f"<int:pk>/change/{'' if tab == 'plan' else f'{tab}/'}", view, {"tab": tab}, name=f"{PREFIX}_{name}")
            for tab, name in pages.NAMES.items()
            if tab in pages.CONTENTS
        ]

    def _several_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        choose = require_http_methods(["GET", "HEAD", "POST"])(several.choose)
        return [
            path("several/", guarded(choose), name=f"{PREFIX}_several"),
            path("several/<uuid:key>/", guarded(require_safe(several.done)), name=f"{PREFIX}_several_done"),
            path("several/<uuid:key>/undo/", guarded(require_POST(several.undo)), name=f"{PREFIX}_several_undo"),
        ]

    def _paper_urls(self) -> list[URLPattern]:
        return [
            self._of_one("agreement.pdf", require_safe(self.agreement_pdf), "agreement_pdf"),
            self._of_one("programme.pdf", require_safe(self.programme_pdf), "programme"),
            self._of_one("case.pdf", require_safe(self.case_paper), "case_paper"),
            self._of_one("case.json", require_safe(self.case_data), "case_data"),
            self._of_one("room/files/<int:file_id>/", require_safe(self.room_file_view), "room_file"),
        ]

    def _page_urls(self) -> list[URLPattern]:
        return [
            self._of_one("look-back/", self.look_back_view, "look_back"),
            self._of_one("follow-up/<int:point_id>/", require_POST(self.follow_up_view), "follow_up"),
            self._of_one("to_do/add/", require_POST(self.add_to_do_view), "add_to_do"),
            self._of_one("decline/", self.decline_view, "decline"),
            self._of_one("propose/", self.propose_view, "propose"),
            self._of_one("sent/", require_safe(self.sent_view), "sent"),
            self._of_one("undo/<int:decision>/", require_POST(self.undo_view), "undo"),
            self._of_one("messages/insert/", require_POST(self.insert_view), "insert"),
            self._of_one("room/", self.room_view, "room"),
            self._of_one("do/<slug:name>/", require_POST(self.deed_view), "deed"),
        ]

    def own_urls(self) -> list[URLPattern]:
        """What belongs to whoever works at the queue, at addresses of the desk."""
        return own_pages.urls(self.admin_site.admin_view)

    # -- The queue ---------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        wanted = queue.Wanted.from_query(request.GET)
        queue.remember(wanted, request.session)
        page = queue.look(wanted, me(request))
        context = desk_context(me(request))
        picked = page.picked(wanted.picked)
        context |= {
            "wanted": wanted,
            "several": "bulk" in request.GET,
            "here": wanted.query(),
            "may_decide": request.user.has_perm(deeds.CHANGE),
            "page": page,
            "picked": picked,
            "lines": page.lines(picked, boxes="bulk" in request.GET),
            "preview": queue.Preview.of(picked) if picked else None,
            **noticed.beside_the_queue(picked),
            "tabs": queue.tabs(wanted, context["counts"]),
            "chips": queue.chips(wanted, context["counts"]),
            "filters": queue.filters(wanted, page),
            "soon": [] if page.rows or wanted.tab != "ours" else queue.coming_back(),
        }
        return render(request, "desk/queue.html", context)

    # -- The request page --------------------------------------------------------------

    def tab_view(self, request: HttpRequest, pk: int, tab: str) -> HttpResponse:
        """One tab of a request; where doubts about it are told, with the requests that it may be the same as."""
        return self._page(request, Opened.with_doubles(pk) if tab in pages.NOTICED_ON else Opened(the_case(pk)), tab)

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
        return self._page(request, Opened(case, refusal), tab, forms, status=status)

    def _page(
        self, request: HttpRequest, opened: Opened, tab: str, forms: pages.Forms | None = None, *, status: int = 200
    ) -> HttpResponse:
        viewings.look(opened.case, *pages.parts_shown(request, tab), by=me(request), before=opened.recent_looks)
        context = desk_context() | pages.frame(request, opened, tab)
        context |= pages.CONTENTS[tab](request, opened, forms or {})
        parts = (part for form in (forms or {}).values() for part in (form, *getattr(form, "parts", ())))
        context |= {"refusal": opened.refusal, "failed": [part for part in parts if part.errors]}
        return render(request, f"desk/request/{tab}.html", context, status=status)

    def deed_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Do one deed, or show its page again with what was typed and the reason."""
        deed = deeds.DEEDS.get(name)
        if deed is None:
            raise Http404
        refuse_without(request, deed.permission)
        try:
            if "foresee" in request.POST:
                case = the_case(pk)
                return self.foresee_view(request, case, name, pressed.understood(name, request.POST, case))
            case, form, told = pressed.do(name, request.POST, lambda: the_case(pk), me(request))
        except pressed.NotUnderstood as why:
            return self.show(
                request,
                why.case,
                deed.tab,
                {why.name: why.form},
                refusal=landing.old_page(why.form),
                status=UNPROCESSABLE,
            )
        except pressed.TwoVersions as two:
            here = pages.tab_url(two.case, deed.tab)
            return clash.page(request, two.settled, two.other, back=here, crumb=str(two), frame=desk_context())
        except pressed.Refused as why:
            return self._refused(request, pk, name, why)
        for sentence in told:
            messages.success(request, sentence)
        return redirect(landing.after(request, case, deed.tab, form, seen=len(told) <= bool(deed.said)))

    def insert_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The box of the messages with a draft below what was typed in it; nothing is sent or kept by this."""
        refuse_without(request, deeds.CHANGE)
        case = the_case(pk)
        form = writing.with_draft(case, request.POST)
        gone = "" if form.put_in else _("That draft is not there any more. What you wrote stands below.")
        return self.show(request, case, "messages", {"say": form}, refusal=gone, status=CONFLICT if gone else 200)

    def _refused(self, request: HttpRequest, pk: int, name: str, why: pressed.Refused) -> HttpResponse:
        """The tab with the reason; what was typed is told with it where the request has no box for it any more."""
        tab, forms = deeds.DEEDS[name].tab, {name: why.form}
        answer = self.show(request, the_case(pk), tab, forms, refusal=str(why), status=CONFLICT)
        lost = [words for words in why.typed if escape(words) not in answer.text]
        if not lost:
            return answer
        kept = _("What you wrote: “%(words)s”") % {"words": "; ".join(lost)}
        return self.show(request, the_case(pk), tab, forms, refusal=f"{why} {kept}", status=CONFLICT)

    def foresee_view(self, request: HttpRequest, case: VisitRequest, name: str, form: desk.SeenForm) -> HttpResponse:
        """What one deed would do, before it is done."""
        foreseen = undoable.look(name, case, form, me(request))
        if foreseen is None:
            raise Http404
        if foreseen.refusal:
            tab = deeds.DEEDS[name].tab
            return self.show(request, the_case(case.pk), tab, {name: form}, refusal=foreseen.refusal, status=CONFLICT)
        context = desk_context() | doing.foreseeing(case, name, form, request.POST, foreseen)
        return render(request, "desk/foresee.html", context)

    def undo_view(self, request: HttpRequest, pk: int, decision: int) -> HttpResponse:
        """Take a decision back, or let its mails leave at once; a refusal says why."""
        refuse_without(request, deeds.CHANGE)
        case = the_case(pk)
        try:
            undo.press(request, case, decision, by=me(request))
        except undo.REFUSALS as refusal:
            return self.show(request, the_case(pk), "plan", refusal=str(refusal), status=CONFLICT)
        return redirect(pages.tab_url(case, "plan"))

    def sent_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page after a decision, with what waits, what comes and the next one."""
        case = the_case(pk)
        context = desk_context() | pages.frame(request, Opened(case), "plan")
        bar = context["undo"]
        context |= after_decision.sent(case, bar.decision if bar else None)
        return render(request, "desk/sent.html", context)

    # -- The visit's room --------------------------------------------------------------

    def room_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Read by everybody at the desk, written in by those who may change requests."""
        opened = Opened(the_case(pk))
        if request.method == "POST":
            refuse_without(request, deeds.CHANGE)
        else:
            viewings.look(opened.case, Part.ROOM, by=me(request), before=opened.recent_looks)
        return room.room(request, opened)

    def room_file_view(self, request: HttpRequest, pk: int, file_id: int) -> FileResponse:
        return room.room_file(request, the_case(pk), file_id)

    def programme_pdf(self, request: HttpRequest, pk: int) -> HttpResponse:
        return papers.programme_paper(request, the_case(pk))

    def case_paper(self, request: HttpRequest, pk: int) -> HttpResponse:
        refuse_without(request, deeds.CHANGE)
        return papers.case_paper(request, get_object_or_404(VisitRequest.objects.sent(), pk=pk))

    def case_data(self, request: HttpRequest, pk: int) -> HttpResponse:
        refuse_without(request, deeds.CHANGE)
        return papers.case_data(get_object_or_404(VisitRequest.objects.sent(), pk=pk))

    def agreement_pdf(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The agreement on paper; without the press the tab says how else it is printed."""
        case = the_case(pk)
        try:
            return agreement.printed(case)
        except press.NoPress as refusal:
            return self.show(request, case, "agreement", refusal=str(refusal), status=NO_PRESS)

    # -- Afterwards --------------------------------------------------------------------

    def look_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What one of the desk takes home from a visit at which they met the guests."""
        refuse_without(request, deeds.CHANGE)
        case = the_case(pk)
        host, kept = afterwards.own(case, me(request))
        if host is None:
            raise Http404
        form = OurLookBackForm.of(case.visit, kept, request.POST if request.method == "POST" else None)
        later, refusal, status = "save" in request.POST, "", 200
        if form.is_bound and form.may_be_sent(later=later):
            try:
                form.send(case, host, later=later)
                messages.success(request, _("Saved.") if later else _("Shared with the guests. Thank you."))
                return redirect(pages.tab_url(case, "afterwards"))
            except ledger.LookBackRefused as why:
                refusal, status = str(why), CONFLICT
        elif form.is_bound:
            status = UNPROCESSABLE
        context = desk_context() | pages.frame(request, Opened(case), "afterwards") | {"form": form, "refusal": refusal}
        context |= {
            "is_shared": kept is not None and kept.shared_at is not None,
            "failed": [form] if form.errors else [],
        }
        return render(request, "desk/request/look_back.html", context, status=status)

    def follow_up_view(self, request: HttpRequest, pk: int, point_id: int) -> HttpResponse:
        """How one of our own ideas stands, said at the desk."""
        refuse_without(request, deeds.CHANGE)
        case = the_case(pk)
        form = FollowUpForm(request.POST, auto_id=f"point-{point_id}_%s")
        typed: Any = {point_id: form}
        if not form.is_valid():
            return self.show(request, case, "afterwards", typed, status=UNPROCESSABLE)
        try:
            afterwards.answer(case, point_id, form, by=me(request))
        except ledger.FollowUpRefused as refusal:
            refused = form.refused(refusal)
            return self.show(request, case, "afterwards", typed, refusal=refused, status=CONFLICT)
        messages.success(request, _("It stands in the ledger."))
        return redirect(pages.tab_url(case, "afterwards"))

    # -- To do -------------------------------------------------------------------------

    def add_to_do_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Something of our own to do around a visit; what cannot be read is shown again on the tab."""
        refuse_without(request, to_do.ADD)
        case = the_case(pk)
        visit = getattr(case, "visit", None)
        if visit is None:
            raise Http404
        form = to_do.add_form(visit, request.POST)
        if not form.is_valid():
            typed: Any = {"add_to_do": form}
            return self.show(request, case, "to_do", typed, status=UNPROCESSABLE)
        to_do.add(request, visit, form)
        return redirect(pages.tab_url(case, "to_do"))

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
                decision = doing.decline(case, form, by=me(request))
                return landing.decided(
                    request, case, decision, "request", _("We have said no, and offered something else.")
                )
            except deeds.REFUSALS as why:
                case, refusal, status = the_case(pk), str(why), CONFLICT
        elif form.is_bound and not form.is_valid():
            refusal, status = landing.old_page(form), UNPROCESSABLE
        context = desk_context() | deciding.declining(case, form, me(request))
        return render(request, "desk/decline.html", context | {"refusal": refusal}, status=status)

    def propose_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        refuse_without(request, deeds.CHANGE)
        case = the_case(pk)
        sessions = scheduling.sessions_of(case)
        changes = deciding.changes_of(case, sessions)
        form = desk.ProposeForm(request.POST or None, visit_request=case, changes=changes, auto_id="propose_%s")
        refusal, status = "", 200
        if request.method == "POST" and form.is_valid() and "preview" not in request.POST:
            try:
                decision, sent = doing.propose(case, form, by=me(request))
                return landing.decided(request, case, decision, "plan", deciding.proposed_words(sent))
            except deeds.REFUSALS as why:
                case, refusal, status = the_case(pk), str(why), CONFLICT
                sessions = scheduling.sessions_of(case)
        elif form.is_bound and not form.is_valid():
            refusal, status = landing.old_page(form), UNPROCESSABLE
        context = desk_context() | deciding.proposing(case, form, sessions, me(request))
        return render(request, "desk/propose.html", context | {"refusal": refusal}, status=status)


def me(request: HttpRequest) -> User:
    """Who is signed in: the site lets nobody else come here."""
    return cast("User", request.user)


def refuse_without(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
