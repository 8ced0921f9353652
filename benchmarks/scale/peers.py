"""Search, memory and disk of vector stores that are given the same claims: texts and vectors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class Measured:
    """What asking a system gave: seconds, what was found, and the MB resident after the last question."""

    opened_in: float
    taken: list[float] = field(default_factory=list)
    found: list[list[int]] = field(default_factory=list)
    own: float = 0
    whole: float = 0


def peers(data: Path, number: int = MILLION, asked: int = 200) -> None:
    """Search, memory and disk of each, built once and kept; each is asked in a process of its own, in turn.

    At a million claims all of them together take 7 GB of memory, and 6 GB of disk beside the base.
    """
    place = large_base(data, number)
    folder = FOLDER / f"peers-{number}"
    folder.mkdir(parents=True, exist_ok=True)
    with KnowledgeBase.open(place) as base:
        store, held = ClaimStore(base.store), base.number_of_claims()
        questions = questions_of(base, asked)
        np.save(folder / "questions.npy", questions)
        best = best_similarities(stored(base), questions, NEAREST)
        built_from = json.dumps([held, store.last_change()])
        folders = {OURS: place, OURS_UNREAD: place}
        for name, system in SYSTEMS.items():
            if system.build is not None and available(*system.packages):
                folders[name] = _built(name, place, folder, built_from)
        measured = _asked(folders, folder / "questions.npy", len(questions))
        recalls = {name: recall(store, questions, one.found, best) for name, one in measured.items()}
    rows = []
    for name, one in measured.items():
        times = median(b / a for a, b in zip(measured[OURS].taken, one.taken, strict=True))
        made = ""
        if folders[name] != place:
            said = json.loads(folders[name].with_suffix(".json").read_text("utf-8"))
            made = f"{said['seconds']:,.0f} ({said['megabytes']:,.0f} MB)"
        resident, disk = f"{one.own:,.0f} / {one.whole:,.0f}", f"{bytes_of(folders[name]) / held / 1000:.2f}"
        searched = spread(one.taken), f"{times:.1f}", f"{recalls[name]:.3f}"
        rows.append([name, *searched, resident, disk, f"{one.opened_in:.1f}", made])
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


def _asked(folders: Mapping[str, Path], questions: Path, number: int) -> dict[str, Measured]:
    """Open each system in a process of its own, and ask each question of one after the other."""
    with ExitStack() as opened:
        processes = {name: opened.enter_context(Asked(name, at, questions)) for name, at in folders.items()}
        measured = {name: Measured(process.opened_in) for name, process in processes.items()}
        for at in range(number):
            for name, process in processes.items():
                sleep(PAUSE)
                took, hits = process.ask(at)
                measured[name].taken.append(took)
                measured[name].found.append([key for key, _ in hits])
        for name, process in processes.items():
            measured[name].own, measured[name].whole = process.megabytes()
    return measured


def _built(name: str, place: Path, folder: Path, built_from: str) -> Path:
    """Return the folder of a peer, built from the claims of the base at `place` unless it is there already."""
    at = folder / name.replace(" ", "-").lower()
    done = at.with_suffix(".done")
    if not done.exists() or done.read_text("utf-8") != built_from:
        done.unlink(missing_ok=True)
        built(name, place, at)
        done.write_text(built_from, "utf-8")
    return at
