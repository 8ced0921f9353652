"""Sentences written by hand, honest and not: none that says something else is shown, and most honest ones are.

`restatements.jsonl` holds 468 of them: the check was made with the half called development in view.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from builders import judged_claim

from bot.prose import Line
from bot.support import supported
from indexer.claims import Claim, kind_of
from indexer.judge import Judgement

ROWS = [json.loads(line) for line in (Path(__file__).parent / "restatements.jsonl").read_text("utf-8").splitlines()]


def agreeing(asked: Sequence[tuple[str, Claim]]) -> list[Judgement]:
    """A judge that finds everything for it: the words alone decide."""
    return [Judgement(pro=1.0, con=0.0, mixed=0.0, none=0.0) for _ in asked]


def shown(row: dict[str, Any]) -> Line | str:
    claims = [judged_claim(text, author=text, kind=kind_of(text)) for text in row["claims"]]
    return supported(row["text"], claims, agreeing)


def test_there_are_sentences_of_every_sort() -> None:
    """Both halves hold restatements and everything that can be wrong with one, and share no claim."""
    sorts = Counter(row["sort"] for row in ROWS if not row["supported"])
    assert {"polarity", "negation", "number", "name", "time", "quantifier", "cause", "subject", "modality"} <= set(
        sorts
    )
    assert {"merged", "advice", "hearsay_dropped", "condition_dropped", "swapped", "person"} <= set(sorts)
    halves = [{tuple(row["claims"]) for row in ROWS if row["part"] == part} for part in ("development", "held_out")]
    assert set() == halves[0] & halves[1]


@pytest.mark.parametrize("row", [row for row in ROWS if not row["supported"]], ids=lambda row: row["text"][:60])
def test_what_a_claim_does_not_say_is_not_shown(row: dict[str, Any]) -> None:
    """Whatever the judge finds, a sentence that says something else is dropped, or is the claim's own words."""
    found = shown(row)
    assert isinstance(found, str) or (found.verbatim and found.text in row["claims"])


@pytest.mark.parametrize(("part", "least"), [("development", 0.7), ("held_out", 0.6)])
def test_most_honest_restatements_are_shown(part: str, least: float) -> None:
    """A restatement need not be a quotation: reports, spellings and moved conditions are let through."""
    honest = [row for row in ROWS if row["part"] == part and row["supported"]]
    assert least <= sum(isinstance(shown(row), Line) for row in honest) / len(honest)


TOLD_BY = {"i": "they", "we": "they", "me": "them", "us": "them", "my": "their", "our": "their", "mine": "theirs"}
TURNING = (
    "not",
    "never",
    "only",
    "always",
    "most",
    "all",
    "maybe",
    "must",
    "because",
    "if",
    "unless",
    "everyone",
    "no",
    "40",
)


@pytest.mark.parametrize("turn", TURNING)
def test_no_word_that_turns_a_claim_slips_in(turn: str) -> None:
    """Put anywhere into a claim as it is told, it is found; so is its loss, where the claim has it."""
    for (text,) in {tuple(row["claims"]) for row in ROWS if len(row["claims"]) == 1}:
        claim = judged_claim(text, kind=kind_of(text))
        words = [TOLD_BY.get(word.lower(), word) for word in text.split()]
        more = [[*words[:at], turn, *words[at:]] for at in range(len(words) + 1)]
        less = [[*words[:at], *words[at + 1 :]] for at, word in enumerate(words) if word.lower() == turn]
        for changed in (" ".join(one) for one in more + less):
            assert isinstance(supported(changed, [claim], agreeing), str), changed
