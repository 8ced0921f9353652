"""Quantities in words: (2, 3, "per week") is "2 to 3 times a week", (-40, -25, "second") "25 to 40 seconds less"."""

from __future__ import annotations

from math import inf

from bot.deciding import Amount
from indexer.particulars import ParticularType
from indexer.quantities import MONEY, PER, Quantity

_SIGNS = {name: sign for sign, name in MONEY.items()}
"""What stands before an amount of money."""

_SUFFIXES = {
    "percent": "%", "degree_Celsius": " °C", "degree_Fahrenheit": " °F", "psi": " psi", "megabyte": " MB",
    "gigabyte": " GB", "terabyte": " TB", "megahertz": " MHz", "gigahertz": " GHz",
}  # fmt: skip
"""Units that are written after the number and have no plural."""

_PLURALS = {"foot": "feet", "inch": "inches", "class": "classes", "metric_ton": "tonnes"}
_AN = ("hour", "inch", "acre", "ounce")
ALWAYS = 1.0
"""How often a unit of time "once" is; below it, it is every so many of them."""


def quantity_words(quantity: Quantity) -> str:
    """Return an amount in words, its sign apart."""
    unit = quantity.unit
    positive = -quantity if _is_less(quantity) else quantity
    low, high = positive.low, positive.high
    if unit.startswith(PER.lstrip()):
        return _frequency(low, high, unit.removeprefix(PER.lstrip()))
    of, _, per = unit.partition(PER)
    if of in _SIGNS:
        said = _range(low, high, prefix=_SIGNS[of])
    elif of in _SUFFIXES:
        said = _range(low, high, suffix=_SUFFIXES[of])
    else:
        one = low == high == 1
        name = of.replace("_", " ") if one else _PLURALS.get(of, f"{of.replace('_', ' ')}s")
        said = f"{_range(low, high)} {name}" if of else _range(low, high)
    return f"{said} {_a(per)}" if per else said


def amount_words(amount: Amount) -> str:
    """Return an amount in words, such as "lift: 2 to 3 times a week" or "got better"; a change says more or less."""
    if amount.type is ParticularType.DOSE:
        said = ", ".join(map(quantity_words, amount.quantities))
    else:
        said = ", ".join(f"{quantity_words(one)} {_change(one)}" for one in amount.quantities)
        said = f"{said} ({amount.direction})" if said else f"it got {amount.direction}"
    return f"{amount.subject}: {said}" if amount.subject else said


def quantity_unit(unit: str) -> str:
    """Return a unit in words, many of it: "miles a week"."""
    return quantity_words(Quantity(2.0, 2.0, unit)).removeprefix("2 ")


def _change(quantity: Quantity) -> str:
    return "less" if _is_less(quantity) else "more"


def _is_less(quantity: Quantity) -> bool:
    return max(bound for bound in (quantity.low, quantity.high, -inf) if bound is not None) < 0


def _range(low: float | None, high: float | None, *, prefix: str = "", suffix: str = "") -> str:
    least, most = (f"{prefix}{_number(bound)}{suffix}" if bound is not None else "" for bound in (low, high))
    if not most:
        return f"{least} or more"
    if not least:
        return f"up to {most}"
    return least if least == most else f"{least if prefix else _number(low or 0.0)} to {most}"


def _frequency(low: float | None, high: float | None, period: str) -> str:
    if low and high and high < ALWAYS:
        return f"every {_range(1 / high, 1 / low)} {period}s"
    if low == high == ALWAYS:
        return f"once {_a(period)}"
    return f"{_range(low, high)} times {_a(period)}"


def _a(unit: str) -> str:
    return f"{'an' if unit in _AN else 'a'} {unit}"


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
