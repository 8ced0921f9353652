"""A large knowledge base of real threads, with real vectors and stances that are near enough.

Threads of the Reddit dump are read, split, embedded and stored as any are. Judging them all would take an hour, and
what is measured on the result is time and search: so stances are drawn at random. Answers are answers in form only.
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from corpus.readers import iter_file
from corpus.thread import Thread
from indexer.judge import CrossEncoderJudge, Judgement, Pair
from indexer.knowledge import KnowledgeBase

FOLDER = Path(__file__).parent / ".cache"
SIZES = (10_000, 100_000, 250_000, 1_000_000)
QUESTIONS = (
    "should I take a gap year?",
    "is it worth going to community college first?",
    "should I change my major?",
    "is grad school worth it?",
    "should I drop a class I am failing?",
    "is it okay to skip lectures?",
    "should I live on campus in my first year?",
    "should I buy textbooks?",
    "is a double major worth it?",
    "should I retake the SAT?",
    "do grades matter after college?",
    "should I apply early decision?",
    "is a private college worth the money?",
    "should I join a fraternity?",
    "should I work during the semester?",
    "is it too late to transfer?",
    "should I email the professor?",
    "do I need a laptop for college?",
    "should I take out loans?",
    "is an honors college worth it?",
    "should I study abroad?",
    "should I take summer classes?",
    "is computer science too hard?",
    "should I commute from home?",
)
"""What people ask of such a base."""
BATCH = 100
"""Threads added at a time, after which the claims are counted."""


class Drawn:
    """Stands for the judge: sides at random, half of all claims on none."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._random = random.Random(1)

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        return [
            Judgement(*np.roll((0.7, 0.1, 0.1, 0.1), self._random.choice((0, 1, 2, 3, 3, 3))).tolist()) for _ in pairs
        ]


def large_base(data: Path, wanted: int, folder: Path = FOLDER) -> Path:
    """Return the folder of a knowledge base of at least `wanted` claims; it is made the first time and kept.

    It grows from the next smaller one of `SIZES` that is there.
    """
    place = folder / f"claims-{wanted}"
    done = place.with_suffix(".done")
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        smaller = [folder / f"claims-{size}" for size in SIZES if size < wanted]
        begun = [one for one in smaller if one.with_suffix(".done").exists()]
        if begun and not place.exists():
            shutil.copytree(begun[-1], place)
        with KnowledgeBase.open(place, judge=Drawn(CrossEncoderJudge.open(threads=1).name)) as base:
            waiting = islice(threads_of(data), base.stats().threads, None)
            while base.number_of_claims() < wanted and (batch := list(islice(waiting, BATCH))):
                base.add(batch)
                print(f"{base.number_of_claims()} of {wanted} claims", flush=True)
            base.rebuild()
        done.touch()
    return place


def threads_of(data: Path) -> Iterator[Thread]:
    """Yield the threads of the dump."""
    for file in sorted((data / "forums/reddit_college").glob("*.jsonl.gz")):
        yield from (found for found in iter_file(file) if isinstance(found, Thread))


def main() -> None:
    """Make them all, the smallest first: `python -m benchmarks.large --data DATA`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--claims", type=int, default=SIZES[-1])
    arguments = parser.parse_args()
    for size in SIZES:
        if size <= arguments.claims:
            print(large_base(arguments.data, size), flush=True)


if __name__ == "__main__":
    main()
