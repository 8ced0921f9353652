"""Claims, vectors, judgements and skips in the corpus database: reading and writing them.

What reads sees the database of one moment. What writes takes the connection of `Store.begin()`, so that a thread and
all that is derived from it are kept together, or not at all. What a concurrent removal took away is passed over.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from corpus.errors import NotInStore
from corpus.schema import (
    claims,
    corrections,
    judgements,
    model_splits,
    models,
    posts,
    settings,
    skipped,
    stances,
    thread_vectors,
    threads,
    vector_changes,
    vectors,
)
from corpus.store import Store, among, listed
from corpus.thread import Post, Skipped, Thread, content_id, id_of, key_of, stands_in
from indexer import corrections as corrected
from indexer.claims import SPLITTER_VERSION, Claim, Kind, Split
from indexer.corrections import Correction, Matter, Record
from indexer.embeddings import Vectors
from indexer.judge import Judgement
from indexer.manifest import Manifest
from indexer.questions import read_question

GENERATION = "generation"
"""The setting that counts changes to claims and vectors, as "epoch.change": in a new epoch every vector is new."""

VECTORS_WAIT = "vectors wait"
"""The setting that is not empty from when vectors were forgotten until all are made again."""

DERIVED: Mapping[str, tuple[Any, Any]] = {
    "claims": (claims.c.post_key, posts.c.key),
    "vectors": (vectors.c.claim_key, claims.c.key),
    "judgements": (judgements.c.claim_key, claims.c.key),
    "stances": (stances.c.claim_key, claims.c.key),
    "skipped": (skipped.c.post_key, posts.c.key),
    "thread_vectors": (thread_vectors.c.thread_key, threads.c.key),
    "corrections": (corrections.c.post_key, posts.c.key),
    "model_splits": (model_splits.c.post_key, posts.c.key),
}
"""The derived tables by name, those first that others derive from: what a row was derived from, and where that is."""


@dataclass(frozen=True, slots=True)
class CitedClaim:
    """A claim and all that a citation needs: a claim never travels without its post."""

    claim: Claim
    post: Post
    thread_title: str
    thread_question: str
    forum: str | None = None
    invented: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Where a claim stands: in which thread, that asked `question`, and in which of its posts, from 0."""

    claim_id: str
    thread_id: str
    position: int
    question: str

    @property
    def asks(self) -> bool:
        """Whether it stands in the opening post of a thread that asked: it is part of the question, and no answer.

        A thread that opened with a report instead ("Lifting took 40 s off my 5k") has no question mark.
        """
        return self.position == 0 and "?" in self.question


@dataclass(frozen=True, slots=True)
class Known:
    """What the store holds of a thread. `split` are the posts whose claims are those of their text, by content hash."""

    thread: Thread
    question: str | None
    split: Mapping[str, str]
    claims: Mapping[str, tuple[Claim, ...]]


@dataclass(frozen=True, slots=True)
class Changes:
    """Whose vectors changed: the keys of claims and of threads. `number` is that of the last change."""

    number: int
    claims: frozenset[int]
    threads: frozenset[int]


# Values as the database keeps them


def to_blob(vector: Vectors) -> bytes:
    """Return a vector as the store keeps it: a byte a number, of which the largest is 127.

    Its length, which is one, need not be kept. The cosine to what it was is 0.9999 and more.
    """
    rounded: NDArray[np.int8] = np.round(vector * (127 / np.abs(vector).max(initial=1e-8))).astype(np.int8)
    return rounded.tobytes()


def from_blobs(blobs: Sequence[bytes], dimension: int) -> Vectors:
    """Return the unit vectors, float32, that `to_blob` rounded: the only ones an index is made of."""
    rounded = np.frombuffer(b"".join(blobs), dtype=np.int8).reshape(len(blobs), dimension).astype(np.float32)
    lengths = np.linalg.norm(rounded, axis=1, keepdims=True)
    np.divide(rounded, lengths, out=rounded, where=lengths > 0)
    return rounded


