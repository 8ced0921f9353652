"""The steps from a thread to what can be asked: compare, split, embed, judge, write.

A `Draft` is one thread on its way; each step takes drafts and returns them with what it found. Everything slow happens
before the writing transaction opens, so that asking, and other writers, never wait for a model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np

from corpus.merging import merged, place
from corpus.store import Saved
from corpus.thread import Post, Thread, bare_words, key_of, title_from
from indexer.claim_store import ClaimStore, Known, to_blob
from indexer.claims import Claim, Split, split_claims
from indexer.embeddings import Encoder, Vectors
from indexer.judge import Judge, Judgement, Pair
from indexer.questions import read_question, thread_question

BATCH_POSTS = 100
"""Posts a transaction: about a second of work, which is all that a killed run has to do again."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: `done` of `total` threads, and the step it is at. `total` is None where it is unknown."""

    done: int
    total: int | None
    step: str


WAITING = "waiting"
"""The step of a batch that is read and split before the one before it is written."""


Heard = Callable[[str, int], None]
"""Hears which step begins, and how many threads are done."""


def telling(progress: Callable[[Progress], None] | None, total: int | None) -> Heard:
    """Return what hears from any thread and hands it on to `progress`, where `done` never goes back."""
    most, lock = 0, Lock()

    def heard(step: str, done: int) -> None:
        nonlocal most
        if progress is not None:
            with lock:
                most = max(most, done)
                progress(Progress(most, total, step))

    return heard


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run kept and what it skipped.

    `threads`, `posts` and `claims` count what the threads that were read now hold; `added`, `updated` and `unchanged`
    are those threads again, by what the run did to each. `new_claims` and `gone_claims` count what changed in the
    knowledge base; `skipped_by_reason` what was left out of the posts that were split. `seconds` is wall time.
    """

    threads: int = 0
    posts: int = 0
    claims: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    new_claims: int = 0
    gone_claims: int = 0
    skipped_by_reason: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def __add__(self, other: IndexReport) -> IndexReport:
        """Both runs as one."""
        return IndexReport(
            threads=self.threads + other.threads,
            posts=self.posts + other.posts,
            claims=self.claims + other.claims,
            added=self.added + other.added,
            updated=self.updated + other.updated,
            unchanged=self.unchanged + other.unchanged,
            new_claims=self.new_claims + other.new_claims,
            gone_claims=self.gone_claims + other.gone_claims,
            skipped_by_reason=dict(Counter(self.skipped_by_reason) + Counter(other.skipped_by_reason)),
            seconds=self.seconds + other.seconds,
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """A thread on its way into the knowledge base.

    `given` is what is being added, None for a thread that is only brought up to date; `thread` is what the store will
    hold of it, `known` what it holds now. `stale` are the posts to split. `splits` holds their claims, by post id;
    `vectors` and `judgements` what is to be kept of claims, by claim id.
    """

    given: Thread | None
    thread: Thread
    known: Known | None
    question: str
    stale: tuple[Post, ...]
    splits: Mapping[str, Split] = field(default_factory=dict)
    vectors: Mapping[str, bytes] = field(default_factory=dict)
    question_vector: bytes | None = None
    judgements: Mapping[str, Judgement] = field(default_factory=dict)

    @property
    def claims(self) -> list[Claim]:
        """All claims of the thread, in reading order."""
        kept = {} if self.known is None else self.known.claims
        return [
            claim
            for post in self.thread.posts
            for claim in (self.splits[post.id].claims if post.id in self.splits else kept.get(post.id, ()))
        ]

    @property
    def contexts(self) -> dict[str, str]:
        """The contexts that the claims known so far were judged with, by claim id."""
        known = {} if self.known is None else self.known.claims
        return {claim.id: claim.context for claims in known.values() for claim in claims}


# The steps


def run(
    drafts: Sequence[Draft],
    store: ClaimStore,
    encoder: Encoder,
    judge: Judge,
    said: Callable[[str], None] = lambda _: None,
) -> IndexReport:
    """Take `drafts`, which are split, through all further steps; `said` hears each step's name as it begins."""
    said("embedding")
    drafts = embed(drafts, store, encoder)
    said("judging")
    drafts = judge_drafts(drafts, store, judge)
    said("writing")
    return write(drafts, store, encoder.name, judge.name)


