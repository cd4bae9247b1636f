"""What guests ask for and how their request stands. Labels are what staff read."""

from django.db.models import TextChoices
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
