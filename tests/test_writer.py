"""Answers as prose: what is kept, repaired and dropped, and that a reader always gets an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from builders import answered, judged_claim, likelihoods
from fakes import RuleJudge
from scripted import Reply, draft, scripted, sent

from bot.answer import Answer
from bot.narrowing import Focus, Narrowing
from bot.prose import Prose
from bot.writer import CLAIMS, CLAIMS_A_SIDE, Writer, offered
from indexer.claims import Claim
from indexer.judge import Judgement, Stance
from indexer.pipeline import judge_pairs

HIPS = judged_claim("squats really helped my hips", author="ann")
TIMES = judged_claim("my times improved after one winter", author="bob")
MILES = judged_claim("I never lift, I just run", Stance.CON, author="cem")
ANSWER = answered(HIPS, TIMES, MILES)
NAMES = {one.cited.claim.text: name for name, one in offered(ANSWER).items()}
H, T, M = NAMES[HIPS.cited.claim.text], NAMES[TIMES.cited.claim.text], NAMES[MILES.cited.claim.text]

GOOD = (("Squats helped their hips.", [H]), ("They never lift, they just run.", [M]))


def judging(asked: Sequence[tuple[str, Claim]]) -> list[Judgement]:
    return judge_pairs(RuleJudge(), asked)


def write(*replies: Reply, answer: Answer = ANSWER, **settings: Any) -> Prose:
    model = scripted(*replies, **settings)
    prose = Writer(model, judging).write(answer, model.question_budget())
    assert prose
    return prose


def test_what_holds_is_kept_with_its_claims() -> None:
    """Each line has the claims it cites, for before against, whatever order the model chose."""
    prose = write(draft(*reversed(GOOD)))
    assert [("Squats helped their hips.", Stance.PRO), ("They never lift, they just run.", Stance.CON)] == [
        (line.text, line.stance) for line in prose.lines
    ]
    assert [[HIPS.cited.claim.id], [MILES.cited.claim.id]] == [
        [one.cited.claim.id for one in line.claims] for line in prose.lines
    ]
    assert ("", 2, 0, {}) == (prose.problem, prose.written, prose.repaired, dict(prose.dropped))


def test_a_sentence_that_fails_is_repaired_once() -> None:
    """It is sent back with what is wrong; what then holds is shown."""
    model = scripted(draft(GOOD[0], ("Nobody ever lifts.", [M])), draft(GOOD[1]))
    prose = Writer(model, judging).write(ANSWER, model.question_budget())
    assert prose
    assert (2, 1, {}) == (len(prose.lines), prose.repaired, dict(prose.dropped))
    assert '"sentence": "Nobody ever lifts."' in sent(model)[1]
    assert "It does not have the words of the claim" in sent(model)[1]


def test_what_fails_twice_is_dropped() -> None:
    """There is no third try, and what was wrong is counted."""
    prose = write(draft(*GOOD, ("Runners love bananas.", [H])), draft(("Runners like bananas.", [H])))
    assert (2, 0, {"other_words": 1}) == (len(prose.lines), prose.repaired, dict(prose.dropped))


def test_a_repair_that_never_comes_is_counted() -> None:
    """A sentence that the model does not write again is gone."""
    prose = write(draft(*GOOD, ("Bananas.", [H]), ("Apples.", [H])), draft(("Bananas.", [H])))
    assert {"other_words": 1, "unmended": 1} == dict(prose.dropped)


def test_the_same_is_said_once() -> None:
    """A sentence whose claims were all told already says nothing new."""
    prose = write(draft(*GOOD, ("Squats really helped their hips", [H])))
    assert (2, {"repeated": 1}) == (len(prose.lines), dict(prose.dropped))


def test_a_copy_cites_its_claim_whatever_it_lists() -> None:
    """The words of a claim are that claim; its side comes with it."""
    prose = write(draft(("I never lift, I just run", [H]), GOOD[0]))
    assert [(GOOD[0][0], False), ("I never lift, I just run", True)] == [
        (one.text, one.verbatim) for one in prose.lines
    ]
    assert MILES.cited.claim.id == prose.lines[1].claims[0].cited.claim.id


@pytest.mark.parametrize(
    "sentences",
    [
        (GOOD[0],),
        (GOOD[0], ("Their times improved after one winter.", [T])),  # nothing against, where somebody is
        (("Bananas.", [H]),),
    ],
)
def test_where_too_little_holds_the_answer_stands_by_itself(sentences: tuple[tuple[str, list[str]], ...]) -> None:
    """One sentence, or one side alone, is no range of views: nothing is shown, and it is said why."""
    prose = write(draft(*sentences), draft(("Bananas.", [H])))
    assert () == prose.lines
    assert "held against the claims" in prose.problem


@pytest.mark.parametrize("reply", ["", "I'm sorry, I can't.", '{"sentences": [{"claims"', TimeoutError(), "x" * 90_000])
def test_a_model_that_fails_takes_nothing_away(reply: Reply) -> None:
    """The prose is empty and says what went wrong; no exception comes through."""
    prose = write(*[reply] * 9, retries=0)
    assert () == prose.lines
    assert "the chat model" in prose.problem
    assert prose.failed


def test_lines_stay_where_the_repair_fails() -> None:
    """What held at the first try is shown, also when the second request breaks; that it broke is kept."""
    prose = write(draft(*GOOD, ("Bananas.", [H])), TimeoutError(), retries=0)
    assert (2, "", "timeout") == (len(prose.lines), prose.problem, prose.failed)
    assert {"other_words": 1} == dict(prose.dropped)


def test_the_same_answer_is_written_once() -> None:
    """What is exported is what was shown: the model is not asked again."""
    model = scripted(draft(*GOOD))
    writer = Writer(model, judging)
    first = writer.write(ANSWER, model.question_budget())
    assert first is writer.write(ANSWER, model.question_budget())
    assert 1 == len(sent(model))


def test_nothing_is_kept_from_another_state_of_the_base() -> None:
    """What was removed from the knowledge base is not in what was written before, either."""
    model = scripted(draft(*GOOD), draft(*GOOD))
    writer = Writer(model, judging)
    writer.write(ANSWER, model.question_budget(), "1.1")
    writer.write(ANSWER, model.question_budget(), "1.2")
    assert 2 == len(sent(model))


def test_an_answer_that_changed_is_written_anew() -> None:
    """A corrected side is another answer."""
    model = scripted(draft(*GOOD), "")
    writer = Writer(model, judging)
    writer.write(ANSWER, model.question_budget())
    writer.write(answered(replace(HIPS, judgement=likelihoods(Stance.MIXED)), TIMES, MILES), model.question_budget())
    assert 2 <= len(sent(model))


def test_nothing_is_written_of_too_little() -> None:
    """One claim, or an answer that shows people instead of views, is left to the answer."""
    model = scripted()
    writer = Writer(model, judging)
    assert writer.write(answered(HIPS), model.question_budget()) is None
    people = replace(ANSWER, narrowing=Narrowing(focus=Focus.PEOPLE))
    assert writer.write(people, model.question_budget()) is None


def test_only_the_side_that_was_asked_for_is_sent() -> None:
    """An answer narrowed to a side is written of that side."""
    narrowed = replace(ANSWER, narrowing=Narrowing(side=Stance.CON))
    assert {Stance.CON} == {one.judgement.stance for one in offered(narrowed).values()}


def test_a_model_is_sent_a_bounded_number_of_claims() -> None:
    """The strongest of each side, under short names, doubtful ones last."""
    many = [
        judged_claim(
            f"word{number} makes lifting number{number} good", author=f"a{number}", confidence=0.5 + number / 50
        )
        for number in range(20)
    ]
    sent_claims = offered(answered(*many, MILES))
    assert CLAIMS_A_SIDE + 1 == len(sent_claims)
    assert list(sent_claims) == [f"c{number}" for number in range(1, CLAIMS_A_SIDE + 2)]
    assert len(sent_claims) <= CLAIMS


def test_a_budget_is_kept() -> None:
    """A question that may take no tokens is answered without prose, and it is said why."""
    model = scripted(draft(*GOOD), question_tokens=10)
    prose = Writer(model, judging).write(ANSWER, model.question_budget())
    assert prose
    assert "10 are allowed" in prose.problem
    assert [] == sent(model)


def test_the_claims_are_sent_as_data() -> None:
    """The whole of what is sent about this answer."""
    model = scripted(draft(*GOOD))
    Writer(model, judging).write(ANSWER, model.question_budget())
    (text,) = sent(model)
    data = text[text.rindex("<data>") :]
    lines = {
        H: f'{{"id": "{H}", "side": "for", "text": "squats really helped my hips"}}',
        T: f'{{"id": "{T}", "side": "for", "text": "my times improved after one winter"}}',
        M: f'{{"id": "{M}", "side": "against", "text": "I never lift, I just run"}}',
    }
    assert "\n".join(["<data>", *(lines[name] for name in sorted(lines)), "</data>"]) == data.partition("\nReply")[0]
