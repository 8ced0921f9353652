"""Where copied words stand in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.locating import locate

TEXT = (
    "Honestly, I don't think it’s the weights. I lifted 3 times a week for 2 years, and my 5k went from 24:30 to 21:10!"
    " Then I stopped; nothing changed. Squats - done right - helped my hips."
)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("I lifted 3 times a week for 2 years", "I lifted 3 times a week for 2 years"),
        ("i LIFTED  3 times\na week, for 2 years.", "I lifted 3 times a week for 2 years"),
        ("I don’t think it's the weights", "I don't think it’s the weights"),
        ("squats done right helped my hips", "Squats - done right - helped my hips"),
        ("I lifted 3 times a week … from 24:30 to 21:10", TEXT[TEXT.index("I lifted") : TEXT.index("!")]),
        ("I lifted 3 times... helped my hips", TEXT[TEXT.index("I lifted") : -1]),
        ("Squats [...] helped my hips", "Squats - done right - helped my hips"),
        ("I lifted 3 times a week for 2 yaers", "I lifted 3 times a week for 2 years"),  # mistyped
        ("I lifted times a week for 2 whole years", None),  # a number is missing
        ("I lifted 3 times a week for years", None),
        ("Then I just stopped and nothing changed", None),  # two of seven words are added
        ("Then I just stopped nothing changed", "Then I stopped; nothing changed"),  # one is
        ("my 5k from 24:30 to 21:10", "my 5k went from 24:30 to 21:10"),  # one is left out
    ],
)
def test_a_copy_is_found(quote: str, found: str | None) -> None:
    """Case, space, punctuation, ellipses and one word amiss make no difference; what is found is the text's own."""
    span = locate(quote, TEXT)
    assert found == (span and TEXT[slice(*span)])


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "weights",
        "deadlifts ruined my back",
        "I lifted 4 times a week for 2 years",  # another number is another claim
        "I think it's the weights",  # without its "not"
        "helped my hips … I lifted 3 times",  # in another order
        "… … …",
        "weight squat",
    ],
)
def test_what_is_not_there_is_not_found(quote: str) -> None:
    """Invented words, exchanged numbers and dropped negations are no copies."""
    assert locate(quote, TEXT) is None


def test_parts_too_far_apart_are_no_copy() -> None:
    """An ellipsis stands for a few words, not for a page."""
    assert locate("first words … last words", "first words " + "filler " * 100 + "last words") is None


@given(
    st.lists(st.sampled_from(["lift", "never", "run", "3", "knees", "it's", "über"]), min_size=2, max_size=30),
    st.data(),
)
def test_every_part_of_a_text_is_found_in_it(words: list[str], data: st.DataObject) -> None:
    """What is copied exactly is found, and what is found has the same words."""
    start = data.draw(st.integers(0, len(words) - 2))
    part = " ".join(words[start : data.draw(st.integers(start + 2, len(words)))])
    span = locate(part, " ".join(words))
    assert span
    assert part == " ".join(words)[slice(*span)]
