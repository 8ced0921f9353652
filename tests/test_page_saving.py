"""Saving that can be watched, stopped and taken up again."""

from __future__ import annotations

import threading

import pytest

from corpus.errors import StoreLocked
from corpus.thread import Thread
from indexer.knowledge import KnowledgeBase
from indexer.pipeline import IndexReport, Progress
from page.saving import Saving, Stopped, progress_html, saved_line
from page.texts import TEXTS
from tests.fakes import thread_of


def threads(number: int) -> list[Thread]:
    """Threads of a hundred posts each, so that each is a batch of its own."""
    asked = [f"Is pan {one} worth it?" for one in range(number)]
    return [thread_of(one, one, *[f"Yes, it helped {n} times. {one}" for n in range(99)]) for one in asked]


class StoppedAfter(KnowledgeBase):
    """A knowledge base in which somebody asks to stop as soon as `kept` threads are kept."""

    saving: Saving
    kept: int

    def add(self, threads, *, progress=None):  # type: ignore[no-untyped-def]
        def heard(at: Progress) -> None:
            if at.done >= self.kept:
                self.saving.stop()
            progress(at)

        return super().add(threads, progress=heard)


def ended(saving: Saving) -> IndexReport | Stopped:
    for _ in saving.steps():
        pass
    return saving.ended()


def test_saving_to_the_end_reports_what_it_did(base: KnowledgeBase) -> None:
    """As adding does."""
    report = ended(Saving(base, threads(2)))
    assert isinstance(report, IndexReport)
    assert (2, 2) == (report.added, len(base.threads()))


def test_what_is_stopped_keeps_whole_threads_and_goes_on(base: KnowledgeBase) -> None:
    """Some are kept, the line says how many, and saving again adds the others only."""
    base.__class__, given = StoppedAfter, threads(4)
    assert isinstance(base, StoppedAfter)
    base.kept, base.saving = 2, Saving(base, given)
    stopped = ended(base.saving)
    assert Stopped(2, 4) == stopped
    assert "2 of 4 threads are kept" in stopped.line()
    assert ([100, 100], ()) == ([one.posts for one in base.threads()], base.verify())
    base.kept = 5
    report = ended(Saving(base, given))
    assert isinstance(report, IndexReport)
    assert (2, 2) == (report.added, report.unchanged)
    assert () == base.verify()


def test_what_fails_is_raised_where_the_end_is_asked_for() -> None:
    """The page shows it in words."""

    class Locked:
        def add(self, *_: object, **__: object) -> None:
            raise StoreLocked("somebody writes")

    with pytest.raises(StoreLocked, match="somebody writes"):
        ended(Saving(Locked(), []))  # type: ignore[arg-type]


def test_how_far_it_is_can_be_seen_meanwhile() -> None:
    """Again and again, until it has ended."""
    seen, go_on = [], threading.Event()

    class Slow:
        def add(self, _: object, *, progress) -> IndexReport:  # type: ignore[no-untyped-def]
            progress(Progress(3, 9, "judging"))
            go_on.wait(10)
            return IndexReport(threads=9, added=9)

    for at in Saving(Slow(), [None] * 9).steps():  # type: ignore[arg-type,list-item]
        seen.append(at)
        go_on.set()
    assert Progress(3, 9, "judging") in seen


def test_a_bar_says_how_far_in_words_and_numbers() -> None:
    """Threads kept of threads, and what is being done."""
    shown = progress_html(Progress(3, 9, "judging"))
    assert "3 of 9 threads are kept (judging)" in shown
    assert 'max="9" value="3"' in shown


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (IndexReport(threads=1, unchanged=1), TEXTS.nothing_new),
        (IndexReport(threads=3, unchanged=3), "Nothing new: all 3 threads are here already, word for word."),
        (
            IndexReport(threads=3, posts=9, claims=20, added=1, updated=1, unchanged=1),
            "Saved: 3 threads (1 new, 1 brought up to date, 1 here already, word for word), 9 posts, 20 claims. "
            "You can ask about it now.",
        ),
    ],
)
def test_duplicates_are_said(report: IndexReport, line: str) -> None:
    """Beside what was new."""
    assert line == saved_line(report)
