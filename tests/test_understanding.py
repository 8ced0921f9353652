"""What a vague question means: the model's reading holds only in the words that were typed."""

from __future__ import annotations

import pytest
from scripted import scripted

from bot.understanding import Meant, holds, meant_by

LIFT = "Should I lift weights for a faster 5k?"


@pytest.mark.parametrize(
    ("question", "typed", "before", "expected"),
    [
        ("should I lift for a 5k", "lifting... lift, 5k, dunno", "", "Should I lift for a 5k?"),
        (
            "Should I lift weights for a marathon?",
            "hmm marathon, same thing?",
            LIFT,
            "Should I lift weights for a marathon?",
        ),
        ("Should I not lift weights?", "so not weights then?", LIFT, "Should I not lift weights?"),
        ("Should I lift weights?", "so not weights then?", LIFT, None),  # turned around
        ("Should I not lift weights?", "so weights then?", LIFT, None),
        ("Should I lift for a 10k?", "lift, 5k, dunno", "", None),  # another number
        ("Should I lift?", "lift for my 5k, dunno", "", None),  # without its number
        ("Should I buy FastShoes?", "lift, dunno", "", None),  # another matter
        ("Is it?", "lift, dunno", "", None),
        ("Lift dunno?", "lift, dunno", "", None),  # what was typed
        ("<b>Should I lift</b>", "lift or so, dunno b", "", None),
    ],
)
def test_a_reading_holds_in_the_words_that_were_typed(
    question: str, typed: str, before: str, expected: str | None
) -> None:
    """It may leave words out and take some of the question before; no other word, no lost number, no turned "not"."""
    assert expected == holds(Meant(question=question), typed, before)


def test_options_make_a_question_of_alternatives() -> None:
    """The things that it is between are asked by the program, in their own words."""
    meant = Meant(question="Which is better?", options=["squats", "hill sprints"])
    assert "Squats or hill sprints?" == holds(meant, "squats hill sprints, who knows", "which one")


def test_invented_options_do_not_hold() -> None:
    """An option that nobody typed is none."""
    assert holds(Meant(question="x", options=["squats", "steroids"]), "squats, what else", "") is None


def test_a_model_that_fails_leaves_the_question_as_typed() -> None:
    """Whatever goes wrong, the answer to what was typed stands."""
    for reply in ("", "no", TimeoutError()):
        model = scripted(*[reply] * 9, retries=0)
        assert meant_by(model, "lift, dunno", "", model.question_budget()) is None
