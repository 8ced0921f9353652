"""Loose text -> numbers with their units: amounts, ranges, money, shares, temperatures, frequencies and rates.

The grammar is own code, because forum text needs a closed list of units: a general parser reads "4G" as four grams and
"10 in" as ten inches. Units are named as pint names them, and pint converts them. Every pattern is bounded, so that
time grows linearly with the text. The only file that imports pint.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from indexer.words import phrases

if TYPE_CHECKING:
    import pint

PER = " per "
SpannedT = TypeVar("SpannedT", bound="Spanned")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or a range with its unit: "2 per week" is (2, 2, "per week"), "at least 5 km" (5, None, "kilometer").

    `unit` is one name, "name per name" for a rate, or "per name" for a frequency; "" for a bare number.
    """

    low: float | None
    high: float | None
    unit: str

    def __str__(self) -> str:
        low, high = (None if bound is None else f"{bound:.6g}" for bound in (self.low, self.high))
        number = low if low == high else f"{low} to {high}" if low and high else f"{low}+" if low else f"up to {high}"
        return f"{number} {self.unit}".strip()

    def __neg__(self) -> Quantity:
        low, high = (None if bound is None else -bound for bound in (self.low, self.high))
        return replace(self, low=high, high=low)

    def to(self, unit: str) -> Quantity | None:
        """Return the same quantity in `unit`; None where one cannot become the other, or a unit is a mere count."""
        import pint  # only a filter converts

        registry = _registry()
        try:
            low, high = (
                None if bound is None else float(registry.Quantity(bound, _for_pint(self.unit)).to(_for_pint(unit)).m)
                for bound in (self.low, self.high)
            )
        except (pint.errors.PintError, TypeError, ValueError, AttributeError):
            return None
        return Quantity(low, high, unit)


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    for money in MONEY.values():
        registry.define(f"{money} = [{money}]")
    return registry


def _for_pint(unit: str) -> str:
    return (f"1 {unit}" if unit.startswith(PER.lstrip()) else unit).replace(PER, "/")


@dataclass(frozen=True, slots=True)
class Found:
    """A quantity and where it stands: `text[start:end]`."""

    start: int
    end: int
    quantity: Quantity


