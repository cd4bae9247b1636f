"""Every address of the portal, walked from the resolver: what the tests of audiences stand on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.resolvers import RoutePattern

from qulturum_portal.audiences import Audience, audience_of

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
PART = re.compile(r"<(?:(\w+):)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """One address as it is written, parts and all, and the name of its view."""

    view_name: str
    written: str

    def __str__(self) -> str:
        return f"{self.view_name} {self.written}"

    @property
    def parts(self) -> set[str]:
        return {name for _kind, name in PART.findall(self.written)}

    def path(self, values: Mapping[str, object] | None = None) -> str:
        """A path that leads there: the parts are taken from `values`, or made up."""
        return PART.sub(lambda part: str((values or {}).get(part[2], SAMPLES.get(part[1] or "str"))), self.written)

    @property
    def audience(self) -> Audience | None:
        """The audience of the view that really answers, should another address hide this one."""
        return audience_of(resolve(self.path()).view_name)


def all_routes() -> list[Route]:
    return list(_walk(get_resolver(), (), "/"))


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], path: str) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        here = path + _written(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(":".join([*namespaces, pattern.name or pattern.lookup_str]), here)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, inner, here)


def _written(pattern: Any) -> str:
    if isinstance(pattern, RoutePattern):
        return pattern._route
    text = str(pattern).lstrip("^").removesuffix("$").removesuffix(r"\Z")
    return re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda group: GROUPS[group[1]], text)
