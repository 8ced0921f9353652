"""What may be wrong with a knowledge base, each by name, found by comparing what is derived with what it came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.exc import DatabaseError

from corpus.schema import claims, posts, thread_vectors, threads, vectors
from corpus.store import Store
from corpus.thread import id_of
from indexer.claim_store import DERIVED, ClaimStore, from_blobs, model_key
from indexer.claims import SPLITTER_VERSION
from indexer.errors import IndexCorrupt, ManifestMismatch
from indexer.index import ALIKE, ClaimIndex
from indexer.manifest import Manifest

CHUNK = 10_000
"""Vectors compared at once: 15 MB of them."""

TOLERANCE = 1e-6
"""Vectors in the index are those of the store, bit for bit, but for the last digit of a square root."""

NAMED = 5
"""Ids that a problem names before it only counts."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something `verify` found: a name to count and test by, what is wrong and where, and the command that mends it."""

    name: str
    detail: str
    remedy: str


def problems(
    folder: Path, store: Store, manifest: Manifest, index: Path, encoder: str | None = None
) -> Iterator[Problem]:
    """Yield what is wrong with the knowledge base in `folder`, for a program with this encoder (None: not known)."""
    rebuild = f"python -m indexer --data {folder} rebuild"
    if Manifest.read(folder) is None:
        yield Problem("manifest", "manifest.json is missing or cannot be read", rebuild)
    try:
        manifest.check(folder, encoder=encoder)
    except ManifestMismatch as error:
        yield Problem("made_otherwise", str(error), error.remedy)
    with store.reading() as connection:
        yield from _in_database(connection, folder, rebuild)
        yield from _in_claims(connection, rebuild)
        yield from _unfinished(connection, manifest, rebuild)
    with store.begin() as connection:
        yield from _in_full_text(connection, rebuild)
    if manifest.encoder is not None and manifest.dimension is not None:
        yield from _in_index(ClaimStore(store), manifest.encoder, manifest.dimension, index, rebuild)


def _in_database(connection: Connection, folder: Path, rebuild: str) -> Iterator[Problem]:
    restore = f"restore a backup of {folder}, or remove it and add the threads again"
    for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if line != "ok":
            yield Problem("database", str(line), restore)
    orphans: Counter[tuple[str, str]] = Counter()
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        if table in DERIVED:
            orphans[table, parent] += 1
        else:
            yield Problem("foreign_key", f"row {row} of {table} refers to a row of {parent} that is gone", restore)
    for (table, parent), number in orphans.items():
        yield Problem("orphaned", f"{number} rows of {table} are left of {parent} that are gone", rebuild)
    empty = select(threads.c.key).outerjoin(posts, posts.c.thread_key == threads.c.key).where(posts.c.key.is_(None))
    yield from _named("thread_without_posts", "threads have no post", map(id_of, connection.scalars(empty)), rebuild)


def _in_claims(connection: Connection, rebuild: str) -> Iterator[Problem]:
    """Look for the words of each claim in its post, and for its context in that, what it answers, and the question.

    Where a post waits to be split, or its thread for a question, contexts are made anew, and not looked for.
    """
    answered = posts.alias()
    query = (
        select(
            claims,
            posts.c.text.label("said"),
            posts.c.splitter.label("split"),
            answered.c.text.label("answered"),
            threads.c.question,
        )
        .join(posts, posts.c.key == claims.c.post_key)
        .join(threads, threads.c.key == posts.c.thread_key)
        .outerjoin(answered, answered.c.key == posts.c.parent_key)
    )
    wrong, gone = [], []
    for row in connection.execute(query):
        if row.said[row.start : row.end] != row.text:
            wrong.append(id_of(row.key))
        if row.split is not None and row.question is not None:
            sources = (" ".join((words or "").split()) for words in (row.said, row.answered, row.question))
            gone += [] if any(row.context in words for words in sources) else [id_of(row.key)]
    again = f"{rebuild} --again claims"
    yield from _named("claim_not_in_post", "claims are not found in their post", wrong, again)
    yield from _named("context_is_gone", "claims have a context that nobody here wrote", gone, again)


