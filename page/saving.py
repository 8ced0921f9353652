"""Saving that can be watched, stopped and taken up again."""

from __future__ import annotations

import html
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.answer import count
from corpus.thread import Thread
from indexer.knowledge import KnowledgeBase
from indexer.pipeline import IndexReport, Progress
from page.found import Found, Heading, threads_of
from page.texts import TEXTS

SHOWN_EVERY = 0.3
"""Seconds between two looks at how far it is."""


class _StopAsked(Exception):  # noqa: N818 -- it is no error, and never leaves this module
    """Somebody wants it to end."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """A saving that was stopped: how many threads of how many are kept."""

    kept: int
    total: int

    def line(self) -> str:
        """What that means, in words."""
        return TEXTS.stopped_saving.format(self.kept, self.total)


class Saving:
    """Threads on their way into a knowledge base, on a thread of the machine of their own.

    `KnowledgeBase.add` keeps a batch at a time and passes over what is kept: stopped between two batches, it goes on
    from there when the same threads are saved again.
    """

    def __init__(self, base: KnowledgeBase, threads: Sequence[Thread]) -> None:
        self._base = base
        self._threads = threads
        self._stop = threading.Event()
        self._over = threading.Event()
        self._ended: IndexReport | Stopped | Exception | None = None
        self._at = Progress(0, len(threads), "")

    def steps(self) -> Iterator[Progress]:
        """Start, and yield how far it is, now and then, until it has ended."""
        threading.Thread(target=self._run, daemon=True).start()
        while not self._over.wait(SHOWN_EVERY):
            yield self._at

    def stop(self) -> None:
        """Have it end as soon as a batch is whole."""
        self._stop.set()

    def ended(self) -> IndexReport | Stopped:
        """Return how it ended. Raises what it failed with."""
        if isinstance(self._ended, Exception):
            raise self._ended
        assert self._ended is not None
        return self._ended

    def _run(self) -> None:
        try:
            self._ended = self._base.add(self._threads, progress=self._hear)
        except _StopAsked:
            self._ended = Stopped(self._at.done, len(self._threads))
        except Exception as error:  # noqa: BLE001 -- raised again where the end is asked for
            self._ended = error
        finally:
            self._over.set()

    def _hear(self, at: Progress) -> None:
        self._at = at
        if self._stop.is_set():
            raise _StopAsked


def progress_html(at: Progress) -> str:
    """Return how far a saving is, as a bar and in words."""
    total = at.total or 0
    words = html.escape(TEXTS.saving.format(at.done, total, at.step))
    measure = f'max="{max(total, 1)}" value="{at.done}" aria-label="{TEXTS.how_far}"'
    return f'<p class="page-notice page-stage">{words}</p><progress class="page-progress" {measure}></progress>'


def save(
    base: KnowledgeBase, found: Found, heading: Heading, progress: Callable[[Progress], None] | None = None
) -> str:
    """Save what was found and return what that did, in words."""
    return saved_line(base.add(threads_of(found, heading), progress=progress))


def saved_line(report: IndexReport) -> str:
    """Return a report in words, such as "Saved: 6 posts, 14 claims. Skipped: question × 2, greeting × 1."."""
    if not report.added and not report.updated:
        return TEXTS.nothing_new if report.unchanged < 2 else TEXTS.none_new.format(report.unchanged)  # noqa: PLR2004
    skipped = Counter(report.skipped_by_reason).most_common()
    counts = f"{count(report.posts, 'post')}, {count(report.claims, 'claim')}"
    return " ".join(
        [
            f"{TEXTS.saved if report.added else TEXTS.updated}: {_threads_line(report)}{counts}.",
            *(
                [f"{TEXTS.skipped}: {', '.join(f'{_words(why)} × {number}' for why, number in skipped)}."]
                * bool(skipped)
            ),
            TEXTS.ask_now,
        ]
    )


def _threads_line(report: IndexReport) -> str:
    """How many threads were new, changed and here already; nothing for one alone."""
    if report.threads < 2:  # noqa: PLR2004
        return ""
    kinds = {TEXTS.is_new: report.added, TEXTS.brought: report.updated, TEXTS.is_here: report.unchanged}
    said = ", ".join(f"{number:,} {kind}" for kind, number in kinds.items() if number)
    return f"{count(report.threads, 'thread')} ({said}), "


def _words(name: str) -> str:
    return name.replace("_", " ")
