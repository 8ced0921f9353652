"""Retrieval: dense, keyword and thread rankings fused; each claim once; nothing of another matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from builders import ENCODER, judged_claim
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge, thread_of
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval import NEAR, RANK_CONSTANT, Candidate, candidates, fuse
from corpus.samples import sample_threads
from indexer.claim_store import Told
from indexer.embeddings import SentenceTransformerEncoder
from indexer.knowledge import CitedClaim, Hit, KnowledgeBase

RANKINGS = st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=8), max_size=4)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), judge=RuleJudge()) as filled:
        filled.add([RUNNERS, BAKERS])
        yield filled


def texts(found: list[Candidate]) -> list[str]:
    return [candidate.cited.claim.text for candidate in found]


# ---------------------------------------------------------------- fusing


def test_reciprocal_ranks_are_added() -> None:
    """Second in two rankings is better than first in one."""
    assert ["b", "a", "c"] == fuse([["a", "b"], ["c", "b"]])


def test_equal_ranks_are_ordered_by_id() -> None:
    """What is ranked alike comes in the order of ids, so that answers repeat."""
    assert ["a", "b"] == fuse([["b"], ["a"]])


def test_the_constant_of_the_paper() -> None:
    """Ranks are damped by the constant of Cormack et al."""
    assert 60 == RANK_CONSTANT


@given(RANKINGS)
def test_each_id_comes_once(rankings: list[list[str]]) -> None:
    """Whatever is fused, each id is there, and once."""
    fused = fuse(rankings)
    assert {identifier for ranking in rankings for identifier in ranking} == set(fused)
    assert len(set(fused)) == len(fused)


# ---------------------------------------------------------------- the floor


ASKED = np.array([1.0, 0.0], np.float32)


@dataclass
class Near:
    """A base whose claims are at given cosines to whatever is asked: `dense` of any thread, `told` of one like it."""

    dense: dict[str, float]
    told: dict[str, float] = field(default_factory=dict)
    position: int = 1
    question: str = "Should I lift?"

    def embedded(self, text: str) -> np.ndarray:
        return ASKED

    def near(self, text: str, k: int) -> list[Hit]:
        return [Hit(one, cosine) for one, cosine in self.dense.items()]

    def near_threads(self, text: str, k: int) -> list[Hit]:
        return [Hit("thread", 0.9)] if self.told else []

    def matching(self, text: str, k: int) -> list[str]:
        return []

    def told_in(self, thread_ids: Sequence[str]) -> list[Told]:
        return [Told(one, "thread", self.position, self.question) for one in self.told]

    def cited(self, claim_ids: Sequence[str]) -> list[CitedClaim]:
        cited = judged_claim("squats help").cited
        return [replace(cited, claim=replace(cited.claim, id=one)) for one in claim_ids]

    def vectors(self, claim_ids: Sequence[str]) -> dict[str, np.ndarray]:
        every = self.dense | self.told
        return {one: np.array([every[one], 0.0], np.float32) for one in claim_ids}


def kept(base: Near) -> list[str]:
    return [one.cited.claim.id for one in candidates(base, "Should I lift?")]


def test_a_claim_near_by_its_own_words_is_kept() -> None:
    """The floor lets a claim in from its cosine on."""
    assert ["near"] == kept(Near({"near": NEAR + 0.01, "far": NEAR - 0.01}))


def test_a_claim_whose_thread_asked_the_same_is_kept() -> None:
    """A claim far from the question comes in through its thread."""
    assert ["told"] == kept(Near({"far": 0.1}, told={"told": -0.1}))


def test_the_opening_post_of_the_same_question_asks() -> None:
    """What the asker says when asking is the question, and no answer, however near it is."""
    assert [] == kept(Near({"told": 0.9}, told={"told": 0.9}, position=0))


def test_a_report_that_opens_a_thread_answers() -> None:
    """An opening post that reports instead of asking is an answer."""
    assert ["told"] == kept(Near({}, told={"told": 0.2}, position=0, question="Lifting took 40 s off my 5k"))


# ---------------------------------------------------------------- on a knowledge base


def test_claims_come_in_through_their_thread(base: KnowledgeBase) -> None:
    """What says nothing of lifting by itself, "just run more miles", is found by what its thread asked."""
    found = candidates(base, "Should I lift weights for a 5k?")
    assert any("just run more miles" in text for text in texts(found))


def test_an_unrelated_question_finds_nothing(base: KnowledgeBase) -> None:
    """Nothing is near a question of another matter."""
    assert [] == candidates(base, "Is the moon made of cheese?")


def test_an_empty_knowledge_base_finds_nothing(tmp_path: Path) -> None:
    """Before anything was added there are no candidates, and no error."""
    with KnowledgeBase.open(tmp_path / "new", encoder=HashingEncoder(), judge=RuleJudge()) as empty:
        assert [] == candidates(empty, "Should I lift?")


def test_another_thread_stays_out(base: KnowledgeBase) -> None:
    """No claim of the bakers answers the runners."""
    found = candidates(base, "Should I lift weights for a 5k?")
    assert {RUNNERS.id} == {candidate.cited.claim.thread_id for candidate in found}


def test_each_claim_is_a_candidate_once(base: KnowledgeBase) -> None:
    """A claim found in three ways is one candidate."""
    ids = [candidate.cited.claim.id for candidate in candidates(base, "Should I lift weights for a faster 5k?")]
    assert len(set(ids)) == len(ids)


def test_the_limit_holds(base: KnowledgeBase) -> None:
    """No more candidates than asked for, the best ones."""
    question = "Should I lift weights for a faster 5k?"
    assert texts(candidates(base, question))[:2] == texts(candidates(base, question, limit=2))


def test_a_candidate_knows_its_cosine(base: KnowledgeBase) -> None:
    """The similarity is the cosine of the claim to the question, from the stored vector."""
    question = "Should I lift weights for a faster 5k?"
    asked = ENCODER.encode([question])[0]
    for found in candidates(base, question):
        claim = ENCODER.encode([found.cited.claim.text])[0]
        assert pytest.approx(float(asked @ claim), abs=1e-5) == found.similarity


def test_a_keyword_alone_is_not_enough(base: KnowledgeBase) -> None:
    """A claim that shares one rare word with a long question of another matter is left out."""
    question = "Which miles programme of an airline gives the best upgrades on long haul business flights to Asia?"
    assert [] == candidates(base, question)


def test_claims_of_two_threads_with_one_question_come_together(base: KnowledgeBase) -> None:
    """The same question asked twice is answered from both threads."""
    base.add(
        [thread_of("Should I lift weights for a 5k race?", "Should I lift weights?", "It worked wonders for Ann.")]
    )
    found = candidates(base, "Should I lift weights for a 5k?")
    assert 2 == len({candidate.cited.claim.thread_id for candidate in found})


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The sample threads with the real encoder; stances play no part here."""
    encoder = SentenceTransformerEncoder.open()
    with KnowledgeBase.open(tmp_path_factory.mktemp("samples"), encoder=encoder, judge=RuleJudge()) as filled:
        filled.add(sample_threads())
        yield filled


@pytest.mark.parametrize("words", ["run more", "resistant to injury"])
def test_both_sides_of_the_sample_question_are_found(samples: KnowledgeBase, words: str) -> None:
    """With the real encoder the sample question finds the advice to run and the report on injuries."""
    assert any(words in text for text in texts(candidates(samples, "Should I lift for a sub-20 5k?")))


@pytest.mark.parametrize(
    "question",
    ["Is the moon made of cheese?", "What is the capital of France?", "Should I buy a boat?", "Can dogs eat grapes?"],
)
def test_the_samples_say_nothing_of_other_matters(samples: KnowledgeBase, question: str) -> None:
    """With the real encoder questions of another field find nothing."""
    assert [] == texts(candidates(samples, question))
