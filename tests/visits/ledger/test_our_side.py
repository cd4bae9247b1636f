"""Our side: facilitators among their own pages, staff at the desk."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.conftest import signed_in
from tests.factories import CoordinatorFactory, FacilitatorFactory, UserFactory
from tests.visits.ledger.scene import DUE, LAST_DAY, guests_share, host_of, noon, person, visit_over, we_say, we_share
from visits.admin import afterwards
from visits.choices import PointState, RequestState, Side
from visits.models import LedgerEntry, LedgerPoint, LookBack, Visit

pytestmark = pytest.mark.django_db


def own(name: str, visit: Visit, *more: object) -> str:
    return reverse(f"visits:{name}", args=[visit.request.reference, *more])


def desk(name: str, visit: Visit, *more: object) -> str:
    return reverse(f"admin:visits_visitrequest_{name}", args=[visit.request_id, *more])


# -- Facilitators ----------------------------------------------------------------------


def test_who_led_writes_three_lines_and_the_guests_read_them(visit):
    moira = person(visit, "Moira Reid")
    client = signed_in(host_of(visit).user)

    page = client.get(own("our_look_back", visit)).content.decode()
    answer = client.post(own("our_look_back", visit), we_say(told_by=[str(moira.pk)]))

    assert "Moira Reid" in page
    assert "They have not shared theirs yet." in page
    assert (answer.status_code, answer["Location"]) == (302, own("our_ledger", visit))
    found = LedgerEntry.objects.get(learner=Side.OURS)
    assert (found.tries, found.helped_by[0]["name"]) == ("One ward phones five patients", "Moira Reid")
    assert visit.request.history.get().what == "we_looked_back"


def test_who_led_reads_what_the_guests_take_home(visit):
    guests_share(visit)

    page = signed_in(host_of(visit).user).get(own("our_look_back", visit)).content.decode()

    assert "They followed one person home." in page
    assert "You thank one another." in page


def test_three_lines_can_wait(visit):
    client = signed_in(host_of(visit).user)

    saved = client.post(own("our_look_back", visit), {"tries": "A small thing", "save": "later"})

    assert saved.status_code == 302
    assert LookBack.objects.get().shared_at is None
    assert "A small thing" in client.get(own("our_look_back", visit)).content.decode()
    assert not LedgerEntry.objects.exists()


def test_nothing_to_take_home_is_asked_for(visit):
    answer = signed_in(host_of(visit).user).post(own("our_look_back", visit), we_say(takes_home=""))

    assert answer.status_code == 422
    assert "Write one thing that you take home." in answer.content.decode()
    assert "One ward phones five patients" in answer.content.decode()
    assert not LookBack.objects.exists()


def test_what_one_of_us_has_shared_stays(visit):
    we_share(visit)
    client = signed_in(host_of(visit).user)

    late = client.post(own("our_look_back", visit), we_say(takes_home="Another thing"))

    assert late.status_code == 409
    assert "Another thing" in late.content.decode()
    assert LookBack.objects.get().takes_home == we_say()["takes_home"]
    assert "<textarea" not in client.get(own("our_look_back", visit)).content.decode()


@pytest.mark.parametrize("name", ["our_look_back", "our_ledger"])
def test_only_who_met_the_guests_comes_in(visit, name):
    stranger, nobody = FacilitatorFactory().user, UserFactory()

    assert signed_in(stranger).get(own(name, visit)).status_code == 404
    assert signed_in(nobody).get(own(name, visit)).status_code == 403
    assert Client().get(own(name, visit)).status_code == 302
    assert signed_in(host_of(visit).user).get(own(name, visit)).status_code == 200


def test_before_the_visit_is_over_there_is_nothing_to_look_back_on(visit):
    type(visit.request).objects.update(state=RequestState.CONFIRMED)

    answer = signed_in(host_of(visit).user).get(own("our_look_back", visit))

    assert (answer.status_code, answer["Location"]) == (302, reverse("visits:schedule"))


def test_one_of_us_answers_for_what_they_try_themselves_and_for_nothing_else(visit, time_machine):
    guests_share(visit)
    we_share(visit)
    other = visit_over(LAST_DAY)
    we_share(other)
    time_machine.move_to(noon(DUE), tick=False)
    client = signed_in(host_of(visit).user)
    mine = LedgerPoint.objects.get(months=3, entry__visit=visit, entry__learner=Side.OURS)
    theirs = LedgerPoint.objects.get(months=3, entry__visit=visit, entry__learner=Side.GUESTS)
    elsewhere = LedgerPoint.objects.get(months=3, entry__visit=other)

    page = client.get(own("our_ledger", visit)).content.decode()
    answers = [
        client.post(own("our_ledger_answer", visit, one.pk), {"state": "going_on", "words": "Eleven calls."})
        for one in (mine, theirs, elsewhere)
    ]

    assert page.count("Where does it stand?") == 1
    assert [answer.status_code for answer in answers] == [302, 404, 404]
    assert list(LedgerPoint.objects.exclude(state="later").values_list("pk", "answered_by")) == [
        (mine.pk, "Fatima Hosseini")
    ]


def test_the_briefing_of_a_visit_that_is_over_leads_to_the_look_back(visit):
    ask = visit.sessions.first().asks.first()
    client = signed_in(ask.facilitator.user)

    assert own("our_look_back", visit) in client.get(reverse("visits:briefing", args=[ask.pk])).content.decode()
    type(visit.request).objects.update(state=RequestState.CONFIRMED)
    assert own("our_look_back", visit) not in client.get(reverse("visits:briefing", args=[ask.pk])).content.decode()


# -- The desk --------------------------------------------------------------------------


def test_the_desk_reads_both_sides_and_who_has_not_answered(visit):
    guests_share(visit)

    page = signed_in(visit.request.coordinator).get(desk("afterwards", visit)).content.decode()

    assert "You thank one another." in page
    silent = page.split('id="silent"')[1].split("</section>")[0]
    assert "Fatima Hosseini" in silent
    assert "Maja Lindqvist" in silent
    assert "Aileen Munro" not in silent


def test_the_tab_comes_when_the_visit_is_over(visit):
    client = signed_in(visit.request.coordinator)
    over = client.get(desk("history", visit)).content.decode()
    type(visit.request).objects.update(state=RequestState.CONFIRMED)

    assert desk("afterwards", visit) in over
    assert desk("afterwards", visit) not in client.get(desk("history", visit)).content.decode()
    assert "Both sides look back when the visit is over." in client.get(desk("afterwards", visit)).content.decode()


def test_the_coordinator_writes_theirs_at_the_desk(visit):
    client = signed_in(visit.request.coordinator)

    page = client.get(desk("look_back", visit))
    answer = client.post(desk("look_back", visit), we_say(takes_home="Who owns it today?"))

    assert page.status_code == 200
    assert "Error" not in page.content.decode()
    assert (answer.status_code, answer["Location"]) == (302, desk("afterwards", visit))
    assert LookBack.objects.get().author_name == "Maja Lindqvist"


def test_a_colleague_who_did_not_meet_the_guests_has_nothing_to_write(visit):
    client = signed_in(CoordinatorFactory())

    assert client.get(desk("look_back", visit)).status_code == 404
    assert client.post(desk("look_back", visit), we_say()).status_code == 404
    assert client.get(desk("afterwards", visit)).status_code == 200
    assert not LookBack.objects.exists()


def test_an_empty_look_back_at_the_desk_is_told_what_it_lacks(visit):
    answer = signed_in(visit.request.coordinator).post(desk("look_back", visit), {"tries": "Something"})

    assert answer.status_code == 422
    assert "Write one thing that you take home." in answer.content.decode()
    assert not LookBack.objects.exists()


def test_the_desk_answers_for_what_we_try_and_not_for_the_guests(visit, time_machine):
    guests_share(visit)
    we_share(visit)
    time_machine.move_to(noon(DUE), tick=False)
    client = signed_in(visit.request.coordinator)
    ours = LedgerPoint.objects.get(months=3, entry__learner=Side.OURS)
    theirs = LedgerPoint.objects.get(months=3, entry__learner=Side.GUESTS)

    empty = client.post(desk("follow_up", visit, ours.pk), {"words": "Eleven calls."})
    answered = client.post(desk("follow_up", visit, ours.pk), {"state": "going_on", "words": "Eleven calls."})
    refused = client.post(desk("follow_up", visit, theirs.pk), {"state": "stopped"})

    assert (empty.status_code, answered.status_code, refused.status_code) == (422, 302, 404)
    assert "Eleven calls." in empty.content.decode()
    ours.refresh_from_db()
    assert (ours.state, ours.answered_by) == (PointState.GOING_ON, "Maja Lindqvist")
    assert LedgerPoint.objects.get(pk=theirs.pk).state == PointState.LATER


def test_what_a_colleague_has_answered_meanwhile_is_shown_and_not_written_over(visit, time_machine):
    we_share(visit)
    time_machine.move_to(noon(DUE), tick=False)
    client = signed_in(visit.request.coordinator)
    ours = LedgerPoint.objects.get(months=3, entry__learner=Side.OURS)
    karin = signed_in(CoordinatorFactory(first_name="Karin", last_name="Ahlgren"))
    karin.post(desk("follow_up", visit, ours.pk), {"state": "spreads", "words": "Two wards.", "seen_at": ""})

    refused = client.post(desk("follow_up", visit, ours.pk), {"state": "stopped", "words": "Mine.", "seen_at": ""})

    page = refused.content.decode()
    ours.refresh_from_db()
    assert (refused.status_code, ours.words) == (409, "Two wards.")
    assert "Karin Ahlgren has answered this since you opened the page: “Spreads; Two wards.”" in page
    assert "What you wrote: “Mine.”" in page


def test_too_late_an_answer_at_the_desk_is_refused(visit, time_machine):
    we_share(visit)
    ours = LedgerPoint.objects.get(months=3)
    time_machine.move_to(noon(DUE + timedelta(days=60)), tick=False)

    answer = signed_in(visit.request.coordinator).post(desk("follow_up", visit, ours.pk), {"state": "going_on"})

    assert answer.status_code == 409
    assert LedgerPoint.objects.get(months=3).state == PointState.LATER


def test_facilitators_and_guests_do_not_come_to_the_desk(visit):
    assert signed_in(host_of(visit).user).get(desk("afterwards", visit)).status_code in {302, 403}
    assert Client().get(desk("afterwards", visit)).status_code == 302


def test_the_list_of_the_silent_holds_who_is_still_asked(visit, time_machine):
    guests_share(visit)
    list_page = reverse("admin:visits_lookback_changelist")
    client = signed_in(visit.request.coordinator)

    first = client.get(list_page).content.decode()
    later = afterwards.silent_visits(LAST_DAY + timedelta(days=31))
    due = afterwards.silent_visits(DUE)

    assert "Fatima Hosseini, Maja Lindqvist" in first
    assert later == []
    assert [(one.look_backs, one.follow_ups) for one in due] == [([], ["Aileen Munro"])]


@pytest.mark.parametrize("name", ["tab", "list"])
def test_the_desk_asks_the_database_the_same_for_one_and_for_three(visit, name):
    client = signed_in(visit.request.coordinator)
    there = desk("afterwards", visit) if name == "tab" else reverse("admin:visits_lookback_changelist")
    guests_share(visit)
    we_share(visit)

    def queries() -> int:
        client.get(there)
        with CaptureQueriesContext(connection) as captured:
            client.get(there)
        return len(captured)

    one = queries()
    for _more in range(2):
        if name == "list":
            guests_share(visit_over(LAST_DAY))
        else:
            look_back = LookBack.objects.create(
                visit=visit, side=Side.OURS, user=UserFactory(), author_name="One more", shared_at=noon(LAST_DAY)
            )
            number = LedgerEntry.objects.filter(learner=Side.OURS).count() + 1
            LedgerEntry.objects.create(
                visit=visit, look_back=look_back, learner=Side.OURS, number=number, words="w", tries="t"
            )

    assert queries() == one
