"""Two groups at once: half of the guests see one thing while the others see another."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from visits.choices import GroupPart, SessionKind
from visits.models import Session, User
from visits.planning import guard, telling
from visits.planning.copies import twin
from visits.planning.guard import PlanRefused
from visits.planning.sessions import let_out


@transaction.atomic
def two_groups(session: Session, *, by: User, seen: int) -> list[str]:
    """Let half of the guests do this and the others something else at the same time.

    The second group's session is a copy that has neither room nor leader yet. Raises
    PlanRefused for a break and for what is one group's already.
    """
    if session.group:
        raise PlanRefused(_("“%(title)s” is for one group already.") % {"title": session.title})
    if session.kind == SessionKind.BREAK:
        raise PlanRefused(_("A break is for everybody. Choose a session."))
    request = session.visit.request
    telling.changed(request, "two_groups", by=by, seen=seen, session=session.title)
    all_of_them = request.group_size
    half = None if all_of_them is None else (all_of_them + 1) // 2
    rest = None if all_of_them is None or half is None else all_of_them - half
    other = twin(session, room=None, group=GroupPart.B, people=rest)
    Session.objects.filter(pk=session.pk).update(group=GroupPart.A, people=half)
    other.save(force_insert=True)
    told = [_("Two groups at once. Group B needs a place, and somebody who leads it.")]
    return told + guard.asked_again(request, by=by)


@transaction.atomic
def one_group(session: Session, *, by: User, seen: int) -> list[str]:
    """Bring the groups together: everybody does this, and what the other group did meanwhile goes out."""
    if not session.group:
        raise PlanRefused(_("“%(title)s” is for everybody already.") % {"title": session.title})
    request = session.visit.request
    telling.changed(request, "one_group", by=by, seen=seen, session=session.title)
    meanwhile = session.visit.sessions.filter(starts_at__lt=session.ends_at, ends_at__gt=session.starts_at)
    told = [sentence for other in meanwhile.exclude(pk=session.pk) for sentence in let_out(other, by=by)]
    Session.objects.filter(pk=session.pk).update(group="", people=None)
    return told + guard.asked_again(request, by=by)
