"""The letter to the guests when one of us has corrected what stands in their request."""

from __future__ import annotations

from django.utils.translation import gettext as _

from visits import agreement, story
from visits.letters.frames import request_of, to_visitor
from visits.letters.letter import Letter, Whose, facts, in_our_voice, say, title
from visits.models import Message


def corrected(message: Message) -> Letter:
    """What is otherwise than they wrote it, how it was, and why; what is only named is named."""
    visit_request = request_of(message)
    changes = [story.rewritten(change) for change in message.data.get("changes", [])]
    return to_visitor(
        message,
        Whose.of(agreement.turn(visit_request)),
        title(_("We have corrected your request %(reference)s"), reference=visit_request.reference or ""),
        say(_("Something in your request is otherwise than before. This is what we have changed, and why:")),
        facts(*((question, said or _("Changed")) for question, said in changes)),
        *in_our_voice(message.data.get("why", "")),
        say(_("If it is not right, answer this e-mail and we put it right together.")),
    )
