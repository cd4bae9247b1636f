"""The case file: everything about one visit, for the diary and for the guests, as data and on paper.

`PARTS` says which rows belong to a case and who reads them; `LEFT_OUT` says what does not, and why.
A test walks all models and fails on one that stands in neither. The format is told in docs/case-file.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import override

from visits import models as m
from visits import story
from visits.choices import CommentSide
from visits.documents import case_words
from visits.documents.readable import Told, filled

FORMAT: Final = "qulturum-case-file"
FORMAT_VERSION: Final = 1
STAFF: Final = "staff"
GUESTS: Final = "guests"

# What each row keeps for the machinery and nobody reads.
NOT_READ: Final = frozenset({"id", "is_demo", "version", "unfinished", "sequence", "salt", "words_digest", "of_draft"})


# What a row is called by can stand in the row behind it.
DEEPER: Final = {
    "facilitator": "facilitator__user",
    "look_back": "look_back__visit__request",
    "proposal": "proposal__request",
    "session": "session__visit__request",
    "visit": "visit__request",
}


@dataclass(frozen=True)
class Part:
    """Rows of one kind: how they lead to the request, which of them the guests read, and which columns nobody does."""

    name: str
    model: type[models.Model]
    request: str
    guests: Q | None = None  # which rows are in the guests' own copy; None is none of them
    without: frozenset[str] = frozenset()
    guests_without: frozenset[str] = frozenset()

    def rows(self, case: m.VisitRequest, reader: str) -> list[models.Model]:
        found = self.model._default_manager.filter(**{self.request: case.pk}).order_by("pk")
        if reader == GUESTS and self.guests is not None:
            found = found.filter(self.guests)
        keys = [field.name for field in self.fields(reader) if field.is_relation and not field.many_to_many]
        named = [DEEPER.get(key, key) for key in keys]
        chosen = [field.name for field in self.fields(reader) if field.many_to_many]
        return list(found.select_related(*named).prefetch_related(*chosen))

    def fields(self, reader: str) -> list[Any]:
        hidden = NOT_READ | self.without | (self.guests_without if reader == GUESTS else frozenset())
        every = [*self.model._meta.concrete_fields, *self.model._meta.many_to_many]
        return [field for field in every if field.name not in hidden]


EVERY: Final = Q()
OF_GUESTS_OR_TURNS: Final = Q(what__in=story.MOVES) | Q(by=None)
PARTS: Final = (
    Part("request", m.VisitRequest, "pk", EVERY, guests_without=frozenset({"waiver_reason", "waived_by"})),
    Part("wishes", m.WishedPeriod, "request", EVERY, frozenset({"request"})),
    Part("messages", m.Comment, "request", ~Q(side=CommentSide.NOTE), frozenset({"request", "author"})),
    Part("proposals", m.Proposal, "request", EVERY, frozenset({"request"})),
    Part("proposed_days", m.ProposalOption, "proposal__request", EVERY),
    Part("alternatives", m.Alternative, "request", EVERY, frozenset({"request"})),
    Part("places", m.PlaceOffer, "request", EVERY, frozenset({"request"})),
    Part("visit", m.Visit, "request", EVERY, frozenset({"request"})),
    Part("agenda", m.Session, "visit__request", EVERY, frozenset({"visit"}),
         frozenset({"asks_on", "next_ask_at", "nobody_left_at"})),
    Part("held", m.SessionHeld, "session__visit__request", EVERY, frozenset({"key"}), frozenset({"told_by"})),
    Part("asks", m.Ask, "session__visit__request"),
    Part("agreements", m.Agreement, "request", EVERY, frozenset({"request"})),
    Part("look_backs", m.LookBack, "visit__request", Q(shared_at__isnull=False), frozenset({"visit", "answers"})),
    Part("ledger", m.LedgerEntry, "visit__request", Q(look_back__shared_at__isnull=False), frozenset({"visit"})),
    Part("follow_ups", m.LedgerPoint, "entry__visit__request", Q(entry__look_back__shared_at__isnull=False)),
    Part("room_questions", m.RoomQuestion, "visit__request", None, frozenset({"visit"})),
    Part("room_replies", m.RoomReply, "question__visit__request"),
    Part("room_files", m.RoomFile, "visit__request", None, frozenset({"visit", "file"})),
    Part("certificates", m.Certificate, "visit__request", None, frozenset({"visit", "number"})),
    Part("invoice", m.InvoiceDetails, "request", EVERY, frozenset({"request"})),
    Part("mails", m.Message, "request", Q(participant=None, ask=None),
         frozenset({"request", "key", "data", "lease_until", "attempt", "deaths", "copies", "problem", "enquiry",
                    "comment", "proposal", "gathering_ask", "held_by", "held_at", "held_why"}),
         frozenset({"ask", "participant"})),
    Part("flags", m.Flag, "request", None, frozenset({"request"})),
    Part("to_do", m.ChecklistItem, "visit__request", None, frozenset({"visit", "row"})),
    Part("promises", m.Promise, "visit__request", None, frozenset({"visit"})),
    Part("entered", m.Entry, "request", None, frozenset({"request", "fingerprint"})),
    Part("history", m.HistoryEntry, "request", OF_GUESTS_OR_TURNS, frozenset({"request"}),
         frozenset({"by", "detail", "seal", "link"})),
)  # fmt: skip
LEFT_OUT: Final[dict[type[models.Model], str]] = {
    m.SpecialNeeds: "what guests eat and need is health data: never exported, and erased after the visit",
    m.Participant: "names that people have written about themselves: the file says how many they are",
    m.AccessLink: "secrets",
    m.Booking: "people's and rooms' calendars; what belongs to the visit stands in its agenda",
    m.AwaySeries: "people's own calendars",
    m.OwnCalendar: "people's own calendars, and a secret",
    m.HostIntroduction: "what colleagues write about themselves for the guests to read before they come",
    m.Enquiry: "a message without a request",
    m.Facilitator: "not of one visit",
    m.Competence: "not of one visit",
    m.CompetenceClaim: "not of one visit",
    m.LivingTerms: "people's own terms, and what they are paid: not of one visit",
    m.Room: "not of one visit",
    m.Organisation: "not of one visit; as the guests wrote it, it stands in the request",
    m.Visitor: "not of one visit; as they wrote it, it stands in the request",
    m.User: "not of one visit",
    m.Question: "not of one visit; what was asked stands in the request with its answer",
    m.ReplyDraft: "not of one visit; what was written with its help stands in the messages",
    m.ReminderRung: "not of one visit; what was sent of it stands among the mails",
    m.PriceRule: "not of one visit; what was quoted stands in the proposal",
    m.Closure: "not of one visit",
    m.Pause: "not of one visit",
    m.SeasonPlan: "a suggestion for many visits; what of it was taken stands in each one’s history",
    m.Site: "not of one visit",
    m.QuietTime: "not of one visit",
    m.Travel: "not of one visit",
    m.WeekPlan: "not of one visit; what a changed week did to this one stands in the history",
    m.Gathering: "not of one visit",
    m.GatheringAsk: "not of one visit",
    m.AgendaTemplate: "not of one visit; what was taken from it stands in the agenda",
    m.AgendaTemplateRow: "not of one visit; what was taken from it stands in the agenda",
    m.ChecklistTemplate: "not of one visit; what is to be done stands in the visit's own list",
    m.ChecklistRow: "not of one visit; what is to be done stands in the visit's own list",
    m.OrganisationNote: "not of one visit",
    m.OrganisationMerge: "not of one visit",
    m.ImportedFile: "a list that was sent in; what came of it are requests",
    m.Decision: "the way back of a decision, kept until its mails leave; the decision stands in the history",
    m.DecidedTogether: "the way back of a decision, kept until its mails leave; the decision stands in the history",
    m.Viewing: "who of ours has looked, for those who watch over it",
    m.SavedView: "a colleague's own",
    m.SearchText: "the machinery's",
    m.Noticed: "the machinery's",
    m.TriageWeight: "not of one visit",
    m.CauseNote: "not of one visit",
    m.Phase: "not of one visit",
    m.ReferenceCounter: "the machinery's",
    m.Heartbeat: "the machinery's",
}


@dataclass(frozen=True)
class CaseFile:
    """One case as somebody reads it; `content` is in a stable order, and `digest` is its fingerprint."""

    case: m.VisitRequest
    reader: str
    content: dict[str, Any]
    sections: Sequence[tuple[str, list[tuple[Told, ...]]]]

    @property
    def written(self) -> str:
        return json.dumps(self.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.written.encode()).hexdigest()

    def as_json(self, *, at: datetime) -> str:
        """The file as data, with its fingerprint."""
        head = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "case_number": self.case.reference,
            "copy_for": self.reader,
            "made_at": at.astimezone(UTC).isoformat(),
            "sha256": self.digest,
        }
        return json.dumps(head | {"content": self.content}, ensure_ascii=False, indent=1) + "\n"


def case_file(case: m.VisitRequest, reader: str) -> CaseFile:
    """Everything about a visit that this reader may have. One query for each kind of rows.

    The words are in the language that is on; the data, and so the fingerprint, is the same in each.
    """
    content: dict[str, Any] = {}
    sections = []
    for part in PARTS:
        if reader == GUESTS and part.guests is None:
            continue
        rows = part.rows(case, reader)
        fields = part.fields(reader)
        with override(settings.LANGUAGE_CODE):
            content[part.name] = [{field.name: _value(row, field) for field in fields} for row in rows]
        if rows:
            title = capfirst(str(part.model._meta.verbose_name_plural))
            sections.append((title, [_told(row, fields, reader) for row in rows]))
    content["group"] = {"names_written": m.Participant.objects.filter(visit__request=case).written().count()}
    return CaseFile(case, reader, content, sections)


def _value(row: models.Model, field: Any) -> Any:
    """A column as data: moments in UTC, rows by what they are called."""
    if field.many_to_many:
        return sorted(str(one) for one in getattr(row, field.name).all())
    value = getattr(row, field.name)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, (bool, int, str, list, dict)):
        return value
    return str(getattr(value, "code", value))


def _told(row: models.Model, fields: Sequence[Any], reader: str) -> tuple[Told, ...]:
    """What a row says, in words; what is empty is not told."""
    return filled(case_words.told(row, field, outside=reader == GUESTS) for field in fields)
