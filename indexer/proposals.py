"""Difficult posts, split with help: somebody proposes claims, and what can be found in the post becomes one.

Who proposes is asked through the `Proposer` protocol, a chat model for one (`bot.splitting`); nothing here knows how.
Of a proposal only the place counts: the claim is the post's own words there, and its kind and stance are worked out as
for every other claim. What it was restated as, and with which kind and stance, is kept beside it, and decides nothing.

    report = split_with(base, proposer)
    report.kept, report.proposed, report.discarded   # {"not_located": 3, ...}
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from corpus.schema import model_splits
from corpus.store import Store
from corpus.thread import Post, Thread, key_of
from indexer.claims import Claim, Split, claim_id, kind_of, split_claims
from indexer.errors import NotProposed
from indexer.knowledge import KnowledgeBase
from indexer.locating import Span, locate
from indexer.questions import thread_question

LONG_CLAIM = 30
"""Words of a claim above which the rules found no joint in it: 19 in 20 claims of the sample threads are shorter."""

LONG_POST, FEW_KEPT = 40, 1 / 3
"""A post of so many words of which the rules kept less than this share as claims is difficult, too."""

COVERED = 0.5
"""How much of a claim of the rules must be in proposals for these to take its place: what they leave out is lost."""

LONGEST_POST = 6_000
"""Characters of a post that is asked about: with the prompt less than 2,000 tokens."""


_TURNS = "not|no|never|nobody|nothing|without|if|unless|until|except|only|\\w*n['’]t|doubt|deny|myth|as if"
_BEFORE = re.compile(rf"\b(?:{_TURNS})\b(?:\s+[^\s.!?;:,]+){{0,3}}\s+\Z", re.IGNORECASE)
"""What turns the words after it around, at most three words before them and in the same clause."""
_AFTER = re.compile(r",?\s+(?:if|unless|until|except|only|not)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Proposed:
    """A claim as proposed: words copied from the post, the same in a whole sentence, a kind and a stance."""

    quote: str
    restated: str = ""
    kind: str = ""
    stance: str = ""


class Proposer(Protocol):
    """Proposes the claims of a post. `name` and `version` say who did and how: proposals are kept under both."""

    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    def propose(self, question: str, text: str) -> Sequence[Proposed]:
        """Return the claims of a post of a thread that asks `question`. Raises NotProposed."""
        ...


@dataclass(frozen=True, slots=True)
class ProposalReport:
    """What came of a run: `posts` with proposals, `asked` of them about now, and what became of what was proposed."""

    posts: int = 0
    asked: int = 0
    proposed: int = 0
    kept: int = 0
    discarded: Mapping[str, int] = field(default_factory=dict)
    failed: Mapping[str, int] = field(default_factory=dict)
    stopped: str = ""

    @property
    def share_located(self) -> float:
        """How many of the proposals were found in their posts, 0 to 1."""
        return 1 - self.discarded.get("not_located", 0) / self.proposed if self.proposed else 0.0


def is_difficult(post: Post, split: Split) -> bool:
    """Return whether the rules had a hard time with a post: a very long claim, or little of many words kept."""
    kept = [len(claim.text.split()) for claim in split.claims]
    words = len(post.text.split()) - sum(len(post.text[one.start : one.end].split()) for one in post.quotes)
    return max(kept, default=0) > LONG_CLAIM or (words >= LONG_POST and sum(kept) < FEW_KEPT * words)


def difficult_posts(thread: Thread) -> dict[str, tuple[Post, Split]]:
    """Return the difficult posts of a thread by id, each with its split by the rules."""
    written, question = {post.id: post for post in thread.posts}, thread_question(thread)
    splits = {
        post.id: (post, split_claims(post, question=question, answers=written.get(post.parent_id or "")))
        for post in thread.posts
        if len(post.text) <= LONGEST_POST
    }
    return {post_id: found for post_id, found in splits.items() if is_difficult(*found)}


def with_proposals(post: Post, split: Split, proposed: Sequence[Proposed]) -> tuple[Split, Counter[str]]:
    """Return the split of a post with what was proposed in it, and what became of each proposal, by name.

    "kept" are claims now; discarded are "not_located", "quoted" (others' words), "turned" (by a "not" or "unless" that
    the copy leaves out), "overlapping", and "too_little" (of the claim that it would take the place of). A claim of the
    rules that no proposal covers stays.
    """
    counts: Counter[str] = Counter()
    spans: list[Span] = []
    for one in proposed:
        span = locate(one.quote, post.text)
        if span is None:
            counts["not_located"] += 1
        elif any(_overlap(span, (quote.start, quote.end)) for quote in post.quotes):
            counts["quoted"] += 1
        elif _BEFORE.search(post.text[: span[0]]) or _AFTER.match(post.text[span[1] :]):
            counts["turned"] += 1
        elif any(_overlap(span, other) for other in spans):
            counts["overlapping"] += 1
        else:
            spans.append(span)
    kept = [claim for claim in split.claims if not _covered(claim, spans)]
    clear = [span for span in spans if not any(_overlap(span, (claim.start, claim.end)) for claim in kept)]
    counts["kept"], counts["too_little"] = len(clear), len(spans) - len(clear)
    made = [_claim(post, span, split.claims) for span in clear]
    claims = sorted([*kept, *made], key=lambda claim: claim.start)
    return Split(tuple(claims), split.skipped), +counts


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _covered(claim: Claim, spans: Sequence[Span]) -> bool:
    inside = sum(max(0, min(end, claim.end) - max(start, claim.start)) for start, end in spans)
    return inside >= COVERED * (claim.end - claim.start)


def _claim(post: Post, span: Span, known: Sequence[Claim]) -> Claim:
    start, end = span
    text = post.text[start:end]
    context = next((claim.context for claim in known if _overlap(span, (claim.start, claim.end))), "")
    return Claim(claim_id(post.id, start, end, text), post.id, post.thread_id, start, end, text, kind_of(text), context)


class Kept:
    """Proposals of earlier runs, in the corpus database, by post, prompt version and model."""

    def __init__(self, store: Store, proposer: Proposer) -> None:
        self._store, self._by = store, {"prompt": proposer.version, "model": proposer.name}

    def get(self, post_id: str) -> list[Proposed] | None:
        """Return what was proposed for a post; None where it was not asked about."""
        query = select(model_splits.c.proposed).filter_by(post_key=key_of(post_id), **self._by)
        with self._store.reading() as connection:
            found = connection.scalar(query)
        return None if found is None else [Proposed(**one) for one in json.loads(found)]

    def put(self, post_id: str, proposed: Sequence[Proposed]) -> None:
        """Keep what was proposed for a post."""
        row = {"post_key": key_of(post_id), **self._by, "proposed": json.dumps([asdict(one) for one in proposed])}
        with self._store.begin() as connection:
            connection.execute(insert(model_splits).values(row).on_conflict_do_nothing())


def waiting(base: KnowledgeBase, proposer: Proposer) -> Iterator[tuple[str, Post]]:
    """Yield the difficult posts that were not asked about yet, each with its thread's question."""
    kept = Kept(base.store, proposer)
    for thread_id in base.store.thread_ids():
        thread = base.thread(thread_id)
        for post, _ in difficult_posts(thread).values():
            if kept.get(post.id) is None:
                yield thread_question(thread), post


