"""From a draft to a request that has reached us."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from tests.factories import DraftFactory, VisitRequestFactory
from visits import access, rules, workflow
from visits.choices import LinkPurpose, RequestState
from visits.models import AccessLink, Message, Organisation, Visitor

pytestmark = pytest.mark.django_db


def test_sending_counts_from_the_day_it_is_in_stockholm():
    with time_machine.travel(datetime(2026, 11, 22, 23, 30, tzinfo=rules.STOCKHOLM), tick=False):
        visit_request = DraftFactory(wishes=[date(2027, 2, 22)])
        workflow.send(visit_request)
    with time_machine.travel(datetime(2026, 11, 23, 0, 30, tzinfo=rules.STOCKHOLM), tick=False):
        late = DraftFactory(wishes=[date(2027, 2, 22)])
        with pytest.raises(workflow.MoveRefused, match="23 February 2027"):
            workflow.send(late)

    assert visit_request.submitted_on == date(2026, 11, 22)
    late.refresh_from_db()
    assert late.state == RequestState.DRAFT


def test_sending_twice_sends_one_mail():
    visit_request = DraftFactory()
    workflow.send(visit_request)

    with pytest.raises(workflow.MoveRefused):
        workflow.send(visit_request)

    assert Message.objects.filter(kind="verify").count() == 1


def test_one_wish_too_soon_keeps_the_whole_request_back():
    earliest = rules.earliest_first_day(timezone.localdate())
    visit_request = DraftFactory(wishes=[earliest, earliest - timedelta(days=1)])

    with pytest.raises(workflow.MoveRefused, match="Choose a day from"):
        workflow.send(visit_request)

    assert not Message.objects.exists()


def test_a_verified_request_has_its_number_its_organisation_and_its_visitor():
    first, second = DraftFactory(contact_email="Ada@Example.org"), DraftFactory(contact_email="ada@example.org")
    for visit_request in (first, second):
        workflow.send(visit_request)
        workflow.verify(visit_request)

    year = timezone.localdate().year
    assert [first.reference, second.reference] == [rules.reference(year, 1), rules.reference(year, 2)]
    assert first.visitor == second.visitor
    assert second.visitor.email == "ada@example.org"
    assert (Visitor.objects.count(), Organisation.objects.count()) == (1, 2)


def test_the_same_organisation_is_known_by_name_and_country():
    for country in ("GB", "GB", "IE"):
        visit_request = DraftFactory(organisation_name="Tayford", country=country)
        workflow.send(visit_request)
        workflow.verify(visit_request)

    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("again", ["Åre Närhälsan", "ÅRE NÄRHÄLSAN", "åre närhälsan"])
def test_an_organisation_that_is_written_in_other_letters_is_never_an_error(again):
    for name in ("Åre Närhälsan", again):
        visit_request = DraftFactory(organisation_name=name, country="SE")
        workflow.send(visit_request)
        workflow.verify(visit_request)

    assert visit_request.organisation is not None
    assert Organisation.objects.count() in (1, 2)


def test_verifying_twice_changes_nothing():
    visit_request = DraftFactory()
    workflow.send(visit_request)
    workflow.verify(visit_request)
    before = (visit_request.version, visit_request.reference)

    workflow.verify(visit_request)

    visit_request.refresh_from_db()
    assert (visit_request.version, visit_request.reference) == before
    assert Message.objects.filter(kind="received").count() == 1


def test_changing_the_address_closes_the_old_mails_link():
    visit_request = DraftFactory()
    workflow.send(visit_request)

    workflow.change_address(visit_request)

    visit_request.refresh_from_db()
    assert visit_request.state == RequestState.DRAFT
    assert not AccessLink.objects.usable(timezone.now()).filter(purpose=LinkPurpose.VERIFY).exists()
    workflow.send(visit_request)
    assert Message.objects.filter(kind="verify").count() == 2


def test_a_secret_is_not_stored_and_opens_one_thing():
    visit_request = VisitRequestFactory()
    link = access.standing_link(LinkPurpose.VISIT, request=visit_request)
    secret = access.token(link)

    assert secret not in str(list(AccessLink.objects.values()))
    assert access.find(LinkPurpose.VISIT, secret) == link
    assert access.find(LinkPurpose.DRAFT, secret) is None


@pytest.mark.parametrize("spoil", [str.upper, lambda s: s + "=", lambda s: s + ".", lambda s: s + ">"])
def test_what_mail_programs_do_to_an_address_is_forgiven(spoil):
    link = access.standing_link(LinkPurpose.VISIT, request=VisitRequestFactory())

    assert access.find(LinkPurpose.VISIT, spoil(access.token(link))) == link


@pytest.mark.parametrize("typed", ["", "abc", "a" * 43, "å" * 43, "\0" * 43, "x" * 5000])
def test_a_wrong_secret_opens_nothing(typed):
    access.standing_link(LinkPurpose.VISIT, request=VisitRequestFactory())

    assert access.find(LinkPurpose.VISIT, typed) is None


def test_a_new_key_leaves_old_addresses_open_and_new_mails_with_one_that_works(settings):
    visit_request = VisitRequestFactory()
    old = access.standing_link(LinkPurpose.VISIT, request=visit_request)
    mailed = access.token(old)
    former = settings.SECRET_KEY

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another long and random key", [former]
    assert access.token(access.standing_link(LinkPurpose.VISIT, request=visit_request)) == mailed

    settings.SECRET_KEY_FALLBACKS = []
    fresh = access.standing_link(LinkPurpose.VISIT, request=visit_request)
    assert fresh != old
    assert access.find(LinkPurpose.VISIT, access.token(fresh)) == fresh
    assert access.find(LinkPurpose.VISIT, mailed) == old
