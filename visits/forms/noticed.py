"""What staff press and type about things to notice."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from visits.choices import FlagKind
from visits.forms.desk import OLD, OLD_PAGE, SeenForm
from visits.forms.fields import LineField
from visits.models import Flag, VisitRequest


class FlagForm(SeenForm):
    """A press about one thing to notice of this request; `cleaned_data["flag"]` is its row."""

    flag = forms.IntegerField(min_value=1, widget=forms.HiddenInput, error_messages=OLD)
    kinds: tuple[str, ...] = tuple(FlagKind.values)

    def clean_flag(self) -> Flag:
        rows = Flag.objects.filter(request=self.visit_request, kind__in=self.kinds).select_related("request")
        found = rows.filter(pk=self.cleaned_data["flag"]).first() if self.cleaned_data["flag"] < 2**63 else None
        if found is None:
            raise ValidationError(OLD_PAGE, code="gone")
        return found


class NotSoForm(FlagForm):
    why = LineField(
        label=_("Why not?"), max_length=300,
        error_messages={"required": _("Say in a word why not. Whoever reads it later is helped by it.")},
    )  # fmt: skip


class TwoForm(FlagForm):
    """Two requests that look like one are two."""

    kinds = (FlagKind.DUPLICATE,)


class TogetherForm(SeenForm):
    """Another request, at the version at which somebody compared it with this one."""

    other = forms.IntegerField(min_value=1, widget=forms.HiddenInput, error_messages=OLD)
    seen_other = forms.IntegerField(min_value=0, widget=forms.HiddenInput, error_messages=OLD)

    def clean_other(self) -> VisitRequest:
        typed: Any = self.cleaned_data["other"]
        found = VisitRequest.objects.sent().filter(pk=typed).first() if typed < 2**63 else None
        if found is None:
            raise ValidationError(OLD_PAGE, code="gone")
        return found
