"""Claims, vectors, judgements and skips in the corpus database: reading and writing them."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.thread import Post
from indexer.claims import Claim


@dataclass(frozen=True, slots=True)
class CitedClaim:
    """A claim and all that a citation needs: a claim never travels without its post."""

    claim: Claim
    post: Post
    thread_title: str
    thread_question: str
    forum: str | None = None
    invented: bool = False
