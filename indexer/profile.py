"""Where the time of a build goes: `python -m indexer profile FILE...`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from corpus.thread import Thread
from indexer.pipeline import IndexReport, Progress

if TYPE_CHECKING:
    from indexer.knowledge import KnowledgeBase

READING = "reading and comparing"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a build did, and the seconds of each of its steps, in the order they begin."""

    report: IndexReport
    seconds: dict[str, float]

    def lines(self) -> list[str]:
        """Return a line a step: its seconds, its share, and its claims a second."""
        every = sum(self.seconds.values())
        return [
            f"{name:24}{took:9.2f} s {took / every:6.1%} {self.report.claims / max(took, 1e-9):12,.0f} claims/s"
            for name, took in [*self.seconds.items(), ("all", every)]
        ]


def profile(base: KnowledgeBase, threads: Iterable[Thread]) -> Profile:
    """Add `threads` to `base`, and tell how long each step took. Models are loaded first, which is no step."""
    base.encoder.encode(["warm"])
    _ = base.judge
    seconds: dict[str, float] = {}
    step, began = READING, perf_counter()

    def heard(progress: Progress) -> None:
        nonlocal step, began
        now = perf_counter()
        seconds[step] = seconds.get(step, 0.0) + now - began
        written = step == progress.step == "writing"
        step, began = READING if written or progress.step == "comparing" else progress.step, now

    report = base.add(threads, progress=heard)
    seconds["index"] = perf_counter() - began
    return Profile(report, seconds)
