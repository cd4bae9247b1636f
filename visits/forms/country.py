"""The list of countries: two hundred and fifty rows that are the same for everybody."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django_countries import countries

from visits import drafts
from visits.folding import letter_for_letter

LAST_IN_SWEDISH: Final = str.maketrans({"å": "{1", "ä": "{2", "ö": "{3"})  # { follows z


@lru_cache(maxsize=4)
def _options(language: str) -> str:
    # Made once a language: rendering each option through its template takes ten milliseconds.
    with override(language):
        rows = [("", _("Choose a country")), *sorted(countries, key=lambda row: _place(row.name, language))]
        return "".join(f'<option value="{code}">{escape(name)}</option>' for code, name in rows)


def _place(name: str, language: str) -> str:
    """Where a name stands in the list: å, ä and ö come last in Swedish, and are an a and an o in English."""
    if language.startswith("sv"):
        return name.casefold().translate(LAST_IN_SWEDISH)
    return letter_for_letter(name)


class CountrySelect(forms.Select):
    """A list to choose from, of options that are kept ready."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        attributes = flatatt(self.build_attrs(self.attrs, {**(attrs or {}), "name": name}))
        options = _options(get_language() or "en")
        chosen = str(value or "")
        if chosen in countries:
            options = options.replace(f'value="{chosen}"', f'value="{chosen}" selected', 1)
        return SafeString(f"<select{attributes}>{options}</select>")


class CountryField(forms.CharField):
    """One of the countries of the world, as its two letters."""

    widget = CountrySelect
    default_error_messages = {"required": drafts.SAY["country"], "invalid": drafts.SAY["country"]}

    def clean(self, value: Any) -> str:
        code: str = super().clean(value)
        if code and code not in countries:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return code
