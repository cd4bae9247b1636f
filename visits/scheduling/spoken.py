"""The languages of a meeting, and of whoever leads in it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from visits.choices import MeetingLanguage
from visits.models import Session

SPOKEN: Final = {
    MeetingLanguage.ENGLISH: ("en",),
    MeetingLanguage.SWEDISH: ("sv",),
    MeetingLanguage.INTERPRETER: ("en", "sv"),  # the guests' interpreter works from either
}


def languages_of(session: Session) -> Collection[str]:
    """The languages that a session may be led in; either of ours while the guests have not said."""
    chosen = session.visit.request.meeting_language
    return SPOKEN[MeetingLanguage(chosen)] if chosen else ("en", "sv")


def spoken_only(languages: Collection[str]) -> str:
    """«Speaks Swedish only», «Speaks Danish and Swedish only»."""
    names = [language_name(code) for code in sorted(languages)]
    if not names:
        return _("No language is written down")
    if len(names) == 1:
        return _("Speaks %(language)s only") % {"language": names[0]}
    return _("Speaks %(languages)s and %(last)s only") % {"languages": ", ".join(names[:-1]), "last": names[-1]}


def language_name(code: str) -> str:
    """A language in the reader's own words; the code itself when it is unknown."""
    try:
        name = str(get_language_info(code)["name_translated"])
    except KeyError:
        return code
    return name.lower() if get_language() == "sv" else name  # Swedish writes languages small
