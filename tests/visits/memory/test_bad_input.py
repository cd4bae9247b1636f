"""Whatever is typed into the forms of memory and entering: a sentence, never an error, and nothing is lost."""

from __future__ import annotations

from html import unescape

import pytest
from django.urls import reverse

from tests.bad_inputs.forms_on_pages import forms_of
from tests.bad_inputs.test_every_form import ANSWERS, HARM, HOSTILE, _visible
from tests.visits.memory.scene import organisation, promised
from visits import memory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_words_do_no_harm_and_are_not_lost(coordinator_client, coordinator, kind):
    one, words = organisation(), HOSTILE[kind]
    promised(one, by=coordinator)
    memory.append(one, "Bus.", by=coordinator)
    pages = [reverse("admin:organisation", args=[one.pk]), reverse("admin:request_add"), reverse("admin:import")]

    for page in pages:
        for form in forms_of(coordinator_client.get(page).text, page):
            answer = coordinator_client.post(form.action, form.filled(words)) if form.boxes else None
            if answer is None:
                continue
            told = f"{form.action} answers {answer.status_code}"
            assert answer.status_code in ANSWERS, told
            assert not [harm for harm in HARM if harm in answer.content.decode()], told
            if answer.status_code in {409, 422} and "import" not in form.action and "done" not in form.action:
                assert _visible(words) in _visible(unescape(answer.text)), f"{told} and has lost what was typed"
