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
