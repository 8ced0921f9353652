"""Ten million vectors: what the index does beyond the claims there are."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from benchmarks.large import FOLDER, SIZES, large_base
from benchmarks.scale.measuring import (
    DIMENSION,
    best_similarities,
    bytes_of,
    copied,
    questions_of,
    recall,
    report,
    resident,
    spread,
    stored,
    vectors_of,
)
from benchmarks.scale.systems import LISTS, NEAREST, OURS_UNREAD, Asked, most_resident
from corpus.store import FILE_NAME, Store
from indexer.claim_store import ClaimStore, from_blobs
from indexer.embeddings import Vectors
from indexer.index import ClaimIndex, Keys, lists_for, sampled
from indexer.knowledge import KnowledgeBase

TEN_MILLION = 10_000_000
PARAPHRASE = 0.63
"""The cosine of two vectors made of one: the median of the paraphrases in `benchmarks.labels.opposites`, embedded."""
PART = 10_000
SAID = 500_000
"""Vectors after which progress is told."""
ROUNDS = 5
INDEX = "claims.faiss"
KEYS = 2**62
"""Keys are spread up to this, so that each takes as many bytes as that of a claim."""


def ten(data: Path, number: int = TEN_MILLION, asked: int = 40) -> None:
    """Lists of vectors made of real ones: built, opened and searched; and what a whole base of as many would take.

    At ten million the vectors and lists take 9 GB of disk, building 8 GB of memory and half an hour; both are kept.
    """
    real = large_base(data, max((size for size in SIZES if size <= number), default=SIZES[0]))
    folder = FOLDER / f"synthetic-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    with copied(real) as base:
        whole = resident(base.folder)
    with KnowledgeBase.open(real) as base:
        claims_held = base.number_of_claims()
        rest = (bytes_of(real) - (real / INDEX).stat().st_size) / claims_held
        questions = questions_of(base, asked)
        np.save(folder / "questions.npy", questions)
        best = best_similarities(stored(base), questions, NEAREST)
        _make_vectors(real, folder, number)
        _make_index(folder, number)
        ours = _asked(OURS_UNREAD, real, folder / "questions.npy", len(questions))
        rows = [["real claims", f"{claims_held:,}", *_row(ours, ClaimStore(base.store), questions, best), "", ""]]
    made = json.loads((folder / "built.json").read_text("utf-8"))
    size = (folder / INDEX).stat().st_size
    with Store.open(folder / FILE_NAME) as store:
        best = _best(ClaimStore(store), questions, folder / "best.npz")
        theirs = _asked(LISTS, folder, folder / "questions.npy", len(questions))
        row = _row(theirs, ClaimStore(store), questions, best)
    built = f"{made['seconds']:,.0f} ({made['megabytes']:,.0f} MB)"
    rows.append(["synthetic vectors", f"{number:,}", *row, f"{size / number:.0f}", built])
    own = whole["RssAnon"] - ours.own + theirs.own
    notes = (
        f"{len(questions)} questions of threads, {NEAREST} nearest, one at a time, each in a process of its own: first "
        f"with no page of the files in memory, then {ROUNDS} times each. Synthetic vectors are those of the real "
        f"claims in turn, each with noise, so that two of one have a cosine of {PARAPHRASE}. They are in "
        f"{lists_for(number):,} lists; the nearest by codes are ranked by vectors read from a database, as for claims. "
        "Recall is of the nearest by comparing with all.\n\n"
        f"By these, a whole base of {number:,} claims takes {(rest * number + size) / 1e9:,.1f} GB of disk: its lists, "
        f"and {rest / 1000:.2f} KB a claim for all else, as of the real ones. A process that asks it has "
        f"{own:,.0f} MB of its own: {whole['RssAnon']:,.0f} MB at {claims_held:,} claims, with the networks, and what "
        "searching takes more here. Pages of files come to that, as far as there is memory for them."
    )
    columns = [
        "",
        "vectors",
        "first, p50 / p95",
        "warm, p50 / p95",
        f"recall@{NEAREST}",
        "MB resident, own / with pages of files",
        "opened and first asked, s",
        "bytes a vector in lists",
        "built, s (most resident)",
    ]
    report("ten", "Ten million", columns, rows, notes)


# Searching them


@dataclass(frozen=True, slots=True)
class Measured:
    """What asking a system gave: seconds of the first time and of those after, what was found, and MB resident."""

    opened_in: float
    first: list[float]
    warm: list[float]
    found: list[list[int]]
    own: float
    whole: float


def _asked(system: str, folder: Path, questions: Path, number: int) -> Measured:
    _forget_pages(folder)
    with Asked(system, folder, questions) as process:
        first = [process.ask(at) for at in range(number)]
        warm = [process.ask(at)[0] for _ in range(ROUNDS) for at in range(number)]
        found = [[key for key, _ in hits] for _, hits in first]
        return Measured(process.opened_in, [took for took, _ in first[1:]], warm, found, *process.megabytes())


def _forget_pages(folder: Path) -> None:
    """Have the system read files from disk again."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _row(measured: Measured, store: ClaimStore, questions: Vectors, best: Vectors) -> list[str]:
    return [
        spread(measured.first),
        spread(measured.warm),
        f"{recall(store, questions, measured.found, best):.3f}",
        f"{measured.own:,.0f} / {measured.whole:,.0f}",
        f"{measured.opened_in:.1f}",
    ]


