"""Certificates: the group makes them when the visit is over, and anybody checks a number."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from visits import ledger, limits
from visits.forms.look_back import NumberForm
from visits.http import Follower, follower
from visits.ledger import certificates
from visits.models import Certificate, Participant
from visits.views.look_back import is_over
from visits.views.paper import printed

CONFLICT: Final = 409


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def of_group(request: HttpRequest, reference: str) -> HttpResponse:
    """Who has a certificate; the contact person makes everybody's, one of the group their own."""
    who = follower(request, reference)
    if not is_over(who.visit_request):
        return redirect(who.visit_request)
    if request.method != "POST":
        return _page(request, who)
    people = [person for person in _people(who) if not person.certificates.exists()]
    try:
        made = certificates.issue(who.visit_request, people)
    except ledger.CertificateRefused as refusal:
        return _page(request, who, refusal=str(refusal), status=CONFLICT)
    messages.success(request, _made_words(len(made)))
    return redirect("visits:certificates", reference)


def _made_words(count: int) -> str:
    sentence = ngettext("The certificate is made.", "%(count)d certificates are made.", count)
    return sentence % {"count": count} if count else _("There was no certificate left to make.")


def _people(who: Follower) -> list[Participant]:
    """Those whose certificates this reader makes: of the whole group, or their own."""
    named = who.visit_request.visit.participants.written()
    own = named.filter(pk=who.member.pk) if who.member else named
    return list(own.prefetch_related("certificates"))


def _page(request: HttpRequest, who: Follower, *, refusal: str = "", status: int = 200) -> HttpResponse:
    rows = [(person, _newest(person)) for person in _people(who)]
    context = {
        "visit_request": who.visit_request,
        "visit": who.visit_request.visit,
        "rows": rows,
        "missing": sum(found is None for _person, found in rows),
        "may_make_all": who.decides,
        "refusal": refusal,
    }
    return render(request, "visits/visit/certificates.html", context, status=status)


def _newest(person: Participant) -> Certificate | None:
    """The certificate that holds, else the one that was called back."""
    found = sorted(person.certificates.all(), key=lambda one: (one.revoked_at is None, one.pk))
    return found[-1] if found else None


@never_cache
@require_safe
def paper(request: HttpRequest, reference: str, number: str) -> HttpResponse:
    """A certificate of the group as a PDF, or as a page to print; only one's own for one of the group."""
    who = follower(request, reference)
    if not is_over(who.visit_request):
        return redirect(who.visit_request)
    found = get_object_or_404(certificates.standing(who.visit_request.visit), number=certificates.number_of(number))
    if who.member and found.participant_id != who.member.pk:
        raise Http404
    shown = certificates.grouped(found.number)
    check = f"{settings.SITE_URL}{reverse('visits:certificate', args=[shown])}"
    context = {"certificate": found, "number": shown, "check_address": check}
    return printed(request, "print/certificate.html", context, name=f"certificate-{found.number}")


# -- Checking, for everybody -----------------------------------------------------------


@never_cache
@require_safe
def check_number(request: HttpRequest) -> HttpResponse:
    """A box for the number of a certificate; it leads to the page of that number."""
    form = NumberForm(request.GET if "number" in request.GET else None)
    if form.is_bound and form.is_valid():
        number = certificates.number_of(form.cleaned_data["number"])
        if number:
            return redirect("visits:certificate", certificates.grouped(number))
        form.add_error("number", _("Write the number that stands on the certificate."))
    return render(request, "visits/certificate/check.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_safe
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """Whether a number is a certificate of ours: it holds, it was called back, or we do not know it."""
    context = {
        "form": NumberForm(initial={"number": number[:40]}),
        "typed": certificates.grouped(certificates.number_of(number)),
    }
    if limits.exceeded(request, "certificate"):
        return render(request, "visits/certificate/check.html", context | {"often": True}, status=429)
    found = certificates.find(number)
    context |= {"certificate": found, "looked": True}
    return render(request, "visits/certificate/result.html", context, status=200 if found else 404)
