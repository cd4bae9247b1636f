"""Letters to those who lead sessions."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits import scheduling, words
from visits.choices import AskRole, AskState
from visits.letters import links
from visits.letters.agreed import agenda_rows
from visits.letters.frames import to_facilitator
from visits.letters.letter import Block, Button, Facts, Letter, Whose, facts, quote, say, title
from visits.letters.worded import worded
from visits.models import Ask, Message, OwnCalendar, Session, User, VisitRequest


def ask(message: Message) -> Letter:
    asked = ask_of(message)
    ours = _("We ask you to lead a session for guests who come to learn with us.")
    if asked.is_second:
        ours = _("We ask you to be the second in a session, and to learn beside whoever leads it.")
    if asked.is_voice:
        ours = _("We ask you to be the voice beside the leader: to tell guests your own story, in a session of ours.")
    return to_answer(
        message,
        title(_("Can you take this? %(who)s, %(day)s"), who=_who(asked), day=words.short_day(asked.session.starts_at)),
        say(ours),
        *_beside(asked),
        *_written(asked),
    )


def _beside(asked: Ask) -> list[Block]:
    """Said to the Living Library: to a voice who leads it, and to all what is booked beside the session itself."""
    told: list[Block] = []
    if asked.is_voice:
        leads = scheduling.beside(asked).leads
        known = _("%(name)s leads the session, so you are not alone with the guests.")
        unknown = _("A colleague leads the session, so you are not alone with the guests.")
        told.append(say(known, name=leads[0]) if leads else say(unknown))
    booked = scheduling.booked_with(asked.facilitator)
    return [*told, say(booked)] if booked else told


def _written(asked: Ask) -> list[Block]:
    """What whoever asks has written beside the question."""
    return [say(_("%(name)s writes:"), name=asked.asked_by), quote(asked.words)] if asked.words else []


def swap_offer(message: Message) -> Letter:
    asked = ask_of(message)
    return to_answer(
        message,
        title(_("Can you take this over? %(who)s, %(day)s"),
              who=_who(asked), day=words.short_day(asked.session.starts_at)),
        say(_("%(name)s has said yes to this session, and asks whether you can take it over."), name=asked.asked_by),
    )  # fmt: skip


def swap_not_taken(message: Message) -> Letter:
    asked = ask_of(message)
    return to_facilitator(
        message,
        Whose.YOURS,
        title(_("You still lead this: %(who)s, %(day)s") if asked.is_to_lead
              else _("This is still yours: %(who)s, %(day)s"),
              who=_who(asked), day=words.short_day(asked.session.starts_at)),
        say(_("%(name)s does not take it over, so the session is still yours."), name=message.data["who"]),
        session_facts(asked),
        say(_("You can ask another colleague from your briefing, or give the session back there.")),
        button=_briefing(asked),
        coordinator=_request(asked).coordinator,
    )  # fmt: skip


def swap_done(message: Message) -> Letter:
    """To both: to whoever leads it now, and to whoever does not any more."""
    asked, name = ask_of(message), message.data["who"]
    is_mine = asked.state == AskState.ACCEPTED
    day = words.short_day(asked.session.starts_at)
    return to_facilitator(
        message,
        Whose.TOGETHER if is_mine else Whose.NOBODY,
        title(_("It is yours now: %(who)s, %(day)s") if is_mine else _("It is handed over: %(who)s, %(day)s"),
              who=_who(asked), day=day),
        say(_("You have taken this session over from %(name)s. It stands in your calendar.") if is_mine
            else _("%(name)s has taken this session over from you. The time is yours again."), name=name),
        session_facts(asked),
        button=_briefing(asked) if is_mine else _schedule(),
        coordinator=_request(asked).coordinator,
    )  # fmt: skip


def to_answer(message: Message, subject: str, *opening: Block) -> Letter:
    """A letter about a session that asks for a yes or a no."""
    asked = ask_of(message)
    visit_request = _request(asked)
    by = words.weekday(asked.answer_by) if asked.answer_by else ""
    return to_facilitator(
        message,
        Whose.YOURS,
        subject,
        *opening,
        session_facts(asked),
        say(_("What the guests bring to us:")),
        quote(visit_request.brings),
        say(_("Answer by *%(day)s*. Nothing is in your calendar until you say yes, and a no needs no reason."), day=by),
        button=Button(_("Answer"), links.ask(asked)),
        coordinator=asked.asked_by,
    )


def ask_withdrawn(message: Message) -> Letter:
    asked = ask_of(message)
    return to_facilitator(
        message,
        Whose.NOBODY,
        title(_("Not needed after all: %(who)s, %(day)s"),
              who=_who(asked), day=words.short_day(asked.session.starts_at)),
        _why_withdrawn(asked),
        session_facts(asked),
        button=_schedule(),
        coordinator=asked.asked_by,
    )  # fmt: skip


def _why_withdrawn(asked: Ask) -> Block:
    if asked.gave_way_to_id:
        return say(_("A colleague has said yes to this first, so you need not answer. Thank you for being there."))
    if asked.in_place_of is None or asked.in_place_of.state != AskState.ACCEPTED:
        return say(_("The programme has changed, so we take back what we asked you. Thank you for being there."))
    told = _("%(name)s leads it after all. Thank you for being there.")
    if asked.is_voice:
        told = _("%(name)s comes after all. Thank you for being there.")
    return say(told, name=asked.asked_by)


def session_confirmed(message: Message) -> Letter:
    asked = ask_of(message)
    return to_facilitator(
        message,
        Whose.TOGETHER,
        title(_("It is settled: %(who)s, %(day)s"), who=_who(asked), day=words.short_day(asked.session.starts_at)),
        say(_confirmed_words(asked)),
        session_facts(asked),
        button=_briefing(asked),
        coordinator=_request(asked).coordinator,
    )


def _confirmed_words(asked: Ask) -> str:
    if asked.is_voice:
        return _("The visit is confirmed, and the session in which you tell your story stands in your calendar.")
    if asked.is_second:
        return _("The visit is confirmed, and the session in which you are the second stands in your calendar.")
    return _("The visit is confirmed, and the session you lead stands in your calendar.")


def session_cancelled(message: Message) -> Letter:
    asked = ask_of(message)
    return to_facilitator(
        message,
        Whose.NOBODY,
        title(_("Cancelled: %(who)s, %(day)s"), who=_who(asked), day=words.short_day(asked.session.starts_at)),
        say(_("The visit does not take place. The time is yours again.")),
        session_facts(asked),
        button=_schedule(),
        coordinator=_request(asked).coordinator,
    )


def briefing(message: Message) -> Letter:
    asked = ask_of(message)
    visit_request, sessions = _request(asked), _sessions(asked)
    led: list[Block] = [
        say(_as_what(asked, len(sessions))),
        *_by_day(sessions),
        facts(
            (_("Guests"), _group(visit_request)),
            (_("Language"), visit_request.get_meeting_language_display()),
        ),
    ]
    return _of_own_day(message, led)


def _as_what(asked: Ask, count: int) -> str:
    """As what somebody takes part in a visit: it may be as one thing here, and as another there."""
    match sorted(set(_accepted(asked).values_list("role", flat=True))):
        case [AskRole.LEADER]:
            return ngettext("This is the session you lead:", "These are the sessions you lead:", count)
        case [AskRole.VOICE]:
            return _("This is what you take part in, as the voice beside the leader:")
        case [AskRole.SECOND]:
            return _("This is what you take part in, as the second beside the leader:")
    return _("This is what you take part in:")


def session_tomorrow(message: Message) -> Letter:
    asked = ask_of(message)
    day = timezone.localdate(asked.session.starts_at)
    sessions = [one for one in _sessions(asked) if timezone.localdate(one.starts_at) == day]
    return _of_own_day(message, [agenda_rows(sessions), facts((_("Guests"), _group(_request(asked))))])


def _of_own_day(message: Message, led: list[Block]) -> Letter:
    """A reminder of somebody's day with guests, in the words of its rung."""
    asked = ask_of(message)
    visit_request = _request(asked)
    wishes: list[Block] = [
        say(_("What they want to learn:")),
        quote(visit_request.aim or "–"),
        say(_("What they bring to us:")),
        quote(visit_request.brings),
    ]
    told = told_of(asked) | {"day": words.weekday(asked.session.starts_at)}
    subject, blocks = worded(message, told, {"sessions": led, "wishes": wishes})
    return to_facilitator(
        message,
        Whose.TOGETHER,
        subject,
        *blocks,
        button=_briefing(asked),
        coordinator=visit_request.coordinator,
    )