def question_key(question: str | None) -> int:
    """Return the key that judgements toward `question` are kept under."""
    return key_of(content_id(question or ""))


class ClaimStore:
    """The derived tables of `store`."""

    def __init__(self, store: Store) -> None:
        self.store = store

    # Claims with their posts

    def cited(self, claim_ids: Sequence[str]) -> list[CitedClaim]:
        """Return the claims with their posts, in the order asked; ids that are gone are left out."""
        found = {cited.claim.id: cited for cited in self._cited(claims.c.key, [key_of(one) for one in claim_ids])}
        return [found[one] for one in claim_ids if one in found]

    def of_threads(self, thread_ids: Sequence[str]) -> list[CitedClaim]:
        """Return the claims of threads with their posts, thread by thread, each in reading order."""
        place = {one: at for at, one in enumerate(thread_ids)}
        found = self._cited(posts.c.thread_key, [key_of(one) for one in place])
        return sorted(found, key=lambda one: (place[one.claim.thread_id], one.post.position, one.claim.start))

    def told_in(self, thread_ids: Iterable[str]) -> list[Told]:
        """Return where the claims of threads stand."""
        query = select(claims.c.key, posts.c.thread_key, posts.c.position, threads.c.question)
        query = query.join(posts, posts.c.key == claims.c.post_key).join(threads).where(among(posts.c.thread_key))
        with self.store.reading() as connection:
            rows = connection.execute(query, listed(map(key_of, thread_ids))).all()
        return [Told(id_of(row.key), id_of(row.thread_key), row.position, row.question or "") for row in rows]

    def _cited(self, here: ColumnElement[int], keys: Iterable[int]) -> list[CitedClaim]:
        heading = (posts.c.thread_key, threads.c.title, threads.c.question, threads.c.forum, threads.c.invented)
        query = select(claims, *heading).join(posts, posts.c.key == claims.c.post_key).join(threads)
        keys = list(keys)
        with self.store.reading() as connection:
            rows = connection.execute(query.where(among(here)), listed(keys)).all()
        try:
            written = {post.id: post for post in self.store.posts(sorted({id_of(row.post_key) for row in rows}))}
        except NotInStore:  # removed between the two readings, and its claims with it
            return self._cited(here, keys)
        return [
            CitedClaim(
                _claim(row), written[id_of(row.post_key)], row.title, row.question or "", row.forum, row.invented
            )
            for row in rows
        ]

    def number_of_claims(self, thread_id: str) -> int:
        """Return how many claims a thread has."""
        query = select(func.count()).select_from(claims.join(posts)).where(posts.c.thread_key == key_of(thread_id))
        with self.store.reading() as connection:
            return connection.scalar(query) or 0

    def known(self, thread_id: str) -> Known | None:
        """Return what the store holds of a thread, or None."""
        try:
            thread = self.store.thread(thread_id)
        except NotInStore:
            return None
        here = posts.c.thread_key == key_of(thread_id)
        found: dict[str, list[Claim]] = defaultdict(list)
        with self.store.reading() as connection:
            question = connection.scalar(select(threads.c.question).where(threads.c.key == key_of(thread_id)))
            done = connection.execute(
                select(posts.c.key, posts.c.content_hash).where(here, posts.c.splitter == SPLITTER_VERSION)
            ).all()
            for row in connection.execute(
                select(claims, posts.c.thread_key).join(posts).where(here).order_by(claims.c.post_key, claims.c.start)
            ):
                found[id_of(row.post_key)].append(_claim(row))
        return Known(
            thread=thread,
            question=question,
            split={id_of(row.key): row.content_hash for row in done},
            claims={post_id: tuple(those) for post_id, those in found.items()},
        )

    def unfinished(self, encoder: str, *, thorough: bool) -> list[str]:
        """Return the threads that wait: for their question, for a split of a post, or for a vector by `encoder`.

        Vectors are looked for one by one where that is `thorough`, or some were forgotten and not all made again since.
        """
        said = posts.c.splitter
        waiting = or_(said.is_(None), said < SPLITTER_VERSION, said > SPLITTER_VERSION)  # which an index answers
        without_vector = and_(vectors.c.claim_key == claims.c.key, vectors.c.encoder_key == model_key(encoder))
        asked = and_(thread_vectors.c.thread_key == threads.c.key, thread_vectors.c.encoder_key == model_key(encoder))
        words: list[Select[int]] = [
            select(threads.c.key).where(threads.c.question.is_(None)),
            select(posts.c.thread_key).where(waiting),
        ]
        numbers: list[Select[int]] = [
            select(threads.c.key)
            .select_from(threads.outerjoin(thread_vectors, asked))
            .where(thread_vectors.c.thread_key.is_(None)),
            select(posts.c.thread_key)
            .select_from(posts.join(claims, claims.c.post_key == posts.c.key).outerjoin(vectors, without_vector))
            .where(vectors.c.claim_key.is_(None)),
        ]
        queries = words + numbers if thorough or self.store.setting(VECTORS_WAIT) else words
        with self.store.reading() as connection:
            return [id_of(key) for key in sorted({key for query in queries for key in connection.scalars(query)})]

    def question_of(self, thread_id: str) -> str:
        """Return the question of a thread, "" while it was not read. Raises NotInStore."""
        query = select(threads.c.question).where(threads.c.key == key_of(thread_id))
        with self.store.reading() as connection:
            found = connection.execute(query).one_or_none()
        if found is None:
            raise NotInStore(f"no thread {thread_id} in {self.store.path}; it may have been removed since")
        return found.question or ""

    def manifest(self) -> Manifest:
        """Return what the vectors here say of what made them: the manifest of a folder that has lost its own."""
        with self.store.reading() as connection:
            of = vectors.join(models, vectors.c.encoder_key == models.c.key)
            first = select(models.c.name, func.length(vectors.c.vector).label("size")).select_from(of).limit(1)
            made = connection.execute(first).first()
            splitter = connection.scalar(select(posts.c.splitter).where(posts.c.splitter.is_not(None)))
        return Manifest(
            encoder=made.name if made else None,
            dimension=made.size if made else None,
            splitter=splitter or SPLITTER_VERSION,
        )

    def skipped(self, thread_id: str) -> list[Skipped]:
        """Return what the splitter did not keep of a thread, in reading order; `place` names the post."""
        query = (
            select(skipped.c.reason, skipped.c.text, posts.c.position)
            .join(posts)
            .where(posts.c.thread_key == key_of(thread_id))
            .order_by(posts.c.position, skipped.c.key)
        )
        with self.store.reading() as connection:
            return [Skipped(row.reason, row.text, f"post {row.position + 1}") for row in connection.execute(query)]

    # Vectors and what says that they changed

    def generation(self) -> tuple[int, int]:
        """Return (epoch, change): equal to what it was, nothing changed; in another epoch, every vector is new."""
        return _generation(self.store.setting(GENERATION))

    def changes(self, since: int) -> Changes | None:
        """Return which vectors changed after change number `since`; None where that is no longer known."""
        here = select(vector_changes).where(vector_changes.c.number > since).order_by(vector_changes.c.number)
        with self.store.reading() as connection:
            now = _last_change(connection)
            rows = connection.execute(here).all()
        if now != since and (not rows or rows[0].number != since + 1):
            return None
        of_claims = frozenset(row.key for row in rows if not row.of_thread)
        return Changes(now, of_claims, frozenset(row.key for row in rows if row.of_thread))

    def last_change(self) -> int:
        """Return the number of the last change of a vector."""
        with self.store.reading() as connection:
            return _last_change(connection)

    def forget_changes(self, upto: int) -> None:
        """Forget which vectors changed, up to that number: every index in a file is past it."""
        with self.store.begin() as connection:
            connection.execute(delete(vector_changes).where(vector_changes.c.number <= upto))

    def number_of_vectors(self) -> tuple[int, int]:
        """Return how many claims and threads there are, each of which has, or waits for, a vector."""
        with self.store.reading() as connection:
            counts = [connection.scalar(select(func.count()).select_from(table)) or 0 for table in (claims, threads)]
        return counts[0], counts[1]

    def keys(self, encoder: str) -> set[int]:
        """Return the keys of the claims that have a vector by `encoder`."""
        with self.store.reading() as connection:
            here = select(vectors.c.claim_key).where(vectors.c.encoder_key == model_key(encoder))
            return set(connection.scalars(here))

    def parts(self, encoder: str, size: int, *, of_threads: bool = False) -> Iterator[dict[int, bytes]]:
        """Yield the vectors by `encoder`, of claims or of threads' questions, by key, ascending, `size` at a time.

        Keys are random, so that the first ones are a fair sample. What changes meanwhile may be met or missed.
        """
        key, vector, by = _columns(of_threads=of_threads)
        last = -1
        while True:
            query = select(key, vector).where(key > last, by == model_key(encoder)).order_by(key).limit(size)
            with self.store.reading() as connection:
                found = {row[0]: row[1] for row in connection.execute(query)}
            if not found:
                return
            yield found
            last = next(reversed(found))

    def blobs(self, encoder: str, keys: Iterable[int], *, of_threads: bool = False) -> dict[int, bytes]:
        """Return the vectors by `encoder` of those claims, or threads' questions, that have one, by key."""
        with self.store.reading() as connection:
            return dict(connection.execute(_blobs(of_threads), {"by": encoder, **listed(keys)}).all())

    # Judgements

    def judgements(self, question: str, judge: str, claim_ids: Iterable[str]) -> dict[str, Judgement]:
        """Return the judgements toward `question` that are kept, by claim id; those of its negation serve as well."""
        asked = read_question(question)
        query = select(judgements).where(
            judgements.c.question_key == question_key(asked.positive), judgements.c.judge_key == model_key(judge)
        )
        here = listed(map(key_of, claim_ids))
        with self.store.reading() as connection:
            rows = connection.execute(query.where(among(judgements.c.claim_key)), here).all()
        found = {id_of(row.claim_key): judgement_of(row) for row in rows}
        return {one: judged.mirrored() for one, judged in found.items()} if asked.negated else found

    # Corrections

    def stances(self, question: str, claim_ids: Iterable[str]) -> dict[str, Judgement]:
        """Return where people say that claims stand toward `question`, by claim id."""
        asked = read_question(question)
        with self.store.reading() as connection:
            given = corrected.stances(connection, id_of(question_key(asked.positive)), claim_ids)
        return {one: said.mirrored() if asked.negated else said for one, said in given.items()}

    def corrections(self) -> list[Correction]:
        """Return all corrections, the latest first."""
        with self.store.reading() as connection:
            return corrected.every(connection)

    def corrections_of_thread(self, thread_id: str) -> list[Correction]:
        """Return the corrections of a thread, in reading order."""
        with self.store.reading() as connection:
            return corrected.of_thread(connection, thread_id)

    def corrections_of(self, claim_ids: Iterable[str]) -> dict[str, list[Correction]]:
        """Return the corrections of claims, by claim id."""
        with self.store.reading() as connection:
            return corrected.of_claims(connection, claim_ids)

    def records(self) -> dict[Matter, Record]:
        """Return how often the program had been right, of what somebody marked."""
        with self.store.reading() as connection:
            return corrected.records(connection)

    def save_correction(self, connection: Connection, made: Correction) -> Correction:
        """Keep a correction and all that follows from it; return it as kept.

        Where something was said of the same before, that is replaced, and what the program had said then stays.
        """
        here = [] if made.claim_id is None else corrected.of_claims(connection, [made.claim_id]).get(made.claim_id, [])
        before = [one for one in here if (one.matter, one.about) == (made.matter, made.about)]
        if before:
            first = before[0].toward(negated=made.negated)
            made = replace(made, id=first.id, said=first.said, confidence=first.confidence, made_by=first.made_by)
            for other in before[1:]:
                corrected.remove(connection, other.id)
        corrected.save(connection, made)
        corrected.settle(connection, [made.post_id])
        self._forget_judgements(connection, made)
        return made

    def undo_correction(self, connection: Connection, correction_id: str) -> Correction:
        """Remove a correction; return what it was. Raises NotInStore.

        A kind that was corrected is what it was then; its post waits to be split, which finds what it is now.
        """
        made = corrected.one(connection, correction_id)
        if made is None:
            raise NotInStore(f"no correction {correction_id} in {self.store.path}; it may have been undone since")
        corrected.remove(connection, correction_id)
        self._forget_judgements(connection, made)
        if made.matter is Matter.KIND:
            if made.claim_id is not None:
                here = claims.c.key == key_of(made.claim_id)
                connection.execute(update(claims).where(here).values(kind=made.said.value))
            connection.execute(update(posts).where(posts.c.key == key_of(made.post_id)).values(splitter=None))
        return made

    def _forget_judgements(self, connection: Connection, made: Correction) -> None:
        """Have the claim of `made` judged anew toward its question, by whatever judge, however it was asked."""
        if made.matter is not Matter.STANCE or made.claim_id is None:
            return
        of_claim = judgements.c.claim_key == key_of(made.claim_id)
        connection.execute(delete(judgements).where(of_claim, judgements.c.question_key == key_of(made.about)))

    # Writing

    def restore_corrections(self, connection: Connection, restored: Iterable[Correction]) -> None:
        """Keep corrections whose words stand in posts that are here; of two on the same the later one stays."""
        for one in restored:
            said = connection.scalar(select(posts.c.text).where(posts.c.key == key_of(one.post_id)))
            known = corrected.one(connection, one.id)
            if said is None or (known is not None and known.at >= one.at) or not stands_in(one.text, said):
                continue
            corrected.save(connection, replace(one, claim_id=None))
            corrected.settle(connection, [one.post_id])
            if settled := corrected.one(connection, one.id):
                self._forget_judgements(connection, settled)

    def restore_claims(self, connection: Connection, restored: Iterable[Claim]) -> None:
        """Keep claims of posts that wait to be split: those that the split finds again have the ids they have here."""
        _upsert(connection, claims, ["key"], [_claim_values(claim) for claim in restored])

    def bump(self, connection: Connection, *, all_new: bool = False) -> None:
        """Say that claims or vectors changed, so that whoever holds an index brings it up to date."""
        kept = connection.scalar(select(settings.c.value).where(settings.c.name == GENERATION))
        epoch, change = _generation(kept)
        self.store.set_setting(GENERATION, f"{epoch + all_new}.{change + 1}", connection)

    def save_splits(self, connection: Connection, splits: Mapping[str, Split]) -> None:
        """Make the claims and skips of each post (by its id) those of its split.

        A judgement read the claim's context: where that changed, the judgements go. What people corrected stays so.
        """
        present = _present(connection, posts.c.key, splits)
        splits = {post_id: split for post_id, split in splits.items() if key_of(post_id) in present}
        query = select(claims, posts.c.thread_key).join(posts)
        posts_split = listed(map(key_of, splits))
        split_before = connection.execute(query.where(among(claims.c.post_key)), posts_split)
        before = {row.key: _claim(row) for row in split_before}
        now = {key_of(claim.id): claim for split in splits.values() for claim in split.claims}
        changed = {key: claim for key, claim in now.items() if before.get(key) != claim}
        moved = [key for key, claim in changed.items() if key in before and before[key].context != claim.context]
        _delete(connection, claims.c.key, before.keys() - now.keys())
        _delete(connection, judgements.c.claim_key, moved)
        _upsert(connection, claims, ["key"], [_claim_values(claim) for claim in changed.values()])
        corrected.settle(connection, splits)
        _delete(connection, skipped.c.post_key, map(key_of, splits))
        left_out = [
            {"post_key": key_of(post_id), "reason": one.reason, "text": one.text}
            for post_id, split in splits.items()
            for one in split.skipped
        ]
        if left_out:
            connection.execute(insert(skipped), left_out)
        connection.execute(update(posts).where(among(posts.c.key)).values(splitter=SPLITTER_VERSION), posts_split)

    def save_vectors(self, connection: Connection, encoder: str, blobs: Mapping[str, bytes]) -> None:
        """Keep the vectors of claims, by claim id."""
        present = _present(connection, claims.c.key, blobs)
        by = _named(connection, encoder)
        rows = [
            {"claim_key": key_of(one), "encoder_key": by, "vector": blob}
            for one, blob in blobs.items()
            if key_of(one) in present
        ]
        _upsert(connection, vectors, ["claim_key"], rows)

    def save_questions(
        self, connection: Connection, encoder: str, asked: Mapping[str, tuple[str, bytes | None]]
    ) -> None:
        """Keep the question of each thread, by thread id, and its vector where that is given."""
        present = _present(connection, threads.c.key, asked)
        here = {key: said for one, said in asked.items() if (key := key_of(one)) in present}
        if here:
            query = update(threads).where(threads.c.key == bindparam("thread")).values(question=bindparam("asked"))
            connection.execute(query, [{"thread": key, "asked": question} for key, (question, _) in here.items()])
        by = _named(connection, encoder)
        rows = [
            {"thread_key": key, "encoder_key": by, "vector": blob}
            for key, (_, blob) in here.items()
            if blob is not None
        ]
        _upsert(connection, thread_vectors, ["thread_key"], rows)

    def save_judgements(
        self, connection: Connection, question: str, judge: str, judged: Mapping[str, Judgement]
    ) -> None:
        """Keep judgements toward `question`, by claim id, mirrored where it is negated: under its positive.

        Where people said how a claim stands, that is kept in their place.
        """
        asked = read_question(question)
        present = _present(connection, claims.c.key, judged)
        given = corrected.stances(connection, id_of(question_key(asked.positive)), judged)
        judged = {**judged, **{one: said.mirrored() if asked.negated else said for one, said in given.items()}}
        about, by = question_key(asked.positive), _named(connection, judge)
        rows = [
            {"claim_key": key, "question_key": about, "judge_key": by}
            | asdict(said.mirrored() if asked.negated else said)
            for one, said in judged.items()
            if (key := key_of(one)) in present
        ]
        _upsert(connection, judgements, ["claim_key", "question_key", "judge_key"], rows)

    def forget_vectors(self, connection: Connection) -> None:
        """Mark every claim and question to be embedded again."""
        connection.execute(delete(vectors))
        connection.execute(delete(thread_vectors))
        self.store.set_setting(VECTORS_WAIT, "yes", connection)
        self.bump(connection, all_new=True)

    def forget_splits(self, connection: Connection) -> None:
        """Mark every post to be split again, and every thread's question to be read again."""
        connection.execute(update(posts).values(splitter=None))
        connection.execute(update(threads).values(question=None))

    def forget_orphans(self, connection: Connection) -> None:
        """Remove derived rows and threads whose posts are gone, as a program without foreign keys leaves them."""
        for column, parent in DERIVED.values():
            connection.execute(delete(column.table).where(column.not_in(select(parent))))
        corrected.forget_orphans(connection)
        connection.execute(delete(threads).where(threads.c.key.not_in(select(posts.c.thread_key))))
        self.bump(connection)

    def rebuild_full_text(self, connection: Connection) -> None:
        """Make the full-text index from the claims (fts5.html, 6.7)."""
        connection.exec_driver_sql("INSERT INTO claims_fts(claims_fts) VALUES ('rebuild')")

    def forget_words_of(self, connection: Connection, removed: Iterable[str]) -> list[str]:
        """Forget what was read from the words of `removed` posts: the context of replies, the question of a thread.

        Return the ids of the threads that have to be brought up to date.
        """
        written = select(posts.c.key)
        answering = connection.scalars(written.where(among(posts.c.parent_key)), listed(map(key_of, removed))).all()
        unasked = connection.scalars(select(threads.c.key).where(threads.c.question.is_(None))).all()
        _delete(connection, thread_vectors.c.thread_key, unasked)
        below = connection.scalars(written.where(among(posts.c.thread_key)), listed(unasked)).all()
        stale = listed([*answering, *below])
        connection.execute(update(claims).where(among(claims.c.post_key)).values(context=""), stale)
        connection.execute(update(posts).where(among(posts.c.key)).values(splitter=None), stale)
        touched = connection.scalars(select(posts.c.thread_key).where(among(posts.c.key)), stale).all()
        return [id_of(key) for key in sorted({*touched, *unasked})]


