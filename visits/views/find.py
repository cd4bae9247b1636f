"""Find your visit again: the same answer for every address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from visits import drafts, limits
from visits.forms.address import AddressForm


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Take an address, and say the same whether or not it is known."""
    if request.method != "POST":
        return _show(request, AddressForm())
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    email = form.cleaned_data["email"]
    if limits.exceeded(request, "find", address=email):
        form.add_error("email", limits.sentence())
        return _show(request, form, status=429)
    drafts.find(email, language=get_language() or "en")
    return redirect(f"{reverse('visits:find')}?sent=1")


def _show(request: HttpRequest, form: AddressForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "sent": "sent" in request.GET and not form.is_bound}
    return render(request, "visits/find.html", context, status=status)
