"""The agenda as one form: the times of all rows, the open row, and the button that was pressed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, Final

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programmes.models import Offering
from visits import planning, rules, words
from visits.forms.desk import OLD_PAGE, SeenForm
from visits.forms.fields import CountField, LineField
from visits.forms.session import LONGEST_MINUTES, ClockField, RowForm, SessionForm
from visits.models import AgendaTemplate, Session, Visit
from visits.planning import Press, Wanted

PRESSED: Final = re.compile(r"([a-z]{1,12})(?:-([0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2}))?")
AT_A_ROW: Final = (
    Press.EDIT, Press.EARLIER, Press.LATER, Press.SPLIT, Press.COPY, Press.GROUPS, Press.TOGETHER, Press.REMOVE,
)  # fmt: skip
STAYS_OPEN: Final = (Press.USE, Press.SPLIT, Press.COPY, Press.GROUPS, Press.TOGETHER)
NOT_THERE: Final = _("This session is not in the agenda any more.")


def as_typed(session: Session) -> tuple[str, str]:
    """What stands in the two boxes of a row: «09.00» and «45»."""
    return words.clock(session.starts_at), str(session.minutes)


class AgendaForm(SeenForm):
    """One press on the agenda.

    A row sends its start and minutes with what stood there before (`was-12`), so that only what
    somebody changed is changed, also when a colleague has changed other rows meanwhile.
    """

    needs_visit = True
    press = forms.CharField(required=False, max_length=40, initial=Press.SAVE)
    rest_follows = forms.BooleanField(label=_("Move the rest of the day with a change"), required=False, initial=True)

    def __init__(self, *args: Any, visit: Visit | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.visit = visit
        for pk, session in self.rows.items():
            if self._typed(pk) not in (None, self._was(pk)):
                self.fields[f"starts-{pk}"] = ClockField(label=gettext("Start of %(title)s") % {"title": session.title})
                self.fields[f"minutes-{pk}"] = CountField(
                    label=gettext("Minutes for %(title)s") % {"title": session.title}, least=5, most=LONGEST_MINUTES,
                    error_messages={"required": _("Write how many minutes.")},
                )  # fmt: skip

    @cached_property
    def rows(self) -> dict[int, Session]:
        if not self.is_bound or self.visit is None:
            return {}
        self.visit.request = self.visit_request
        return {row.pk: row for row in self.visit.sessions.select_related("room__site", "site", "offering")}

    def _typed(self, pk: int) -> tuple[str, str] | None:
        starts, minutes = self.data.get(f"starts-{pk}"), self.data.get(f"minutes-{pk}")
        return None if starts is None or minutes is None else (starts.strip(), minutes.strip())

    def _was(self, pk: int) -> tuple[str, str]:
        before = self.data.get(f"was-{pk}", "").split(" ")
        return (before[0], before[1]) if len(before) == 2 else as_typed(self.rows[pk])

    @cached_property
    def open_row(self) -> RowForm | None:
        """The form of the open row, when one was open and is still in the agenda."""
        typed = self.data.get("open", "")
        session = self.rows.get(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None
        if session is None or self.visit is None:
            return None
        return RowForm(self.data, visit_request=self.visit_request, visit=self.visit, session=session,
                       auto_id=f"row{session.pk}_%s")  # fmt: skip

    @property
    def parts(self) -> Iterable[forms.Form]:
        return [self.open_row] if self.open_row and self._keeps_row else []

    @property
    def written_over(self) -> RowForm | None:
        """The open row. Where a time beside it has been changed by two, the version of the whole agenda tells."""
        met = [pk for pk in self.rows if self._typed(pk) not in (None, self._was(pk)) and self._moved_meanwhile(pk)]
        return self.open_row if self._keeps_row and not met else None

    def _moved_meanwhile(self, pk: int) -> bool:
        return self._was(pk) != as_typed(self.rows[pk])

    @property
    def for_another_row(self) -> SessionForm | None:
        """What was written in an open row that a colleague has taken away meanwhile, for a row of its own."""
        if not self.data.get("open") or self.open_row is not None:
            return None
        boxes = {name.removeprefix("row-"): value for name, value in self.data.items() if name.startswith("row-")}
        return SessionForm({**boxes, "seen": self.data.get("seen", "")}, visit_request=self.visit_request,
                           visit=self.visit, auto_id="add_session_%s")  # fmt: skip

    @cached_property
    def pressed(self) -> tuple[Press | None, str]:
        found = PRESSED.fullmatch(self.data.get("press") or Press.SAVE)
        name = found[1] if found else ""
        return (Press(name) if name in set(Press) else None), (found[2] or "") if found else ""

    @property
    def pressed_row(self) -> int | None:
        press, what = self.pressed
        return int(what) if press in AT_A_ROW and what.isdigit() else None

    @property
    def _keeps_row(self) -> bool:
        """What is taken out is not looked through first."""
        row = self.open_row
        return row is not None and (self.pressed[0] != Press.REMOVE or self.pressed_row != row.session.pk)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        press, _what = self.pressed
        if press is None:
            self.add_error("press", OLD_PAGE)
        elif press in AT_A_ROW and self.pressed_row not in self.rows:
            self.add_error("press", NOT_THERE)
        if self.data.get("open") and self.open_row is None:
            self.add_error("press", NOT_THERE)
        if any(not part.is_valid() for part in self.parts):
            self.add_error(None, _("Mend the open row first."))
        elif press == Press.USE and not (self.open_row and planning.read_way(self.open_row.cleaned_data["alt"])):
            self.add_error("press", _("Choose one of the ways out first."))
        return typed

    def day(self, name: str) -> date | None:
        """A day of the visit that was chosen in one of the lists."""
        typed = self.data.get(name, "")
        return next((day for day in (self.visit.days if self.visit else []) if day.isoformat() == typed), None)

    @property
    def times(self) -> dict[int, tuple[datetime, datetime]]:
        """The rows whose time was changed, and to what."""
        found = {}
        for pk, session in self.rows.items():
            starts, minutes = self.cleaned_data.get(f"starts-{pk}"), self.cleaned_data.get(f"minutes-{pk}")
            if starts is not None and minutes is not None:
                starts_at = datetime.combine(words.local_date(session.starts_at), starts, rules.STOCKHOLM)
                found[pk] = (starts_at, starts_at + timedelta(minutes=minutes))
        return found

    def as_wanted(self) -> Wanted:
        press, what = self.pressed
        number = int(what) if what.isdigit() else None
        days = {Press.ADD: "add_day", Press.COPY: "copy_to", Press.TEMPLATE: "template_day",
                Press.COPY_DAY: f"day_to-{what}"}  # fmt: skip
        return Wanted(
            press=press or Press.SAVE,
            times=self.times,
            row=self.row_wanted,
            rest_follows=self.follows,
            session=self.pressed_row,
            day=self.day(days[press]) if press in days else None,
            from_day=_as_day(what) if press == Press.COPY_DAY else None,
            offering=Offering.objects.filter(pk=number or 0).first() if press == Press.ADD else None,
            template=self._template(number) if press == Press.TEMPLATE else None,
        )

    @property
    def row_wanted(self) -> Session | None:
        if self.open_row is None or not self._keeps_row or not self.open_row.is_valid():
            return None
        return self.open_row.as_session(other_way=self.pressed[0] == Press.USE)

    @property
    def follows(self) -> bool:
        """Whether the rest of the day follows: a way out of a clash has said so itself."""
        way = None
        if self.pressed[0] == Press.USE and self.open_row and self.open_row.is_valid():
            way = planning.read_way(self.open_row.cleaned_data["alt"])
        return way.rest_follows if way else bool(self.cleaned_data.get("rest_follows"))

    def _template(self, number: int | None) -> AgendaTemplate | None:
        chosen = self.data.get("template", "") if number is None else str(number)
        if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 19):
            return None
        return AgendaTemplate.objects.filter(pk=int(chosen), is_offered=True).first()

    @property
    def landing(self) -> str:
        """Where one is afterwards: the same row open, and the same button under the finger."""
        press, what = self.pressed
        here = self.open_row.session.pk if self.open_row else None
        if press == Press.EDIT:
            return f"?open={what}&at=edit-{what}"
        if press == Press.CLOSE:
            return f"?at=edit-{here}"
        opened = f"open={here}&" if here and (press in STAYS_OPEN or press == Press.SAVE) else ""
        edited = next((name for name in self.fields if name.startswith("minutes-")), "save")
        at = edited if press == Press.SAVE else f"{press}-{what}" if what else str(press)
        return f"?{opened}at={at}"

    def clashing(self) -> Session | None:
        """The row that somebody wanted so and cannot have: to be shown open, with ways out."""
        if not self.is_valid():
            return None
        if self.row_wanted is not None:
            return self.row_wanted
        wanted = [self._at(pk, *times) for pk, times in self.times.items()]
        others = [row for pk, row in self.rows.items() if pk not in self.times]
        return next((row for row in wanted if planning.meets(row, others)), wanted[0] if wanted else None)

    def _at(self, pk: int, starts_at: datetime, ends_at: datetime) -> Session:
        row = planning.same_row(self.rows[pk])
        row.starts_at, row.ends_at = starts_at, ends_at
        return row


def _as_day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


class KeepTemplateForm(SeenForm):
    name = LineField(
        label=_("Name of the template"), max_length=120, error_messages={"required": _("Give the template a name.")}
    )
