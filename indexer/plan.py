"""What adding threads would do, and how long it would take, without doing it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import perf_counter

from indexer import pipeline
from indexer.claim_store import ClaimStore
from indexer.embeddings import Encoder
from indexer.judge import Judge
from indexer.pipeline import Draft, Progress

SAMPLE = 12
"""Threads taken through the steps at least, where there are as many, and twice that at most."""

SAMPLE_POSTS = 20
"""Posts of a thread that are taken through the steps: with `SAMPLE`, 480 in all, a few seconds of work."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What adding would do: to how many threads, with how many posts that are new or edited.

    `claims` (the new ones) and `seconds` are estimated from a sample of the posts; where that was all of them, `claims`
    is `exact`.
    """

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    posts: int = 0
    claims: int = 0
    seconds: float = 0.0
    exact: bool = True


def plan(
    drafts: Iterable[Draft | None],
    store: ClaimStore,
    encoder: Encoder,
    judge: Judge,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Return what adding the threads of `drafts` would do (None stands for one without a change); nothing is written.

    Every n-th draft is kept, n doubling as they grow too many, and some posts of each are taken through all steps but
    the writing. What a post takes, and what it took to come by the drafts (reading, comparing), is what adding takes.
    """
    began = perf_counter()
    sample: list[Draft] = []
    new = updated = unchanged = posts = stale = 0
    seen: set[str] = set()
    every = 1
    for draft in drafts:
        if draft is None:
            unchanged += 1
        else:
            if (new + updated) % every == 0:
                sample.append(replace(draft, stale=draft.stale[:: -(-len(draft.stale) // SAMPLE_POSTS) or 1]))
            if len(sample) > 2 * SAMPLE:
                sample, every = sample[::2], 2 * every
            first = draft.known is None and draft.thread.id not in seen
            seen.add(draft.thread.id)
            new, updated = new + first, updated + (not first)
            posts += _to_write(draft)
            stale += len(draft.stale)
        if progress is not None:
            progress(Progress(new + updated + unchanged, None, "comparing"))
    compared = perf_counter() - began
    if sample:
        encoder.encode([""])  # weights load at first use, which is no part of what a thread takes
    began = perf_counter()
    judged = pipeline.judge_drafts(
        pipeline.embed([pipeline.split(one) for one in sample], store, encoder), store, judge
    )
    tried = perf_counter() - began
    taken = sum(len(draft.stale) for draft in sample)
    share = stale / (taken or 1)
    claims = sum(len({claim.id for claim in draft.claims} - draft.contexts.keys()) for draft in judged)
    return Plan(
        new=new,
        updated=updated,
        unchanged=unchanged,
        posts=posts,
        claims=round(claims * share),
        seconds=compared + tried * share,
        exact=taken == stale,
    )


def _to_write(draft: Draft) -> int:
    """How many posts of a draft are new or have other words."""
    before = {} if draft.known is None else {post.id: post.text for post in draft.known.thread.posts}
    return sum(before.get(post.id) != post.text for post in draft.thread.posts)
