"""Organisations over the years: the list that finds them, and the page of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from visits import memory
from visits.admin.request import me, refuse_without
from visits.admin.site import DeskSite, View, desk_context
from visits.forms.desk import search_words
from visits.forms.memory import KeptForm, NoteForm, PromiseForm
from visits.models import Organisation, OrganisationMerge, OrganisationNote, Promise

VIEW: Final = "visits.view_organisation"
CHANGE: Final = "visits.change_organisation"
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422
MOST_PAGES: Final = 1000

Forms = dict[str, Any]


def urls(guarded: Callable[[View], View]) -> list[URLPattern]:
    """The addresses of this module, under /admin/."""
    one = "organisations/<int:organisation_pk>/"
    return [
        path("organisations/", guarded(require_safe(organisations)), name="organisations"),
        path(one, guarded(require_safe(organisation)), name="organisation"),
        path(f"{one}promise/", guarded(require_POST(promise)), name="organisation_promise"),
        path(f"{one}promise/<int:promise_pk>/done/", guarded(require_POST(done)), name="promise_done"),
        path(f"{one}promise/<int:promise_pk>/open/", guarded(require_POST(undone)), name="promise_open"),
        path(f"{one}note/", guarded(require_POST(note)), name="organisation_note"),
        path(f"{one}note/<int:note_pk>/", guarded(require_POST(note)), name="organisation_note_change"),
    ]


DeskSite.more.append(urls)


def organisations(request: HttpRequest) -> HttpResponse:
    """Everybody who has asked us, found by any name they have had."""
    refuse_without(request, VIEW)
    typed, number = search_words(request.GET.get("q", "")), _page(request.GET.get("page", ""))
    rows, has_more = memory.found(typed, page=number)
    context = {"rows": rows, "has_more": has_more, "typed": typed, "number": number, "next": number + 1}
    return render(request, "desk/organisations.html", desk_context() | context)


def _page(typed: str) -> int:
    return min(max(int(typed), 1), MOST_PAGES) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 1


def organisation(request: HttpRequest, organisation_pk: int) -> HttpResponse:
    """What we have given each other over the years. One that was merged says where its history went."""
    refuse_without(request, VIEW)
    found = the_organisation(organisation_pk)
    if found.merged_into is not None:
        return merged(request, found)
    return show(request, found)


def merged(request: HttpRequest, gone: Organisation) -> HttpResponse:
    standing = OrganisationMerge.objects.filter(gone=gone, undone_at=None).select_related("by", "kept").first()
    context = desk_context() | {"gone": gone, "living": gone.living, "merge": standing, "may_change": may(request)}
    return render(request, "desk/organisation/merged.html", context)


def show(
    request: HttpRequest, found: Organisation, forms: Forms | None = None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    """The page, with what was typed and why it was not done when there is such."""
    today, typed = timezone.localdate(), forms or {}
    told = memory.memory_of(found, today)
    cases = [year.case for year in told.years if hasattr(year.case, "visit")]
    context = {
        "told": told,
        "organisation": found,
        "may_change": may(request),
        "promise_form": typed.get("promise") or PromiseForm(cases=cases, today=today, auto_id="promise_%s"),
        "note_form": typed.get("note") or NoteForm(auto_id="note_%s"),
        "notes": [(one, _own_note(request, one, typed)) for one in told.notes],
        "refusal": refusal,
        "failed": [form for form in typed.values() if form.errors],
    }
    return render(request, "desk/organisation/page.html", desk_context() | context, status=status)


def _own_note(request: HttpRequest, note: OrganisationNote, typed: Forms) -> NoteForm | None:
    """The form that changes a note, for its writer alone."""
    if note.author_id != me(request).pk:
        return None
    kept = typed.get(f"note-{note.pk}")
    now = {"text": note.text, "was": note.text}
    return kept or NoteForm(initial=now, auto_id=f"note-{note.pk}_%s")


def promise(request: HttpRequest, organisation_pk: int) -> HttpResponse:
    found, today = _living(request, organisation_pk), timezone.localdate()
    cases = found.requests.filter(visit__isnull=False).select_related("visit").order_by("-visit__first_day")
    form = PromiseForm(request.POST, cases=list(cases), today=today, auto_id="promise_%s")
    if not form.is_valid():
        return show(request, found, {"promise": form}, status=UNPROCESSABLE)
    typed = form.cleaned_data
    visit = form.visits.get(typed["about"])
    memory.promise(found, said=typed["words"], due_on=typed["due_on"], by=me(request), today=today, visit=visit)
    messages.success(request, _("Kept. You are reminded two days before."))
    return redirect("admin:organisation", found.pk)


def done(request: HttpRequest, organisation_pk: int, promise_pk: int) -> HttpResponse:
    found = _living(request, organisation_pk)
    one = get_object_or_404(_promises(found), pk=promise_pk)
    form = KeptForm(request.POST)
    if not form.is_valid():
        return show(request, found, {"kept": form}, status=UNPROCESSABLE)
    return _after(request, found, lambda: memory.keep(one, by=me(request), how=form.cleaned_data["how"]), _("Done."))


def undone(request: HttpRequest, organisation_pk: int, promise_pk: int) -> HttpResponse:
    found = _living(request, organisation_pk)
    one = get_object_or_404(_promises(found), pk=promise_pk)
    return _after(request, found, lambda: memory.undo(one, by=me(request)), _("It is open again."))


def _promises(found: Organisation) -> QuerySet[Promise]:
    return Promise.objects.filter(organisation=found).select_related("visit__request", "organisation")


def _after(request: HttpRequest, found: Organisation, deed: Callable[[], None], said: str) -> HttpResponse:
    try:
        deed()
    except memory.PromiseRefused as refusal:
        return show(request, found, refusal=str(refusal), status=CONFLICT)
    messages.success(request, said)
    return (
        redirect("admin:promises") if request.POST.get("from") == "list" else redirect("admin:organisation", found.pk)
    )


def note(request: HttpRequest, organisation_pk: int, note_pk: int | None = None) -> HttpResponse:
    """One more note, or one's own anew."""
    found = _living(request, organisation_pk)
    name = "note" if note_pk is None else f"note-{note_pk}"
    kept = None if note_pk is None else get_object_or_404(found.notes.select_related("author"), pk=note_pk)
    form = NoteForm(request.POST, auto_id=f"{name}_%s")
    if not form.is_valid():
        return show(request, found, {name: form}, status=UNPROCESSABLE)
    try:
        if kept is None:
            memory.append(found, form.cleaned_data["text"], by=me(request))
        else:
            was = form.cleaned_data["was"].replace("\r\n", "\n")
            memory.rewrite(kept, form.cleaned_data["text"], by=me(request), was=was)
    except memory.NoteRefused as refusal:
        return show(request, found, {name: form}, refusal=str(refusal), status=CONFLICT)
    messages.success(request, _("The note is kept. Only colleagues see it."))
    return redirect("admin:organisation", found.pk)


def may(request: HttpRequest) -> bool:
    return request.user.has_perm(CHANGE)


def the_organisation(organisation_pk: int) -> Organisation:
    return get_object_or_404(Organisation.objects.select_related("merged_into"), pk=organisation_pk)


def _living(request: HttpRequest, organisation_pk: int) -> Organisation:
    """The organisation that a deed is about: what was merged meanwhile leads to the one that lives."""
    if not may(request):
        raise PermissionDenied
    return the_organisation(organisation_pk).living
