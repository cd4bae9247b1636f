from visits.models.ask import Ask
from visits.models.booking import Booking
from visits.models.conversation import Comment, Enquiry, HistoryEntry
from visits.models.facilitator import Facilitator, Room
from visits.models.link import AccessLink
from visits.models.mail import Heartbeat, Message
from visits.models.person import Organisation, User, Visitor
from visits.models.request import Alternative, ReferenceCounter, SpecialNeeds, VisitRequest, WishedPeriod
from visits.models.season import Closure
from visits.models.visit import Participant, Proposal, Session, Visit

__all__ = [
    "AccessLink",
    "Alternative",
    "Ask",
    "Booking",
    "Closure",
    "Comment",
    "Enquiry",
    "Facilitator",
    "Heartbeat",
    "HistoryEntry",
    "Message",
    "Organisation",
    "Participant",
    "Proposal",
    "ReferenceCounter",
    "Room",
    "Session",
    "SpecialNeeds",
    "User",
    "Visit",
    "VisitRequest",
    "Visitor",
    "WishedPeriod",
]
