"""Who, when and where of the posts of a page: dates in the languages of forums, names, numbers, links."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from corpus.readers.dates import WHEN, times_of
from corpus.readers.page_tree import Element
from corpus.readers.reading import moment

_MONTHS = (
    "jan jän ene gen янв sty oca tammi led",
    "feb fév fev febb фев lut şub helmi úno",
    "mar mär maa märz mars мар mrt maal bře",
    "apr avr abr апр kwi nis huhti dub",
    "may mai mag maj мая май mei touko kvě",
    "jun juin giu июн cze haz kesä čer",
    "jul juil lug июл lip tem heinä čvc",
    "aug aoû ago авг sie ağu elo srp",
    "sep set сен wrz eyl syys zář",
    "oct okt ott out окт paź eki loka říj",
    "nov ноя lis kas marras",
    "dec dez dic déc дек gru ara joulu pro",
)
"""How the names of the months begin in the languages of most forums, in their order
(Unicode CLDR, https://cldr.unicode.org)."""

_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTH_OF = {begin: _ENGLISH[at] for at, begins in enumerate(_MONTHS) for begin in begins.split()}
_MONTH = re.compile(
    rf"(?<![^\W\d_])(?:{'|'.join(sorted(_MONTH_OF, key=len, reverse=True))})[^\W\d_]{{0,8}}\.?(?![^\W\d_])",
    re.IGNORECASE,
)
_DAY_MONTH = re.compile(
    r"(\d{1,2})(?:\.|er|º|ª|-)?\s*(?:de |d')?\s*([A-Z][a-z]{2})(?:[,.]|-| de| del)?\s*'?((?:19|2[01])?\d\d)\b"
)
_BETWEEN = re.compile(
    r"(?<=\d)(?:\s*(?:,|-|–|\||•|·|»|@)\s*|"
    r"\s+(?:(?:,|-|–|at|um|à|a las|alle|às|kl\.?|om|o|в|the|T)\s+)?)(?=\d{1,2}[:h]\d\d)"
)
"""What languages write between day and clock."""

MONTH_FIRST = frozenset({"en-us"})
DAY_FIRST = frozenset(
    [
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "pl",
        "ru",
        "sv",
        "da",
        "nb",
        "no",
        "fi",
        "cs",
        "tr",
        "el",
        "ro",
        "hu",
        "bg",
        "uk",
    ]
) | {
    "en-gb",
    "en-au",
    "en-nz",
}
"""Languages by how they write 3/4/2019 (Unicode CLDR)."""

LONGEST_DATE = 90
"""Characters around a date that are still a line about a date."""


def in_english(text: str) -> str:
    """Return a date with months in English and the forms that `dates` reads; other text comes back nearly the same."""
    text = re.sub(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]?", r"\1-\2-\3 ", text)
    text = _MONTH.sub(lambda match: match[0] if _AGO.search(text[: match.end()]) else _english(match[0]), text)
    text = _DAY_MONTH.sub(lambda m: f"{m[1]} {m[2]} {m[3] if len(m[3]) > 2 else '20' + m[3]}", text)  # noqa: PLR2004
    text = re.sub(r"\b(\d{1,2})[h:]\s?(\d\d)(?=\D|$)", r"\1:\2", text)
    return _BETWEEN.sub(" ", re.sub(r"\s*\bUhr\b", "", text))


_AGO = re.compile(r"[a-z]\.? (?<!de )ago$", re.IGNORECASE)
"""English "3 days ago", not the Spanish and Italian August."""


def _english(month: str) -> str:
    lower = month.lower()
    return next((name for begin, name in _SORTED if lower.startswith(begin)), month)


_SORTED = sorted(_MONTH_OF.items(), key=lambda item: -len(item[0]))


def is_date(text: str) -> bool:
    """Whether a short text holds a date, relative ones included."""
    if not text or len(text) > LONGEST_DATE:
        return False
    return WHEN.search(in_english(text)) is not None or _RELATIVE.search(text) is not None


_RELATIVE = re.compile(
    r"\b(?:vor \d+ (?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?)|gestern|heute|hier à|"
    r"il y a \d+|hace \d+|\d+ [a-z]+ fa\b|yesterday|today)",
    re.IGNORECASE,
)

_STAMPS = (
    "datetime",
    "data-time",
    "data-timestamp",
    "data-datetime",
    "data-date",
    "unixtime",
    "ts",
    "content",
    "title",
)
"""Attributes in which pages keep the exact time."""


_TWO_DIGITS = re.compile(r"\d\d-\d\d-\d\d")
"""Year, month and day in either order; the words beside it say more."""


def stamp_in(element: Element) -> datetime | str | None:
    """Return the time that the attributes of an element give: exact, or a date still to be read."""
    for name in _STAMPS:
        value = element.attrs.get(name, "").strip()
        if not value:
            continue
        if re.fullmatch(r"\d{9,10}|\d{12,13}", value):
            return moment(int(value) / (1000 if len(value) > 10 else 1))  # noqa: PLR2004 -- milliseconds
        if stamped := re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+ (\d{9,10})", value):  # Hacker News
            return moment(int(stamped[1]))
        if re.match(r"(?:19|2[01])\d\d-\d\d-\d\dT?", value) and (time := exact(value)):
            return time
        if is_date(value) and not _TWO_DIGITS.fullmatch(value):
            return value
    return None


def exact(value: str) -> datetime | None:
    """Return the time that ISO 8601 text names, its zone kept; None where it names none."""
    value = re.sub(r"\s*(?:UTC|GMT)$", "+00:00", value.strip().split(", license")[0])
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def read_times(
    said: Sequence[datetime | str | None], language: str, now: datetime | None = None
) -> list[datetime | None]:
    """Return the times of posts in order.

    Which of 3/4/2019 is the month is read off the other dates, else off the language of the page; None where neither
    says it.
    """
    said = [(exact(one) or one) if isinstance(one, str) else one for one in said]
    texts = [in_english(one) if isinstance(one, str) else None for one in said]
    times = times_of(texts, now)
    if any(text and not time for text, time in zip(texts, times, strict=True)):
        steady = _month_by_weekday(texts)
        steady = _steady_month(texts) if steady is None else steady
        day_first = steady == 1 if steady is not None else language in DAY_FIRST or language[:2] in DAY_FIRST
        if steady is not None or day_first or language in MONTH_FIRST:
            hint = "13/1/1970" if day_first else "1/13/1970"  # a date that can be read in one way only
            hinted = times_of([hint, *texts], now)[1:]
            times = [time or guess for time, guess in zip(times, hinted, strict=True)]
    return [_sane(one if isinstance(one, datetime) else time) for one, time in zip(said, times, strict=True)]


def _steady_month(texts: Sequence[str | None]) -> int | None:
    """Which number of dates like 3/4/2019 is the month (0 or 1); None where it cannot be told.

    It is the one that stays, all in one year, while the other takes on three or more values.
    """
    dates = [match for text in texts if (match := _NUMERIC.search(text or ""))]
    values = [len({match[number] for match in dates}) for number in (1, 2, 3)]
    if values[2] == 1 and min(values[:2]) == 1 and max(values[:2]) >= SEVERAL_DAYS:
        return values.index(1)
    return None


def _month_by_weekday(texts: Sequence[str | None]) -> int | None:
    """Which number of dates like "Sat, 5/4/2014" is the month (0 or 1) by the days of the week; None where unsaid."""
    right = [0, 0]
    for text in texts:
        weekday, date = _WEEKDAY.search(text or ""), _NUMERIC.search(text or "")
        if not weekday or not date:
            continue
        for month in (0, 1):
            numbers = [int(date[1]), int(date[2])]
            try:
                time = datetime(int(date[3]), numbers[month], numbers[1 - month])  # noqa: DTZ001 -- a date alone
            except ValueError:
                continue
            right[month] += time.strftime("%a") == weekday[0].title()
    return None if right[0] == right[1] else int(right[1] > right[0])


_WEEKDAY = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)", re.IGNORECASE)
_NUMERIC = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d\d)\b")
SEVERAL_DAYS = 3


