"""Rows that a page of the admin only shows: a link for whoever may open them, plain words for everybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin import helpers
from django.db import models
from django.http import HttpRequest

MayOpen = Callable[[models.Model], bool]


class Shown:
    """A form of the admin, or a part of one, without the links that would only answer «you may not»."""

    def __init__(self, part: Any, may_open: MayOpen) -> None:
        self._part, self._may_open = part, may_open

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)

    def __iter__(self) -> Iterator[Any]:
        for one in self._part:
            if isinstance(one, helpers.AdminReadonlyField):
                yield _Field(one, self._may_open)
            else:
                yield one if isinstance(one, helpers.AdminField) else Shown(one, self._may_open)


class _Field(helpers.AdminReadonlyField):
    """What cannot be edited here."""

    def __init__(self, field: helpers.AdminReadonlyField, may_open: MayOpen) -> None:
        super().__init__(field.form, field.field["field"], field.is_first, field.model_admin)
        self._may_open = may_open

    def get_admin_url(self, remote_field: Any, remote_obj: Any) -> str:
        if not self._may_open(remote_obj):
            return str(remote_obj)
        return super().get_admin_url(remote_field, remote_obj)


def who_may_open(site: admin.AdminSite, request: HttpRequest) -> MayOpen:
    """Whether whoever asks gets to see the page of a row, asked of the page itself."""

    def may_open(row: models.Model) -> bool:
        page = site._registry.get(type(row))
        return page is not None and page.has_view_or_change_permission(request, row)

    return may_open
