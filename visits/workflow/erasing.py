"""Who the guests were goes when its time is over; what was done and learned together stays."""

from __future__ import annotations

from typing import Final

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from visits.choices import CommentSide, MessageState, Side
from visits.door import touch
from visits.models import (
    Comment,
    LookBack,
    Message,
    Participant,
    RoomQuestion,
    RoomReply,
    Session,
    Visitor,
    VisitRequest,
)

UNSENT: Final = (MessageState.DUE, MessageState.SENDING)


@transaction.atomic
def erase_names(visit_request: VisitRequest) -> None:
    """Take the names and addresses of its guests out of a request and of all that hangs on it.

    Its history says that it was done, and when. Raises MoveRefused when somebody moves it at the same moment.
    """
    visitor, address = visit_request.visitor, visit_request.contact_email
    touch(
        visit_request, what="names_erased", by=None, seen=None, detail={"by_clock": True},
        contact_name="", contact_role="", contact_email="", contact_phone="", visitor=None,
        names_erased_at=timezone.now(),
    )  # fmt: skip
    _sign_as_organisation(visit_request)
    mails = Message.objects.filter(request=visit_request, to_email__iexact=address).exclude(state__in=UNSENT)
    mails.update(to_name="", to_email="")
    group = Participant.objects.filter(visit__request=visit_request)
    _forget_in_log(Participant, [one.pk for one in group])
    group.delete()
    _forget_in_log(VisitRequest, [visit_request.pk])
    if visitor is not None and not visitor.requests.exists():
        _forget_in_log(Visitor, [visitor.pk])
        visitor.delete()


def _sign_as_organisation(visit_request: VisitRequest) -> None:
    """What guests wrote stays, as the word of their organisation."""
    name = {"author_name": visit_request.organisation_name[:120]}
    Comment.objects.filter(request=visit_request, side=CommentSide.VISITOR).update(**name)
    LookBack.objects.filter(visit__request=visit_request, side=Side.GUESTS).update(**name)
    RoomQuestion.objects.filter(visit__request=visit_request, author=None).update(**name)
    RoomReply.objects.filter(question__visit__request=visit_request, author=None).update(**name, author_role="")
    Session.everything.filter(visit__request=visit_request).update(teller="")


def _forget_in_log(model: type[models.Model], keys: list[int]) -> None:
    """What the plain pages of the desk wrote down about these rows: who did it and when stays."""
    of_them = Q(content_type=ContentType.objects.get_for_model(model), object_id__in=[str(key) for key in keys])
    LogEntry.objects.filter(of_them).update(object_repr="", change_message="")
