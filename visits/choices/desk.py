"""Mail, what the desk notices and keeps, and what is asked beside the form. Labels are what staff read."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MessageState(TextChoices):
    DUE = "due", _("Due")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    UNCERTAIN = "uncertain", _("Uncertain")
    SKIPPED = "skipped", _("Not needed any more")
    RETURNED = "returned", _("Came back")
    HELD = "held", _("On hold")


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


class Anchor(TextChoices):
    """What the day of a reminder is counted from."""

    QUESTION = "question", _("the last day to answer our question")
    PROPOSAL = "proposal", _("the last day to answer a programme")
    AGREEMENT = "agreement", _("the day by which our agreement is to be read")
    PLACE = "place", _("the day until which a place is kept")
    VISIT = "visit", _("the first day of the visit")
    GROUP = "group", _("the day by which the names of the group are needed")
    DRAFT = "draft", _("the day on which an unfinished request is closed")
    ENTERED = "entered", _("the day on which we wrote a request down for somebody")
    SESSION = "session", _("a colleague’s day with the guests")
    ASK = "ask", _("the day on which a colleague was asked to lead a session")
    PROMISE = "promise", _("the day of something that we have promised")
    LOOK_BACK = "look_back", _("the last day of the visit, for the guests")
    LOOK_BACK_OURS = "look_back_ours", _("the last day of the visit, for those of us who met them")
    FOLLOW_UP = "follow_up", _("the day from which we ask the guests how it has gone")
    FOLLOW_UP_OURS = "follow_up_ours", _("the day from which we ask our own how it has gone")
