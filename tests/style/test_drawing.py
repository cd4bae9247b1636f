from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.template import Context, Template

from visits import drawing


def test_the_line_is_whole_to_the_step_that_is_now_and_dashed_after_it():
    line = drawing.weave(["you", "us", "us", "both"], now=1)

    assert line.done == "M100 59C190 59 210 113 300 113"
    assert line.ahead == "M300 113H500C590 113 610 86 700 86"


def test_without_a_now_all_of_the_line_is_whole():
    line = drawing.weave(["you", "us"], now=None)

    assert line == ("M200 59C390 59 410 113 600 113", "")


@pytest.mark.parametrize(
    ("start", "end", "place"),
    [
        ((8, 30), (10, 0), "at-0830 len-90"),
        ((8, 37), (9, 0), "at-0830 len-30"),
        ((6, 0), (8, 0), "at-0700 len-60"),
        ((17, 0), (21, 0), "at-1700 len-60"),
        ((19, 0), (20, 0), "at-1745 len-15"),
    ],
)
def test_a_block_stands_on_quarters_and_is_cut_at_the_edges_of_the_day(start, end, place):
    begins, ends = (datetime(2027, 3, 16, hour - 1, minute, tzinfo=UTC) for hour, minute in (start, end))

    assert drawing.week_place(begins, ends) == place


def test_the_timeline_says_in_words_what_it_draws():
    steps = [
        ("you", "You asked", "9 Nov", "done"),
        ("us", "We read it", "by 16 Nov", "now"),
        ("you", "You say yes", "or what to change", "todo"),
        ("both", "We meet", "16–17 Mar", "todo"),
        ("both", "We look back", "April", "todo"),
    ]

    html = Template("{% load portal %}{% tango steps %}").render(Context({"steps": steps}))

    assert html.count("<li ") == 5
    assert '<li class="us now q-k2" aria-current="step"><b>We read it</b>' in html
    assert "You, done" in html
    assert "Qulturum, now" in html
    assert "Both, not yet" in html


def test_bars_of_weeks_have_their_numbers_in_words():
    html = Template("{% load portal %}{% load_bars weeks %}").render(Context({"weeks": [(9, 3, "full"), (10, 1, "")]}))

    assert 'aria-label="Week 9: 3 visits, Week 10: 1 visit"' in html
    assert html.count("<rect ") == 2