def model_key(name: str | BindParameter[str]) -> ScalarSelect[int]:
    """Return the key of an encoder or a judge, for a condition: nothing is equal to that of an unknown one."""
    return select(models.c.key).where(models.c.name == name).scalar_subquery()


def _named(connection: Connection, name: str) -> int:
    """The key of a model, which is made where it is new."""
    connection.execute(sqlite.insert(models).values(name=name).on_conflict_do_nothing())
    key: int = connection.execute(select(model_key(name))).scalar_one()
    return key


def _columns(*, of_threads: bool) -> tuple[Any, Any, Any]:
    """The key, the vector and the key of the encoder of a table of vectors."""
    table = thread_vectors if of_threads else vectors
    return table.c.thread_key if of_threads else table.c.claim_key, table.c.vector, table.c.encoder_key


@cache
def _blobs(of_threads: bool) -> Select[Any]:
    """Asked for at every search, and so built once."""
    key, vector, by = _columns(of_threads=of_threads)
    return select(key, vector).where(by == model_key(bindparam("by")), among(key))


def _last_change(connection: Connection) -> int:
    """The number of the last change, remembered also when all are forgotten (https://www.sqlite.org/autoinc.html)."""
    return connection.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = 'vector_changes'").scalar() or 0


def _present(connection: Connection, key: ColumnElement[int], ids: Iterable[str]) -> set[int]:
    """The keys among those of `ids` that stand in a table."""
    return set(connection.scalars(select(key).where(among(key)), listed(map(key_of, ids))))


