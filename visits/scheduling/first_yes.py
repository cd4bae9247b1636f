"""Two may be asked to lead one session: the first yes takes it, and nobody else need answer.

Who is let go so is written down with that yes. When it is taken back within its ten minutes they are asked again,
and have heard nothing of it: their mail leaves after that. After a later no the portal may ask them once more.
"""

from __future__ import annotations

from typing import Final

from django.db.models import Q
from django.utils import timezone

from visits import outbox, rules
from visits.choices import AskRole, AskState, MessageState
from visits.models import Ask, Message
from visits.scheduling import asks

# Chosen or asked to lead; a colleague who is asked to take over stands beside whoever has said yes already.
OPEN_TO_LEAD: Final = Q(role=AskRole.LEADER, state__in=rules.OPEN_ASKS, in_place_of=None)


def hold_others(ask: Ask) -> None:
    """Keep all who are to answer about leading a session from others, the older first.

    Of two who say yes at once the second waits here, before it holds its own, and then reads that it is taken.
    """
    if ask.is_to_lead:
        rows = Ask.objects.select_for_update().filter(OPEN_TO_LEAD, session=ask.session_id)
        list(rows.order_by("pk").values_list("pk"))


def take(yes: Ask) -> None:
    """Inside a yes to lead: who else is chosen or asked to lead it is let go, and whoever was told is told again."""
    if not yes.is_to_lead or yes.answered_at is None:
        return
    asks.held(yes.session_id)  # a colleague who asks one more at this moment has done so, or waits for us
    others = Ask.objects.filter(OPEN_TO_LEAD, session=yes.session_id).exclude(pk=yes.pk)
    for other in others.select_related("session__visit__request", "facilitator__user"):
        was_told = other.state == AskState.ASKED
        other.state, other.withdrawn_at, other.gave_way_to = AskState.WITHDRAWN, yes.answered_at, yes
        other.save(update_fields=["state", "withdrawn_at", "gave_way_to"])
        asks.recorded(other, "ask_gave_way", by_clock=True)
        if was_told:
            moment = yes.answered_at.isoformat()
            due_at = yes.answered_at + rules.UNDO_ANSWER
            outbox.owe_facilitator("ask_withdrawn", other, once_per=moment, due_at=due_at, gave_way_at=moment)


def give_back(yes: Ask) -> None:
    """Inside a yes that is taken back: those who were let go for it are asked as before, unless they are already."""
    gone = Ask.objects.filter(gave_way_to=yes, state=AskState.WITHDRAWN)
    live = Ask.objects.live().filter(session=yes.session_id)
    again = gone.exclude(facilitator__in=live.values("facilitator"))
    for other in again.select_related("session__visit__request", "facilitator__user"):
        other.state = AskState.ASKED if other.asked_at else AskState.PLANNED
        other.withdrawn_at, other.gave_way_to = None, None
        other.save(update_fields=["state", "withdrawn_at", "gave_way_to"])
        asks.recorded(other, "ask_came_back", by_clock=True)
        if other.state == AskState.ASKED and not _is_written_to(other):
            outbox.owe_facilitator("ask", other, once_per=timezone.now().isoformat())


def _is_written_to(ask: Ask) -> bool:
    """Whether the question has reached them or is under way; it was left out when it found them let go."""
    return Message.objects.filter(ask=ask, kind="ask").exclude(state=MessageState.SKIPPED).exists()
