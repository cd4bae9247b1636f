"""Every request of a season as a row for a spreadsheet, read as it is sent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from visits import almanac, rules, words
from visits.choices import DeclineReason, Length, OrganisationKind, RequestState
from visits.improvement.asked import ANSWERS, heard, requests_of
from visits.improvement.seasons import Season
from visits.improvement.tables import Table, country_name
from visits.sheets import Row

A_PIECE = 2000  # rows that are read at a time
COLUMNS = (
    "reference", "state", "submitted_on", "first_wished_day", "organisation_name", "organisation_kind", "country",
    "group_size", "length", "decline_reason", "waiver_reason", "heard", "contact_name", "contact_email",
)  # fmt: skip


def of_season(season: Season, *, people: bool) -> Table:
    """The season's requests in the order they came; with `people` also whom to write to."""
    head = [
        _("Number"), _("State"), _("Asked on"), _("First wished day"), _("Organisation"), _("Kind of organisation"),
        _("Country"), _("Group size"), _("Length"), _("Days to spare"), _("Waived"), _("Working days to first answer"),
        _("Reason for no"),
    ]  # fmt: skip
    named = [_("Contact person"), _("E-mail")] if people else []
    return Table(_("The season’s requests"), [*head, *named], _rows(season, people=people))


def _rows(season: Season, *, people: bool) -> Iterator[Row]:
    labels = {
        name: {value: str(label) for value, label in kinds.choices}
        for name, kinds in (
            ("state", RequestState), ("organisation_kind", OrganisationKind), ("length", Length),
            ("decline_reason", DeclineReason),
        )
    }  # fmt: skip
    found = requests_of(season).annotate(heard=heard(ANSWERS)).order_by("submitted_on", "pk").values(*COLUMNS)
    for one in found.iterator(chunk_size=A_PIECE):
        named = {name: labels[name].get(one[name], "") for name in labels}
        yield [*_row(one | named), *([one["contact_name"], one["contact_email"]] if people else [])]


def _row(one: dict[str, Any]) -> list[Any]:
    asked, first, heard_at = one["submitted_on"], one["first_wished_day"], one["heard"]
    return [
        one["reference"], one["state"], asked, first, one["organisation_name"], one["organisation_kind"],
        country_name(one["country"] or ""), one["group_size"], one["length"],
        rules.days_to_spare(first, asked_on=asked),
        _("yes") if one["waiver_reason"] else "",
        almanac.working_days_between(asked, words.local_date(heard_at)) if heard_at else None,
        one["decline_reason"],
    ]  # fmt: skip
