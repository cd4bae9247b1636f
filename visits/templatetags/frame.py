"""What the frames of pages need: navigation, languages, and the reader's choice of colours."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from visits.templatetags.portal import icon

register = template.Library()

PREFIXED: Final = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
MAIN_LINKS: Final[tuple[tuple[str, Callable[[], str]], ...]] = (
    ("visits:co_learning", lambda: _("What is co-learning?")),
    ("programmes:areas", lambda: _("Areas of interest")),
    ("programmes:programmes", lambda: _("Programmes")),
    ("visits:my_visits", lambda: _("My visit")),
)
ALSO: Final[Mapping[str, tuple[str, ...]]] = {"programmes:areas": ("programmes:initiatives",)}


@register.simple_tag(takes_context=True)
def other_language(context: template.Context, code: str) -> str:
    """The address of this page in another language."""
    request: HttpRequest | None = context.get("request")
    return in_language(request.get_full_path() if request else "/", code)


def in_language(address: str, code: str) -> str:
    """The same address in another language: English has no prefix, every other language has its own.

    By plain words and not through the table of addresses, since every page asks four times.
    """
    plain = re.sub(rf"^/(?:{'|'.join(PREFIXED)})(?=/)", "", address)
    return plain if code == settings.LANGUAGE_CODE else f"/{code}{plain}"


@register.simple_tag
def fixed(template_name: str) -> SafeString:
    """A piece of the frame that is the same on every page of a language, made once and kept."""
    if settings.DEBUG:
        return _made(template_name)
    return _kept(template_name, get_language() or "")


@cache
def _kept(template_name: str, _language: str) -> SafeString:
    return _made(template_name)


def _made(template_name: str) -> SafeString:
    return SafeString(render_to_string(template_name))


@register.simple_tag(takes_context=True)
def alternates(context: template.Context) -> SafeString:
    """<link rel="alternate"> to this page in each language, for search engines."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return SafeString("")
    pages = ((code, request.build_absolute_uri(other_language(context, code))) for code in ("en", "sv"))
    return format_html_join("", '<link rel="alternate" hreflang="{}" href="{}">', pages)


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> SafeString:
    """The attribute that keeps the colours the reader chose; none follows the device."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return SafeString(f' data-bs-theme="{chosen}"' if chosen in {"light", "dark"} else "")


@register.simple_tag(takes_context=True)
def site_link(context: template.Context, view_name: str, words: str) -> SafeString:
    """One entry of a navigation: <li><a …>, marked when it is the page, or the part, one is on."""
    there = reverse(view_name)
    request: HttpRequest | None = context.get("request")
    return format_html('<li><a href="{}"{}>{}</a></li>', there, _current(request, there), words)


def _current(request: HttpRequest | None, *there: str) -> SafeString:
    """The mark of a link: its own address comes first, then those that stand for the same part."""
    if request is None or not request.path.startswith(there):
        return SafeString("")
    return SafeString(' aria-current="page"' if request.path == there[0] else ' aria-current="true"')


@register.simple_tag(takes_context=True)
def main_links(context: template.Context) -> SafeString:
    """The four entries of the main navigation; the one whose part one is in is marked."""
    request: HttpRequest | None = context.get("request")
    places = _main_places(get_language() or "")
    marked = [(there, _current(request, there, *also), words) for there, words, also in places]
    return format_html_join("", '<li><a href="{}"{}>{}</a></li>', marked)


@cache
def _main_places(_language: str) -> list[tuple[str, str, list[str]]]:
    return [(reverse(name), words(), [reverse(other) for other in ALSO.get(name, ())]) for name, words in MAIN_LINKS]


@register.simple_tag(takes_context=True)
def facilitator_links(context: template.Context) -> SafeString:
    """The facilitator's navigation on a wide screen."""
    links = ((there, here, words) for _icon, there, here, words, _short in _own(context))
    return format_html_join("", '<li><a href="{}"{}>{}</a></li>', links)


@register.simple_tag(takes_context=True)
def facilitator_tabs(context: template.Context) -> SafeString:
    """The same on a phone: a bar at the foot."""
    tabs = ((there, here, icon(symbol), short) for symbol, there, here, _words, short in _own(context))
    return format_html_join("", '<a href="{}"{}>{}{}</a>', tabs)


def _own(context: template.Context) -> list[tuple[str, str, SafeString, str, str]]:
    """The facilitator's pages: (icon, address, mark of the one that is open, words, short words)."""
    waiting = context.get("asked_count") or 0
    asked = _("Asked (%(count)d)") % {"count": waiting} if waiting else pgettext("menu", "Asked")
    pages = [
        ("cal", reverse("visits:schedule"), _("Schedule"), _("Schedule")),
        ("inbox", reverse("visits:asked"), asked, asked),
        ("x", reverse("visits:away"), _("Time away"), _("Away")),
        ("clock", reverse("visits:my_year"), _("My year"), _("My year")),
    ]
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    # Asks and time away lie below the schedule's own address: the longest one is where we are.
    here = max((there for _icon, there, *_words in pages if path.startswith(there)), key=len, default="")
    mark = SafeString(' aria-current="page"' if path == here else ' aria-current="true"')
    return [
        (symbol, there, mark if there == here else SafeString(""), words, short)
        for symbol, there, words, short in pages
    ]