def _delete(connection: Connection, key: Any, keys: Iterable[int]) -> None:
    connection.execute(delete(key.table).where(among(key)), listed(keys))


def _upsert(connection: Connection, into: Any, unique: list[str], rows: list[dict[str, Any]]) -> None:
    if rows:
        adding = sqlite.insert(into)
        others = {name: adding.excluded[name] for name in rows[0] if name not in unique}
        connection.execute(adding.on_conflict_do_update(index_elements=unique, set_=others), rows)


# Rows


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        id=id_of(row.key),
        post_id=id_of(row.post_key),
        thread_id=id_of(row.thread_key),
        start=row.start,
        end=row.end,
        text=row.text,
        kind=Kind(row.kind),
        context=row.context,
    )


def _claim_values(claim: Claim) -> dict[str, Any]:
    return {
        "key": key_of(claim.id),
        "post_key": key_of(claim.post_id),
        "start": claim.start,
        "end": claim.end,
        "text": claim.text,
        "kind": claim.kind.value,
        "context": claim.context,
        "splitter": SPLITTER_VERSION,
    }


def judgement_of(row: Row[Any]) -> Judgement:
    """Return the judgement in the columns `pro`, `con`, `mixed` and `none` of a row."""
    return Judgement(pro=row.pro, con=row.con, mixed=row.mixed, none=row.none)


def _generation(kept: str | None) -> tuple[int, int]:
    epoch, _, change = (kept or "0.0").partition(".")
    return int(epoch), int(change)