def split_with(
    base: KnowledgeBase, proposer: Proposer, progress: Callable[[], object] = lambda: None
) -> ProposalReport:
    """Ask for the claims of every difficult post, keep those that are found in it, and report what came of it.

    What was asked before is not asked again. `progress` is called after each. A run that is stopped, or that
    fails, keeps what it has.
    """
    kept = Kept(base.store, proposer)
    posts = asked = 0
    counts, failed, stopped = Counter[str](), Counter[str](), ""
    for thread_id in base.store.thread_ids():
        thread = base.thread(thread_id)
        splits = {}
        for post, split in difficult_posts(thread).values():
            proposed = kept.get(post.id)
            if proposed is None and not stopped:
                try:
                    proposed = list(proposer.propose(thread_question(thread), post.text))
                    kept.put(post.id, proposed)
                    asked += 1
                except NotProposed as error:
                    failed[error.reason] += 1
                    stopped = str(error) if error.final else ""
            if proposed is not None:
                posts += 1
                splits[post.id], found = with_proposals(post, split, proposed)
                counts += found
            progress()
        if splits:
            base.replace_splits(thread_id, splits)
    proposals, claims = counts.total(), counts.pop("kept", 0)
    return ProposalReport(posts, asked, proposals, claims, dict(counts), dict(failed), stopped)
