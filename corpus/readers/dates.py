"""Dates as forums write them: found in a line, and turned into a datetime where nothing has to be guessed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import pairwise

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:19|2[01])\d\d|'\d\d)"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:\s?[ap]\.?m\b\.?)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d)\b)?"
_NUMERIC = r"\d{1,2}[./-]\d{1,2}[./-](?:(?:19|2[01])\d\d|\d\d)\b"
_ISO = r"(?:19|2[01])\d\d[./-]\d{1,2}[./-]\d{1,2}"
_FULL = rf"(?:{_DAY}\.?[ -]{_MONTH},?[ -]{_YEAR}|{_MONTH} {_DAY},? {_YEAR}|{_ISO}|{_NUMERIC})"
_VAGUE = rf"(?:{_MONTH} {_YEAR}|{_MONTH} {_DAY}\b|{_DAY} {_MONTH}(?!\w))"
_UNIT = r"(?:sec(?:ond)?|min(?:ute)?|hr|hour|day|week|wk|month|mo|year|yr)s?\.?"
_AGO = rf"(?:(?:about|over|almost|around|last reply) )?(?:\d+ ?(?:{_UNIT}|[smhdwy])|(?:an?|one|a few) {_UNIT}) ago"
_DAYS = rf"(?:yesterday|today|{_WEEKDAY})(?: at|,) {_CLOCK}|yesterday|just now|last (?:week|month|year)"

WHEN = re.compile(
    rf"(?<![\w/.-])(?:(?P<full>(?:{_WEEKDAY},? )?{_FULL}(?:(?:,| at| @| -| ·|T)?\s*{_CLOCK}{_ZONE})?)"
    rf"|(?P<relative>{_AGO}|{_DAYS})|(?P<vague>{_VAGUE}(?:(?:,| at)? {_CLOCK})?))(?![\w/])",
    re.IGNORECASE,
)
"""A date in a line: in full, relative to the day of reading, or vague (no year, or no day)."""

_ISO_DATE = re.compile(_ISO)
"""Year, month, day: never read otherwise. (12.03.2019, with dots, is day, month, year wherever it is written.)"""

_PERIODS = {"s": 0, "min": 60, "h": 3600, "d": 86_400, "w": 604_800, "mo": 2_629_746, "m": 60, "y": 31_556_952}
"""Seconds; a month and a year are the Gregorian means."""


def times_of(texts: Sequence[str | None], now: datetime | None = None) -> list[datetime | None]:
    """Return the times that the dates in `texts` name, in order; None where a date does not say which day it was.

    Whether 03/04/2019 is in March or in April is read off the other dates (a day over 12, else the order in which
    posts follow one another); where both readings would do, such a date gives None. Relative dates ("3 years ago")
    count back from `now`, without which they give None.
    """
    month_first, day_first = ([_time_of(text, now, day_first=flag) for text in texts] for flag in (False, True))
    if month_first == day_first:
        return month_first
    wrong = [_misreads(texts, times, day_first=flag) for flag, times in ((False, month_first), (True, day_first))]
    if wrong[0] != wrong[1]:
        return month_first if wrong[0] < wrong[1] else day_first
    return [one if one == other else None for one, other in zip(month_first, day_first, strict=True)]


def _misreads(texts: Sequence[str | None], times: Sequence[datetime | None], *, day_first: bool) -> int:
    """How much speaks against a reading of the dates: impossible months count most, then steps back in time."""
    impossible = 0
    for text in texts:
        if numeric := re.search(r"\b(\d{1,2})[./-](\d{1,2})[./-]\d\d(?:\d\d)?\b", text or ""):
            impossible += int(numeric[1 + day_first]) > 12  # noqa: PLR2004 -- months of a year
    known = [time.replace(tzinfo=None) for time in times if time]
    return impossible * len(texts) + sum(later < earlier for earlier, later in pairwise(known))


def _time_of(text: str | None, now: datetime | None, *, day_first: bool) -> datetime | None:
    match = WHEN.search(text or "")
    if match is None or match["vague"]:
        return None
    if match["relative"]:
        return _before(match["relative"], now)
    from dateutil import parser

    date = re.sub(r"(?<=\d)\s*[@·-]\s*(?=\d{1,2}:)|\sat\s", " ", match["full"]).replace("'", "")
    try:
        day_first = not _ISO_DATE.search(date) and (day_first or "." in date)
        return parser.parse(date, dayfirst=day_first, tzinfos=_zone)
    except (ValueError, OverflowError):
        return None


def _zone(_name: str | None, offset: int | None) -> tzinfo | None:
    """The zone of a date, by its offset from UTC in seconds; None where it gives none, or only an ambiguous name."""
    return None if offset is None else timezone(timedelta(seconds=offset))


def _before(text: str, now: datetime | None) -> datetime | None:
    """The time that `text` ("3 years ago") names, as seen from `now`."""
    match = re.search(r"(\d+|\ban?\b|\bone\b) ?(mo|min|[smhdwy])", text, re.IGNORECASE)
    if now is None or match is None:
        return None
    seconds = _PERIODS[match[2].lower()] * (int(match[1]) if match[1].isdigit() else 1)
    try:
        then = now - timedelta(seconds=seconds)
    except OverflowError:
        return None
    return then if seconds < _PERIODS["d"] else then.replace(hour=0, minute=0, second=0, microsecond=0)
