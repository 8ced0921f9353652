"""Made-up bare answers and echoes: the side comes from what is answered."""

from __future__ import annotations

import random

import pytest

from training.answers import NO, OTHER, SAME, YES, answer_examples
from training.data import CON, MIXED, ONE_HOT, PRO, Example
from training.questions import negations

QUESTION = "Should I buy a tent?"
WRITTEN = [
    Example(QUESTION, "ours paid for itself in a summer", ONE_HOT["pro"], "written", QUESTION),
    Example(QUESTION, "who owns the field?", ONE_HOT["none"], "written", QUESTION),
    Example(QUESTION, "only if you go often", ONE_HOT["mixed"], "written", QUESTION),
]


@pytest.fixture(scope="module")
def made() -> list[Example]:
    return answer_examples(WRITTEN, random.Random(1), 600)


@pytest.mark.parametrize(("said", "straight", "turned"), [(YES, PRO, CON), (NO, CON, PRO)])
def test_a_bare_answer_takes_its_side_from_the_question_it_answers(
    made: list[Example], said: tuple[str, ...], straight: int, turned: int
) -> None:
    """A yes speaks against where what it answers is the opposite of what is asked."""
    mine = [e for e in made if e.claim in said]
    opposite = set(negations(QUESTION))
    assert {turned} == {e.label for e in mine if e.context in opposite}
    assert {straight} == {e.label for e in mine if e.context not in opposite}


@pytest.mark.parametrize(("said", "label"), [(SAME, PRO), (OTHER, CON)])
def test_an_echo_takes_its_side_from_the_claim_it_echoes(
    made: list[Example], said: tuple[str, ...], label: int
) -> None:
    """Assent stands where the claim stands, dissent on the other side."""
    assert {(label, WRITTEN[0].claim)} == {(e.label, e.context) for e in made if e.claim in said}


def test_an_echo_with_a_condition_depends(made: list[Example]) -> None:
    """It is mixed, with some chance of either side."""
    found = [e for e in made if e.claim.startswith("disagree unless")]
    assert {MIXED} == {e.label for e in found}
    assert found[0].target[PRO] == found[0].target[CON] > 0
