"""Those of the Living Library, as they have agreed to meet guests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from programmes.models import Area
from tests.factories import FacilitatorFactory
from visits import scheduling
from visits.choices import FacilitatorKind
from visits.models import Facilitator

TERMS = {"rest_days": 0, "sessions_a_month": None, "preparation_minutes": 0, "debrief_minutes": 0}


def speaker(first_name: str, themes: Sequence[Area], **terms: Any) -> Facilitator:
    """Somebody who has agreed to these themes, without rest or measure unless they are named."""
    person = FacilitatorFactory(user__first_name=first_name, kind=FacilitatorKind.LIVING_LIBRARY)
    scheduling.agree(person, themes=themes, **(TERMS | terms))
    return Facilitator.objects.select_related("living", "user").get(pk=person.pk)
