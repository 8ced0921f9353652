"""Made-up claims about effects: the direction decides the side."""

from __future__ import annotations

import random

import pytest

from training.data import CON, PRO
from training.effects import GOODS, HARMS, effect_examples

QUESTIONS = ["Should I buy a tent?", "Should I quit tea?", "Is it too late to start?"]


def test_only_questions_whether_to_do_something_are_asked() -> None:
    """Under "should I quit" or "is it too late" the same effect would speak for the other side."""
    assert {"Should I buy a tent?"} == {e.question for e in effect_examples(QUESTIONS, random.Random(1), 50)}


@pytest.mark.parametrize(("things", "better"), [(HARMS, "resistant"), (GOODS, "improved")])
def test_less_of_a_harm_and_more_of_a_good_speak_for(things: frozenset[str], better: str) -> None:
    """Both sides are made, and what got better is always pro."""
    found = effect_examples(QUESTIONS, random.Random(1), 400)
    mine = [e for e in found if things & set(e.claim.split())]
    assert {PRO, CON} == {e.label for e in mine}
    assert {PRO} == {e.label for e in mine if better in e.claim and "less" not in e.claim}
