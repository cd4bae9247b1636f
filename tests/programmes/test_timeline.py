"""The line from 1997 to now."""

from programmes.text import Period
from programmes.timeline import WIDTH, Bar, Timeline


def test_what_goes_on_reaches_the_right_edge() -> None:
    [bar] = Timeline(2026).bars([Period(1997, None)])

    assert bar == Bar(x=0, width=WIDTH, goes_on=True)


def test_each_finished_period_has_a_bar_of_its_own_that_does_not_touch_the_next() -> None:
    first, second = Timeline(2026).bars([Period(2013, 2014), Period(2015, 2015)])

    assert (first.x, first.width, first.goes_on) == (1600, 190, False)
    assert first.x + first.width < second.x


def test_the_scale_follows_the_calendar() -> None:
    assert Timeline(2026).x(2027) == WIDTH
    assert Timeline(2046).x(2047) == WIDTH
    assert Timeline(2046).bars([Period(1997, None)])[0].width == WIDTH


def test_no_mark_is_drawn_where_now_stands() -> None:
    assert [mark.year for mark in Timeline(2026).marks] == [2000, 2005, 2010, 2015, 2020]
    assert Timeline(2026).marks[1].percent == "26.67%"
