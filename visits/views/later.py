"""«Save and finish later»: the way back to a draft, by mail."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from programmes import snapshot
from visits import access, drafts, limits
from visits.choices import LinkPurpose, RequestState
from visits.drafts import DraftClosed
from visits.forms.address import AddressForm
from visits.models import AccessLink, Message
from visits.views import drafting, steps, wishlist
from visits.views.drafting import Opened


def finish_later(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Mail the way back to whoever has given an address; the page asks the others for it."""
    draft = opened.draft
    address = draft.contact_email if draft is not None else ""
    if draft is not None and address and not limits.exceeded(request, "draft_link", address=address):
        drafts.send_resume_link(draft)
    return redirect("visits:request_save")


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.personal
def save(request: HttpRequest) -> HttpResponse:
    """What is kept and how one comes back to it."""
    opened = drafting.open_draft(request)
    link = opened.link
    if opened.draft is None or link is None or opened.closed or opened.draft.state != RequestState.DRAFT:
        return redirect("visits:request_sent")
    if request.method == "POST":
        return _mail_it(request, opened, link)
    form = AddressForm(initial={"email": opened.draft.contact_email})
    return _show(request, opened, form)


def _mail_it(request: HttpRequest, opened: Opened, link: AccessLink) -> HttpResponse:
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _show(request, opened, form, status=422)
    email = form.cleaned_data["email"]
    if limits.exceeded(request, "draft_link", address=email):
        form.add_error("email", limits.sentence())
        return _show(request, opened, form, status=429)
    try:
        drafts.send_resume_link_to(link, email)
    except DraftClosed:
        return redirect("visits:request_sent")
    return redirect("visits:request_save")


def _show(request: HttpRequest, opened: Opened, form: AddressForm, *, status: int = 200) -> HttpResponse:
    mailed = Message.objects.filter(request=opened.draft, kind="draft_link").exists()
    context = {"form": form, "draft": opened.draft, "mailed": mailed, "until": opened.draft and opened.draft.due_at}
    return render(request, "visits/request/save.html", {**context, "mark": opened.mark}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.personal
def resume(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail: a page with a button, and the button opens the draft in this browser."""
    link = access.find(LinkPurpose.DRAFT, token)
    if link is None and limits.exceeded(request, "wrong_link"):
        return render(request, "visits/request/resume.html", {"problem": "often"}, status=429)
    problem = _problem(link)
    if link is not None and problem == "expired" and request.method == "POST":
        return _written_before(request, link)
    if problem or link is None:
        status = 404 if problem == "wrong" else 410
        return render(request, "visits/request/resume.html", {"problem": problem}, status=status)
    if request.method != "POST":
        return render(request, "visits/request/resume.html", {"draft": link.request})
    response = redirect("visits:request_start")
    drafting.keep(response, link)
    return response


def _written_before(request: HttpRequest, link: AccessLink) -> HttpResponse:
    """A draft that has ended: its words to copy, or all of it into a new draft."""
    draft = drafts.request_of(link)
    if "again" in request.POST:
        response = redirect("visits:request_start")
        drafting.keep(response, drafts.start_again(draft))
        return response
    opened = Opened(link)
    told = [one for page in steps.PAGES.values() for one in page(request, opened).told() if one.words]
    listed = wishlist.Wishlist(snapshot.current(), drafts.chosen(draft)).lines
    return render(request, "visits/request/ended.html", {"draft": draft, "told": told, "listed": listed})


def _problem(link: AccessLink | None) -> str:
    """Why a link does not open a draft, in a word; empty when it does."""
    if link is None or link.request is None:
        return "wrong"
    state = link.request.request_state
    if state not in (RequestState.DRAFT, RequestState.UNVERIFIED, RequestState.EXPIRED):
        return "sent"
    usable = access.is_usable(link, timezone.now()) and state != RequestState.EXPIRED
    return "" if usable else "expired"