def _best(store: ClaimStore, questions: Vectors, kept: Path) -> Vectors:
    """Return the similarities of the nearest to each question, by comparing with all; they are kept."""
    if kept.exists():
        with np.load(kept) as held:
            if np.array_equal(held["questions"], questions):
                return np.asarray(held["best"])
    print("comparing the questions with all", flush=True)
    best = best_similarities(vectors_of(store), questions, NEAREST)
    np.savez(kept, questions=questions, best=best)
    return best


# Making them


def synthetic(vectors: Vectors, number: int, begin: int = 0) -> Iterator[tuple[Keys, NDArray[np.int8]]]:
    """Yield keys, ascending and as long as those of claims, and `number` of `vectors` in turn, each with noise.

    Each is as the store keeps it: a byte a number. Noise depends on nothing but the place; the first is `begin`.
    """
    loudness = np.float32(np.sqrt((1 / PARAPHRASE - 1) / vectors.shape[1]))  # noise as long as s: cosine 1 / (1 + s^2)
    for at in range(begin, number, PART):
        places = np.arange(at, min(at + PART, number), dtype=np.int64)
        noise = np.random.default_rng(at).standard_normal((len(places), vectors.shape[1]), dtype=np.float32)
        noisy = vectors[places % len(vectors)] + loudness * noise
        rows = np.round(noisy * (127 / np.abs(noisy).max(axis=1, keepdims=True))).astype(np.int8)
        yield (places + 1) * (KEYS // number), rows


def _make_vectors(real: Path, folder: Path, number: int) -> None:
    """Fill the table of vectors of a database without claims, going on where it was left."""
    Store.open(folder / FILE_NAME).close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as connection:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'vectors'"
        for (trigger,) in connection.execute(triggers).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")  # no index follows the journal here
        (last,) = connection.execute("SELECT coalesce(max(claim_key), 0) FROM vectors").fetchone()
        done = last // (KEYS // number)
        if done == number:
            return
        with Store.open(real / FILE_NAME) as store:
            vectors = np.concatenate([part for _, part in vectors_of(ClaimStore(store))])
            encoder = ClaimStore(store).manifest().encoder
        connection.execute("INSERT OR IGNORE INTO models (key, name) VALUES (1, ?)", (encoder,))
        for keys, rows in synthetic(vectors, number, done):
            given = ((key, row.tobytes()) for key, row in zip(keys.tolist(), rows, strict=True))
            connection.executemany("INSERT INTO vectors (claim_key, encoder_key, vector) VALUES (?, 1, ?)", given)
            connection.commit()
            done += len(keys)
            _say("made", done, number)


def _make_index(folder: Path, number: int) -> None:
    """Put the vectors into an index, in a process of its own, unless that is done."""
    if not (folder / INDEX).exists():
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            alone.submit(_build, folder, number).result()


def _build(folder: Path, number: int) -> None:
    """Do what `indexer.live_index` does, and tell how far it is; `built.json` says then what it took."""
    began = perf_counter()
    with Store.open(folder / FILE_NAME) as opened:
        store = ClaimStore(opened)
        encoder = store.manifest().encoder
        assert encoder is not None
        first = next(store.parts(encoder, sampled(number))) if sampled(number) else {}
        sample = from_blobs(list(first.values()), DIMENSION)
        print(f"making {lists_for(number):,} lists from {len(sample):,} vectors", flush=True)
        index = ClaimIndex.build(DIMENSION, _told(vectors_of(store), number), sample, number)
        index.said = {"encoder": encoder}
        index.save(folder / f"{INDEX}.new")
    took, most = perf_counter() - began, most_resident()
    (folder / "built.json").write_text(json.dumps({"seconds": took, "megabytes": most}), "utf-8")
    (folder / f"{INDEX}.new").replace(folder / INDEX)


def _told(parts: Iterable[tuple[Keys, Vectors]], number: int) -> Iterator[tuple[Keys, Vectors]]:
    done = 0
    for keys, vectors in parts:
        yield keys, vectors
        done += len(keys)
        _say("in lists", done, number)


def _say(what: str, done: int, number: int) -> None:
    if done % SAID == 0:
        print(f"{done:,} of {number:,} vectors {what}", flush=True)
