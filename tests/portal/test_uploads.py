"""A file that somebody sends is taken in up to what a room takes, and not written on without end."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from visits import rules

LIMIT = rules.ROOM_FILE_BYTES
CHUNK = 64 * 1024


@pytest.mark.parametrize(
    ("sent", "most"),
    [
        (1, 1),
        (LIMIT, LIMIT),
        (3 * LIMIT, LIMIT + CHUNK),
    ],
)
def test_what_is_too_much_is_cut_where_a_form_still_sees_that_it_is_too_much(sent, most):
    paper = SimpleUploadedFile("a.pdf", bytes(sent))

    request = RequestFactory().post("/", {"do": "add_file", "file": paper, "after": "kept"})

    taken = request.FILES["file"].size
    assert taken == min(sent, taken) <= most
    assert (taken > LIMIT) == (sent > LIMIT)
    assert (request.POST["do"], request.POST["after"]) == ("add_file", "kept")
    request.close()
