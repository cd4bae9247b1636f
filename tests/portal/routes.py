"""Every address of the portal, walked from the resolver: what the tests of audiences stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

SAMPLES = {
    "int": "999999",
    "str": "nothing-here",
    "slug": "nothing-here",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "nothing-here",
}
# Written as regular expressions by Django's admin and by django-allauth.
GROUPS = {
    "app_label": "visits",
    "url": "nothing-here",
    "key": "nothing-here",
    "uidb36": "1",
}


@dataclass(frozen=True)
class Route:
    """One address: the name of its view, and a path that leads there with made-up parts."""

    view_name: str
    path: str


def all_routes() -> list[Route]:
    return list(_walk(get_resolver(), (), "/"))


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], path: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        here = path + _sample(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(":".join([*namespaces, pattern.name or pattern.lookup_str]), here)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, inner, here)


def _sample(pattern: Any) -> str:
    """A piece of a path that the pattern takes."""
    if isinstance(pattern, RoutePattern):
        return re.sub(r"<(?:(\w+):)?(\w+)>", _of_converter(pattern), pattern._route)
    text = str(pattern).lstrip("^").removesuffix("$").removesuffix(r"\Z")
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda group: GROUPS[group[1]], text)


def _of_converter(pattern: RoutePattern) -> Any:
    def sample(found: re.Match[str]) -> str:
        kind, name = found[1] or "str", found[2]
        if kind in SAMPLES:
            return SAMPLES[kind]
        return pattern.converters[name].sample  # a converter of ours brings one

    return sample
