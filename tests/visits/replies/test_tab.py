"""The messages of a request: drafts that fit, put in by one press, and what became of each message."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from tests.conftest import drawn_from, signed_in
from tests.factories import LogisticsFactory
from tests.visits.visitor import cases
from visits import replies, workflow
from visits.admin.pages import tab_url
from visits.choices import MessageState
from visits.models import Comment, HistoryEntry, Message, ReplyDraft, User, VisitRequest

pytestmark = pytest.mark.django_db
ADD = "/admin/visits/replydraft/add/"


def a_draft(**more: object) -> ReplyDraft:
    told = {
        "slug": f"draft-{ReplyDraft.objects.count()}", "title_en": "May we take photographs?", "title_sv": "Bilder?",
        "text_en": "Dear {name}, yes, {days}.", "text_sv": "Hej {name}, ja, {days}.",
    }  # fmt: skip
    return ReplyDraft.objects.create(**(told | more))


def page(client: Client, case: VisitRequest, prefix: str = "") -> str:
    return client.get(prefix + tab_url(case, "messages")).content.decode()


def insert(client: Client, case: VisitRequest, draft: object, text: str = "", kind: str = "message"):
    address = reverse("admin:visits_visitrequest_insert", args=[case.pk])
    return client.post(address, {"draft": draft, "text": text, "kind": kind, "seen": case.version})


def in_box(answer) -> str:
    return answer.context["say_form"]["text"].value()


def test_the_drafts_that_fit_stand_beside_the_box_and_the_others_do_not(coordinator_client: Client):
    case = cases.in_review()
    a_draft(heard="photo")
    a_draft(title_en="The kitchen", heard="vegan")
    a_draft(title_en="Taken out", is_offered=False)
    before = page(coordinator_client, case)

    workflow.answer(case, text="May we take PHOTOGRAPHS?")
    after = page(coordinator_client, case)

    assert "Drafts that fit" not in before
    assert [
        name for name in ("May we take photographs?", "The kitchen", "Taken out") if f'<b class="dk-b">{name}' in after
    ] == ["May we take photographs?"]
    assert "They wrote last" in after


@pytest.mark.parametrize(("language", "hello"), [("en", "Dear Aileen, yes, "), ("sv", "Hej Aileen, ja, ")])
def test_a_draft_speaks_the_guests_language_whatever_ours_is(coordinator_client: Client, language: str, hello: str):
    case = cases.in_review()
    VisitRequest.objects.filter(pk=case.pk).update(language=language, contact_name="Aileen Munro")
    draft = a_draft()

    with translation.override("en" if language == "sv" else "sv"):
        answer = insert(coordinator_client, case, draft.pk)

    assert in_box(answer).startswith(hello)
    assert "{" not in in_box(answer)


def test_inserting_keeps_what_was_typed_and_the_kind_and_sends_nothing(coordinator_client: Client):
    case, draft = cases.in_review(), a_draft(text_en="Yes.", text_sv="Ja.")
    before = (Message.objects.count(), Comment.objects.count(), HistoryEntry.objects.count())

    answer = insert(coordinator_client, case, draft.pk, "Dear Aileen,", "question")

    assert in_box(answer) == "Dear Aileen,\n\nYes."
    assert answer.context["say_form"]["kind"].value() == "question"
    assert "“May we take photographs?” stands in the box" in answer.content.decode()
    assert "<title>Error" not in answer.content.decode()
    assert (Message.objects.count(), Comment.objects.count(), HistoryEntry.objects.count()) == before


def test_the_same_draft_pressed_twice_stands_in_the_box_once(coordinator_client: Client):
    case, draft = cases.in_review(), a_draft(text_en="Line one.\n\nLine two.", text_sv="x")
    once = in_box(insert(coordinator_client, case, draft.pk, "Hello"))

    twice = in_box(insert(coordinator_client, case, draft.pk, once.replace("\n", "\r\n")))

    assert twice.replace("\r\n", "\n") == once


@pytest.mark.parametrize("draft", ["", "0", "99999", "9" * 40, "²", "x", "1;--", "-1"])
def test_a_draft_that_is_gone_is_told_and_nothing_typed_is_lost(coordinator_client: Client, draft: str):
    answer = insert(coordinator_client, cases.in_review(), draft, "Dear <b>Aileen</b>,")

    assert answer.status_code == 409
    assert "That draft is not there any more." in answer.content.decode()
    assert in_box(answer) == "Dear <b>Aileen</b>,"
    assert "Dear &lt;b&gt;Aileen&lt;/b&gt;," in answer.content.decode()


def test_words_of_guests_are_filled_in_as_words(coordinator_client: Client):
    case, draft = cases.in_review(), a_draft(text_en="Dear {organisation}.", text_sv="x {organisation}")
    VisitRequest.objects.filter(pk=case.pk).update(organisation_name="{{ request.user }} {name} %s <script>")

    answer = insert(coordinator_client, case, draft.pk)

    assert in_box(answer) == "Dear {{ request.user }} {name} %s <script>."
    assert "<script>." not in answer.content.decode()


def test_only_who_may_write_is_offered_drafts_and_may_put_one_in(
    client: Client, facilitator_client: Client, coordinator_client: Client
):
    case, draft = cases.in_review(), a_draft()
    address = reverse("admin:visits_visitrequest_insert", args=[case.pk])
    logistics = signed_in(LogisticsFactory())

    assert client.post(address, {"draft": draft.pk}).status_code == 302
    assert facilitator_client.post(address, {"draft": draft.pk}).status_code == 403
    assert logistics.post(address, {"draft": draft.pk}).status_code == 403
    assert "Drafts that fit" not in page(logistics, case)
    assert coordinator_client.get(address).status_code == 405
    assert coordinator_client.post(address, {"draft": draft.pk}).status_code == 200


def test_under_a_message_stands_which_mail_it_was_and_whose_turn_it_made(coordinator_client: Client, coordinator: User):
    case = cases.in_review()
    workflow.ask_question(case, text="Who tells it?", by=coordinator, seen=case.version)
    asked = page(coordinator_client, case)
    workflow.answer(case, text="Moira does.")
    workflow.write_to_visitor(case, text="Thank you.", by=coordinator)
    workflow.note(case, text="Ask Gunvor.", by=coordinator)
    workflow.answer(case, text="May we film?")
    mails = {mail.kind: mail for mail in Message.objects.filter(comment__request=case)}
    Message.objects.filter(pk=mails["question"].pk).update(state=MessageState.SKIPPED, problem="It has been answered.")
    Message.objects.filter(pk=mails["message"].pk).update(state=MessageState.FAILED)
    Message.objects.filter(pk=mails["visitor_wrote"].pk).update(state=MessageState.SENT, sent_at=timezone.now())

    said = replies.said(case, list(case.comments.all()))

    host, guest = mails["visitor_wrote"].to_name, mails["message"].to_name
    facts = {one.comment.text: list(one.facts) for one in said}
    assert "Asked as a question, so it is their turn until" in asked
    assert f"The mail to {guest} waits to leave" in asked
    assert facts["Who tells it?"] == [
        "Asked as a question, so it was their turn until they answered",
        f"Not mailed to {guest}: It has been answered",
    ]
    assert facts["Moira does."] == ["Answered our question, so the turn came back to us"]
    assert facts["Thank you."] == [f"The mail to {guest} could not be sent"]
    assert facts["Ask Gunvor."] == []
    assert len(facts["May we film?"]) == 1
    assert facts["May we film?"][0].startswith(f"Mailed to {host}, ")
    assert [one.comment.text for one in said if one.in_trouble] == ["Thank you."]
    assert reverse("admin:visits_message_change", args=[mails["message"].pk]) in page(coordinator_client, case)


def test_the_tab_asks_no_more_of_many_messages_mails_and_drafts(coordinator_client: Client, coordinator: User):
    case = cases.in_review()

    def grow(times: int) -> int:
        for _nth in range(times):
            a_draft()
            workflow.write_to_visitor(case, text="Soon.", by=coordinator)
            workflow.answer(case, text=f"Thank you {Comment.objects.count()}.")
        page(coordinator_client, case)
        with CaptureQueriesContext(connection) as captured:
            page(coordinator_client, case)
        return len(captured)

    assert grow(1) == grow(9)


# -- Drafts as data --------------------------------------------------------------------


def test_loading_twice_changes_nothing_and_keeps_what_staff_wrote():
    said = StringIO()
    call_command("load_replies", stdout=said)
    count = ReplyDraft.objects.count()
    ReplyDraft.objects.filter(slug="cost").update(text_en="Ask {host}.")
    older = ReplyDraft.objects.get(slug="press")
    ReplyDraft.objects.filter(slug="press").update(title_en="Old", loaded=older.loaded | {"title_en": "Old"})

    call_command("load_replies", stdout=said)

    first, second = said.getvalue().splitlines()
    assert f"{count} added, 0 updated" in first
    assert f"0 added, 1 updated, {count - 2} as they were, 1 kept" in second
    assert ReplyDraft.objects.get(slug="cost").text_en == "Ask {host}."
    assert ReplyDraft.objects.get(slug="press").title_en == "Journalists come along"


def written(**more: object) -> dict[str, object]:
    return {
        "slug": "a", "title_en": "A", "title_sv": "A", "text_en": "Dear {name}", "text_sv": "Hej {name}", "order": 1,
        "states": ["in_review"], "is_offered": "on",
    } | more  # fmt: skip


def test_staff_write_a_draft_of_their_own(coordinator_client: Client):
    answer = coordinator_client.post(ADD, written())

    assert answer.status_code == 302
    assert ReplyDraft.objects.get().states == ["in_review"]
    assert "{days} – the days of the visit" in coordinator_client.get(ADD).content.decode()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"text_en": "Dear {{ name }}"}, "is not filled in here. Write single braces"),
        ({"text_sv": "Hej %s"}, "“%s” is not filled in here."),
        ({"text_en": "Dear {guest}"}, "“{guest}” is not known, so it would be sent as it stands."),
        ({"text_sv": "Hej {people}"}, "Fill in the same facts in both languages."),
        ({"text_en": "Dear {name}\x07"}, "There are signs in it that cannot be shown."),
        ({"states": ["draft"]}, "Choose among the answers."),
    ],
)
def test_a_draft_that_would_be_sent_wrong_is_refused_with_a_sentence(coordinator_client: Client, typed, told: str):
    answer = coordinator_client.post(ADD, written(**typed))

    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not ReplyDraft.objects.exists()


def test_of_two_who_edit_a_draft_the_second_is_asked(coordinator_client: Client, manager_client: Client):
    draft = a_draft()
    address = reverse("admin:visits_replydraft_change", args=[draft.pk])
    shown = drawn_from(coordinator_client, address)
    same = written(slug=draft.slug, title_en=draft.title_en, title_sv=draft.title_sv, order=100, states=[])
    same |= {"text_en": draft.text_en, "text_sv": draft.text_sv}
    manager_client.post(address, same | drawn_from(manager_client, address) | {"title_en": "Pictures"})

    answer = coordinator_client.post(address, same | shown | {"title_en": "Photos"})

    assert answer.status_code == 409
    assert ReplyDraft.objects.get().title_en == "Pictures"


def test_an_answer_is_the_message_before_it_however_slow_the_machine_was(coordinator: User):
    case = cases.in_review()
    workflow.ask_question(case, text="Who tells it?", by=coordinator, seen=case.version)
    workflow.answer(case, text="Moira does.")
    workflow.answer(case, text="May we film?")
    answered = HistoryEntry.objects.get(request=case, what="answered")
    Comment.objects.filter(text="Moira does.").update(written_at=answered.at - timedelta(seconds=9))
    Comment.objects.filter(text="May we film?").update(written_at=answered.at + timedelta(milliseconds=1))

    facts = {one.comment.text: one.facts for one in replies.said(case, list(case.comments.all()))}

    assert facts["Moira does."] == ("Answered our question, so the turn came back to us",)
