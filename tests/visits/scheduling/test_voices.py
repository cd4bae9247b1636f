"""A voice tells their own story beside whoever leads a session, and is counted by nobody as the one who leads it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programmes.models import Area
from tests.factories import (
    AreaFactory,
    AskFactory,
    CoordinatorFactory,
    FacilitatorFactory,
    SessionFactory,
    VisitFactory,
    VisitRequestFactory,
)
from tests.visits.scheduling.living_people import speaker
from visits import planning, rules, scheduling
from visits.choices import AskRole, AskState, BookingKind, CompetenceLevel, RequestState
from visits.deeds import sentences
from visits.models import Ask, Booking, Facilitator, Message, Session
from visits.scheduling import AskRefused, suited
from visits.scheduling.voices import Met, Voice, last_visits

pytestmark = pytest.mark.django_db
TUESDAY = date(2027, 3, 16)


@pytest.fixture
def session(area: Area) -> Session:
    return in_a_visit(area, TUESDAY)


def in_a_visit(area: Area, day: date, state: RequestState = RequestState.CONFIRMED, **fields: object) -> Session:
    request = VisitRequestFactory(state=state, areas=[area], coordinator=CoordinatorFactory())
    return SessionFactory(visit=VisitFactory(request=request, first_day=day, last_day=day), **fields)


def voice_in(session: Session, person: Facilitator, **facts: object) -> Ask:
    return AskFactory(session=session, facilitator=person, role=AskRole.VOICE, **facts)


def voices(session: Session) -> list[str]:
    found = scheduling.candidates(session)
    return [one.facilitator.user.first_name for one in suited(found, AskRole.VOICE)]


def told(session: Session) -> list[str]:
    return [entry.what for entry in session.visit.request.history.order_by("pk")]


# -- The rule ------------------------------------------------------------------------------


def test_the_last_three_visits_are_looked_at_the_latest_first_and_none_from_the_day_on():
    met = [(date(2027, 3, day), visit, person) for day, visit, person in (
        (1, 10, 1), (3, 11, 1), (4, 11, 2), (8, 12, 3), (9, 13, 1), (16, 14, 4), (20, 15, 4),
    )]  # fmt: skip

    found = last_visits(met, {}, before=TUESDAY)

    assert list(found.visits) == [{1}, {3}, {1, 2}]
    assert (found.times(1), found.times(4)) == (2, 0)


@pytest.mark.parametrize(
    ("met", "sentence", "is_doubt"),
    [
        ([], "", False),
        ([{2}], "The last visit met Bertil, so this gives variety", False),
        ([{2}, {2}, {3}], "The last 3 visits met Bertil, Cajsa, so this gives variety", False),
        ([{1}], "The last visit that met the Living Library met them", True),
        ([{1, 2}, {2}], "Of the last 2 visits that met the Living Library, 1 met them", True),
        ([{9}], "", False),
    ],
)
def test_variety_is_told_by_whom_the_last_visits_met(met, sentence, is_doubt):
    names = {1: "Gunvor", 2: "Bertil", 3: "Cajsa"}
    one = Voice(TUESDAY, None, met=Met([frozenset(some) for some in met], names), person=1)

    found = [(said.words, said.is_doubt) for said in one.reasons[2:]]

    assert found == ([(sentence, is_doubt)] if sentence else [])


# -- Who could ---------------------------------------------------------------------------------


def test_only_those_of_the_living_library_who_agree_to_it_could_and_all_of_the_bars_hold(session, area):
    FacilitatorFactory(areas=[area])
    speaker("Willing", [area])
    speaker("Other", [AreaFactory()])
    resting = speaker("Resting", [area], rest_days=2)
    scheduling.accept(AskFactory(session=in_a_visit(area, TUESDAY + timedelta(days=1)), facilitator=resting))
    often = speaker("Often", [area], sessions_a_month=1)
    scheduling.accept(AskFactory(session=in_a_visit(area, date(2027, 3, 1)), facilitator=often))
    away = speaker("Away", [area])
    scheduling.add_time_away(away, starts_at=session.starts_at, ends_at=session.ends_at)
    foreign = speaker("Foreign", [area])
    Facilitator.objects.filter(pk=foreign.pk).update(languages=["fi"])

    assert voices(session) == ["Willing"]


def test_a_session_for_whoever_can_teach_it_may_have_a_voice(session, area):
    Session.objects.filter(pk=session.pk).update(level=CompetenceLevel.TEACHES)
    speaker("Gunvor", [area])
    session.refresh_from_db()

    (one,) = scheduling.candidates(session)

    assert (one.can, one.can_be_voice, one.why_no_voice) == (False, True, "")


def test_whoever_the_last_visits_have_not_met_comes_first(session, area):
    bertil, _gunvor = speaker("Bertil", [area]), speaker("Gunvor", [area])
    scheduling.accept(AskFactory(session=in_a_visit(area, date(2027, 3, 1)), facilitator=bertil))

    found = suited(scheduling.candidates(session), AskRole.VOICE)

    assert [one.facilitator.user.first_name for one in found] == ["Gunvor", "Bertil"]
    assert found[0].voice is not None
    assert [said.words for said in found[0].voice.reasons] == [
        "Has set no limit a month; this would be number 1 in March",
        "Has met no guests for a year",
        f"The last visit met {bertil.name}, so this gives variety",
    ]


def test_the_terms_are_told_with_what_the_story_is_about(session, area):
    person = speaker(
        "Gunvor", [area], sessions_a_month=2, rest_days=1, preparation_minutes=30, debrief_minutes=45,
        story="Coming home with three care givers and no plan.",
    )  # fmt: skip
    scheduling.accept(AskFactory(session=in_a_visit(area, date(2027, 3, 1)), facilitator=person))

    (found,) = suited(scheduling.candidates(session), AskRole.VOICE)

    assert found.voice is not None
    assert found.voice.about == "Coming home with three care givers and no plan."
    assert [said.words for said in found.voice.reasons] == [
        "Has said yes to 2 meetings a month; this would be number 2 in March",
        "The day of rest around other guests is kept",
        "These would be their first guests since March 2027",
        "The last visit that met the Living Library met them",
    ]
    assert found.voice.care == (
        "Preparation of 30\xa0min, and a talk of 45\xa0min afterwards, are booked with it."
    )  # fmt: skip
    assert "not written down yet" in found.voice.compensation


def test_without_words_of_their_own_the_story_is_about_the_themes_that_they_agreed_to(session, area):
    speaker("Gunvor", [area, AreaFactory(name_en="Flow")])

    (found,) = suited(scheduling.candidates(session), AskRole.VOICE)

    assert found.voice is not None
    assert found.voice.about == "Speaks about Care"


def test_when_nobody_can_the_first_reason_of_whoever_comes_nearest_is_told(session, area):
    assert "Nobody of the Living Library" in scheduling.why_no_voice(scheduling.candidates(session))
    speaker("Aina", [AreaFactory()])
    resting = speaker("Resting", [area], rest_days=2)
    scheduling.accept(AskFactory(session=in_a_visit(area, TUESDAY + timedelta(days=1)), facilitator=resting))

    why = scheduling.why_no_voice(scheduling.candidates(session))

    assert why == f"{resting.name}: Meets guests on 17 Mar, and rests for 2 days between."


def test_one_of_the_library_is_offered_to_lead_only_where_nobody_else_could(session, area):
    gunvor = speaker("Gunvor", [area])
    assert [one.facilitator for one in suited(scheduling.candidates(session), AskRole.LEADER)] == [gunvor]

    anna = FacilitatorFactory(areas=[area])

    assert [one.facilitator for one in suited(scheduling.candidates(session), AskRole.LEADER)] == [anna]


def test_the_suggestion_costs_six_queries_however_many_there_are(session, area):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = scheduling.candidates(session)
            assert [said.words for one in suited(found, AskRole.VOICE) for said in one.voice.reasons]
            assert all(one.voice.care and one.voice.compensation for one in suited(found, AskRole.VOICE))
        return len(captured)

    speaker("Anna", [area])
    one = cost()
    for day, name in enumerate(("Berit", "Cajsa", "Disa"), start=1):
        scheduling.accept(AskFactory(session=in_a_visit(area, date(2027, 3, day)), facilitator=speaker(name, [area])))

    assert cost() == one == 6


# -- Being asked -------------------------------------------------------------------------------


def test_a_voice_is_asked_before_it_is_known_who_leads_and_one_at_a_time(session, area):
    by, gunvor = session.visit.request.coordinator, speaker("Gunvor", [area])

    ask = planning.put_down(session, gunvor, by=by, ask_now=True, role=AskRole.VOICE)

    with pytest.raises(AskRefused, match="already asked to be the voice"):
        planning.put_down(session, speaker("Bertil", [area]), by=by, ask_now=True, role=AskRole.VOICE)
    assert [(one.pk, one.role, one.state) for one in Ask.objects.all()] == [(ask.pk, "voice", "asked")]
    assert told(session) == ["chose_voice", "asked_voice"]
    lines = [sentences.line(entry).text for entry in session.visit.request.history.order_by("pk")]
    assert lines[1] == f"{gunvor.name} was asked to be the voice beside the leader in “{session.title}”"


def test_who_is_not_of_the_library_or_has_not_agreed_to_it_is_no_voice(session, area):
    by, staff, other = (
        session.visit.request.coordinator,
        FacilitatorFactory(areas=[area]),
        speaker("O", [AreaFactory()]),
    )

    with pytest.raises(AskRefused, match="is not of the Living Library"):
        scheduling.choose(session, staff, by=by, role=AskRole.VOICE)
    with pytest.raises(AskRefused, match="Has not agreed to speak about this"):
        scheduling.choose(session, other, by=by, role=AskRole.VOICE)

    assert not Ask.objects.exists()


def test_the_database_keeps_one_voice_beside_leader_and_second(session, area):
    AskFactory(session=session, state=AskState.ACCEPTED)
    AskFactory(session=session, role=AskRole.SECOND)
    for state in (AskState.DECLINED, AskState.WITHDRAWN, AskState.ASKED):
        voice_in(session, speaker("One", [area]), state=state)

    with pytest.raises(IntegrityError), transaction.atomic():
        voice_in(session, speaker("Two", [area]), state=AskState.ACCEPTED)


def test_their_yes_books_preparation_session_and_talk_and_their_no_lets_them_go(session, area):
    ask = voice_in(session, speaker("Gunvor", [area], preparation_minutes=30, debrief_minutes=45))

    scheduling.accept(ask)
    booked = Booking.objects.filter(facilitator=ask.facilitator).order_by("starts_at")
    assert [one.kind for one in booked] == [BookingKind.PREPARE, BookingKind.SESSION, BookingKind.DEBRIEF]

    scheduling.decline(ask)
    assert not Booking.objects.exists()
    assert "voice_declined" in told(session)
    assert Message.objects.filter(kind="facilitator_left").count() == 1


# -- Counted by nobody as the one who leads ------------------------------------------------


def test_with_a_voice_alone_nobody_leads_it(session, area):
    voice_in(session, speaker("Gunvor", [area]), state=AskState.ACCEPTED)
    agenda = scheduling.sessions_of(session.visit.request)

    assert f"Nobody has said yes to “{session.title}”." in scheduling.missing_for_confirmation(agenda)
    assert [gap.session for gap in scheduling.gaps(TUESDAY)] == [session]
    found = planning.outlook(session.visit, agenda, names_others=True)
    assert f"Nobody leads “{session.title}” yet." in [doubt.words for doubt in found.doubts]


def test_a_voice_who_has_not_answered_keeps_nobody_waiting(session, area):
    AskFactory(session=session, state=AskState.ACCEPTED)
    voice_in(session, speaker("Gunvor", [area]))

    missing = scheduling.missing_for_confirmation(scheduling.sessions_of(session.visit.request))

    assert not [sentence for sentence in missing if "answer" in sentence or session.title in sentence]


def test_guests_read_the_voice_after_their_yes_beside_who_leads(session, area):
    leader = AskFactory(session=session, state=AskState.PLANNED, asked_at=None, answer_by=None)
    ask = voice_in(session, speaker("Gunvor", [area]))

    def row() -> tuple[list[str], list[str]]:
        kept = planning.snapshot(scheduling.sessions_of(session.visit.request))[0]["sessions"][0]
        return kept["people"], kept.get("voices", [])

    assert row() == ([leader.facilitator.name], [])
    scheduling.accept(ask)
    assert row() == ([leader.facilitator.name], ["Gunvor"])


# -- Asked next, taken over, moved ----------------------------------------------------------


def test_after_a_no_the_next_best_voice_is_asked_and_nobody_to_lead(session, area):
    Session.objects.update(asks_on=True)
    first = voice_in(session, speaker("Gunvor", [area]))
    FacilitatorFactory(areas=[area])
    bertil = speaker("Bertil", [area])

    scheduling.decline(first)

    asked = Ask.objects.get(state=AskState.ASKED)
    assert (asked.facilitator, asked.role) == (bertil, AskRole.VOICE)
    entry = session.visit.request.history.get(what="asked_next_voice")
    assert sentences.line(entry).text == (
        f"The portal asked {bertil.name} to be the voice beside the leader in “{session.title}”, "
        f"because {first.facilitator.name} cannot"
    )


def test_after_the_no_of_the_last_voice_the_history_says_so_and_the_session_waits_for_nobody(session, area):
    Session.objects.update(asks_on=True)
    late = voice_in(session, speaker("Gunvor", [area]), answer_by=timezone.localdate() - timedelta(days=1))

    scheduling.expire_asks(timezone.localdate())

    late.refresh_from_db()
    session.refresh_from_db()
    assert (late.state, session.nobody_left_at) == (AskState.EXPIRED, None)
    assert "no_voice_left" in told(session)
    assert not Message.objects.filter(kind="nobody_left").exists()


def test_after_the_leaders_no_one_of_the_library_is_not_asked_to_lead_beside_their_own_ask(session, area):
    Session.objects.update(asks_on=True)
    leader, anna = AskFactory(session=session), FacilitatorFactory(areas=[area])
    speaker("Bertil", [area])

    scheduling.decline(leader)

    assert [(one.facilitator, one.role) for one in Ask.objects.live()] == [(anna, AskRole.LEADER)]


def test_two_noes_that_may_be_taken_back_are_each_gone_on_from_when_they_stand(area):
    session = in_a_visit(area, TUESDAY, RequestState.AGREED, asks_on=True)
    leader, voice = AskFactory(session=session), voice_in(session, speaker("Gunvor", [area]))
    anna, bertil = FacilitatorFactory(areas=[area]), speaker("Bertil", [area])
    scheduling.decline(leader)
    scheduling.decline(voice)
    now = timezone.now()
    Ask.objects.filter(pk=leader.pk).update(answered_at=now - timedelta(minutes=4))
    Ask.objects.filter(pk=voice.pk).update(answered_at=now)
    Session.objects.update(next_ask_at=now - timedelta(minutes=4) + rules.UNDO_ANSWER)

    def asked_at(minutes: int) -> list[tuple[Facilitator, str]]:
        scheduling.go_on_due(now + rules.UNDO_ANSWER + timedelta(minutes=minutes))
        return [(one.facilitator, one.role) for one in Ask.objects.live().order_by("role")]

    assert asked_at(-2) == [(anna, "leader")]
    assert asked_at(1) == [(anna, "leader"), (bertil, "voice")]
    assert asked_at(2) == [(anna, "leader"), (bertil, "voice")]
    assert told(session).count("asked_next") == told(session).count("asked_next_voice") == 1
    assert Session.objects.get(pk=session.pk).next_ask_at is None


def test_an_answer_is_not_taken_back_when_somebody_else_is_the_voice_by_then(area):
    session = in_a_visit(area, TUESDAY, RequestState.AGREED)
    ask = voice_in(session, speaker("Gunvor", [area]))
    scheduling.decline(ask)
    voice_in(session, speaker("Bertil", [area]))

    with pytest.raises(AskRefused, match="too late to undo"):
        scheduling.take_back_answer(ask)

    ask.refresh_from_db()
    assert ask.state == AskState.DECLINED


def test_a_voice_is_taken_over_by_another_of_the_library_alone(area):
    session = in_a_visit(area, TUESDAY, RequestState.AGREED)
    leads = scheduling.accept(voice_in(session, speaker("Gunvor", [area], preparation_minutes=30)))
    staff, bertil = FacilitatorFactory(areas=[area]), speaker("Bertil", [area])
    assert [one.facilitator for one in scheduling.could_take_over(leads)] == [bertil]
    with pytest.raises(AskRefused, match="cannot take this over"):
        scheduling.offer(leads, staff)

    made = scheduling.offer(leads, bertil)
    assert made.role == AskRole.VOICE
    scheduling.accept(made)

    assert [(one.facilitator, one.state) for one in Ask.objects.order_by("pk")] == [
        (leads.facilitator, AskState.HANDED), (bertil, AskState.ACCEPTED),
    ]  # fmt: skip
    assert [(one.facilitator, one.kind) for one in Booking.objects.all()] == [(bertil, BookingKind.SESSION)]
    with pytest.raises(AskRefused, match="already asked to be the voice"):
        scheduling.choose(session, leads.facilitator, by=session.visit.request.coordinator, role=AskRole.VOICE)


def test_whoever_is_asked_to_take_over_is_the_voice_that_is_asked_when_the_first_cannot(area):
    session = in_a_visit(area, TUESDAY, RequestState.AGREED)
    leads = scheduling.accept(voice_in(session, speaker("Gunvor", [area])))
    made = scheduling.offer(leads, speaker("Bertil", [area]))

    scheduling.decline(leads)

    made.refresh_from_db()
    assert (made.state, made.in_place_of, made.role) == (AskState.ASKED, None, AskRole.VOICE)


def test_a_moved_session_asks_everybody_again_as_what_they_were_asked(session, area):
    by = session.visit.request.coordinator
    second = AskFactory(session=session, role=AskRole.SECOND, state=AskState.ACCEPTED)
    voice = scheduling.accept(voice_in(session, speaker("Gunvor", [area])))
    leader = scheduling.accept(AskFactory(session=session, facilitator=FacilitatorFactory(areas=[area])))

    planning.timing.ask_again(session, by=by)

    assert sorted((one.facilitator.pk, one.role, one.state) for one in Ask.objects.live()) == sorted(
        (one.facilitator.pk, one.role, AskState.ASKED) for one in (second, voice, leader)
    )


def test_who_cannot_come_is_stood_down_with_other_voices_to_step_in(session, area):
    gunvor, bertil = speaker("Gunvor", [area]), speaker("Bertil", [area])
    FacilitatorFactory(areas=[area])
    scheduling.accept(voice_in(session, gunvor))
    span = [(session.starts_at, session.ends_at)]

    (touched,) = scheduling.touched_by(gunvor, span)
    scheduling.stand_down(gunvor, span, by=session.visit.request.coordinator)

    assert [one.facilitator for one in touched.could] == [bertil]
    assert not Ask.objects.live().exists()
