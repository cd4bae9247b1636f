"""Bringing the agendas of the repository into the database, without undoing what staff wrote.

A template remembers in `loaded` what the file last said. While it still says that, it follows
the file; once somebody has edited it, it stays as they wrote it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from programmes.models import Offering
from visits.choices import CompetenceLevel
from visits.models import AgendaTemplate, AgendaTemplateRow, Site

FILE: Final = Path(__file__).resolve().parent / "agendas.toml"
OWN: Final = ("name_en", "name_sv", "summary_en", "summary_sv", "order")


@transaction.atomic
def load_agendas(file: Path = FILE) -> dict[str, int]:
    """Add what is missing and update what nobody has edited; says how many of each. All of it or nothing."""
    done = dict.fromkeys(("added", "updated", "unchanged", "kept"), 0)
    known = {template.slug: template for template in AgendaTemplate.objects.all()}
    for order, entry in enumerate(tomllib.loads(file.read_text("utf-8"))["template"], start=1):
        done[_load(known.get(entry["slug"]), _flat(entry, order), entry["slug"])] += 1
    return done


def _load(template: AgendaTemplate | None, wanted: dict[str, Any], slug: str) -> str:
    if template is None:
        _write(AgendaTemplate(slug=slug), wanted)
        return "added"
    stands = _as_it_stands(template, wanted)
    if stands == wanted:
        return "unchanged"
    if stands != _as_it_was_loaded(template):
        return "kept"
    _write(template, wanted)
    return "updated"


def _as_it_was_loaded(template: AgendaTemplate) -> dict[str, Any]:
    """What the file last said; before rows had a level, each was for somebody who leads."""
    said: dict[str, Any] = template.loaded
    return said | {"rows": [{"level": int(CompetenceLevel.LEADS)} | row for row in said.get("rows", [])]}


def _flat(entry: Mapping[str, Any], order: int) -> dict[str, Any]:
    """The entry in the shape in which it is compared and remembered: plain values only."""
    names = {f"{name}_{language}": entry[name][language] for name in ("name", "summary") for language in ("en", "sv")}
    return names | {"order": order, "rows": [_flat_row(row) for row in entry["rows"]]}


def _flat_row(row: Mapping[str, Any]) -> dict[str, Any]:
    words = row.get("words", {"en": "", "sv": ""})
    return {
        "day": row["day"], "starts": row["starts"].strftime("%H:%M"), "minutes": row["minutes"], "kind": row["kind"],
        "title_en": row["title"]["en"], "title_sv": row["title"]["sv"],
        "description_en": words["en"], "description_sv": words["sv"], "dialogue_minutes": row.get("dialogue"),
        "level": row.get("level", int(CompetenceLevel.LEADS)),
        "offering": row.get("offering", ""), "role": row.get("role", ""), "site": row.get("site", ""),
    }  # fmt: skip


def _as_it_stands(template: AgendaTemplate, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """What is stored, as the file would say it; a wish that the house cannot name here is not a difference."""
    rows = list(template.rows.select_related("offering", "site"))
    said = wanted["rows"] if len(wanted["rows"]) == len(rows) else [{}] * len(rows)
    own = {name: getattr(template, name) for name in OWN}
    return own | {"rows": [_row_as_it_stands(row, like) for row, like in zip(rows, said, strict=True)]}


def _row_as_it_stands(row: AgendaTemplateRow, like: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("day", "minutes", "kind", "title_en", "title_sv", "description_en", "description_sv",
             "dialogue_minutes", "level", "role")  # fmt: skip
    return {name: getattr(row, name) for name in plain} | {
        "starts": row.starts.strftime("%H:%M"),
        "offering": row.offering.slug if row.offering else like.get("offering", ""),
        "site": row.site.name if row.site else like.get("site", ""),
    }


def _write(template: AgendaTemplate, wanted: dict[str, Any]) -> None:
    for name in OWN:
        setattr(template, name, wanted[name])
    template.loaded = wanted
    template.save()
    template.rows.all().delete()
    offerings = {offering.slug: offering for offering in Offering.objects.all()}
    sites = {site.name: site for site in Site.objects.all()}
    for row in wanted["rows"]:
        looked_up = {"offering": offerings.get(row["offering"]), "site": sites.get(row["site"])}
        AgendaTemplateRow.objects.create(template=template, **(row | looked_up))