def _sane(time: datetime | None) -> datetime | None:
    """The time, where its moment can be told in UTC (year 1 with a zone cannot)."""
    if time is None or time.tzinfo is None:
        return time
    try:
        time.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return time


# Names

NAME_LENGTH = 40
_PROFILE = re.compile(
    r"/(?:u|user|users|member|members|profile|profil|profiles|author|people|benutzer|usuario|membre|uzytkownik)s?[/.?=-]"
    r"|(?:member|profile|userinfo|user_info|memberlist|showuser|user|profil)(?:\.\w+)?\?|mode=viewprofile|showuser="
    r"|[?&](?:author|user|uid|member)(?:id|name)?=|/@[\w.-]+$|~\w+/?$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:user-?name|author|authorname|nick(?:name)?|poster|user|login|creator|fn|membername|post-?author|"
    r"bigusername|user-?link|display-?name|name)(?:[\s_-]|$)",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"^(?:profile?|view profile|reply|quote|report|share|permalink|pm|www|like|follow|message|send .*|log ?in|register|"
    r"sign (?:in|up)|top|#?\d+|posts?:?.*|joined:?.*|member|moderator|administrator|guest|by|avatar|original poster)$",
    re.IGNORECASE,
)


def name_of(element: Element) -> str | None:
    """Return the text of an element where it could be a name, else the name its attributes give."""
    text = re.sub(
        r"^(?:posted by|by|von|par|por)\b:?\s*|^[@+]|(?: says| said| wrote)?\s*[:,]$",
        "",
        element.short_text(2 * NAME_LENGTH),
        flags=re.IGNORECASE,
    )
    text = text.strip()
    text = text or element.attrs.get("content", "").strip()
    if not 0 < len(text) <= NAME_LENGTH or _NOT_A_NAME.match(text) or text.endswith("?") or is_date(text):
        return None
    return text