# ---------------------------------------------------------------- units
MONEY = {"$": "dollar", "£": "pound_sterling", "€": "euro"}
TIMES = {
    "second": "seconds second secs sec",
    "minute": "minutes minute mins min",
    "hour": "hours hour hrs hr",
    "day": "days day",
    "night": "nights night",
    "week": "weeks week wks wk",
    "month": "months month",
    "year": "years year yrs yr",
    "semester": "semesters semester",
}
LENGTHS = {
    "millimeter": "mm millimeters millimetres",
    "centimeter": "cm centimeters centimetres",
    "meter": "meters metres meter metre",
    "kilometer": "km kms kilometers kilometres kilometer kilometre",
    "inch": "inches inch",
    "foot": "feet ft",
    "yard": "yards yds",
    "mile": "miles mile",
}
MASSES = {
    "milligram": "mg milligrams",
    "gram": "grams gram",
    "kilogram": "kg kgs kilos kilo kilograms kilogram",
    "ounce": "oz ounces ounce",
    "pound": "lb lbs pounds pound",
    "metric_ton": "tonnes tonne",
}
COUNTS = {
    "repetition": "reps repetitions",
    "set": "sets",
    "session": "sessions",
    "class": "classes",
    "course": "courses",
    "credit": "credits",
    "page": "pages",
    "pill": "pills",
    "tablet": "tablets",
    "capsule": "capsules",
    "serving": "servings",
    "meal": "meals",
}
OTHERS = {
    "milliliter": "ml milliliters millilitres cc",
    "centiliter": "cl",
    "liter": "liters litres liter litre",
    "cup": "cups cup",
    "tablespoon": "tbsp tablespoons tablespoon",
    "teaspoon": "tsp teaspoons teaspoon",
    "pint": "pints pint",
    "quart": "quarts quart",
    "gallon": "gallons gallon",
    "percent": "% percent",
    "degree_Celsius": "°c ℃ celsius",
    "degree_Fahrenheit": "°f ℉ fahrenheit",
    "kilocalorie": "kcal calories",
    "watt": "watts",
    "volt": "volts",
    "bar": "bar bars",
    "psi": "psi",
    "mile per hour": "mph",
    "kilometer per hour": "kph kmh km/h",
    "mile per week": "mpw",
    "megabyte": "mb",
    "gigabyte": "gb",
    "terabyte": "tb",
    "megahertz": "mhz",
    "gigahertz": "ghz",
    "dollar": "dollars dollar bucks usd",
    "pound_sterling": "quid gbp",
    "euro": "euros euro eur",
}
SHORT = {
    "g": "gram",
    "L": "liter",
    "l": "liter",
    "C": "degree_Celsius",
    "F": "degree_Fahrenheit",
    "h": "hour",
    "s": "second",
}
"""Units of one letter count only in this case: "4G" is a network, "40s" a decade, "15m" may be metres or minutes."""
_NEVER_GLUED, _ALWAYS_GLUED = "s", "h"
UNITS = {
    spelling: unit
    for kinds in (TIMES, LENGTHS, MASSES, COUNTS, OTHERS)
    for unit, spellings in kinds.items()
    for spelling in spellings.split()
}
_PERIODS = {spelling: unit for unit, spellings in TIMES.items() for spelling in spellings.split()} | {
    "mile": "mile", "km": "kilometer", "lb": "pound", "pound": "pound", "kg": "kilogram", "acre": "acre",
    "serving": "serving", "session": "session", "person": "person", "class": "class", "cup": "cup",
}  # fmt: skip
_ADVERBS = {"daily": "day", "weekly": "week", "monthly": "month", "nightly": "night", "yearly": "year"}
LONGEST_SHORT = 3
"""Letters of units that may be written in capitals ("KG"); a longer one with a capital is part of a name."""

# ---------------------------------------------------------------- numbers
_COUNTED = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_SMALL = {word: float(value) for value, word in enumerate(_COUNTED.split(), 1)} | {
    "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0,
}  # fmt: skip
_WORDS = _SMALL | {"couple": 2.0, "pair": 2.0, "half": 0.5}
_FRACTIONS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "1/3": 1 / 3, "2/3": 2 / 3}
_SCALES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "k": 1e3, "m": 1e6, "bn": 1e9}

_DIGITS = r"(?:\d{1,3}(?:,\d{3}){1,3}(?!\d)|\d{1,3},\d{1,2}(?![\d,])|\d{1,9})(?:\.\d{1,4})?|\.\d{1,4}"
_FRACTION = "|".join(map(re.escape, _FRACTIONS))
_WORD = "|".join(sorted(_SMALL, key=len, reverse=True))
_NUMBER = (
    rf"(?:(?:{_FRACTION})|(?:{_DIGITS})(?:\s?[½¼¾]|\s(?:1/2|1/4|3/4|1/3|2/3)(?!\d)|\sand\sa\shalf)?"
    rf"|half\san?|a\s(?:couple|pair)(?:\sof)?|(?:{_WORD})(?:[\s-](?:one|two|three|four|five|six|seven|eight|nine))?"
    r"(?:\sand\sa\shalf)?)"
)
_SCALE = r"(?:\s(?:hundred|thousand|million|billion)\b|(?:k|m|bn)\b)"
_BETWEEN = r"(?:\s?[-–—~]\s?|\s(?:to|or)\s)"
_AT_LEAST = phrases(
    "at least|(more|higher|longer|greater) than|over|(a )?minimum of|no (less|lower|fewer) than|upwards of|above"
)
_AT_MOST = phrases("""
    at most|(less|lower|shorter|fewer) th[ae]n|up ?to|under|(no|not) (more|higher|longer) than|(a )?maximum of|max|below
""")
_NOT = re.compile(r"(?:\b(?:not|never|no|cannot|without)|n['’]t)\b[^.,;:!?]{0,24}\Z", re.IGNORECASE)
"""Before "more than" or "less than": the bound is the other one."""
_START = r"(?<![\w.,/:#$£€^=+*\\-])"
"""A number is not the middle of another one, of a date, a version or a formula."""
_UNIT = "|".join(sorted(map(re.escape, [*UNITS, *SHORT]), key=len, reverse=True))
_PERIOD = "|".join(sorted(_PERIODS, key=len, reverse=True))
_RATE = rf"(?:\s?/\s?|\s(?:per|an?|each|every|in\san?|in\sone)\s)(?P<per>{_PERIOD})\b"
_OF = r"(?:\.?\sof\s\w{2,14}(?:\s\w{2,14})?)?"
"""What the amount is of, between it and its rate: "2 cups of black coffee a day"."""
_OR_MORE = r"(?:\sor\s(?:(?P<more>more|over|above|higher|longer|up)|(?P<less>less|fewer|under|below|lower|shorter))\b)?"
_RANGE = rf"(?P<low>{_NUMBER})(?:(?P<range>{_BETWEEN})(?P<high>{_NUMBER}))?"
_BOUND = rf"(?:\b(?:(?P<least>{_AT_LEAST})|(?P<most>{_AT_MOST}))\s(?:around\s|about\s)?)?"
_FLAGS = re.IGNORECASE

