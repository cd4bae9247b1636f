"""Two colleagues decide the same request at the same moment, each pair of deeds: one of them has decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from itertools import combinations_with_replacement
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests import factories
from tests.conftest import signed_in
from tests.races import at_once
from visits.choices import DeclineReason, RequestState
from visits.models import Comment, Message, User, VisitRequest

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NAMES = ("Karin", "Maja")
WORDS = {
    "decline": "explanation", "propose": "letter", "waitlist": "what_for", "say": "text", "cancel": "why",
    "hand_over": "", "put_aside": "", "choose_days": "title", "claim": "", "confirm": "", "move_back": "",
}  # fmt: skip


def sent(deed: str, case: VisitRequest, who: User) -> tuple[str, dict[str, Any]]:
    """Where a deed is pressed and what it sends, all typed."""
    day = timezone.localdate() + timedelta(days=9)
    more: dict[str, dict[str, Any]] = {
        "decline": {"reason": DeclineReason.values[0], "colleague": "Ask in Linköping."},
        "say": {"kind": "question"},
        "hand_over": {"to": who.pk},
        "put_aside": {"until": day.isoformat()},
        "choose_days": {"first_day_0": case.visit.first_day.day, "first_day_1": case.visit.first_day.month,
                        "first_day_2": case.visit.first_day.year, "days": "1"},
    }  # fmt: skip
    own_page = deed in ("decline", "propose")
    name = f"admin:visits_visitrequest_{deed if own_page else 'deed'}"
    address = reverse(name, args=[case.pk] if own_page else [case.pk, deed])
    words = {WORDS[deed]: f"{who.first_name} on {deed}"} if WORDS[deed] else {}
    return address, {"seen": case.version} | more.get(deed, {}) | words


def pressed(client: Client, address: str, typed: dict[str, Any]) -> Any:
    return client.post(address, typed)


@pytest.fixture
def both() -> list[tuple[User, Client]]:
    people = [factories.ManagerFactory(first_name=name, last_name="Ahlgren") for name in NAMES]
    return [(one, signed_in(one)) for one in people]


def decide(both: list[tuple[User, Client]], state: RequestState, deeds: tuple[str, ...]) -> Iterator[str]:
    """Each pair of the deeds, the same one twice as well, on a request of its own; yields what is wrong."""
    for pair in combinations_with_replacement(deeds, 2):
        visit = factories.VisitFactory(request=factories.VisitRequestFactory(state=state))
        factories.SessionFactory(visit=visit)
        case = VisitRequest.objects.select_related("visit").get(pk=visit.request_id)
        posts = [sent(deed, case, who) for deed, (who, _client) in zip(pair, both, strict=True)]
        presses = [partial(pressed, client, *post) for (_who, client), post in zip(both, posts, strict=True)]
        answers: list[Any] = at_once(presses)
        yield from (f"{' and '.join(pair)}: {wrong}" for wrong in _wrong(pair, case, posts, answers))


def _wrong(pair: tuple[str, ...], case: VisitRequest, posts: list[Any], answers: list[Any]) -> Iterator[str]:
    statuses = [answer.status_code for answer in answers]
    if sorted(statuses) != [302, 409]:
        yield f"answered {statuses}"
        return
    first = statuses.index(302)
    who = {entry.by_name.split()[0] for entry in case.history.all() if entry.by_id}
    if who != {NAMES[first]}:
        yield f"in the history of {who}"
    typed = posts[1 - first][1].get(WORDS[pair[1 - first]], "")
    if escape(typed) not in answers[1 - first].text:
        yield "what was typed is not there any more"
    said = [*Comment.objects.filter(request=case).values_list("text", flat=True)]
    if any(NAMES[1 - first] in one for one in said):
        yield "something of the second is kept"
    twice = Counter(Message.objects.filter(request=case).values_list("kind", "to_email"))
    if any(count > 1 for count in twice.values()):
        yield f"two mails: {twice}"


IN_REVIEW = ("decline", "propose", "waitlist", "say", "hand_over", "put_aside", "choose_days")
AGREED = ("cancel", "move_back", "hand_over", "choose_days")


@pytest.mark.parametrize(("state", "deeds"), [
    (RequestState.SUBMITTED, ("claim", "decline")), (RequestState.IN_REVIEW, IN_REVIEW), (RequestState.AGREED, AGREED),
])  # fmt: skip
def test_of_two_who_decide_at_once_one_has_decided_and_the_other_is_told(
    both: list[tuple[User, Client]], state: RequestState, deeds: tuple[str, ...]
) -> None:
    assert list(decide(both, state, deeds)) == []


def test_of_fifty_presses_of_one_form_one_is_done(both: list[tuple[User, Client]]) -> None:
    visit = factories.VisitFactory(request=factories.VisitRequestFactory(state=RequestState.IN_REVIEW))
    case = VisitRequest.objects.select_related("visit").get(pk=visit.request_id)
    who, _client = both[0]
    post = sent("waitlist", case, who)

    answers: list[Any] = at_once([partial(pressed, signed_in(who), *post) for _press in range(50)])

    assert Counter(answer.status_code for answer in answers) == {302: 1, 409: 49}
    assert case.history.filter(by=who).count() == 1
    assert Message.objects.filter(request=case).count() == 1
