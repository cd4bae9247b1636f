"""Agreements as far as they have come, brought there by the deeds themselves."""

from __future__ import annotations

from tests.factories import CoordinatorFactory, settle_agreement
from tests.visits.visitor import cases
from visits import agreement
from visits.models import Agreement, VisitRequest

ANSWERS = {"aim": "Fewer come back.", "measure": "Readmissions, each month.", "test": "One Esther meeting."}
OURS = {"aim": "Reach who never calls.", "measure": "We ask ten.", "test": "One ward phones five."}


def drafted(**given: object) -> VisitRequest:
    """The guests have said yes; Qulturum’s half is not written."""
    return cases.agreed(**given)


def text_of(visit_request: VisitRequest) -> Agreement:
    found = agreement.current(visit_request)
    assert found is not None
    return found


def chosen(found: Agreement) -> list[dict[str, str]]:
    """The contacts that people choose, as they stand."""
    return [row for row in found.content["contacts"] if row["kind"] in ("call", "other", "look_back")]


def whole(**given: object) -> VisitRequest:
    """Everything is written on both sides; nobody has agreed."""
    visit_request = drafted(**given)
    whole_of(visit_request)
    return visit_request


def whole_of(visit_request: VisitRequest) -> Agreement:
    """Both sides write all that they want to."""
    found = agreement.change_answers(visit_request, answers=ANSWERS, seen=text_of(visit_request).digest)
    return agreement.write_ours(
        visit_request, answers=OURS, contacts=chosen(found), by=visit_request.coordinator, seen=found.digest
    )


def theirs(**given: object) -> VisitRequest:
    """Qulturum has agreed; it is for the guests."""
    visit_request = whole(**given)
    agreement.agree_for_us(visit_request, by=visit_request.coordinator, seen=text_of(visit_request).digest)
    return visit_request


def ours(**given: object) -> VisitRequest:
    """The guests have agreed first."""
    visit_request = whole(**given)
    agreement.agree_for_guests(visit_request, seen=text_of(visit_request).digest)
    return visit_request


def settled(**given: object) -> VisitRequest:
    visit_request = drafted(**given)
    settle_agreement(visit_request)
    return visit_request


def reopened(**given: object) -> VisitRequest:
    """Both had agreed, then the group grew by more than a fifth."""
    visit_request = settled(**given)
    grow(visit_request)
    return visit_request


def grow(visit_request: VisitRequest, size: int = 9) -> None:
    VisitRequest.objects.filter(pk=visit_request.pk).update(group_size=size)
    visit_request.group_size = size
    agreement.read_again_if_changed(visit_request, by=CoordinatorFactory())
