"""Every kind of mail in both languages: what it says, and what it never does."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.utils import timezone
from icalendar import Calendar

from tests.visits.mail import cases
from tests.visits.mail.cases import HOSTILE, NAME, OWE, request_in
from visits import access, letters, outbox, planning, reminders, rounds, rules, words, workflow
from visits.choices import LinkPurpose, MessageState, RequestState
from visits.models import AccessLink, Message, Session, SpecialNeeds, VisitRequest

pytestmark = pytest.mark.django_db

# A Wednesday at ten in Stockholm: nobody's weekend, and the morning has come.
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
TURNS = {
    "en": ("It is your turn", "It is our turn", "Together", "Nothing for you to do"),
    "sv": ("Det är er tur", "Det är din tur", "Det är vår tur", "Tillsammans", "Inget att göra"),
}
EVERY_MAIL = [(kind, language) for kind in OWE for language in ("en", "sv")]


@pytest.fixture(autouse=True)
def _a_wednesday_morning(time_machine):
    time_machine.move_to(NOW, tick=False)


def sent(kind: str, language: str) -> mail.EmailMultiAlternatives:
    """The mail that a true row of that kind becomes, through the whole round."""
    OWE[kind](kind, language)
    reminders.queue_due(NOW)
    rounds.deliver_due(NOW)
    rows = Message.objects.filter(kind=kind.split(" ", maxsplit=1)[0], language=language, subject__gt="")
    assert [row.problem for row in rows] == [""]
    (found,) = [one for one in mail.outbox if one.extra_headers["X-Qulturum-Key"] == rows[0].key]
    return found


def parts(one: mail.EmailMultiAlternatives) -> tuple[str, str]:
    parsed = message_from_bytes(one.message().as_bytes(), policy=default)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    return text.get_content(), html.get_content()


class Elements(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def test_every_letter_has_its_case_here():
    assert {kind.split(" ", maxsplit=1)[0] for kind in OWE} == set(letters.LETTERS)


def test_the_number_of_a_visit_is_not_broken_in_a_heading():
    _text, html = parts(sent("received", "sv"))

    heading = html[html.index("<h1") : html.index("</h1>")]
    assert re.search(r'<span class="whole" style="white-space: ?nowrap;?">CL-26-\d+</span>', heading), heading


def test_every_reminder_has_its_letter():
    assert set(letters.LETTERS) >= reminders.KINDS


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_a_mail_begins_with_the_turn_and_has_two_parts(kind, language):
    text, html = parts(sent(kind, language))

    assert text.splitlines()[0] in [words.upper() for words in TURNS[language]]
    assert f'lang="{language}"' in html
    assert any(words in html for words in TURNS[language])
    assert max(len(line) for line in text.splitlines() if "http" not in line) <= 110


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_what_people_typed_is_text_in_a_mail(kind, language):
    one = sent(kind, language)
    text, html = parts(one)
    elements = Elements(html)

    assert not {"script", "img", "svg", "style", "b"} & {tag for tag, _attrs in elements.tags}
    assert not [name for _tag, attrs in elements.tags for name in attrs if name.startswith("on")]
    assert not re.search(r"\b49\b", one.subject)  # 7 × 7 was reckoned by nobody
    assert "\n" not in one.subject
    links = [attrs["href"] for tag, attrs in elements.tags if tag == "a"]
    assert all(link.startswith("http://testserver/") for link in links)
    visible = set(re.findall(r"(?:https?://|www\.)\S+", text))
    ours_only = kind in {"question", "message", "answer_reminder", "proposal", "waitlisted", "declined"}
    assert ours_only or all(link.startswith("http://testserver/") for link in visible), visible


@pytest.mark.parametrize(("kind", "language"), EVERY_MAIL)
def test_a_mail_has_one_button_one_receiver_and_its_headers(kind, language):
    one = sent(kind, language)
    _text, html = parts(one)
    parsed = message_from_bytes(one.message().as_bytes(), policy=default)

    buttons = [attrs for tag, attrs in Elements(html).tags if tag == "td" and "999px" in (attrs.get("style") or "")]
    assert len(buttons) == 1
    assert len(one.recipients()) == 1
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Message-ID"].endswith("@qulturum.example>")
    assert parsed["Reply-To"]
    assert ("/sv/" in html) == (language == "sv")


@pytest.mark.parametrize("language", ["en", "sv"])
@pytest.mark.parametrize("kind", ["verify", "entered", "entered_reminder", "draft_link", "draft_warning", "find"])
def test_a_mail_to_an_unconfirmed_address_holds_nothing_that_was_typed(kind, language):
    one = sent(kind, language)
    whole = one.message().as_string() + "".join(parts(one))

    assert not [word for word in ("evil", "Ada", "O’Neil", "Hospital", "alert", "7*7") if word in whole]
    assert one.to == [Message.objects.filter(kind=kind).get().to_email]


def test_the_link_in_the_mail_opens_what_it_is_for():
    one = sent("verify", "en")
    token = re.search(r"/verify/([0-9a-z]+)/", parts(one)[0])[1]

    assert access.find(LinkPurpose.VERIFY, token).request == Message.objects.get().request


def test_only_the_newest_link_of_a_request_is_mailed():
    visit_request = request_in(RequestState.UNVERIFIED, "en")
    access.issue(LinkPurpose.VERIFY, request=visit_request, life=timedelta(days=7))
    access.revoke(LinkPurpose.VERIFY, request=visit_request)
    newest = access.issue(LinkPurpose.VERIFY, request=visit_request, life=timedelta(days=7))
    outbox.owe_visitor("verify", visit_request)

    rounds.deliver_due(NOW)

    assert access.token(newest) in mail.outbox[0].body


@pytest.mark.parametrize(
    ("kind", "method", "status"),
    [
        ("confirmed", "PUBLISH", "CONFIRMED"),
        ("programme_changed", "PUBLISH", "CONFIRMED"),
        ("programme_changed of the group", "PUBLISH", "CONFIRMED"),
        ("cancelled", "CANCEL", "CANCELLED"),
        ("move_received", "CANCEL", "CANCELLED"),
        ("to_be_moved", "CANCEL", "CANCELLED"),
        ("days_off", "CANCEL", "CANCELLED"),
        ("days_on", "PUBLISH", "CONFIRMED"),
    ],
)
def test_a_mail_about_the_days_brings_the_calendar_up_to_date_and_asks_for_no_answer(kind, method, status):
    parsed = message_from_bytes(sent(kind, "sv").message().as_bytes(), policy=default)

    (attached,) = parsed.iter_attachments()
    calendar = Calendar.from_ical(attached.get_content())
    assert (attached.get_filename(), attached.get_content_type()) == ("visit.ics", "text/calendar")
    assert attached["Content-Type"].params["method"] == calendar["method"] == method
    assert {str(event["status"]) for event in calendar.events} == {status}
    assert [event.get("attendee") for event in calendar.events] == [None, None]


def test_the_mail_about_a_change_says_what_was_and_what_is():
    text, _html = parts(sent("programme_changed", "en"))

    assert "One thing has changed in your programme" in text
    assert "starts at 09.15 instead of 09.00, is 15 min shorter" in " ".join(text.split())


def test_a_change_that_was_taken_back_is_not_told():
    OWE["programme_changed"]("programme_changed", "en")
    session = Session.objects.earliest("starts_at")
    session.starts_at -= timedelta(minutes=15)
    visit_request = VisitRequest.objects.get(visit__sessions=session)

    planning.change_session(session, by=visit_request.coordinator, seen=visit_request.version)
    rounds.deliver_due(NOW)

    assert [row.state for row in Message.objects.filter(kind="programme_changed")] == [MessageState.SKIPPED]
    assert mail.outbox == []


@pytest.mark.parametrize("kind", ["move_received", "to_be_moved", "days_off"])
def test_a_mail_that_was_held_up_names_the_days_that_are_off_and_not_those_that_are_planned_since(kind):
    OWE[kind](kind, "en")
    visit_request = VisitRequest.objects.get()
    days = words.day_range(visit_request.visit.first_day, visit_request.visit.last_day)

    later = rules.earliest_first_day(timezone.localdate()) + timedelta(days=49)
    planning.choose_days(
        visit_request, first_day=later, last_day=later, title="Later", by=visit_request.coordinator,
        seen=visit_request.version,
    )  # fmt: skip
    rounds.deliver_due(NOW)

    (one,) = mail.outbox
    assert days in one.subject or kind == "move_received"
    assert f"The visit on {days}" in " ".join(parts(one)[0].split())


@pytest.mark.parametrize(("phone", "is_told"), [("+46 70 000 00 01", True), ("", False)])
def test_the_evening_before_the_mail_says_whom_to_call(phone, is_told):
    visit_request = cases.visit_in(1, "en")
    visit_request.coordinator.phone = phone
    visit_request.coordinator.save(update_fields=["phone"])
    reminders.queue_due(NOW)
    rounds.deliver_due(NOW)

    (one,) = [one for one in mail.outbox if "We meet tomorrow" in one.subject]
    assert (f"Call or text your host: {visit_request.coordinator}, {phone}." in parts(one)[0]) is is_told


def test_a_name_from_right_to_left_is_kept_apart_from_its_neighbours():
    enquiry_name = "שרה כהן"
    OWE["enquiry"]("enquiry", "en")
    type(Message.objects.get().enquiry).objects.update(name=enquiry_name)

    rounds.deliver_due(NOW)

    assert mail.outbox[0].subject == f"\u2068{enquiry_name}\u2069 has written to Qulturum"


def test_an_answer_to_an_enquiry_goes_to_the_one_who_wrote():
    assert sent("enquiry", "en").reply_to == ["eve@evil.example"]


def test_an_answer_to_a_letter_goes_to_the_host():
    one = sent("received", "en")

    assert one.reply_to == [Message.objects.get(kind="received").request.coordinator.email]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("verify", RequestState.SUBMITTED),
        ("draft_link", RequestState.EXPIRED),
        ("question", RequestState.IN_REVIEW),
        ("waitlisted", RequestState.IN_REVIEW),
        ("declined", RequestState.IN_REVIEW),
        ("reopened", RequestState.WITHDRAWN),
        ("withdrawn", RequestState.IN_REVIEW),
        ("expired", RequestState.IN_REVIEW),
        ("proposal", RequestState.WITHDRAWN),
        ("proposal_lapsed", RequestState.PROPOSED),
        ("confirmed", RequestState.CANCELLED),
        ("session_confirmed", RequestState.CANCELLED),
    ],
)
def test_a_mail_that_is_not_true_any_more_is_left_with_its_reason(kind, state):
    OWE[kind](kind, "en")
    row = Message.objects.get(kind=kind)
    changes = {"decline_reason": "no_room"} if state == RequestState.DECLINED else {}
    type(row.request).objects.filter(pk=row.request_id).update(state=state, **changes)

    rounds.deliver_due(NOW)

    row.refresh_from_db()
    assert (row.state, row.problem) == (MessageState.SKIPPED, "The request has moved on.")
    assert mail.outbox == []


def test_a_link_is_not_mailed_to_an_address_that_was_given_up():
    visit_request = request_in(RequestState.UNVERIFIED, "en")
    access.issue(LinkPurpose.VERIFY, request=visit_request, life=timedelta(days=7))
    outbox.owe_visitor("verify", visit_request)
    type(visit_request).objects.update(contact_email="other@tayford.example.org")

    rounds.deliver_due(NOW)

    assert Message.objects.get().state == MessageState.SKIPPED
    assert mail.outbox == []


def test_a_question_that_was_answered_at_once_is_not_asked_by_mail():
    OWE["question"]("question", "en")
    visit_request = Message.objects.get().request

    workflow.answer(visit_request, text="Five towns.")
    rounds.deliver_due(NOW)

    assert Message.objects.get().state == MessageState.SKIPPED


def test_a_proposal_that_was_answered_is_not_mailed():
    OWE["proposal"]("proposal", "en")
    row = Message.objects.get()

    workflow.want_change(row.request, number=2, text="Later in the day.")
    rounds.deliver_due(NOW)

    row.refresh_from_db()
    assert row.state == MessageState.SKIPPED


def test_who_was_never_asked_is_not_told_that_it_is_taken_back():
    OWE["ask_withdrawn"]("ask_withdrawn", "en")
    Message.objects.filter(kind="ask").update(state=MessageState.SKIPPED)

    rounds.deliver_due(NOW)

    row = Message.objects.get(kind="ask_withdrawn")
    assert (row.state, row.problem) == (MessageState.SKIPPED, "They were never told of it.")


def test_a_closed_link_is_not_mailed():
    OWE["verify"]("verify", "en")
    AccessLink.objects.update(revoked_at=timezone.now())

    rounds.deliver_due(NOW)

    assert Message.objects.get().state == MessageState.SKIPPED


@pytest.mark.parametrize("kind", ["ask", "briefing", "confirmed", "received", "visit_in_one_week"])
def test_mails_hold_no_diet_or_access_needs(kind):
    OWE[kind](kind, "en")
    for visit_request in VisitRequest.objects.all():
        SpecialNeeds.objects.create(request=visit_request, vegetarian=3713, hearing_loop=3717)

    reminders.queue_due(NOW)
    rounds.deliver_due(NOW)

    assert mail.outbox
    said = [
        part for one in mail.outbox for part in (one.subject, one.body, *(other.content for other in one.alternatives))
    ]
    assert not [words for words in said if re.search("vegetarian|hearing|371[37]", words)]


def test_the_words_of_the_case_are_hostile():
    assert "<script>" in HOSTILE
    assert "https://" in NAME


def told(kind: str, language: str) -> str:
    text, _html = parts(sent(kind, language))
    return " ".join(text.split())


def test_a_nudge_is_in_the_receivers_language_to_its_first_word():
    assert "Vi har frågat förut och är fortfarande nyfikna." in told("follow_up again", "sv")


def test_one_week_is_counted_as_one():
    assert "It is 1 week until we meet." in told("visit_in_one_week", "en")


def test_names_are_asked_for_with_their_day():
    assert re.search(r"We need them by \w+day \d+ \w+ for badges and lunch\.", told("names_wanted", "en"))


def test_a_no_says_its_reason_in_a_sentence():
    assert "have to say no. There is no room in the week that you wished for." in told("declined", "en")


def test_what_has_changed_ends_in_one_full_stop():
    assert ".." not in told("agreement_reopened", "en")
