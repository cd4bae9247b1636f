"""What a page of the queue has to call by its name: what each request is about, and what can be chosen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programmes.models import Area
from visits import folding
from visits.admin.queue.filters import chosen
from visits.admin.queue.line import NO_BREAK, shortened
from visits.models import Organisation, SavedView, User, VisitRequest
from visits.models.kept import Kept

# Letters that stand on a line or two of the column «Wants to learn, and brings».
A_LINE: Final = 30
MOST_KEPT: Final = 64  # questions, about pages that are looked at again and again
# What a row of the answer is, where it is not about a request.
AN_AREA, A_COLLEAGUE, A_VIEW, A_COUNTRY = 0, -1, -2, -3
Choice = tuple[int, str]


@dataclass
class Names:
    """What each request of a page is about, and the areas, colleagues, views and countries there are: one query."""

    areas: dict[int, set[int]]
    subjects: Mapping[int, list[str]]
    choices: Mapping[int, list[Choice]]

    @classmethod
    def of(cls, cases: Sequence[int], user: User) -> Names:
        names = cls(defaultdict(set), defaultdict(list), defaultdict(list))
        # Offerings come before areas, and each request says them in the same order every time.
        for case, key, told, _rank in sorted(_question(tuple(cases), user.pk, _names()).ask(), key=_in_turn):
            if case > 0:
                names.areas[case].add(key)
                names.subjects[case].append(told or "")
            else:
                names.choices[case].append((key, (told or "").strip()))
        return names

    def words(self, case: VisitRequest) -> str:
        """«Esther, process mapping», or «Esther +2»; without a choice the beginning of what they wrote."""
        first, *others = self.subjects.get(case.pk) or [shortened(case.aim, A_LINE * 2) or _("Something else")]
        while others and len(f"{first}, {others[0]}") <= A_LINE:
            first = f"{first}, {others.pop(0)}"
        return f"{first}{NO_BREAK}+{len(others)}" if others else first

    def all_of(self, case: VisitRequest) -> str:
        """Everything that was chosen, for who reads one request."""
        return ", ".join(self.subjects.get(case.pk, []))


def _in_turn(row: tuple[int, int, str | None, int]) -> tuple[int, int, str]:
    """By rank; what is chosen of the catalogue then by its number, what can be chosen by its name."""
    case, key, told, rank = row
    return rank, key if case > 0 else 0, folding.folded(told or "")


def _names() -> str:
    """The column of names in the reader's language."""
    return "name_sv" if get_language() == "sv" else "name_en"


@lru_cache(MOST_KEPT)
def _question(cases: tuple[int, ...], user: int, name: str) -> Kept[tuple[int, int, str | None, int]]:
    """What the requests chose, and what can be chosen, by the column `name`."""
    offered = chosen("offerings").filter(visitrequest_id__in=cases)
    by_area = chosen("areas").filter(visitrequest_id__in=cases)
    # A plain query: the catalogue's own managers rewrite columns by language.
    every: QuerySet[Area] = QuerySet(Area).filter(is_published=True).order_by()
    colleagues = User.objects.filter(is_active=True, is_staff=True).order_by()
    told: Any = Concat("first_name", Value(" "), "last_name", output_field=CharField())
    views = SavedView.objects.filter(user=user).order_by()
    countries = Organisation.objects.order_by().exclude(country="").distinct()
    found = offered.values_list("visitrequest_id", "offering__area_id", f"offering__{name}", Value(0)).union(
        by_area.values_list("visitrequest_id", "area_id", f"area__{name}", Value(1)),
        every.values_list(Value(AN_AREA), "pk", name, "order"),
        colleagues.values_list(Value(A_COLLEAGUE), "pk", told, Value(0)),
        views.values_list(Value(A_VIEW), "pk", "name", Value(0)),
        countries.values_list(Value(A_COUNTRY), Value(0), "country", Value(0)),
        all=True,
    )
    return Kept(found)
