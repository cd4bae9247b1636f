"""The messages of a request: what was said and what became of it, the box to write in, and drafts that fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest
from django.utils import translation
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from visits import replies
from visits.admin import deeds
from visits.admin.opened import Opened
from visits.forms.desk import SayForm, SeenForm
from visits.models import Comment, ReplyDraft, VisitRequest

MOST_DIGITS: Final = 18  # of a number that the database can hold
INTERPRETER: Final = "interpreter"  # in an address: the question whether they can bring one


def tab(request: HttpRequest, opened: Opened, forms: Mapping[str, SeenForm]) -> dict[str, Any]:
    case = opened.case
    comments = list(case.comments.all())
    waits = replies.waiting(comments)
    return {
        "said": replies.said(case, comments),
        "waits": waits[-1] if waits and case.is_open else None,
        "drafts": _drafts(request, opened, comments),
        "proposals": list(case.proposals.all()),
        "say_form": forms.get("say") or _box(case, request.GET.get("kind", "message"), _proposed(request, case)),
    }


def _proposed(request: HttpRequest, case: VisitRequest) -> str:
    """What another page proposes to ask the guests, in their language; nothing is sent until somebody presses."""
    if request.GET.get("about") != INTERPRETER:
        return ""
    with translation.override(case.language):
        return _(
            "Could you bring an interpreter with you? Then colleagues who do not speak the language of your visit "
            "could lead a session for you."
        )


def _drafts(request: HttpRequest, opened: Opened, comments: list[Comment]) -> list[replies.Draft]:
    """The drafts that fit, for whoever may write; what is noticed is read for them alone."""
    if not request.user.has_perm(deeds.CHANGE):
        return []
    names = getattr(opened.case, "name_count", 0)
    return replies.that_fit(opened.case, comments, opened.flags, names=names)


def _box(case: VisitRequest, kind: str, text: str = "") -> SayForm:
    return SayForm(visit_request=case, auto_id="say_%s", initial={"kind": kind, "text": text})


def with_draft(case: VisitRequest, posted: MultiValueDict[str, str]) -> SayForm:
    """The box with a draft below what was typed in it; `put_in` is empty when there is no such draft."""
    typed, wanted = posted.get("text") or "", posted.get("draft") or ""
    found = ReplyDraft.objects.filter(pk=int(wanted), is_offered=True).first() if _is_key(wanted) else None
    text = replies.put_in(typed, replies.filled(found, case)) if found else typed
    form = _box(case, posted.get("kind") or "message", text)
    form.put_in = found.title if found else ""
    return form


def _is_key(wanted: str) -> bool:
    return wanted.isascii() and wanted.isdecimal() and len(wanted) <= MOST_DIGITS