_MEASURED = re.compile(
    rf"{_BOUND}{_START}(?:\b(?P<both>between)\s(?P<from>{_NUMBER})\sand\s(?P<until>{_NUMBER})|{_RANGE})"
    rf"(?P<scale>\s(?:hundred|thousand|million)\b)?(?P<plus>\+)?(?P<gap>[\s-]?(?:degrees?\s)?)"
    rf"(?P<unit>{_UNIT})(?!\w|\.\w)(?:{_OF}{_RATE})?{_OR_MORE}",
    _FLAGS,
)
_PRICED = re.compile(
    rf"{_BOUND}(?<![\w$£€\\])(?:us)?(?P<unit>[$£€])\s?(?P<low>{_DIGITS})(?P<scale>{_SCALE})?"
    rf"(?:(?P<range>{_BETWEEN})[$£€]?(?P<high>{_DIGITS})(?P<scale_high>{_SCALE})?)?"
    rf"(?P<plus>\+)?(?![\w.,]?\d)(?!\w)(?:{_RATE})?{_OR_MORE}",
    _FLAGS,
)
_TIMES_A = re.compile(
    rf"{_BOUND}{_START}\b(?:{_RANGE}(?P<plus>\+)?\s?(?:x|×|times)|(?P<once>once|twice|thrice))"
    rf"(?:{_RATE}|\s(?P<adverb>{'|'.join(_ADVERBS)})\b)",
    _FLAGS,
)
_BARE_RATE = re.compile(rf"{_BOUND}{_START}{_RANGE}(?P<plus>\+)?(?:\s?/\s?|\sper\s)(?P<per>{_PERIOD})\b", _FLAGS)
_EVERY = re.compile(
    rf"\b(?:once\s)?every\s(?:(?P<other>other|single)\s|(?P<low>{_NUMBER})(?:{_BETWEEN}(?P<high>{_NUMBER}))?\s)?"
    r"(?P<per>seconds?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|months?|years?|semesters?"
    r"|(?P<part>mornings?|evenings?|afternoons?))\b(?!-)",
    _FLAGS,
)
_REGULARLY = re.compile(
    r"(?<![\w-])(?P<per>daily|weekly|monthly|nightly|yearly)\b(?=\W{0,2}\Z|[,.;:!?)]|\s(?:and|or|for|but|with|to|in|at|on|"
    r"if|as|so|because|since|until|when|while|is|was)\b)",
    _FLAGS,
)
_JOINED = re.compile(r"(?:,?\s(?:and\s)?)?", _FLAGS)
_AGAIN = re.compile(_RATE.replace("?P<per>", "?:"), _FLAGS)
"""A second rate ("per acre per year") is more than a quantity holds."""
_EACH = re.compile(r"\b(?:for|of|in|from|to|through|on)\s\Z", _FLAGS)
_ONCE = {"once": 1.0, "twice": 2.0, "thrice": 3.0}


