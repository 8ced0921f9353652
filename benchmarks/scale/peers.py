"""Search, memory and disk of vector stores that are given the same claims: texts and vectors."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from time import sleep

import numpy as np

from benchmarks.large import FOLDER, large_base
from benchmarks.scale.measuring import (
    MILLION,
    available,
    best_similarities,
    bytes_of,
    questions_of,
    recall,
    report,
    spread,
    stored,
)
from benchmarks.scale.systems import NEAREST, OURS, OURS_UNREAD, SYSTEMS, Asked, built
from indexer.claim_store import ClaimStore
from indexer.knowledge import KnowledgeBase

PAUSE = 0.01
"""Seconds between two questions, in which the threads of a system that was asked come to rest."""


def peers(data: Path, number: int = MILLION, asked: int = 200) -> None:
    """Search, memory and disk of each, built once and kept; each is asked in a process of its own, in turn.

    At a million claims all of them together take 10 GB of memory and of disk.
    """
    place = large_base(data, number)
    folder = FOLDER / f"peers-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    with KnowledgeBase.open(place) as base:
        store, held = ClaimStore(base.store), base.number_of_claims()
        questions = questions_of(base, asked)
        best = best_similarities(stored(base), questions, NEAREST)
        np.save(folder / "questions.npy", questions)
        built_from = json.dumps([held, *store.generation()])
        folders = {OURS: place, OURS_UNREAD: place}
        for name, system in SYSTEMS.items():
            if system.build is not None and available(*system.packages):
                folders[name] = _built(name, place, folder, built_from)
        taken: dict[str, list[float]] = {name: [] for name in folders}
        found: dict[str, list[list[int]]] = {name: [] for name in folders}
        with ExitStack() as opened:
            processes = {
                name: opened.enter_context(Asked(name, at, folder / "questions.npy")) for name, at in folders.items()
            }
            for number_of_question in range(len(questions)):
                for name, process in processes.items():
                    sleep(PAUSE)
                    took, hits = process.ask(number_of_question)
                    taken[name].append(took)
                    found[name].append([key for key, _ in hits])
            memory = {name: process.megabytes() for name, process in processes.items()}
            started = {name: process.opened_in for name, process in processes.items()}
        recalls = {name: recall(store, questions, every, best) for name, every in found.items()}
    rows = []
    for name, at in folders.items():
        own, whole = memory[name]
        made = json.loads(at.with_suffix(".json").read_text("utf-8")) if at != place else None
        rows.append(
            [
                name,
                spread(taken[name]),
                f"{median(b / a for a, b in zip(taken[OURS], taken[name], strict=True)):.1f}",
                f"{recalls[name]:.3f}",
                f"{own:,.0f} / {whole:,.0f}",
                f"{bytes_of(at) / held / 1000:.2f}",
                f"{started[name]:.1f}",
                f"{made['seconds']:,.0f} ({made['megabytes']:,.0f} MB)" if made else "",
            ]
        )
    notes = (
        f"{held:,} real claims, {len(questions)} questions of threads, {NEAREST} nearest, one question at a time to "
        "each system in turn, answered with the texts. All are given the same vectors, of claims and of questions, so "
        "that none loads a network. Each has a process of its own that imports nothing else; memory is what is "
        "resident after the last question. Of ours, texts come with their posts and threads, and the disk holds those, "
        "the words and the judgements, too; how long building takes is in Indexing. Recall is of the nearest by "
        "comparing with all. LangChain's index is its default, Flat; those of txtai and Chroma are theirs."
    )
    columns = [
        "system",
        "p50 / p95",
        "times as long",
        f"recall@{NEAREST}",
        "MB resident, own / with pages of files",
        "KB a claim on disk",
        "opened and first asked, s",
        "built, s (most resident)",
    ]
    report("peers", "Peers", columns, rows, notes)


def _built(name: str, place: Path, folder: Path, built_from: str) -> Path:
    """Return the folder of a peer, built from the claims of the base at `place` unless it is there already."""
    at = folder / name.replace(" ", "-").lower()
    done = at.with_suffix(".done")
    if not done.exists() or done.read_text("utf-8") != built_from:
        done.unlink(missing_ok=True)
        built(name, place, at)
        done.write_text(built_from, "utf-8")
    return at
