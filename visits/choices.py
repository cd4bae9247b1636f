"""The words that rows are stored with. Labels are what staff read."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext


class RequestState(TextChoices):
    DRAFT = "draft", _("Draft")
    UNVERIFIED = "unverified", _("Waiting for the e-mail to be confirmed")
    SUBMITTED = "submitted", _("New")
    IN_REVIEW = "in_review", _("In review")
    INFO_REQUESTED = "info_requested", _("Waiting for an answer")
    WAITLISTED = "waitlisted", _("On the waiting list")
    PROPOSED = "proposed", _("Proposal sent")
    AGREED = "agreed", _("Confirm people and rooms")
    CONFIRMED = "confirmed", _("Confirmed")
    COMPLETED = "completed", _("Follow-up")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


class Turn(TextChoices):
    """Whose move it is; derived from the state, never stored."""

    VISITOR = "visitor", _("Visitor’s turn")
    OURS = "ours", _("Our turn")
    TOGETHER = "together", _("Together")
    NOBODY = "nobody", _("Done")


class OrganisationKind(TextChoices):
    HEALTH = "health", _("Health care")
    SOCIAL = "social", _("Social care")
    MUNICIPALITY = "municipality", _("Municipality")
    UNIVERSITY = "university", _("University")
    GOVERNMENT = "government", _("Government")
    NON_PROFIT = "non_profit", _("Non-profit")
    OTHER = "other", _("Something else")


class Profession(TextChoices):
    """Who comes with the contact person."""

    NURSES = "nurses", _("Nurses and care staff")
    PHYSICIANS = "physicians", _("Physicians")
    LEADERS = "leaders", _("Managers and leaders")
    IMPROVERS = "improvers", _("Improvement and quality staff")
    PATIENTS = "patients", _("Patients or relatives")
    POLITICIANS = "politicians", _("Politicians or board members")
    RESEARCHERS = "researchers", _("Researchers or students")
    OTHERS = "others", _("Others")


class Gift(TextChoices):
    """What the guests bring: the other half of the exchange."""

    CHALLENGE = "challenge", _("A challenge")
    WORKS = "works", _("Something that works")
    QUESTION = "question", _("A question you ask yourselves")
    UNKNOWN = "unknown", _("We do not know yet")


class Sharing(TextChoices):
    STORY = "story", _("A story")
    TALK = "talk", _("A short talk")
    CONVERSATION = "conversation", _("A conversation")
    WORKSHOP = "workshop", _("A workshop")
    YOU_DECIDE = "you_decide", _("You decide")


class OwnTime(TextChoices):
    """How much of the programme may be the guests' own."""

    HALF_HOUR = "half_hour", _("Half an hour")
    HOUR = "hour", _("About an hour")
    TWO_HOURS = "two_hours", _("Two hours or more")
    SUGGEST = "suggest", _("Suggest something")


class Length(TextChoices):
    HALF = "half", _("Half a day")
    ONE = "one", _("One day")
    TWO = "two", _("Two days")
    THREE = "three", _("Three days")
    FOUR = "four", _("Four days")
    FIVE = "five", _("Five days")
    UNSURE = "unsure", _("Not sure yet")


class MeetingLanguage(TextChoices):
    ENGLISH = "english", _("English")
    SWEDISH = "swedish", _("Swedish")
    INTERPRETER = "interpreter", _("Another, with our own interpreter")

    @property
    def in_a_sentence(self) -> str:
        """How it reads after a comma: «English», «engelska»."""
        told = {self.ENGLISH: pgettext("in a sentence", "English"), self.SWEDISH: pgettext("in a sentence", "Swedish")}
        return told.get(self) or pgettext("in a sentence", "another language, with their own interpreter")


class Travel(TextChoices):
    TRAIN = "train", _("Train")
    AIR = "air", _("Air")
    ROAD = "road", _("Car or coach")
    UNKNOWN = "unknown", _("We do not know yet")


class DeclineReason(TextChoices):
    NO_ROOM = "no_room", _("No room that week")
    NOBODY = "nobody", _("Nobody can lead it")
    LEAD_TIME = "lead_time", _("Less than three months")
    NOT_LEARNING = "not_learning", _("It is not about learning together")
    ELSEWHERE = "elsewhere", _("Somebody else can do it better")


class AlternativeKind(TextChoices):
    OTHER_WEEK = "other_week", _("Another week")
    DIGITAL = "digital", _("One hour on screen")
    FESTIVAL = "festival", _("The Microsystem Festival")
    FELLOWSHIP = "fellowship", _("Fellowship at Qulturum")
    COLLEAGUE = "colleague", _("Another place to ask")


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
    LIVING_LIBRARY = "living_library", _("Living Library")


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


class MessageState(TextChoices):
    DUE = "due", _("Due")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")
    SKIPPED = "skipped", _("Not needed any more")


class LinkPurpose(TextChoices):
    """What the holder of an address with a secret may do."""

    DRAFT = "draft", _("Go on with an unfinished request")
    VERIFY = "verify", _("Confirm the e-mail address and send")
    VISIT = "visit", _("Open the visit")
    ASK = "ask", _("Answer an ask")
    FEED = "feed", _("Subscribe to the calendar")
    GROUP = "group", _("Write one’s name into the group")
    MEMBER = "member", _("Follow the visit as one of the group")
    FOLLOW_UP = "follow_up", _("Say how it has gone")
    TAKE_OVER = "take_over", _("Take over a request that one of us has entered")


