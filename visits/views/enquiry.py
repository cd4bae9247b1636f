"""Write to us: when three months are too long, or with any question."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from programmes import snapshot
from visits import almanac, enquiries, limits, rules
from visits.forms.enquiry import EnquiryForm, opening
from visits.models import Enquiry
from visits.views import drafting


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.personal
def sooner(request: HttpRequest) -> HttpResponse:
    """Why we need three months, and what can be done when one cannot wait."""
    return _page(request, "visits:sooner", "visits/sooner.html", about_sooner=True)


@require_http_methods(["GET", "HEAD", "POST"])
@drafting.personal
def contact(request: HttpRequest) -> HttpResponse:
    """Any question, answered by a person."""
    return _page(request, "visits:contact", "visits/contact.html", about_sooner=False)


def _page(request: HttpRequest, name: str, template: str, *, about_sooner: bool) -> HttpResponse:
    if request.method != "POST":
        form = EnquiryForm(initial={"opened": opening(), "text": _about(request), **_known(request)})
        return _show(request, template, form)
    form = EnquiryForm(request.POST)
    if not form.is_valid():
        return _show(request, template, form, status=422)
    if limits.exceeded(request, "enquiry", address=form.cleaned_data["email"]):
        form.add_error(None, limits.sentence())
        return _show(request, template, form, status=429)
    said = {field: form.cleaned_data[field] for field in ("name", "email", "organisation_name", "text")}
    enquiries.receive(Enquiry(**said, about_sooner=about_sooner, language=get_language() or "en"))
    return redirect(f"{reverse(name)}?thanks=1")


def _about(request: HttpRequest) -> str:
    """The first sentence for somebody who comes from a page that offered them something."""
    programme = snapshot.current().programme(request.GET.get("programme", ""))
    if programme and request.GET.get("about") == "round":
        return _("Please tell me when the next round of %(programme)s begins.") % {"programme": programme.name}
    return {
        "digital": _("We would like to meet you on screen for an hour instead."),
        "festival": _("We would like to know more about the Microsystem Festival."),
    }.get(request.GET.get("about", ""), "")


def _known(request: HttpRequest) -> dict[str, str]:
    """What a draft has told us already, so that nobody is asked twice."""
    draft = drafting.open_draft(request).draft
    if draft is None:
        return {}
    return {"name": draft.contact_name, "email": draft.contact_email, "organisation_name": draft.organisation_name}


def _show(request: HttpRequest, template: str, form: EnquiryForm, *, status: int = 200) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "form": form,
        "thanks": "thanks" in request.GET and not form.is_bound,
        "first_to_choose": almanac.working_day_from(rules.earliest_first_day(today)),
        "today": today,
    }
    return render(request, template, context, status=status)
