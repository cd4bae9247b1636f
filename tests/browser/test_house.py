"""The processes start, answer and sweep by themselves."""

import json
import urllib.request

import pytest

from tests.browser.house import wait_until

pytestmark = pytest.mark.browser


def test_the_portal_is_ready_once_worker_and_beat_have_swept(house):
    def ready():
        try:
            with urllib.request.urlopen(f"{house.url}/readyz") as answer:
                return json.load(answer)
        except urllib.error.HTTPError:
            return None

    told = wait_until(ready, "the portal is ready")

    assert told["database"] == "ok"
    assert told["sweep_age_seconds"] < 60


ROWS = """
from programmes.models import Area
from tests.factories import AreaFactory
AreaFactory(slug="first-of-two")
"""
THERE = "from programmes.models import Area\nprint(Area.objects.filter(slug='first-of-two').count())"


def test_rows_are_there_for_the_worker_when_all_of_them_are(house):
    with pytest.raises(AssertionError, match="Only one of two"):
        house.make(f'{ROWS}raise ValueError("Only one of two")')
    assert house.ask(THERE) == "0"

    assert house.make(ROWS, then="print(Area.objects.filter(slug='first-of-two').delete()[0])") == "1"
