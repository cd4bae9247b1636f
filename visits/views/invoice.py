"""Where the bill goes, for a visit that costs something."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from visits import pricing, story
from visits.forms.invoice import InvoiceForm
from visits.http import own_request
from visits.models import InvoiceDetails
from visits.views import versions as pages
from visits.views.visit_page import case_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invoice(request: HttpRequest, reference: str) -> HttpResponse:
    """The details of the bill; a visit without a quote has no such page."""
    visit_request = own_request(request, reference)
    case = case_of(visit_request)
    newest = pages.versions_of(visit_request, case).newest
    if newest is None or not pricing.asks_for_money(newest.quote):
        return redirect(visit_request)
    kept = InvoiceDetails.objects.filter(request=visit_request).first()
    form = InvoiceForm(request.POST or None, instance=kept or InvoiceDetails(request=visit_request))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Thank you. We know where the invoice goes."))
        return redirect(visit_request)
    own = pages.taken(newest) or pages.periods(newest)[0]
    context = {
        "form": form, "case": case, "visit_request": visit_request, "banner": story.banner(case), "quote": own.quote,
    }  # fmt: skip
    return render(request, "visits/visit/invoice.html", context, status=422 if form.errors else 200)