def number_of(text: str) -> float:
    """Return the value of the words or digits of one number: "1,450", "0,5", "two and a half", "a couple of"."""
    total = 0.0
    for word in re.findall(r"[½¼¾]|\d/\d|[\d.,]+|[a-z]+", text.lower()):
        if word in _FRACTIONS:
            total += _FRACTIONS[word]
        elif word in _WORDS:
            total += _WORDS[word]
        elif word[-1].isdigit():
            total += float(word.replace(",", "" if re.search(r",\d{3}", word) else "."))
    return total


# ---------------------------------------------------------------- reading
_MONEY_WORDS = re.compile(
    r"[£$€]|\b(?:cost|pay|paid|spen[dt]|save[ds]?|savings?|price|worth|bank|loan|debt|earn|salary|owe|budget|fees?|bills?|"
    r"money|maths|mortgage|rent)\b",
    _FLAGS,
)
_ONE_DAY = frozenset(("day", "night", "second", "minute", "page", "class", "course", "session", "hour"))
"""Units that "one" stands before without counting: "one day", "one night", "one second"."""
_FULLY = re.compile(r"\s(?:of|on|more|less|off|increase)\b", _FLAGS)
_TO_FULL = re.compile(r"\b(?:a|by|to|of|got|reach|at|score[ds]?)\s\Z", _FLAGS)
LOOK_BACK = 24
"""Characters before a quantity that may change what it says."""


def quantities(text: str) -> tuple[Found, ...]:
    """Return the quantities of `text` in order, none overlapping another. Never raises."""
    readers = (_times_a, _every, _priced, _measured, _bare_rate, _regularly)
    return tuple(_joined(text, apart(one for read in readers for one in read(text))))


