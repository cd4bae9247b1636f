"""Requests from a list: send it in, look at what would come of it, press."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from programmes.models import Area
from visits import entering, questions, scheduling
from visits.admin import deeds
from visits.admin.organisations import CONFLICT, UNPROCESSABLE
from visits.admin.request import me, refuse_without
from visits.admin.site import DeskSite, View, desk_context
from visits.forms.importing import Checked, ListForm, check
from visits.models import ImportedFile, VisitRequest
from visits.workflow import MoveRefused

MADE: Final = "imported"  # in the session: what the last press has made
GONE: Final = 410


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    here, posted = "requests/import/", require_http_methods(["GET", "HEAD", "POST"])
    return [
        path(here, guarded(posted(send_in)), name="import"),
        path(f"{here}template.csv", guarded(require_safe(template)), name="import_template"),
        path(f"{here}done/", guarded(require_safe(done)), name="import_done"),
        path(f"{here}<int:list_pk>/", guarded(posted(preview)), name="import_preview"),
    ]


DeskSite.more.append(urls)


def send_in(request: HttpRequest) -> HttpResponse:
    """The file is read and kept for its owner; nothing of it is a request yet."""
    refuse_without(request, deeds.CHANGE)
    if request.method != "POST":
        return _ask(request, ListForm(auto_id="import_%s"))
    closed = questions.asked_no_more()
    form = ListForm(request.POST, request.FILES, columns=_columns(), closed=closed, auto_id="import_%s")
    if not form.is_valid():
        return _ask(request, form, status=UNPROCESSABLE)
    kept = entering.keep_file(form.cleaned_data["file"].name or "", form.rows, by=me(request))
    return redirect("admin:import_preview", kept.pk)


def _ask(request: HttpRequest, form: ListForm, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = desk_context() | {"form": form, "refusal": refusal, "columns": _columns().values()}
    return render(request, "desk/import/send_in.html", context, status=status)


def _columns() -> dict[str, tuple[str, str]]:
    """What a list may say, with our own questions as they are asked now."""
    return entering.columns_with(questions.columns(questions.in_both()))


def template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in, in the language that is on."""
    refuse_without(request, deeds.CHANGE)
    swedish = (get_language() or "").startswith("sv")
    response = HttpResponse(
        entering.template(swedish=swedish, columns=_columns()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = 'attachment; filename="qulturum-requests.csv"'
    return response


def preview(request: HttpRequest, list_pk: int) -> HttpResponse:
    """What would come of each row; the press looks at all of them once more."""
    refuse_without(request, deeds.CHANGE)
    try:
        if request.method == "POST":
            return _press(request, list_pk)
        return _show(request, entering.take_file(list_pk, by=me(request)))
    except entering.FileTaken:
        told = _("This list is not here any more: it was pressed already, or it has waited too long. Send it in again.")
        return _ask(request, ListForm(auto_id="import_%s"), refusal=told, status=GONE)


def _press(request: HttpRequest, list_pk: int) -> HttpResponse:
    try:
        made = scheduling.retry_deadlocks(_enter_all)(request, list_pk)
    except (IntegrityError, MoveRefused) as refusal:
        told = str(refusal) if isinstance(refusal, MoveRefused) else ""
        told = told or _("Somebody has sent in the same rows at this moment. Look at them as they are now.")
        return _show(request, entering.take_file(list_pk, by=me(request)), refusal=told, status=CONFLICT)
    request.session[MADE] = [one.pk for one in made]
    return redirect("admin:import_done")


@transaction.atomic
def _enter_all(request: HttpRequest, list_pk: int) -> list[VisitRequest]:
    kept = entering.take_file(list_pk, by=me(request), for_good=True)
    new = [row.written for row in _checked(request, kept) if row.is_new and row.written]
    return entering.enter_all(new, by=me(request), today=timezone.localdate())


def _checked(request: HttpRequest, kept: ImportedFile) -> list[Checked]:
    return check(
        kept.rows,
        areas=list(Area.objects.filter(is_published=True)),
        today=timezone.localdate(),
        may_waive=request.user.has_perm(deeds.WAIVE),
        asked=questions.in_both(),
    )


def _show(request: HttpRequest, kept: ImportedFile, *, refusal: str = "", status: int = 200) -> HttpResponse:
    rows = _checked(request, kept)
    context = desk_context() | {
        "kept": kept,
        "new": [row for row in rows if row.is_new],
        "doubles": [row for row in rows if row.is_double],
        "wrong": [row for row in rows if row.problems],
        "refusal": refusal,
    }
    return render(request, "desk/import/preview.html", context, status=status)


def done(request: HttpRequest) -> HttpResponse:
    """What the last press has made."""
    refuse_without(request, deeds.CHANGE)
    made = VisitRequest.objects.sent().filter(pk__in=request.session.get(MADE, [])).order_by("pk")
    return render(request, "desk/import/done.html", desk_context() | {"made": made})
