"""question -> candidate claims: near in meaning, sharing words, or said in a thread that asked the same; fused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Protocol

from indexer.claim_store import CitedClaim, Told
from indexer.embeddings import Vectors
from indexer.knowledge import Hit, JudgedClaim, KnowledgeBase

CANDIDATES = 64
"""How many claims are judged at most: what a small cross-encoder judges in about a second on two cores."""

THREADS = 8
"""How many threads may bring their claims in. Eight threads of ten claims fill the candidates already."""

RANK_CONSTANT = 60
"""The constant of reciprocal rank fusion: 60, as in Cormack, Clarke and Büttcher, SIGIR 2009."""

NEAR = 0.45
"""The cosine to the asked question from which a claim, or the question of a thread, is about the same matter.

Measured with all-MiniLM-L6-v2 on 842 yes/no titles of four advice forums and 3,000 sentences of their replies. Toward
questions of another field 99.9% of sentences are below 0.36 and of titles below 0.43. Toward other titles of the same
forum 0.6% of sentences and 2.4% of titles are above 0.45 (at 0.40: 1.5% and 4.6%). Only 22% of sentences are above it
toward their own title, which is why a claim may also come in through its thread: "should I lift for a sub-20 5k?" has
0.56 to the question of the sample thread, and 0.16 to its claim "the best way to get faster is usually to run more".
"""


class Searchable(Protocol):
    """What is asked of a knowledge base here."""

    def embedded(self, text: str) -> Vectors: ...
    def near(self, text: str, k: int) -> list[Hit]: ...
    def near_threads(self, text: str, k: int) -> list[Hit]: ...
    def matching(self, text: str, k: int) -> list[str]: ...
    def told_in(self, thread_ids: Sequence[str]) -> list[Told]: ...
    def cited(self, claim_ids: Sequence[str]) -> list[CitedClaim]: ...
    def vectors(self, claim_ids: Sequence[str]) -> dict[str, Vectors]: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that may bear on the question, with its unit vector and its cosine to it.

    `thread_similarity` is the cosine of its thread's question to the asked one; 0 where that is below `NEAR`.
    """

    cited: CitedClaim
    vector: Vectors = field(compare=False, repr=False)
    similarity: float
    thread_similarity: float = 0.0


def candidates(base: Searchable, text: str, limit: int = CANDIDATES) -> list[Candidate]:
    """Return up to `limit` claims that may bear on `text`, best first, each once; empty where nothing is near.

    "just run more" says nothing of lifting by itself, its thread does: so the claims of threads whose own question is
    near are a third ranking beside the dense and the keyword one. What such a thread asked is no answer.
    """
    depth = max(limit, CANDIDATES)  # so that a shorter list is the beginning of a longer one
    with ThreadPoolExecutor(1) as beside:
        matching = beside.submit(base.matching, text, depth)  # SQLite looks words up while the rest is found
        threads = {hit.id: hit.similarity for hit in base.near_threads(text, THREADS) if hit.similarity >= NEAR}
        dense = [hit.id for hit in base.near(text, depth)]
        told = {one.claim_id: one for one in base.told_in(list(threads))}
        keyword = matching.result()
    asked = base.embedded(text)
    vectors = base.vectors(list(dict.fromkeys([*told, *dense, *keyword])))
    similar = {one: float(vector @ asked) for one, vector in vectors.items()}
    through = {one: threads[place.thread_id] for one, place in told.items()}
    kept = {one for one in similar if (not told[one].asks if one in told else similar[one] >= NEAR)}
    in_thread = sorted(kept & told.keys(), key=lambda one: (-through[one], -similar[one], one))
    fused = fuse([[one for one in ranking if one in kept] for ranking in (dense, keyword, in_thread)])[:limit]
    return [
        Candidate(cited, vectors[cited.claim.id], similar[cited.claim.id], through.get(cited.claim.id, 0.0))
        for cited in base.cited(fused)
    ]


def search(base: KnowledgeBase, text: str, limit: int) -> list[JudgedClaim]:
    """Return up to `limit` claims that are near to `text` or share words with it, best first, each once.

    Their stances are toward the questions of their own threads.
    """
    dense = [hit.id for hit in base.near(text, limit) if hit.similarity >= NEAR]
    found = base.cited(fuse([dense, base.matching(text, limit)])[:limit])
    return own_stances(base, found)


def own_stances(base: KnowledgeBase, found: Sequence[CitedClaim]) -> list[JudgedClaim]:
    """Return claims, each with its stance toward the question of its own thread, in the order given."""
    asked: dict[str, list[CitedClaim]] = {}
    for cited in found:
        asked.setdefault(cited.thread_question, []).append(cited)
    judged = {
        cited.claim.id: JudgedClaim(cited, question, judgement)
        for question, claims in asked.items()
        for cited, judgement in zip(claims, base.judge_claims(question, claims), strict=True)
    }
    return [judged[cited.claim.id] for cited in found]


def fuse(rankings: Iterable[Sequence[str]], constant: int = RANK_CONSTANT) -> list[str]:
    """Return the ids of `rankings`, each once, by the sum of their reciprocal ranks; equal sums in the order of ids."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, identifier in enumerate(dict.fromkeys(ranking), start=1):
            scores[identifier] = scores.get(identifier, 0.0) + 1.0 / (constant + rank)
    return sorted(scores, key=lambda identifier: (-scores[identifier], identifier))
