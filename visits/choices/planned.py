"""What is planned, who leads it and when they can. Labels are what staff read."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class SessionKind(TextChoices):
    """Who has the floor in one row of the agenda."""

    HOST = "host", _("We lead")
    GUEST = "guest", _("The guests’ own")
    BREAK = "break", _("Break")


class GroupPart(TextChoices):
    """Which half of the guests a session is for when two groups meet at once."""

    A = "A", _("Group A")
    B = "B", _("Group B")


class TravelMeans(TextChoices):
    """How a group goes from one site to another."""

    FOOT = "foot", _("on foot")
    BUS = "bus", _("by bus")


class FacilitatorKind(TextChoices):
    STAFF = "staff", _("Qulturum staff")
    CLINICIAN = "clinician", _("Clinician")
    COACH = "coach", _("Improvement coach")
    NETWORK = "network", _("Learning Network facilitator")
    LIVING_LIBRARY = "living_library", _("Living Library")


class CompetenceLevel(IntegerChoices):
    """What somebody can do in an area; whoever can do more can do the less, too."""

    ASSISTS = 1, _("can assist")
    LEADS = 2, _("can lead")
    TEACHES = 3, _("can teach it")


class AskRole(TextChoices):
    """As what somebody is asked: a session is led by its leader; a second learns, and a voice tells, beside them."""

    LEADER = "leader", _("leads")
    SECOND = "second", _("second, learns beside")
    VOICE = "voice", _("voice, tells beside")


class AskState(TextChoices):
    PLANNED = "planned", _("Not asked yet")
    ASKED = "asked", _("Asked")
    ACCEPTED = "accepted", _("Yes")
    DECLINED = "declined", _("No")
    EXPIRED = "expired", _("No answer")
    WITHDRAWN = "withdrawn", _("Taken back")
    HANDED = "handed", _("Handed over")


class Weekday(IntegerChoices):
    """As ISO numbers them."""

    MONDAY = 1, _("Mondays")
    TUESDAY = 2, _("Tuesdays")
    WEDNESDAY = 3, _("Wednesdays")
    THURSDAY = 4, _("Thursdays")
    FRIDAY = 5, _("Fridays")


class BookingKind(TextChoices):
    SESSION = "session", _("Session")
    OPTION = "option", _("Other days that are offered")
    AWAY = "away", _("Away")
    PREPARE = "prepare", _("Preparation")
    DEBRIEF = "debrief", _("Debriefing")
    NETWORK = "network", _("Gathering of a programme")


class CalendarProblem(TextChoices):
    """Why somebody’s own calendar could not be read: a sentence to its owner that says what to do."""

    NOT_HTTPS = "not_https", _("The address has to begin with https://. Copy it again from your calendar program.")
    NOT_PUBLIC = (
        "not_public",
        _("The address leads into a network that the portal does not read from. Publish the calendar, then copy it."),
    )
    UNREACHABLE = (
        "unreachable",
        _("Nobody answers at the address. We try again; if it goes on, copy it again from your calendar program."),
    )
    GONE = "gone", _("There is no calendar at the address any more. Publish it again, and save its new address here.")
    NO_ACCESS = (
        "no_access",
        _("The address asks for a password. Publish the calendar with a secret address, and save that one here."),
    )
    NO_CALENDAR = (
        "no_calendar",
        _("What is at the address is no calendar file. Copy the address that ends with .ics, not that of the page."),
    )
    TOO_LARGE = (
        "too_large",
        _("The calendar is larger than 2 MB. Publish less of it, for instance the coming year."),
    )
    TOO_MUCH = (
        "too_much",
        _("The calendar repeats something far too often. Take out what comes again every minute, or stop it."),
    )
    TOO_SLOW = (
        "too_slow",
        _("The calendar takes too long to come. We try again; if it goes on, publish less of it."),
    )
    SEALED = "sealed", _("The portal cannot open the address any more. Save it here once more.")


class BookingHold(TextChoices):
    HELD = "held", _("Held")
    FIRM = "firm", _("Firm")


class ProposalAnswer(TextChoices):
    OPEN = "open", _("Waiting for an answer")
    YES = "yes", _("Yes")
    CHANGE = "change", _("Change wanted")
    LAPSED = "lapsed", _("Not answered in time")
    REPLACED = "replaced", _("Replaced")


class CommentSide(TextChoices):
    VISITOR = "visitor", _("Visitor")
    OURS = "ours", _("Qulturum")
    NOTE = "note", _("Note between colleagues")


class PlanState(TextChoices):
    """How far the plan of a season has come."""

    WAITING = "waiting", _("waiting for its turn")
    WORKING = "working", _("being worked out")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be worked out")
    ASIDE = "aside", _("put aside")
    TAKEN = "taken", _("taken")