def told_of(asked: Ask) -> dict[str, object]:
    """What the words of a reminder to one of ours are filled in with, whatever it reminds of."""
    return {"organisation": _who(asked), "reference": _request(asked).reference or ""}


def stood_down(message: Message) -> Letter:
    """Somebody of the desk has written down that they cannot come; why is not said, for nobody asks."""
    begins, ends = (datetime.fromisoformat(away[n]) for away, n in zip(message.data["away"], (0, 1), strict=True))
    desk = User.objects.filter(pk=message.data["by"]).first()
    sessions = [facts((_("Session"), what), (_("When"), told_time(starts)), (_("Guests"), who))
                for starts, what, who in message.data["sessions"]]  # fmt: skip
    sessions += [facts((_("Gathering"), what), (_("When"), told_time(starts)))
                 for starts, what in message.data.get("gatherings", [])]  # fmt: skip
    nobody_waits = say(_("Nobody waits for you there any more, and your calendar says so:"))
    return to_facilitator(
        message,
        Whose.NOBODY,
        title(_("You are written down as away: %(day)s"), day=words.short_day(begins)),
        say(_("%(name)s has written down that you cannot come, from *%(from)s* to *%(to)s*."),
            **{"name": desk or _("Somebody of the desk"), "from": _begins(begins), "to": _ends(ends)}),
        *([nobody_waits, *sessions] if sessions else [say(_("You had no session in that time."))]),
        say(_("If this is a mistake, answer this e-mail at once. You find the time under “Time away”.")),
        button=Button(_("Open your time away"), links.page("visits:away")),
        coordinator=desk,
    )  # fmt: skip


