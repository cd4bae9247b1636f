"""Things to notice on the desk: who reads them where, what is pressed, and what stays as it was."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from tests.conftest import drawn_from
from tests.factories import DraftFactory, FacilitatorFactory, VisitFactory, VisitRequestFactory
from visits import noticing
from visits.admin.pages import tab_url
from visits.choices import FlagKind, RequestState
from visits.models import Flag, TriageWeight, User, VisitRequest

pytestmark = pytest.mark.django_db
S, K = RequestState, FlagKind


def press(client: Client, case: VisitRequest, deed: str, **typed: Any) -> Any:
    return client.post(
        reverse("admin:visits_visitrequest_deed", args=[case.pk, deed]), {"seen": case.version, **typed}, follow=True
    )


def flagged(kind: str = K.PRESS, **fields: Any) -> Flag:
    case = VisitRequestFactory(state=S.IN_REVIEW, **fields)
    return Flag.objects.create(request=case, kind=kind, detail={"quote": "a film crew", "how": "nothing"})


def twice() -> tuple[VisitRequest, VisitRequest]:
    same = {"organisation_name": "Rotterhaven Hospital"}
    first = VisitRequestFactory(contact_email="l@rotterhaven.example.org", **same)
    second = VisitRequestFactory(
        contact_email="t@rotterhaven.example.org", organisation=first.organisation, group_size=12, **same
    )
    noticing.notice([first.pk, second.pk], at=timezone.now())
    return first, second


def names(response: Any) -> list[str]:
    return [row.case.organisation_name for row in response.context["page"].rows]


# -- The queue ---------------------------------------------------------------------------


def test_each_row_tells_what_is_to_be_noticed_about_it(coordinator_client: Client) -> None:
    flag = flagged()
    VisitRequestFactory()

    page = coordinator_client.get("/admin/").content.decode()

    assert page.count("May be press: “a film crew”.") == 1
    assert page.count('class="dk-fl') == 1
    assert f"To notice about {flag.request.organisation_name}" in page


def test_the_queue_is_filtered_by_what_is_to_be_noticed(coordinator_client: Client) -> None:
    flagged(organisation_name="Press")
    flagged(K.NOTHING, organisation_name="Nothing")
    VisitRequestFactory(organisation_name="Quiet")

    response = coordinator_client.get("/admin/?notice=1")

    assert sorted(names(response)) == ["Nothing", "Press"]
    assert response.context["counts"].to_notice == 2
    assert names(coordinator_client.get("/admin/?flag=nothing")) == ["Nothing"]
    assert len(names(coordinator_client.get("/admin/"))) == 3


def test_what_was_dismissed_is_not_told_or_found(coordinator_client: Client, coordinator: User) -> None:
    noticing.dismiss(flagged(), why="They are nurses.", by=coordinator)

    assert names(coordinator_client.get("/admin/?notice=1")) == []
    assert "film crew" not in coordinator_client.get("/admin/").content.decode()


@pytest.mark.parametrize("typed", ["x", "2", "’ OR 1=1", "<b>", "press " * 400, "ﬁ", "-1"])
def test_a_filter_that_makes_no_sense_shows_everything(coordinator_client: Client, typed: str) -> None:
    VisitRequestFactory()

    response = coordinator_client.get("/admin/", {"flag": typed, "notice": typed})

    assert (response.status_code, len(names(response))) == (200, 1)


def test_flags_cost_no_query_of_their_own_in_the_queue(coordinator_client: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as found:
            assert coordinator_client.get("/admin/?pick=0").status_code == 200
        return len(found)

    flagged()
    one = cost()
    flagged(K.NOTHING)
    Flag.objects.create(request=flagged().request, kind=K.MINORS, detail={"quote": "pupils"})

    assert cost() == one <= 12


def test_the_preview_sets_two_that_look_like_one_beside_each_other(coordinator_client: Client) -> None:
    first, second = twice()

    page = coordinator_client.get(f"/admin/?pick={second.pk}").content.decode()

    assert "The same visit twice?" in page
    assert "Six of eight are the same." in page
    assert f"{first.reference} goes on, {second.reference} is put into it" in page


def test_who_has_sent_it_is_no_day_in_swedish(coordinator_client: Client, coordinator: User) -> None:
    _first, second = twice()
    User.objects.filter(pk=coordinator.pk).update(language="sv")

    with translation.override("sv"):
        lines = noticing.comparison(_first, second).lines

    assert [line.name for line in lines].count("Av") == 1
    assert "Senast" not in [line.name for line in lines]


NAMED = {
    "organisation": "Organisation", "person": "By", "domain": "E-mail", "days": "Wish", "subject": "Learn",
    "words": "In their own words", "size": "People",
}  # fmt: skip


@pytest.mark.parametrize(("changes", "nearly"), [
    ({"group_size": 4}, ["near_size"]),
    ({"group_size": 6}, []),
    ({"group_size": 12, "contact_name": "Liesbeth Vermeer"}, []),
    ({"group_size": 6, "aim": "Something else altogether, about falls."}, []),
    ({"organisation_name": "Rotterhaven Hospital Trust of Care"}, []),
    ({"days_later": 3}, ["near_days"]),
])  # fmt: skip
def test_the_flag_and_the_table_beside_it_call_the_same_alike(changes: dict[str, Any], nearly: list[str]) -> None:
    first = VisitRequestFactory(organisation_name="Rotterhaven Hospital", contact_email="l@rotterhaven.example.org")
    later = timedelta(days=changes.get("days_later", 0))
    given = {"organisation_name": "Rotterhaven Hospital", "organisation": first.organisation} | changes
    given.pop("days_later", None)
    second = VisitRequestFactory(
        contact_email="t@rotterhaven.example.org", wishes=[first.first_wished_day + later], **given
    )
    noticing.notice([first.pk, second.pk], at=timezone.now())

    flag = Flag.objects.get(request=second, kind=K.DUPLICATE)
    ticked = {line.name for line in noticing.comparison(second, first).lines if line.is_same} - {"Sent"}

    told = set(flag.detail["alike"])
    assert {NAMED[name] for name in told if name in NAMED} == ticked
    assert sorted(told - set(NAMED)) == nearly


# -- Beside the decision -----------------------------------------------------------------


@pytest.mark.parametrize("tab", ["request", "plan"])
def test_the_request_page_tells_it_with_a_way_to_say_not_so(coordinator_client: Client, tab: str) -> None:
    page = coordinator_client.get(tab_url(flagged().request, tab)).content.decode()

    assert "May be press: “a film crew”." in page
    assert "Why not?" in page


def test_not_so_is_said_with_a_word_why_and_taken_back(coordinator_client: Client, coordinator: User) -> None:
    flag = flagged()

    page = press(coordinator_client, flag.request, "not_so", flag=flag.pk, why="They are nurses.").content.decode()

    flag.refresh_from_db()
    assert (flag.dismissed_by, flag.dismissed_why) == (coordinator, "They are nurses.")
    assert "1 thing that is not so" in page
    press(coordinator_client, flag.request, "notice_again", flag=flag.pk)
    flag.refresh_from_db()
    assert (flag.dismissed_at, flag.dismissed_by, flag.dismissed_why) == (None, None, "")
    assert [entry.what for entry in flag.request.history.all()] == ["flag_raised_again", "flag_dismissed"]


def test_the_history_says_it(coordinator_client: Client, coordinator: User) -> None:
    flag = flagged()
    press(coordinator_client, flag.request, "not_so", flag=flag.pk, why="They are nurses.")

    page = coordinator_client.get(tab_url(flag.request, "history")).content.decode()

    assert f"{coordinator} said “not so” to: Press" in page
    assert "“They are nurses.”" in page


def test_said_twice_it_is_said_once(coordinator_client: Client) -> None:
    flag = flagged()

    for _time in range(2):
        press(coordinator_client, flag.request, "not_so", flag=flag.pk, why="They are nurses.")

    assert flag.request.history.count() == 1


def test_without_a_word_why_nothing_is_dismissed_and_the_box_stays_open(coordinator_client: Client) -> None:
    flag = flagged()

    response = press(coordinator_client, flag.request, "not_so", flag=flag.pk, why=" ")

    flag.refresh_from_db()
    assert (response.status_code, flag.dismissed_at) == (422, None)
    assert "Say in a word why not." in response.content.decode()
    assert "<details open>" in response.content.decode()


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", ""])
@pytest.mark.parametrize("deed", ["not_so", "notice_again", "they_are_two"])
def test_a_flag_that_is_not_there_is_an_old_page(coordinator_client: Client, deed: str, number: str) -> None:
    case = flagged().request

    response = press(coordinator_client, case, deed, flag=number, why="No.")

    assert response.status_code == 422
    assert "This page is old." in response.content.decode()


def test_a_flag_of_another_request_is_not_dismissed_from_here(coordinator_client: Client) -> None:
    flag, other = flagged(), VisitRequestFactory()

    response = press(coordinator_client, other, "not_so", flag=flag.pk, why="No.")

    flag.refresh_from_db()
    assert (response.status_code, flag.dismissed_at) == (422, None)


# -- Doubles -----------------------------------------------------------------------------


def test_they_are_two_is_said_for_both(coordinator_client: Client) -> None:
    first, second = twice()

    press(coordinator_client, second, "they_are_two", flag=second.flags.get().pk)

    assert not Flag.objects.open().exists()
    assert [case.history.get().what for case in (first, second)] == ["are_two", "are_two"]
    noticing.notice([first.pk], at=timezone.now())
    assert not Flag.objects.open().exists()


def test_taken_back_both_are_asked_about_again(coordinator_client: Client) -> None:
    first, second = twice()
    flag = second.flags.get()
    press(coordinator_client, second, "they_are_two", flag=flag.pk)

    press(coordinator_client, second, "notice_again", flag=flag.pk)

    assert set(Flag.objects.open().values_list("request", flat=True)) == {first.pk, second.pk}


def test_two_are_put_together_and_the_history_of_both_is_read_in_one(
    coordinator_client: Client, coordinator: User
) -> None:
    first, second = twice()
    press_flag = Flag.objects.create(request=second, kind=K.PRESS, detail={"quote": "a film crew"})
    noticing.dismiss(press_flag, why="They are nurses.", by=coordinator)

    page = press(coordinator_client, first, "put_together", other=second.pk, seen_other=second.version).content.decode()

    assert f"Put together: {first.reference} goes on" in page
    assert "has been put into this request" in page
    lines = coordinator_client.get(tab_url(first, "history")).content.decode()
    assert f"{coordinator} put {second.reference} into this request" in lines
    assert f'<span class="tag num">{second.reference}</span> {coordinator} said “not so”' in lines
    absorbed = coordinator_client.get(tab_url(second, "request")).content.decode()
    assert f"Done: goes on in {first.reference}" in absorbed
    assert "Put into another" in coordinator_client.get("/admin/?turn=done").content.decode()


def test_from_an_old_comparison_nothing_is_put_together(coordinator_client: Client) -> None:
    first, second = twice()
    VisitRequest.objects.filter(pk=second.pk).update(version=2)

    response = press(coordinator_client, first, "put_together", other=second.pk, seen_other=1)

    assert response.status_code == 409
    assert not VisitRequest.objects.exclude(absorbed_into=None).exists()


@pytest.mark.parametrize("other", ["0", "x", "99999999999999999999", "draft", "itself"])
def test_what_is_no_other_request_is_refused(coordinator_client: Client, other: str) -> None:
    case = VisitRequestFactory(state=S.IN_REVIEW)
    typed = {"draft": DraftFactory().pk, "itself": case.pk}.get(other, other)

    response = press(coordinator_client, case, "put_together", other=typed, seen_other=1)

    case.refresh_from_db()
    assert response.status_code in (409, 422)
    assert (case.state, case.version) == (S.IN_REVIEW, 1)


def test_neither_strangers_nor_facilitators_say_anything(client: Client, facilitator_client: Client) -> None:
    flag = flagged()

    for deed in ("not_so", "notice_again", "they_are_two", "put_together"):
        address = reverse("admin:visits_visitrequest_deed", args=[flag.request.pk, deed])
        assert client.post(address, {"seen": 1, "flag": flag.pk, "why": "No."}).status_code == 302
        assert facilitator_client.post(address, {"seen": 1, "flag": flag.pk, "why": "No."}).status_code == 403

    flag.refresh_from_db()
    assert (flag.dismissed_at, flag.request.history.count()) == (None, 0)


# -- Foresight and the aid ---------------------------------------------------------------


def test_the_request_page_says_what_a_yes_takes_and_explains_every_point(coordinator_client: Client) -> None:
    FacilitatorFactory()
    VisitRequestFactory(organisation_name="Lakeside")

    page = coordinator_client.get(tab_url(VisitRequestFactory(), "request")).content.decode()

    assert "It takes 8 hours of our facilitators, and week " in page
    assert "Lakeside wishes for the same week." in page
    assert "Triage aid: " in page
    assert page.count("Not said yet: how long it takes, who tells it.") == 1


def test_a_request_that_is_decided_has_no_foresight(coordinator_client: Client) -> None:
    page = coordinator_client.get(tab_url(VisitRequestFactory(state=S.CONFIRMED), "request")).content.decode()

    assert "If we say yes" not in page
    assert "Triage aid" not in page


def test_the_page_of_a_proposal_says_what_is_left_of_the_week(coordinator_client: Client) -> None:
    FacilitatorFactory()
    visit = VisitFactory()

    page = coordinator_client.get(
        reverse("admin:visits_visitrequest_propose", args=[visit.request.pk])
    ).content.decode()

    assert "Facilitator hours free" in page


def test_the_request_page_asks_the_database_as_often_for_one_as_for_many(coordinator_client: Client) -> None:
    def cost(case: VisitRequest) -> int:
        with CaptureQueriesContext(connection) as found:
            assert coordinator_client.get(tab_url(case, "request")).status_code == 200
        return len(found)

    case = flagged().request
    cost(case)  # the first look at it is written down
    one = cost(case)
    for kind in (K.NOTHING, K.SPAM, K.MINORS):
        Flag.objects.create(request=case, kind=kind, detail={"quote": "x", "how": "nothing", "why": "words"})
    for back in (1, 2):
        before = VisitRequestFactory(state=S.COMPLETED, organisation=case.organisation)
        VisitFactory(request=before, first_day=date.today() - timedelta(days=365 * back))

    assert cost(case) == one <= 28


def test_managers_change_the_weights_and_coordinators_do_not(
    manager_client: Client, coordinator_client: Client
) -> None:
    weight = TriageWeight.objects.get(criterion="fit")
    address = reverse("admin:visits_triageweight_change", args=[weight.pk])

    assert coordinator_client.post(address, {"points": 5}).status_code == 403
    drawn = drawn_from(manager_client, address)
    assert manager_client.post(address, {"points": 101} | drawn).status_code == 200
    weight.refresh_from_db()
    assert weight.points == 30
    assert manager_client.post(address, {"points": 40} | drawn).status_code == 302

    weight.refresh_from_db()
    assert weight.points == 40
    assert "of 110" in manager_client.get(tab_url(VisitRequestFactory(), "request")).content.decode()