def name_likelihood(element: Element) -> float:
    """How much speaks for an element being the name of a post's author (0: nothing)."""
    attrs = element.attrs
    weight = 0.0
    if element.tag == "a" and _PROFILE.search(attrs.get("href", "")):
        weight += 3
    if "author" in attrs.get("rel", "") or attrs.get("itemprop") in {"author", "name", "creator"}:
        weight += 3
    if _NAMED.search(element.names):
        weight += 2
    if any(_NAMED.search(above.names) for _, above in zip(range(2), element.ancestors, strict=False)):
        weight += 1
    if element.tag in {"b", "strong"}:
        weight += 0.5
    return weight


# Links

_PERMALINK = re.compile(
    r"#(?:p|post|msg|comment|c|reply|entry|answer|message|findcomment)?[-_]?\d+|/(?:post|posts|comment|comments|p)[/-]?\d+"
    r"|[?&](?:p|pid|postid|comment|do=findcomment&comment)=\d+|showpost|permalink",
    re.IGNORECASE,
)


def permalink_likelihood(element: Element) -> float:
    """How much speaks for a link leading to the post that it stands in (0: nothing)."""
    href = element.attrs.get("href", "")
    if (
        element.tag != "a"
        or not _PERMALINK.search(href)
        or re.search(r"javascript:|reply|report|quote", href, re.IGNORECASE)
    ):
        return 0.0
    return (
        1.0
        + ("#" in href)
        + ("permalink" in element.names.lower())
        + bool(re.fullmatch(r"#?\d+", element.short_text(8)))
    )


_OWN_ID = re.compile(
    r"(?:p|post|msg|comment|reply|answer|entry|message|elcomment|c|li_comment)[-_]?(\d+)\w*", re.IGNORECASE
)


def numbered_id(element: Element) -> str | None:
    """Return an id that numbers a post ("post-123"), else None."""
    own = element.attrs.get("id", "") or (element.attrs.get("name", "") if element.tag == "a" else "")
    return own if _OWN_ID.fullmatch(own) else None
