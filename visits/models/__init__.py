from visits.models.agreement import Agreement
from visits.models.alternative import Alternative
from visits.models.ask import Ask
from visits.models.away import AwaySeries
from visits.models.booking import Booking
from visits.models.checklist import ChecklistItem, ChecklistRow, ChecklistTemplate
from visits.models.competence import Competence, CompetenceClaim
from visits.models.conversation import Comment, Enquiry, HistoryEntry
from visits.models.decision import DecidedTogether, Decision
from visits.models.entry import Entry, ImportedFile
from visits.models.facilitator import Facilitator, Room
from visits.models.flag import Flag, Noticed, TriageWeight
from visits.models.gathering_ask import GatheringAsk
from visits.models.held import SessionHeld
from visits.models.improvement import CauseNote, Phase
from visits.models.ledger import Certificate, LedgerEntry, LedgerPoint, LookBack
from visits.models.link import AccessLink
from visits.models.living import LivingTerms
from visits.models.mail import Heartbeat, Message
from visits.models.meeting import HostIntroduction, RoomFile, RoomQuestion, RoomReply
from visits.models.memory import OrganisationMerge, OrganisationNote
from visits.models.offer import InvoiceDetails, PlaceOffer, PriceRule
from visits.models.own_calendar import OwnCalendar
from visits.models.person import Organisation, User, Visitor
from visits.models.plan import SeasonPlan
from visits.models.promise import Promise
from visits.models.question import Question
from visits.models.reply import ReplyDraft
from visits.models.request import ReferenceCounter, SpecialNeeds, VisitRequest, WishedPeriod
from visits.models.rung import ReminderRung
from visits.models.saved_view import SavedView
from visits.models.search import SearchText
from visits.models.season import Closure, Pause
from visits.models.site import QuietTime, Site, Travel
from visits.models.template import AgendaTemplate, AgendaTemplateRow
from visits.models.viewing import Part, Viewing
from visits.models.visit import Participant, Proposal, ProposalOption, Session, Visit
from visits.models.week import Gathering, WeekPlan

__all__ = [
    "AccessLink",
    "AgendaTemplate",
    "AgendaTemplateRow",
    "Agreement",
    "Alternative",
    "Ask",
    "AwaySeries",
    "Booking",
    "CauseNote",
    "Certificate",
    "ChecklistItem",
    "ChecklistRow",
    "ChecklistTemplate",
    "Closure",
    "Comment",
    "Competence",
    "CompetenceClaim",
    "DecidedTogether",
    "Decision",
    "Enquiry",
    "Entry",
    "Facilitator",
    "Flag",
    "Gathering",
    "GatheringAsk",
    "Heartbeat",
    "HistoryEntry",
    "HostIntroduction",
    "ImportedFile",
    "InvoiceDetails",
    "LedgerEntry",
    "LedgerPoint",
    "LivingTerms",
    "LookBack",
    "Message",
    "Noticed",
    "Organisation",
    "OrganisationMerge",
    "OrganisationNote",
    "OwnCalendar",
    "Part",
    "Participant",
    "Pause",
    "Phase",
    "PlaceOffer",
    "PriceRule",
    "Promise",
    "Proposal",
    "ProposalOption",
    "Question",
    "QuietTime",
    "ReferenceCounter",
    "ReminderRung",
    "ReplyDraft",
    "Room",
    "RoomFile",
    "RoomQuestion",
    "RoomReply",
    "SavedView",
    "SearchText",
    "SeasonPlan",
    "Session",
    "SessionHeld",
    "Site",
    "SpecialNeeds",
    "Travel",
    "TriageWeight",
    "User",
    "Viewing",
    "Visit",
    "VisitRequest",
    "Visitor",
    "WeekPlan",
    "WishedPeriod",
]
