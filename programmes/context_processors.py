"""What every page knows about the catalogue."""

from __future__ import annotations

from django.http import HttpRequest

from programmes.basket import keys


def basket(request: HttpRequest) -> dict[str, int]:
    """How many things wait in the basket. No query of its own."""
    session = getattr(request, "session", None)
    return {"basket_count": 0 if session is None else len(keys(session))}