def _unfinished(connection: Connection, manifest: Manifest, rebuild: str) -> Iterator[Problem]:
    waiting = select(posts.c.key).where(or_(posts.c.splitter.is_(None), posts.c.splitter != SPLITTER_VERSION))
    made = model_key(manifest.encoder or "")
    of_claim = and_(vectors.c.claim_key == claims.c.key, vectors.c.encoder_key == made)
    of_thread = and_(thread_vectors.c.thread_key == threads.c.key, thread_vectors.c.encoder_key == made)
    queries = (
        ("post_not_split", "posts wait to be split", waiting, "claims"),
        (
            "question_not_read",
            "threads wait for their question",
            select(threads.c.key).where(threads.c.question.is_(None)),
            "claims",
        ),
        (
            "claim_without_vector",
            "claims have no vector",
            select(claims.c.key).select_from(claims.outerjoin(vectors, of_claim)).where(vectors.c.claim_key.is_(None)),
            "vectors",
        ),
        (
            "thread_without_vector",
            "threads have no vector of their question",
            select(threads.c.key)
            .select_from(threads.outerjoin(thread_vectors, of_thread))
            .where(thread_vectors.c.thread_key.is_(None)),
            "vectors",
        ),
        (
            "vector_of_another_size",
            f"vectors have not {manifest.dimension} dimensions",
            select(vectors.c.claim_key).where(func.length(vectors.c.vector) != manifest.dimension),
            "vectors",
        ),
    )
    for name, detail, query, again in queries:
        yield from _named(name, detail, map(id_of, connection.scalars(query)), f"{rebuild} --again {again}")


def _in_full_text(connection: Connection, rebuild: str) -> Iterator[Problem]:
    """Compare the full-text index with the claims (https://www.sqlite.org/fts5.html, 6.4)."""
    try:
        connection.exec_driver_sql("INSERT INTO claims_fts(claims_fts, rank) VALUES ('integrity-check', 1)")
    except DatabaseError as error:
        yield Problem("full_text", f"the full-text index differs from the claims ({error.orig})", rebuild)


def _in_index(store: ClaimStore, encoder: str, dimension: int, path: Path, rebuild: str) -> Iterator[Problem]:
    stored = store.keys(encoder)
    try:
        index = ClaimIndex.open(path, dimension)
    except FileNotFoundError:
        if stored:
            yield Problem("index_missing", f"{path} is missing", rebuild)
        return
    except IndexCorrupt as error:
        yield Problem("index_corrupt", str(error), rebuild)
        return
    yield from _named("not_in_index", "claims are not in the index", map(id_of, stored - index.keys()), rebuild)
    yield from _named("only_in_index", "claims are gone, but in the index", map(id_of, index.keys() - stored), rebuild)
    both = sorted(stored & index.keys())
    for start in range(0, len(both), CHUNK):
        blobs = store.blobs(encoder, both[start : start + CHUNK])
        kept = {key: blob for key, blob in blobs.items() if len(blob) == dimension}
        keys = np.fromiter(kept, dtype=np.int64)
        held, true = index.vectors(keys), from_blobs(list(kept.values()), dimension)
        if index.exact:
            same = np.abs(held - true).max(axis=1, initial=0.0) <= TOLERANCE
        else:
            same = (held * true).sum(axis=1) >= ALIKE * np.linalg.norm(held, axis=1)
        wrong = [id_of(int(key)) for key in keys[~same]]
        yield from _named("index_differs", "vectors in the index are not those of the store", wrong, rebuild)


def _named(name: str, detail: str, ids: Iterator[str] | list[str], remedy: str) -> Iterator[Problem]:
    found = sorted(ids)
    if found:
        some = ", ".join(found[:NAMED]) + (", ..." if len(found) > NAMED else "")
        yield Problem(name, f"{len(found)} {detail}: {some}", remedy)