def calendar_unread(message: Message) -> Letter:
    """Their own calendar has not been read for days: what is wrong as it stands now, and never the address."""
    calendar = OwnCalendar.objects.filter(facilitator=message.data["facilitator"]).first()
    if calendar is None or calendar.failing_since is None:
        raise LookupError(f"The mail {message.key} is about no calendar that cannot be read.")
    return to_facilitator(
        message,
        Whose.YOURS,
        _("We cannot read when you are busy"),
        say(_("Since *%(day)s* we have not been able to read your own calendar."),
            day=words.day(calendar.failing_since)),
        say(calendar.problem_words),
        say(_("What we read before is kept until we can read it again. You can also let us stop reading it.")),
        button=Button(_("Open your time away"), links.page("visits:away")),
    )  # fmt: skip


def _begins(moment: datetime) -> str:
    """«Tuesday 1 December», with the clock when it is not the whole day."""
    here = timezone.localtime(moment)
    return words.weekday(here) if here.time() == time(0) else f"{words.weekday(here)}, {words.clock(here)}"


def _ends(moment: datetime) -> str:
    """The same for an end: the midnight after a day is told as that day."""
    here = timezone.localtime(moment)
    return words.weekday(here.date() - timedelta(days=1)) if here.time() == time(0) else _begins(moment)


def told_time(starts: str) -> str:
    """«Tuesday 16 March 2027, 13.00», of a moment that a mail carries."""
    at = datetime.fromisoformat(starts)
    return f"{words.day(at)}, {words.clock(at)}"


def ask_of(message: Message) -> Ask:
    """The ask of a mail. Raises LookupError for a row without one."""
    if message.ask is None:
        raise LookupError(f"The mail {message.key} is about no ask.")
    return message.ask


def _sessions(asked: Ask) -> list[Session]:
    """Every session of the same visit that the same person has said yes to."""
    own = Session.objects.filter(asks__in=_accepted(asked))
    return list(own.select_related("room__site").distinct())


def _accepted(asked: Ask) -> QuerySet[Ask]:
    """To what of the same visit the same person has said yes."""
    return Ask.objects.filter(
        session__visit=asked.session.visit_id, facilitator=asked.facilitator_id, state=AskState.ACCEPTED
    )


def _by_day(sessions: list[Session]) -> list[Block]:
    blocks: list[Block] = []
    for day in sorted({timezone.localdate(session.starts_at) for session in sessions}):
        there = [session for session in sessions if timezone.localdate(session.starts_at) == day]
        blocks += [say("*%(day)s*", day=capfirst(words.day(day))), agenda_rows(there)]
    return blocks


def session_facts(asked: Ask) -> Facts:
    """What a session is, when and where, and who the guests are."""
    session = asked.session
    hours = f"{words.clock(session.starts_at)}–{words.clock(session.ends_at)}"
    return facts(
        (_("Session"), session.title),
        (_("When"), f"{words.day(session.starts_at)}, {hours}"),
        (_("Where"), session.place_words),
        (_("Guests"), _group(_request(asked))),
        (_("Language"), _request(asked).get_meeting_language_display()),
    )


def _group(visit_request: VisitRequest) -> str:
    size = visit_request.group_size or 0
    people = ngettext("%(count)d person", "%(count)d people", size) % {"count": size}
    return f"{visit_request.organisation_name}, {visit_request.country.name}, {people}"


def _who(asked: Ask) -> str:
    return _request(asked).organisation_name


def _request(asked: Ask) -> VisitRequest:
    return asked.session.visit.request


def _schedule() -> Button:
    return Button(_("Open your calendar"), links.page("visits:schedule"))


def _briefing(asked: Ask) -> Button:
    return Button(_("Open your briefing"), links.page("visits:briefing", asked.pk))
