"""Where the time of a build goes: `python -m indexer profile FILE...`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from threading import get_ident
from time import perf_counter
from typing import TYPE_CHECKING

from corpus.thread import Thread
from indexer.pipeline import WAITING, IndexReport, Progress

if TYPE_CHECKING:
    from indexer.knowledge import KnowledgeBase

READING = "reading and comparing"
STEPS = (READING, "splitting", "embedding", "judging", "writing")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a build did, and the seconds of each of its steps, in the order they begin.

    One batch is read, compared and split while the one before it is embedded, judged and written: together the steps
    take longer than the build.
    """

    report: IndexReport
    seconds: dict[str, float]

    def lines(self) -> list[str]:
        """Return a line a step: its seconds, its share of the whole, and its claims a second."""
        whole = self.report.seconds
        return [
            f"{name:24}{took:9.2f} s {took / whole:6.1%} {self.report.claims / max(took, 1e-9):12,.0f} claims/s"
            for name, took in [*self.seconds.items(), ("all", whole)]
        ]


def profile(base: KnowledgeBase, threads: Iterable[Thread]) -> Profile:
    """Add `threads` to `base`, and tell how long each step took. Models are loaded first, which is no step."""
    base.encoder.encode(["warm"])
    _ = base.judge
    seconds = dict.fromkeys(STEPS, 0.0)
    at: dict[int, tuple[str, float]] = {get_ident(): (READING, perf_counter())}

    def heard(progress: Progress) -> None:
        now, here = perf_counter(), get_ident()
        step, began = at.get(here, (WAITING, now))
        if step in seconds:
            seconds[step] += now - began
        written = step == progress.step == "writing"
        at[here] = WAITING if written else READING if progress.step == "comparing" else progress.step, now

    report = base.add(threads, progress=heard)
    seconds["index"] = perf_counter() - at[get_ident()][1]
    return Profile(report, seconds)