class Source(TextChoices):
    """How a request reached us that one of us has written down."""

    PHONE = "phone", _("By phone")
    MAIL = "mail", _("By e-mail or letter")
    VISIT = "visit", _("When we met")
    FILE = "file", _("In a list")


class ClosureKind(TextChoices):
    CLOSED = "closed", _("Closed")
    FESTIVAL = "festival", _("Microsystem Festival")
    BUSY = "busy", _("Many of us are away")


class ChecklistRole(TextChoices):
    """Who of us sees to something around a visit."""

    COORDINATOR = "coordinator", _("Coordinator")
    LOGISTICS = "logistics", _("Food and rooms")
    FACILITATOR = "facilitator", _("Who leads")
    RECEPTION = "reception", _("Reception")


class Side(TextChoices):
    """Who speaks, teaches or learns: the two partners of a visit."""

    GUESTS = "guests", _("The guests")
    OURS = "ours", _("Qulturum")


class OfferAnswer(TextChoices):
    """What became of a place that was offered to somebody in the waiting list."""

    OPEN = "open", _("Waiting for an answer")
    YES = "yes", _("Yes")
    NO = "no", _("No")
    LAPSED = "lapsed", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Taken back")


class Closer(TextChoices):
    """Whether somebody came closer to an answer to a big question."""

    YES = "yes", _("Yes")
    A_BIT = "a_bit", _("A bit")
    NOT_YET = "not_yet", _("Not yet")


class Worth(TextChoices):
    """Whether the meeting was worth the journey."""

    YES = "yes", _("Yes")
    MOSTLY = "mostly", _("Mostly")
    IN_PART = "in_part", _("In part")
    NO = "no", _("No")


class PointState(TextChoices):
    """How an idea stands at one of its follow-ups.

    «Due» is never stored: what comes later is due from its day on.
    """

    LATER = "later", _("Later")
    DUE = "due", _("Waiting for a word")
    GOING_ON = "going_on", _("Going on")
    SPREADS = "spreads", _("Spreads")
    STOPPED = "stopped", _("Stopped")
    NOT_ASKED = "not_asked", _("Not asked")
    LAPSED = "lapsed", _("No answer")


class FlagKind(TextChoices):
    """What the portal notices by itself about a request; the labels stand in the filter of the queue."""

    DUPLICATE = "duplicate", _("Probably the same visit twice")
    BOOKED = "booked", _("Asks for somebody who is booked")
    LARGE = "large", _("Larger than any room")
    NUMBERS = "numbers", _("Numbers that do not add up")
    NOTHING = "nothing", _("Brings nothing")
    PROGRAMME = "programme", _("Wants the Fellowship or a programme")
    MINORS = "minors", _("Minors in the group")
    PRESS = "press", _("Press")
    COMMERCIAL = "sales", _("Wants to sell")
    SPAM = "spam", _("Looks like spam")
    RETURNING = "returning", _("Has been here before")
    PROMISE = "promise", _("We owe them a word")
    WAIVED = "waived", _("Three months waived")


class Criterion(TextChoices):
    """The questions of the triage aid, each worth some points."""

    FIT = "fit", _("Can we lead what they ask for?")
    OFFER = "offer", _("What do they bring?")
    PARTNER = "partner", _("Have we learned together before?")
    ROOM = "room", _("Is there room in the weeks that they wish for?")
    TIME = "time", _("Is there time to prepare?")


class Measure(TextChoices):
    """What we follow over time of our own service, with lines and signals."""

    FIRST_ANSWER = "first-answer", _("Working days to our first answer")
    DECISION = "decision", _("Working days to our decision")
    THREE_MONTHS = "three-months", _("Requests that came three months ahead")
    OWN_TIME = "own-time", _("The guests’ share of programme time")
    FACILITATORS = "facilitators", _("Working days until a facilitator answers")
    WORTH = "worth", _("Guests who say that it was worth the journey")


class QuestionStep(TextChoices):
    """The pages of a request on which we may ask a question of our own."""

    LEARN = "learn", _("What they want to learn")
    BRING = "bring", _("What they bring to us")
    NEEDS = "needs", _("What they need")


class QuestionKind(TextChoices):
    """How a question of our own is answered."""

    LINE = "line", _("A few words")
    TEXT = "text", _("Some lines")
    YES_NO = "yes_no", _("Yes or no")
    CHOICE = "choice", _("One of some answers")
    NUMBER = "number", _("A number")


class Lacking(TextChoices):
    """What we often have to ask about, because a request does not say it."""

    GIFT = "gift", _("What they bring")
    TELLER = "teller", _("Who tells it")
    QUESTIONS = "questions", _("Their big questions")
    LENGTH = "length", _("How long they want to stay")
    LANGUAGE = "language", _("The language of the meeting")
    TRAVEL = "travel", _("How they travel")
    NAMES = "names", _("Names of the group")


class PlanState(TextChoices):
    """How far the plan of a season has come."""

    WAITING = "waiting", _("waiting for its turn")
    WORKING = "working", _("being worked out")
    READY = "ready", _("ready")
    FAILED = "failed", _("could not be worked out")
    ASIDE = "aside", _("put aside")
    TAKEN = "taken", _("taken")
