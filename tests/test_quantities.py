import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.quantities import MONEY, UNITS, Quantity, apart, number_of, quantities


def read(text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], str(one.quantity)) for one in quantities(text)]


@pytest.mark.parametrize(
    ("text", "span", "value"),
    [
        ("I lift 2 x a week", "2 x a week", "2 per week"),
        ("3-4 times per day", "3-4 times per day", "3 to 4 per day"),
        ("once every two weeks", "once every two weeks", "0.5 per week"),
        ("every other day", "every other day", "0.5 per day"),
        ("take it daily", "daily", "1 per day"),
        ("lift twice weekly", "twice weekly", "2 per week"),
        ("feed it 3 times daily", "3 times daily", "3 per day"),
        ("I added 5 kg", "5 kg", "5 kilogram"),
        ("it needs half an hour", "half an hour", "0.5 hour"),
        ("two and a half years", "two and a half years", "2.5 year"),
        ("1 hour 30 minutes", "1 hour 30 minutes", "1.5 hour"),
        ("a couple of minutes", "a couple of minutes", "2 minute"),
        ("between 8 and 16 hours", "between 8 and 16 hours", "8 to 16 hour"),
        ("with 1 1/2 cups", "1 1/2 cups", "1.5 cup"),
        ("about £7,100 left", "£7,100", "7100 pound_sterling"),
        ("pays $45k/year", "$45k/year", "45000 dollar per year"),
        ("$1.5 million", "$1.5 million", "1.5e+06 dollar"),
        ("I paid 20 pounds", "20 pounds", "20 pound_sterling"),
        ("I weigh 150 pounds", "150 pounds", "150 pound"),
        ("0,5% abv", "0,5%", "0.5 percent"),
        ("bake at 95-99 degrees Celsius", "95-99 degrees Celsius", "95 to 99 degree_Celsius"),
        ("kept at 68f", "68f", "68 degree_Fahrenheit"),
        ("40 miles a week", "40 miles a week", "40 mile per week"),
        ("2 cups of black coffee a day", "2 cups of black coffee a day", "2 cup per day"),
        ("at least 8 hours", "at least 8 hours", "8+ hour"),
        ("10+ years", "10+ years", "10+ year"),
        ("10% or more", "10% or more", "10+ percent"),
        ("up to 60+%", "up to 60+%", "up to 60 percent"),
        ("I would not spend more than $12", "more than $12", "up to 12 dollar"),
    ],
)
def test_quantity(text: str, span: str, value: str) -> None:
    """Numbers, ranges, bounds, money, shares, temperatures and rates are read with their unit."""
    assert [(span, value)] == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "I'm on 4G with Ubuntu 18.04",
        "a 120 Minute IPA",
        "I 100% agree",
        "one day you will see",
        "in my 40s",
        "a class of 2015",
        "make a plan for every year",
        "1700 lbs per acre per year",
        "call 555-1234 at 6pm",
        "",
    ],
)
def test_no_quantity(text: str) -> None:
    """Names, versions, decades, clock times and figures of speech are no quantities."""
    assert [] == read(text)


@pytest.mark.parametrize(
    ("words", "number"),
    [("1,450", 1450), ("0,5", 0.5), ("twenty-five", 25), ("half a", 0.5), ("2½", 2.5), (".75", 0.75)],
)
def test_number(words: str, number: float) -> None:
    """Digits and words have the same values."""
    assert number == number_of(words)


def test_conversion() -> None:
    """A quantity converts within its dimension, rates and temperatures too."""
    assert Quantity(1000, 2000, "gram") == Quantity(1, 2, "kilogram").to("gram")
    assert Quantity(None, 7, "per week") == Quantity(None, 1, "per day").to("per week")
    celsius = Quantity(212, 212, "degree_Fahrenheit").to("degree_Celsius")
    assert celsius is not None
    assert 100 == pytest.approx(celsius.low)


@pytest.mark.parametrize(("unit", "other"), [("kilogram", "hour"), ("pill", "gram"), ("dollar", "euro"), ("", "hour")])
def test_no_conversion(unit: str, other: str) -> None:
    """Different dimensions, counts and currencies do not convert."""
    assert Quantity(1, 1, unit).to(other) is None


def test_units_are_known() -> None:
    """Every unit but the counts is one that conversion knows."""
    counts = {unit for unit in {*UNITS.values(), *MONEY.values()} if Quantity(1, 1, unit).to(unit) is None}
    expected = {"night", "semester", "repetition", "set", "session", "class", "course", "credit"}
    assert expected | {"page", "pill", "tablet", "capsule", "serving", "meal"} == counts


def test_apart() -> None:
    """Of overlapping spans the one that came first stays."""
    first, second, third = (quantities(text)[0] for text in ("12 kg of it", "a 5 kg", "and after 5 kg"))
    assert [first, third] == apart([first, second, third])


@given(st.text(alphabet=st.sampled_from("12 .,-/%$£kgmhx½ aepo\n'")))
def test_any_text(text: str) -> None:
    """Any text is read; quantities are in order and apart."""
    done = 0
    for one in quantities(text):
        assert done <= one.start < one.end <= len(text)
        assert one.quantity.low is not None or one.quantity.high is not None
        done = one.end
