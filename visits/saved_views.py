"""Parts of the queue that somebody finds again by a name; each person has their own."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from visits.models import SavedView, User

MOST: Final = 20  # for one person


class ViewRefused(Exception):
    """The view cannot be kept so; the text says why, to the person who tried."""


@transaction.atomic
def keep(name: str, query: str, *, by: User) -> SavedView:
    """Keep a part of the queue under a name. Raises ViewRefused for a name that is taken, and after twenty."""
    User.objects.select_for_update().only("pk").get(pk=by.pk)  # two at once are counted one after the other
    if SavedView.objects.filter(user=by).count() >= MOST:
        raise ViewRefused(_("You have %(count)d views. Take one away first.") % {"count": MOST})
    return _named(SavedView(user=by, query=query), name)


def rename(view: SavedView, name: str) -> None:
    """Call a view something else. Raises ViewRefused for a name that another of theirs has."""
    _named(view, name)


def forget(view: SavedView) -> None:
    view.delete()


def _named(view: SavedView, name: str) -> SavedView:
    view.name = name
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise ViewRefused(_("You have a view called “%(name)s” already.") % {"name": name}) from None
    return view
