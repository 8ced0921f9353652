"""Dates as forums write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.dates import WHEN, times_of

at = datetime.fromisoformat

NOW = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("12 Mar 2019 10:22", at("2019-03-12 10:22")),
        ("Tue Mar 12, 2019 10:22 pm", at("2019-03-12 22:22")),
        ("Mar 21, 2020, 10:30 PM", at("2020-03-21 22:30")),
        ("12th March 2019 at 10:22", at("2019-03-12 10:22")),
        ("Thu, Jun 23 '05, 3:37 PM", at("2005-06-23 15:37")),
        ("2019-09-02 10:46:47", at("2019-09-02 10:46:47")),
        ("2020.03.12 13:17", at("2020-03-12 13:17")),
        ("2019-03-12T10:22:00Z", datetime(2019, 3, 12, 10, 22, tzinfo=UTC)),
        ("2019-03-12 10:22 +0200", datetime(2019, 3, 12, 10, 22, tzinfo=timezone(timedelta(hours=2)))),
        ("12.03.2019 - 10:22", at("2019-03-12 10:22")),
        ("10-31-2017, 01:56 PM", at("2017-10-31 13:56")),
        ("26/05/20", at("2020-05-26")),
    ],
)
def test_dates_in_full(text: str, time: datetime) -> None:
    """A full date is read, with its zone where it has one."""
    assert [time] == times_of([text])


@pytest.mark.parametrize(
    "text", ["June 2018", "Mar 12", "yesterday at 10:22", "3 years ago", "31/31/2019", None, "soon"]
)
def test_what_does_not_say_the_day_is_none(text: str | None) -> None:
    """No day is invented for a date that does not say which."""
    assert [None] == times_of([text])


def test_relative_dates_count_back_from_a_given_day() -> None:
    """With a day of reading, "2 days ago" is a day, and "3 hr. ago" a time."""
    assert [datetime(2024, 4, 29, tzinfo=UTC), datetime(2024, 5, 1, 9, tzinfo=UTC)] == times_of(
        ["2 days ago", "3 hr. ago"], NOW
    )


def test_a_day_over_twelve_decides_for_all() -> None:
    """One date that can only be read day first shows how the others are read."""
    assert [at("2019-04-03"), at("2019-04-13")] == times_of(["03/04/2019", "13/04/2019"])


def test_the_order_of_posts_decides() -> None:
    """Posts follow one another in time."""
    assert [at("2019-04-10"), at("2019-05-01")] == times_of(["10/04/2019", "01/05/2019"])


def test_undecided_dates_are_none() -> None:
    """Where both readings would do, neither is taken."""
    assert [None, None] == times_of(["03/04/2019", "05/06/2019"])


@pytest.mark.parametrize("text", ["the 3/4 mile loop", "I may 500 do it", "at 10:22", "1234567", "mar"])
def test_what_is_no_date(text: str) -> None:
    """Numbers and words that look a little like dates are none."""
    assert WHEN.search(text) is None


@settings(deadline=None, max_examples=50)
@given(st.lists(st.from_regex(WHEN, fullmatch=True), max_size=4))
def test_anything_that_looks_like_a_date_is_read_or_none(texts: list[str]) -> None:
    """No date, however odd, raises."""
    assert len(texts) == len(times_of(texts, NOW))


def test_a_zone_that_is_only_a_letter_is_left_out() -> None:
    """An ambiguous name gives no zone, and no warning; an offset does."""
    assert [None, timedelta(hours=2)] == [
        one.utcoffset() for one in times_of(["3 May 2018 1:22 M", "2019-03-12T10:22:00+02:00"]) if one
    ]
