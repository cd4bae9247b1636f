from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programmes.models import Area
from tests.factories import (
    DraftFactory,
    FacilitatorFactory,
    RoomFactory,
    UserFactory,
    VisitFactory,
    VisitRequestFactory,
    at,
    wished_day,
)
from tests.visits.memory.scene import promised
from visits import changing, drafts, memory, noticing, planning, rounds, workflow
from visits.choices import BookingKind, FlagKind, RequestState, Side
from visits.models import Booking, Flag, LedgerEntry, LedgerPoint, LookBack, Noticed, VisitRequest
from visits.noticing import looking

pytestmark = pytest.mark.django_db
S, K = RequestState, FlagKind


def look(*cases: VisitRequest) -> int:
    return noticing.notice([case.pk for case in cases], at=timezone.now())


def open_flags(case: VisitRequest) -> list[tuple[str, str]]:
    """What is told of a request, but for doubles: the factories make requests that are alike."""
    return list(case.flags.open().exclude(kind=K.DUPLICATE).order_by("kind").values_list("kind", "about"))


def doubles(case: VisitRequest) -> list[str]:
    return list(case.flags.open().filter(kind=K.DUPLICATE).values_list("about", flat=True))


def pair(**other: Any) -> tuple[VisitRequest, VisitRequest]:
    """Two requests for the same day from one organisation."""
    first = VisitRequestFactory(organisation_name="Rotterhaven", contact_email="l@rotterhaven.example.org")
    other = {"organisation_name": "Rotterhaven", "organisation": first.organisation,
             "contact_email": "t@rotterhaven.example.org"} | other  # fmt: skip
    return first, VisitRequestFactory(**other)


def test_a_request_that_reaches_us_is_looked_at_when_it_is_kept(
    django_capture_on_commit_callbacks: Any,
) -> None:
    draft = DraftFactory(brings="Nothing yet")
    workflow.send(draft)

    with django_capture_on_commit_callbacks(execute=True):
        workflow.verify(draft)

    assert open_flags(draft) == [(K.NOTHING, "")]
    assert Noticed.objects.get().version == draft.version


