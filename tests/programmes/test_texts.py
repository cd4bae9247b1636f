"""Texts that staff write a line at a time, and years as they write them."""

import pytest

from programmes.text import Period, lines, parse_years, rows


@pytest.mark.parametrize(
    ("written", "periods"),
    [
        ("1997–", [Period(1997, None)]),
        ("1997-", [Period(1997, None)]),
        ("2010", [Period(2010, 2010)]),
        ("2006–2012", [Period(2006, 2012)]),
        ("2004, 2007, 2011", [Period(2004, 2004), Period(2007, 2007), Period(2011, 2011)]),
        ("2013 – 2014, 2015", [Period(2013, 2014), Period(2015, 2015)]),
    ],
)
def test_years_are_read_as_people_write_them(written: str, periods: list[Period]) -> None:
    assert list(parse_years(written)) == periods


@pytest.mark.parametrize(
    "written",
    ["", ",", "97", "20100", "2012–2006", "2010–2012, 2011", "1997–, 2005", "2010–2012–2014", "٢٠١٠", "2010, "],
)
def test_years_that_cannot_be_read_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_years(written)


def test_lines_leave_out_what_is_empty() -> None:
    assert lines("\n one \n\n two\r\n") == ["one", "two"]


def test_rows_always_have_the_same_number_of_parts() -> None:
    assert rows("a | b | c\nonly a title\n", 2) == [("a", "b | c"), ("only a title", "")]
    assert rows("", 3) == []