def compare(given: Thread | None, thread_id: str, store: ClaimStore) -> Draft:
    """Return the draft of a thread that is being added, or (`given` None) of one that the store holds.

    To be split are posts that are new or edited, replies to them, and all posts where the question is another one.
    Raises NotInStore where there is neither.
    """
    stored = None if given is None else store.store.recognised(given)
    known = store.known(thread_id if stored is None else stored.id)
    if given is None:
        thread = store.store.thread(thread_id) if known is None else known.thread
    else:
        thread = given if known is None else merged(known.thread, given)
    question = thread_question(thread)
    if known is None or known.question != question:
        return Draft(given, thread, known, question, thread.posts)
    answered = {post.id: post.parent_id for post in known.thread.posts}
    edited = {post.id for post in thread.posts if known.split.get(post.id) != post.content_hash}
    edited |= {post.id for post in thread.posts if answered.get(post.id) != post.parent_id}
    stale = tuple(post for post in thread.posts if post.id in edited or post.parent_id in edited)
    return Draft(given, thread, known, question, stale)


def unchanged(given: Thread, store: ClaimStore) -> IndexReport | None:
    """Return the report of a thread that adding would not change, which is looked up without any step; else None."""
    stored = store.store.recognised(given)
    if stored is None or merged(stored, given) != stored:
        return None
    return IndexReport(threads=1, unchanged=1, posts=len(stored.posts), claims=store.number_of_claims(stored.id))


def split(draft: Draft) -> Draft:
    """Split the stale posts into claims; a claim whose words stood in the post before keeps its id.

    Posts of which the draft has a split already keep that.
    """
    written = {post.id: post for post in draft.thread.posts}
    kept = {} if draft.known is None else draft.known.claims
    splits = {
        post_id: replace(given, claims=with_known_ids(given.claims, kept.get(post_id, ())))
        for post_id, given in draft.splits.items()
    }
    for post in draft.stale:
        if post.id in splits:
            continue
        found = split_claims(post, question=draft.question, answers=written.get(post.parent_id or ""))
        splits[post.id] = replace(found, claims=with_known_ids(found.claims, kept.get(post.id, ())))
    return replace(draft, splits=splits)


def with_known_ids(found: Sequence[Claim], known: Sequence[Claim]) -> tuple[Claim, ...]:
    """Return the claims of a post, those that were known under another place with the id they had."""
    here = {claim.id for claim in found}
    free: dict[str, list[str]] = {}
    for claim in reversed(known):
        if claim.id not in here:
            free.setdefault(claim.text, []).append(claim.id)
    ids = {claim.id for claim in known}
    return tuple(
        replace(claim, id=free[claim.text].pop()) if claim.id not in ids and free.get(claim.text) else claim
        for claim in found
    )


def embed(drafts: Sequence[Draft], store: ClaimStore, encoder: Encoder) -> list[Draft]:
    """Embed the claims and questions that have no vector by `encoder` yet."""
    claims = {claim.id: claim.text for draft in drafts for claim in draft.claims}
    stored = store.blobs(encoder.name, map(key_of, claims))
    asked = store.blobs(encoder.name, [key_of(draft.thread.id) for draft in drafts], of_threads=True)
    texts = [text for one, text in claims.items() if key_of(one) not in stored]
    questions = [text for draft in drafts if _asks_anew(draft, asked) for text in _asked_in(draft)]
    wanted = list(dict.fromkeys([*texts, *questions]))
    made = dict(zip(wanted, encoder.encode(wanted), strict=True)) if wanted else {}
    return [
        replace(
            draft,
            vectors={
                claim.id: stored.get(key_of(claim.id)) or to_blob(made[claim.text])
                for claim in draft.claims
                if claim.post_id in draft.splits or key_of(claim.id) not in stored
            },
            question_vector=_question_vector([made[text] for text in _asked_in(draft)])
            if _asks_anew(draft, asked)
            else None,
        )
        for draft in drafts
    ]


def _asks_anew(draft: Draft, asked: Mapping[int, bytes]) -> bool:
    return (
        draft.known is None
        or (draft.known.question, draft.known.thread.title) != (draft.question, draft.thread.title)
        or key_of(draft.thread.id) not in asked
    )


def _asked_in(draft: Draft) -> list[str]:
    """Return the texts that say what a thread asks: its question, and the title that somebody gave it."""
    own = draft.thread.title != title_from(draft.thread.opening.text)
    return list(dict.fromkeys([draft.question, draft.thread.title] if own else [draft.question]))


