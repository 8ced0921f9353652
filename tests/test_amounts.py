"""Amounts in words: as a reader says them, with their range, their bounds and their sign."""

from __future__ import annotations

import pytest

from bot.amounts import amount_words, quantity_unit, quantity_words
from bot.deciding import Amount
from indexer.judge import Stance
from indexer.particulars import Direction, ParticularType
from indexer.quantities import Quantity


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (Quantity(2, 3, "per week"), "2 to 3 times a week"),
        (Quantity(1, 1, "per day"), "once a day"),
        (Quantity(1 / 4, 1 / 3, "per month"), "every 3 to 4 months"),
        (Quantity(0.5, 2, "per day"), "0.5 to 2 times a day"),
        (Quantity(15, 15, "minute per day"), "15 minutes a day"),
        (Quantity(60, 60, "mile per hour"), "60 miles an hour"),
        (Quantity(1, 1, "hour"), "1 hour"),
        (Quantity(2, 2, "foot"), "2 feet"),
        (Quantity(5, None, "kilometer"), "5 or more kilometers"),
        (Quantity(None, 35, "millimeter"), "up to 35 millimeters"),
        (Quantity(6400, 6400, "pound_sterling"), "£6,400"),
        (Quantity(340, 400, "dollar per year"), "$340 to $400 a year"),
        (Quantity(6.9, 6.9, "percent"), "6.9%"),
        (Quantity(20, 25, "degree_Celsius"), "20 to 25 °C"),
    ],
)
def test_a_quantity_in_words(quantity: Quantity, words: str) -> None:
    """Frequencies, rates, money, shares and open ranges are said as people say them."""
    assert words == quantity_words(quantity)


def test_a_unit_in_words() -> None:
    """What a group of people counts: many of it."""
    assert ["miles a week", "hours a week"] == [quantity_unit(unit) for unit in ("mile per week", "hour per week")]


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (Quantity(-40, -25, "second"), "25 to 40 seconds less (better)"),
        (Quantity(10, 10, "percent"), "10% more (better)"),
        (Quantity(None, -5, "kilogram"), "5 or more kilograms less (better)"),
    ],
)
def test_an_outcome_says_more_or_less(quantity: Quantity, words: str) -> None:
    """A change has its sign and its direction in words."""
    assert words == amount_words(
        Amount(ParticularType.OUTCOME, Stance.PRO, (), (quantity,), direction=Direction.BETTER)
    )


def test_an_outcome_without_a_number() -> None:
    """What only got better or worse says so."""
    assert "it got worse" == amount_words(Amount(ParticularType.OUTCOME, Stance.CON, (), direction=Direction.WORSE))
