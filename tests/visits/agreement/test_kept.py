"""What somebody has agreed to stays as it is: the database sees to it, and of two at once one is first."""

from __future__ import annotations

from functools import partial

import pytest
from django.db import IntegrityError, connection, models, transaction

from tests.races import at_once, tally
from tests.visits.agreement import cases
from tests.visits.agreement.cases import ANSWERS, OURS, chosen, text_of
from visits import agreement
from visits.agreement import AgreementRefused
from visits.models import Agreement, VisitRequest
from visits.workflow import MoveRefused

REFUSALS = (AgreementRefused, MoveRefused, IntegrityError)
GUARD = next(one for one in Agreement._meta.constraints if one.name == "agreement_text_stays")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [{"content": {"title": "Something else"}}, {"digest": "0" * 64}, {"number": 7}],
    ids=["content", "digest", "number"],
)
@pytest.mark.parametrize("make", [cases.theirs, cases.ours, cases.settled])
def test_a_text_that_somebody_has_agreed_to_is_never_changed(make, change):
    found = text_of(make())

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=found.pk).update(**change)

    kept = Agreement.objects.get(pk=found.pk)
    assert (kept.content, kept.digest, kept.number) == (found.content, found.digest, found.number)


@pytest.mark.django_db
def test_a_text_that_nobody_has_agreed_to_can_be_written():
    found = text_of(cases.drafted())

    Agreement.objects.filter(pk=found.pk).update(content={"title": "Something else"})

    assert Agreement.objects.get(pk=found.pk).content == {"title": "Something else"}


@pytest.mark.django_db(transaction=True)
def test_the_guard_comes_back_when_the_table_is_made_anew():
    found = text_of(cases.theirs())
    note = models.CharField(max_length=10, default="")
    note.set_attributes_from_name("note_for_a_test")
    note.model = Agreement

    with connection.schema_editor() as editor:
        editor.add_field(Agreement, note)
    try:
        with pytest.raises(IntegrityError), transaction.atomic():
            Agreement.objects.filter(pk=found.pk).update(digest="0" * 64)
    finally:
        with connection.schema_editor() as editor:
            editor.remove_field(Agreement, note)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=found.pk).update(digest="0" * 64)


@pytest.mark.django_db(transaction=True)
def test_the_guard_can_be_taken_away_and_put_back():
    found = text_of(cases.theirs())
    with connection.schema_editor() as editor:
        GUARD.remove_sql(Agreement, editor)

    Agreement.objects.filter(pk=found.pk).update(digest="0" * 64)

    with connection.schema_editor() as editor:
        editor.add_constraint(Agreement, GUARD)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=found.pk).update(digest="1" * 64)


@pytest.mark.django_db
def test_there_is_one_current_version():
    found = text_of(cases.theirs())

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(request=found.request, number=2, content={}, digest="x")


# -- At once ---------------------------------------------------------------------------


def windows(visit_request: VisitRequest, count: int) -> list[VisitRequest]:
    return [VisitRequest.objects.select_related("coordinator").get(pk=visit_request.pk) for _ in range(count)]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_both_sides_who_agree_at_once_have_both_agreed_and_are_told_once():
    visit_request = cases.whole()
    digest = text_of(visit_request).digest
    us, them = windows(visit_request, 2), windows(visit_request, 2)
    deeds = [partial(agreement.agree_for_us, one, by=one.coordinator, seen=digest) for one in us]
    deeds += [partial(agreement.agree_for_guests, one, seen=digest) for one in them]

    outcomes = at_once(deeds)

    assert tally(outcomes) == {"done": 4}
    assert agreement.is_settled(visit_request)
    assert visit_request.mails.filter(kind="agreement_settled").count() == 1
    assert visit_request.history.filter(what__startswith="agreed_for").count() == 2


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_guests_who_agree_while_we_rewrite_nobody_agrees_to_a_text_they_have_not_read():
    for number in range(6):
        visit_request = cases.whole()
        found = text_of(visit_request)
        theirs, ours = windows(visit_request, 2)
        answers = {**OURS, "test": f"Another test, {number}."}

        at_once(
            [
                partial(agreement.agree_for_guests, theirs, seen=found.digest),
                partial(
                    agreement.write_ours, ours, answers=answers, contacts=chosen(found),
                    by=ours.coordinator, seen=found.digest,
                ),
            ],
            REFUSALS,
        )  # fmt: skip

        agreed = Agreement.objects.filter(request=visit_request, guests_at__isnull=False)
        assert {row.digest for row in agreed} <= {found.digest}
        assert text_of(visit_request).content["wants"]["test"]["ours"] == f"Another test, {number}."
        assert text_of(visit_request).guests_at is None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_one_is_kept_and_the_other_told():
    visit_request = cases.theirs()
    digest = text_of(visit_request).digest
    deeds = [
        partial(agreement.change_answers, one, answers={**ANSWERS, "aim": f"Aim {number}."}, seen=digest)
        for number, one in enumerate(windows(visit_request, 4))
    ]

    outcomes = at_once(deeds, REFUSALS)

    assert tally(outcomes) == {"done": 1, "AgreementRefused": 3}
    assert visit_request.agreements.count() == 2