def _question_vector(vectors: Sequence[Vectors]) -> bytes:
    """Return the mean of a thread's question and title, which is made a unit vector where it is read.

    "is weight training bad for running" has 0.34 to the long question of the sample thread, and 0.61 to this mean.
    """
    return to_blob(np.mean(vectors, axis=0))


def judge_drafts(drafts: Sequence[Draft], store: ClaimStore, judge: Judge) -> list[Draft]:
    """Judge the claims toward their own thread's question, where that was not done, or with another context."""
    kept = [_still_judged(draft, store, judge.name) for draft in drafts]
    asked = [
        (draft.question, claim)
        for draft, known in zip(drafts, kept, strict=True)
        for claim in draft.claims
        if claim.id not in known
    ]
    judged = {claim.id: one for (_, claim), one in zip(asked, judge_pairs(judge, asked), strict=True)}
    return [
        replace(
            draft,
            judgements={
                claim.id: judged.get(claim.id) or known[claim.id]
                for claim in draft.claims
                if claim.id in judged or claim.post_id in draft.splits
            },
        )
        for draft, known in zip(drafts, kept, strict=True)
    ]


def _still_judged(draft: Draft, store: ClaimStore, judge: str) -> dict[str, Judgement]:
    contexts = draft.contexts
    same = [claim.id for claim in draft.claims if contexts.get(claim.id) == claim.context]
    return store.judgements(draft.question, judge, same)


def judge_pairs(judge: Judge, asked: Sequence[tuple[str, Claim]]) -> list[Judgement]:
    """Return one judgement for each (question, claim), in order.

    What is judged is the question's positive; its negation reads the same judgement mirrored, so that both agree.
    """
    if not asked:
        return []
    questions = {question: read_question(question) for question in {question for question, _ in asked}}
    judged = judge.judge([Pair(questions[question].positive, claim.text, claim.context) for question, claim in asked])
    return [
        one.rounded().mirrored() if questions[question].negated else one.rounded()
        for (question, _), one in zip(asked, judged, strict=True)
    ]


def write(drafts: Sequence[Draft], store: ClaimStore, encoder: str, judge: str) -> IndexReport:
    """Write `drafts` in one transaction, and report what changed."""
    with store.store.begin() as connection:
        saved = [None if one.given is None else store.store.save_thread(one.given, connection) for one in drafts]
        store.save_splits(connection, dict(item for draft in drafts for item in draft.splits.items()))
        store.save_vectors(connection, encoder, dict(item for draft in drafts for item in draft.vectors.items()))
        store.save_questions(
            connection, encoder, {draft.thread.id: (draft.question, draft.question_vector) for draft in drafts}
        )
        for draft in drafts:
            store.save_judgements(connection, draft.question, judge, draft.judgements)
        if any(draft.splits or draft.vectors or draft.question_vector for draft in drafts):
            store.bump(connection)
    return sum(map(_report, drafts, saved), IndexReport())


def _report(draft: Draft, saved: Saved | None) -> IndexReport:
    before, now = set(draft.contexts), {claim.id for claim in draft.claims}
    added = saved is not None and saved.new
    same = saved is not None and saved.already_present and not draft.splits
    return IndexReport(
        threads=1,
        posts=len(draft.thread.posts),
        claims=len(now),
        added=int(added),
        updated=int(not added and not same),
        unchanged=int(same),
        new_claims=len(now - before),
        gone_claims=len(before - now),
        skipped_by_reason=dict(Counter(one.reason for found in draft.splits.values() for one in found.skipped)),
    )


def batches(given: Iterable[Thread]) -> Iterator[list[Thread]]:
    """Yield `given` in batches of about BATCH_POSTS posts; what may be the same thread never stands twice in one."""
    batch: list[Thread] = []
    known: set[str] = set()
    for thread in given:
        its = names(thread)
        if its & known or sum(len(one.posts) for one in batch) >= BATCH_POSTS:
            yield batch
            batch, known = [], set()
        batch.append(thread)
        known |= its
    if batch:
        yield batch


def names(thread: Thread) -> set[str]:
    """Return what a thread is known by: two that have none of these in common are not taken for the same."""
    return {thread.id, place(thread.link or ""), bare_words(thread.opening.text)} - {""}
