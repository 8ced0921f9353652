"""Bare answers and echoes, made by rule: "No." takes its side from the question it answers, "This." from the post.

The words before the claim say what is answered. That may be the asked question, another form of it, or its opposite,
and then "Yes" speaks against: pairs of all three are made, and echoes of claims whose side is known.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from training.data import MIXED, NONE, ONE_HOT, Example, Target, flip
from training.questions import negations, paraphrases

YES = (
    "Yes",
    "Yep",
    "Yeah",
    "Absolutely",
    "Definitely",
    "Of course",
    "100%",
    "For sure",
    "yes, did it last year",
    "yep, did it",
    "yes and never looked back",
    "Totally",
)
NO = (
    "No",
    "Nope",
    "Nah",
    "Not really",
    "Definitely not",
    "Absolutely not",
    "Not at all",
    "No way",
    "no, tried it",
    "nope, gave it up",
    "Never",
    "not in my case",
)
SAME = (
    "This",
    "Exactly this",
    "Agreed with the above",
    "Agreed",
    "I second this",
    "+1",
    "Same here",
    "What they said",
    "couldn't agree more",
    "This is the right answer",
    "spot on",
    "came here to say this",
)
OTHER = (
    "Disagree",
    "I disagree",
    "Couldn't disagree more",
    "Nonsense",
    "This is bad advice",
    "That's just wrong",
    "Not true at all",
    "don't listen to this",
)
OPEN = (
    "disagree unless you're a beginner",
    "agree, but only up to a point",
    "it depends",
    "depends on how often",
    "agreed if you have the time",
    "not always",
)
EITHER: Target = (0.2, 0.2, 0.55, 0.05)


def answer_examples(written: Sequence[Example], rng: random.Random, count: int) -> list[Example]:
    """Return `count` bare answers to forms of the questions of `written`, and echoes of its claims, half of each."""
    asked = list(dict.fromkeys(e.question for e in written))
    sided = [e for e in written if e.label not in (NONE, MIXED)]
    return [_answer(rng.choice(asked), rng) if at % 2 else _echo(rng.choice(sided), rng) for at in range(count)]


def _answer(question: str, rng: random.Random) -> Example:
    forms = [(question, True)]
    forms += [(form, True) for form in paraphrases(question)] + [(form, False) for form in negations(question)]
    answered, same = rng.choice(forms) if rng.random() < 0.6 else forms[0]  # noqa: PLR2004 -- mostly another form
    said, yes = rng.choice(((YES, True), (NO, False)))
    target = ONE_HOT["pro" if yes is same else "con"]
    return Example(question, rng.choice(said), target, "answer", question, answered, weight=0.4)


def _echo(example: Example, rng: random.Random) -> Example:
    said, target = rng.choice(((SAME, example.target), (OTHER, flip(example.target)), (OPEN, EITHER)))
    return Example(example.question, rng.choice(said), target, "answer", example.group, example.claim, weight=0.4)