class Spanned(Protocol):
    """Anything that stands from `start` to `end` of a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


def apart(found: Iterable[SpannedT]) -> list[SpannedT]:
    """Return `found` in the order of the text; of two that overlap, the one that came first."""
    kept: list[SpannedT] = []
    for one in found:
        at = bisect_left(kept, one.start, key=lambda other: other.start)
        if (at == 0 or kept[at - 1].end <= one.start) and (at == len(kept) or one.end <= kept[at].start):
            kept.insert(at, one)
    return kept


def _measured(text: str) -> Iterator[Found]:
    money = bool(_MONEY_WORDS.search(text))
    for match in _MEASURED.finditer(text):
        unit = _unit(match["unit"], glued=not match["gap"])
        number = match["low"] or match["from"]
        idle = number.lower() == "one" and unit in _ONE_DAY and not match["range"]
        idle |= match["unit"].lower() == "semester" and number.lower() not in ("1", "one")  # "two semester breaks"
        if (
            unit is None
            or idle
            or _AGAIN.match(text, match.end())
            or (unit == "percent" and _is_figurative(text, match))
        ):
            continue
        if unit == "pound" and money and match["unit"].lower().startswith("pound"):
            unit = MONEY["£"]
        low, high = number_of(number), number_of(match["high"] or match["until"] or number)
        scale = _SCALES.get((match["scale"] or "").strip().lower(), 1.0)
        yield _found(match, low * scale, high * scale, unit)


def _unit(spelling: str, *, glued: bool) -> str | None:
    """Return the unit that `spelling` means; None for a name ("120 Minute IPA") or a letter in the wrong case."""
    if spelling in SHORT:
        return None if spelling in (_NEVER_GLUED if glued else _ALWAYS_GLUED) else SHORT[spelling]
    if spelling in "cf" and glued:
        return SHORT[spelling.upper()]
    is_name = spelling.istitle() and len(spelling) > LONGEST_SHORT and not spelling.startswith(("Celsius", "Fahren"))
    return None if is_name else UNITS.get(spelling.lower())


def _is_figurative(text: str, match: re.Match[str]) -> bool:
    """Whether "100%" only means "fully"."""
    whole = match["low"] in ("100", "110", "1000", "200")
    before = text[max(0, match.start() - LOOK_BACK) : match.start()]
    return whole and not match["range"] and not _FULLY.match(text, match.end()) and not _TO_FULL.search(before)


def _priced(text: str) -> Iterator[Found]:
    for match in _PRICED.finditer(text):
        scale, scale_high = ((match[name] or "").strip().lower() for name in ("scale", "scale_high"))
        high = match["high"] or match["low"]
        low_by = _SCALES.get(scale or scale_high, 1.0)
        high_by = _SCALES.get(scale_high or scale, 1.0)
        yield _found(match, number_of(match["low"]) * low_by, number_of(high) * high_by, MONEY[match["unit"]])


def _times_a(text: str) -> Iterator[Found]:
    for match in _TIMES_A.finditer(text):
        if match["once"]:
            low = high = _ONCE[match["once"].lower()]
        else:
            low, high = number_of(match["low"]), number_of(match["high"] or match["low"])
        yield _found(match, low, high, "")


def _bare_rate(text: str) -> Iterator[Found]:
    for match in _BARE_RATE.finditer(text):
        yield _found(match, number_of(match["low"]), number_of(match["high"] or match["low"]), "")


def _every(text: str) -> Iterator[Found]:
    for match in _EVERY.finditer(text):
        other = 2.0 if (match["other"] or "").lower() == "other" else 1.0
        low = number_of(match["low"]) if match["low"] else other
        high = number_of(match["high"]) if match["high"] else low
        period = "day" if match["part"] else _PERIODS[match["per"].lower()]
        if low and high and not _EACH.search(text, max(0, match.start() - LOOK_BACK), match.start()):
            yield Found(*match.span(), Quantity(min(1 / low, 1 / high), max(1 / low, 1 / high), f"per {period}"))


def _regularly(text: str) -> Iterator[Found]:
    for match in _REGULARLY.finditer(text):
        yield Found(*match.span(), Quantity(1.0, 1.0, f"per {_ADVERBS[match['per'].lower()]}"))


def _found(match: re.Match[str], low: float, high: float, unit: str) -> Found:
    """Return the quantity of `match` with the bound and the rate that stand around it."""
    named = match.groupdict()
    adverb = named.get("adverb") or ""
    period = _PERIODS[named["per"].lower()] if named.get("per") else _ADVERBS.get(adverb.lower(), "")
    unit = f"{unit}{PER}{period}".strip() if period else unit
    first, last = sorted((low, high))
    at_least = bool(named.get("least") or named.get("plus") or named.get("more"))
    at_most = bool(named.get("most") or named.get("less"))
    if " than" in (named.get("least") or named.get("most") or "") and _NOT.search(
        match.string, max(0, match.start() - 2 * LOOK_BACK), match.start()
    ):
        at_least, at_most = at_most, at_least
    return Found(*match.span(), Quantity(None if at_most else first, None if at_least and not at_most else last, unit))


_LARGER = {"year": ("month", "week"), "month": ("week", "day"), "week": ("day",), "day": ("hour",),
           "hour": ("minute",), "minute": ("second",), "pound": ("ounce",)}  # fmt: skip


def _joined(text: str, found: list[Found]) -> Iterator[Found]:
    """Yield `found` with "1 hour 30 minutes" as one quantity."""
    held: Found | None = None
    for one in found:
        if held and _JOINED.fullmatch(text, held.end, one.start) and (both := _sum(held.quantity, one.quantity)):
            held = Found(held.start, one.end, both)
            continue
        if held:
            yield held
        held = one
    if held:
        yield held


def _sum(larger: Quantity, smaller: Quantity) -> Quantity | None:
    exact = larger.low == larger.high and smaller.low == smaller.high
    rest = smaller.to(larger.unit) if exact and smaller.unit in _LARGER.get(larger.unit, ()) else None
    if rest is None or rest.low is None or larger.low is None:
        return None
    total = round(larger.low + rest.low, 6)
    return Quantity(total, total, larger.unit)
