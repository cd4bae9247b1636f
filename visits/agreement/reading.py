"""Everything that a reader of an agreement sees: its four parts, what has changed in them, who has agreed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from visits.agreement import content as contents
from visits.agreement import standing
from visits.agreement.material import Change
from visits.agreement.standing import Stage
from visits.agreement.wording import Reason, Told, change_words, missing_words, told
from visits.models import Agreement, VisitRequest

PART_OF: Final = {
    "answer": 1, "subjects": 2, "guests_part": 2, "ours_part": 2, "days": 3, "size": 3, "contact": 3, "person": 4,
}  # fmt: skip
SHORT: Final = 12  # letters of the fingerprint that a page shows


@dataclass(frozen=True)
class Reading:
    """One version as somebody reads it, in the language that is on.

    `fell` says whose agreement to the version before no longer stands; `lacks` what the
    guests have to write before they can agree, `ours_lacks` what we have to.
    """

    agreement: Agreement
    told: Told
    stage: Stage
    changes: list[Change]
    fell: str
    lacks: list[str]
    ours_lacks: list[str]
    is_genuine: bool

    @property
    def short_digest(self) -> str:
        return self.agreement.digest[:SHORT]

    @property
    def reasons(self) -> list[Reason]:
        """All that has changed since the version before."""
        return change_words(self.changes, self.told.organisation)

    @property
    def new_parts(self) -> list[int]:
        """The numbers of the parts in which something has changed."""
        return sorted({PART_OF[change["what"]] for change in self.changes})

    def _of(self, part: int) -> list[Reason]:
        here = [change for change in self.changes if PART_OF[change["what"]] == part]
        return change_words(here, self.told.organisation)

    @property
    def wants_changed(self) -> list[Reason]:
        return self._of(1)

    @property
    def teaching_changed(self) -> list[Reason]:
        return self._of(2)

    @property
    def contacts_changed(self) -> list[Reason]:
        return self._of(3)

    @property
    def persons_changed(self) -> list[Reason]:
        return self._of(4)


def read(visit_request: VisitRequest, found: Agreement) -> Reading:
    """The version as it is read; one query where it replaced another one."""
    organisation = visit_request.organisation_name
    today = timezone.localdate()
    lacks, ours_lacks = (
        missing_words(contents.missing(found.content, for_guests=for_guests, today=today), organisation)
        for for_guests in (True, False)
    )
    return Reading(
        agreement=found,
        told=told(found.content, organisation),
        stage=standing.stage_of(found),
        changes=[change for change in found.because if change["what"] in PART_OF],
        fell=_fell(standing.before(found), organisation),
        lacks=lacks,
        ours_lacks=ours_lacks,
        is_genuine=standing.is_genuine(found),
    )


def _fell(earlier: Agreement | None, organisation: str) -> str:
    """Whose agreement to the version before fell when this one was written."""
    if earlier is None:
        return ""
    names = {"number": earlier.number, "organisation": organisation}
    if earlier.is_agreed:
        return _("Both had agreed to version %(number)d. Neither agreement holds for the new text.") % names
    if earlier.ours_at:
        return _("Qulturum had agreed to version %(number)d, and reads the new text as well.") % names
    if earlier.guests_at:
        return _("%(organisation)s had agreed to version %(number)d, and reads the new text as well.") % names
    return ""
