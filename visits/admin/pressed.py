"""A deed that is pressed on the request page: read, held beside what a colleague has kept meanwhile, and done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any, Final

from django.db import transaction
from django.http import QueryDict

from visits import words, workflow
from visits.admin import clash, deeds, undoable
from visits.forms import desk
from visits.forms.fields import LineField, TextField
from visits.models import User, VisitRequest

TRIES: Final = 5  # of a form that holds its own beside everybody else's


class NotUnderstood(Exception):
    """The form has something to mend; `name` says as which form of the page it is shown."""

    def __init__(self, case: VisitRequest, name: str, form: desk.SeenForm) -> None:
        super().__init__(name)
        self.case, self.name, self.form = case, name, form


class Refused(Exception):
    """The deed could not be done; its text says why. What was typed is in `form`."""

    def __init__(self, why: Exception, form: desk.SeenForm) -> None:
        super().__init__(str(why))
        self.form = form

    @property
    def typed(self) -> list[str]:
        """What somebody has written in words of their own."""
        boxes = (name for name, field in self.form.fields.items() if isinstance(field, (TextField, LineField)))
        kept = (self.form.cleaned_data.get(name) for name in boxes)
        return [words.clock(one) if isinstance(one, time) else str(one) for one in kept if one not in (None, "")]


class TwoVersions(Exception):
    """A colleague has changed the same: somebody has to choose."""

    def __init__(self, case: VisitRequest, settled: clash.Settled, other: clash.Other) -> None:
        super().__init__(case.reference)
        self.case, self.settled, self.other = case, settled, other


def do(
    name: str, data: QueryDict, read: Callable[[], VisitRequest], by: User
) -> tuple[VisitRequest, desk.SeenForm, list[str]]:
    """Do it to the request as it stands; returns the request, the form and what is to be said.

    A form that carries what it was drawn from is put together with what others have kept since then,
    again and again until nobody comes between. Raises NotUnderstood, TwoVersions and Refused.
    """
    tries_left = TRIES
    while True:
        tries_left -= 1
        case = read()
        form = understood(name, data, case)
        settled = clash.of_deed(form, data)
        if settled is not None:
            form = _put_together(name, settled, case, data, by)
        try:
            return case, form, _done(name, case, form, settled, data, by)
        except workflow.MoveRefused as why:
            if settled is None or not tries_left or read().version == case.version:
                raise Refused(why, form) from why
        except deeds.REFUSALS as why:
            raise Refused(why, form) from why


def understood(name: str, data: QueryDict, case: VisitRequest) -> desk.SeenForm:
    """The form of a deed with what was typed. Raises NotUnderstood."""
    kind = deeds.DEEDS[name].form
    options: dict[str, Any] = {"visit": getattr(case, "visit", None)} if kind.needs_visit else {}
    form = kind(data, visit_request=case, auto_id=f"{name}_%s", **options)
    if not form.is_valid():
        raise NotUnderstood(case, name, form)
    return form


def _put_together(name: str, settled: clash.Settled, case: VisitRequest, data: QueryDict, by: User) -> desk.SeenForm:
    if settled.is_open or (settled.to_choose and "show_result" in data):
        raise TwoVersions(case, settled, clash.who_was_first(case, by))
    return understood(name, settled.data, case)


def _done(
    name: str, case: VisitRequest, form: desk.SeenForm, settled: clash.Settled | None, data: QueryDict, by: User
) -> list[str]:
    leave_out = data.getlist("leave_out")
    if settled is None or not settled.is_mixed:
        return undoable.perform(name, case, form, by, leave_out=leave_out)
    other = clash.who_was_first(case, by)
    with transaction.atomic():
        said = undoable.perform(name, case, form, by, leave_out=leave_out)
        if settled.chosen:
            workflow.note_choice(case, settled.chosen, other=other.name, by=by)
    kept_too = clash.told(settled, other)
    return [*said, *([kept_too] if kept_too else [])]