def test_what_goes_wrong_while_looking_never_makes_sending_fail(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    draft = DraftFactory(brings="Nothing yet")
    workflow.send(draft)

    def broken(*_args: Any, **_options: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(looking, "notice", broken)
    with django_capture_on_commit_callbacks(execute=True):
        workflow.verify(draft)

    draft.refresh_from_db()
    assert (draft.state, Flag.objects.count()) == (S.SUBMITTED, 0)
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.undo()
    assert rounds.sweep(timezone.now())
    assert open_flags(draft) == [(K.NOTHING, "")]


def test_looking_at_one_costs_as_many_queries_as_at_five(django_assert_num_queries: Any) -> None:
    RoomFactory()
    FacilitatorFactory()
    cases = [VisitRequestFactory(brings="Nothing yet", aim="We are 30 nurses.") for _ in range(6)]

    with CaptureQueriesContext(connection) as alone:
        look(cases[0])
    with CaptureQueriesContext(connection) as five:
        look(*cases[1:])

    assert len(five) <= len(alone) + 1 <= 16


def test_looking_again_changes_nothing() -> None:
    first, second = pair(brings="Nothing yet")

    assert look(first, second) == 3
    before = list(Flag.objects.values())
    assert look(first, second) == 0
    assert list(Flag.objects.values()) == before


def test_of_two_that_look_like_one_both_are_told_whichever_is_looked_at() -> None:
    first, second = pair()

    look(second)

    assert (doubles(first), doubles(second)) == ([str(second.pk)], [str(first.pk)])
    assert first.flags.get().detail["reference"] == second.reference


def test_what_is_no_longer_so_goes() -> None:
    first, second = pair(brings="Nothing yet")
    look(first, second)

    VisitRequest.objects.filter(pk=second.pk).update(state=S.WITHDRAWN, version=2)
    rounds.sweep(timezone.now())

    assert (open_flags(second), doubles(first), doubles(second)) == ([], [], [])
    assert list(Noticed.objects.values_list("request", flat=True)) == [first.pk]


def test_what_was_said_not_so_is_not_raised_again() -> None:
    case = VisitRequestFactory(brings="Nothing yet")
    look(case)
    noticing.dismiss(case.flags.get(), why="They told us by phone.", by=UserFactory())

    assert look(case) == 0
    assert open_flags(case) == []


def test_the_guests_change_what_they_write_and_the_flag_goes(django_capture_on_commit_callbacks: Any) -> None:
    case = VisitRequestFactory(brings="Nothing yet")
    look(case)

    with django_capture_on_commit_callbacks(execute=True):
        answers = drafts.Answers(fields={"brings": "A map of the way home for older people in two towns."})
        changing.change_request(case, answers, seen=case.version)

    assert open_flags(case) == []


def test_another_subject_and_a_waiver_are_looked_at_too(django_capture_on_commit_callbacks: Any, manager: Any) -> None:
    case = VisitRequestFactory(state=S.IN_REVIEW)

    with django_capture_on_commit_callbacks(execute=True):
        planning.change_subjects(case, areas=[], offerings=[], by=manager, seen=case.version)
        workflow.waive_lead_time(case, reason="Their board decides in February.", by=manager, seen=case.version)

    assert open_flags(case) == [(K.WAIVED, "")]
    assert case.flags.get().detail == {"by": str(manager), "why": "Their board decides in February."}


def test_the_round_looks_at_what_nobody_has_looked_at_and_then_at_the_oldest() -> None:
    now = timezone.now()
    old, fresh, agreed = VisitRequestFactory(), VisitRequestFactory(), VisitRequestFactory(state=S.CONFIRMED)
    look(old)
    Noticed.objects.update(at=now - timedelta(hours=7))
    VisitRequest.objects.filter(pk=old.pk).update(brings="Nothing yet")

    looking.notice_due(now)

    assert set(Noticed.objects.values_list("request", flat=True)) == {old.pk, fresh.pk}
    assert open_flags(old) == [(K.NOTHING, "")]
    with CaptureQueriesContext(connection) as quiet:
        looking.notice_due(now)
    assert (len(quiet), agreed.flags.count()) == (3, 0)


def test_drafts_are_not_looked_at() -> None:
    draft = DraftFactory(brings="Nothing yet")

    assert look(draft) == 0
    assert looking.notice_due(timezone.now()) == 0


def test_somebody_asked_for_by_name_who_is_booked_then() -> None:
    day = wished_day()
    erik = FacilitatorFactory(user=UserFactory(first_name="Erik", last_name="Sandell"))
    Booking.objects.create(facilitator=erik, kind=BookingKind.AWAY, starts_at=at(day, 9), ends_at=at(day, 12))
    case = VisitRequestFactory(aim="We have heard ERIK SANDELL speak and want to meet him.")
    VisitRequestFactory(aim="We would like to meet Erika Sandelland.")

    look(*VisitRequest.objects.all())

    flag = Flag.objects.get(kind=K.BOOKED)
    assert (flag.request, flag.about) == (case, str(erik.pk))
    assert flag.detail["busy"] == [[day.isoformat(), "09.00", "12.00"]]
    assert flag.detail["free"] == [(day + timedelta(days=1)).isoformat()]


def test_a_group_larger_than_any_room() -> None:
    RoomFactory(capacity=10)
    case, small = VisitRequestFactory(group_size=12), VisitRequestFactory(group_size=10)

    look(case, small)

    assert [(flag.request, flag.detail) for flag in Flag.objects.filter(kind=K.LARGE)] == [
        (case, {"people": 12, "most": 10})
    ]


def test_somebody_who_comes_again_is_told_with_what_they_taught_us_and_what_we_owe_them() -> None:
    before = VisitRequestFactory(state=S.COMPLETED)
    visit = VisitFactory(request=before, first_day=date(2024, 5, 14))
    ours = LookBack.objects.create(
        visit=visit, side=Side.OURS, user=UserFactory(), author_name="Maja", shared_at=timezone.now()
    )
    entry = LedgerEntry.objects.create(
        visit=visit, look_back=ours, learner=Side.OURS, number=1, words="They phone within two days.", tries="One ward"
    )
    LedgerPoint.objects.create(entry=entry, months=3, due_on=date(2024, 8, 14))
    case = VisitRequestFactory(organisation=before.organisation)

    look(case)

    flags = {flag.kind: flag.detail for flag in case.flags.all()}
    assert flags == {
        K.RETURNING: {"visits": 1, "last": "2024-05-14", "taught": "They phone within two days."},
        K.PROMISE: {"since": "2024-08-14", "words": "One ward"},
    }


def test_what_we_have_promised_and_not_done_is_told_of_whoever_asks() -> None:
    today, case = timezone.localdate(), VisitRequestFactory()
    late = promised(case.organisation, said="The slides", days=-3)
    promised(case.organisation, said="A film", days=4)
    memory.keep(promised(case.organisation, said="Kept"), by=UserFactory())
    other = VisitRequestFactory()
    soon = promised(other.organisation, said="A book", days=0)

    look(case, other)

    assert [flag.detail for flag in case.flags.filter(kind=K.PROMISE)] == [
        {"words": "The slides", "by": str(late.due_on), "late": True, "more": 1}
    ]
    assert [flag.detail for flag in other.flags.filter(kind=K.PROMISE)] == [
        {"words": "A book", "by": str(today), "late": False, "more": 0}
    ]
    assert open_flags(other) == [(K.PROMISE, f"promise-{soon.pk}")]  # nobody of them has been here: that is not told


def test_a_promise_that_is_given_kept_and_opened_again_is_told_at_once(django_capture_on_commit_callbacks: Any) -> None:
    case, ended = VisitRequestFactory(), VisitRequestFactory(state=S.WITHDRAWN)
    VisitRequest.objects.filter(pk=ended.pk).update(organisation=case.organisation)
    told, who = [], UserFactory()

    with django_capture_on_commit_callbacks(execute=True):
        one = promised(case.organisation)
    told.append(open_flags(case))
    with django_capture_on_commit_callbacks(execute=True):
        memory.keep(one, by=who)
    told.append(open_flags(case))
    with django_capture_on_commit_callbacks(execute=True):
        memory.undo(one, by=who)
    told.append(open_flags(case))

    flag = (K.PROMISE.value, f"promise-{one.pk}")
    assert told == [[flag], [], [flag]]
    assert open_flags(ended) == []


def test_promises_cost_as_many_queries_for_one_as_for_five(django_assert_num_queries: Any) -> None:
    cases = [VisitRequestFactory() for _ in range(6)]
    for case in cases:
        promised(case.organisation)
        promised(case.organisation)

    with CaptureQueriesContext(connection) as alone:
        look(cases[0])
    with CaptureQueriesContext(connection) as five:
        look(*cases[1:])

    assert Flag.objects.filter(kind=K.PROMISE).count() == 6
    assert len(five) <= len(alone) + 1 <= 17


def test_the_fellowship_as_an_area_gives_no_rise_and_a_programme_that_was_chosen_does() -> None:
    from_catalogue = Area.objects.create(slug="fellowship", name_en="Fellowship", name_sv="Fellowship")
    case = VisitRequestFactory(areas=[from_catalogue])

    look(case)

    assert open_flags(case) == []


def test_one_that_cannot_be_read_keeps_nobody_from_looking_at_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, fine = VisitRequestFactory(organisation_name="Broken"), VisitRequestFactory(brings="Nothing yet")
    derive = looking.things_to_notice

    def fails(asked: Any, around: Any, **options: Any) -> Any:
        return 1 / 0 if asked.pk == broken.pk else derive(asked, around, **options)

    monkeypatch.setattr(looking, "things_to_notice", fails)

    assert rounds.sweep(timezone.now())
    assert open_flags(fine) == [(K.NOTHING, "")]
    assert Noticed.objects.count() == 2
    assert "ZeroDivisionError" in caplog.text
