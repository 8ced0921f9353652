"""Adding threads, two batches at a time: one is read and split while the one before it is embedded, judged, written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from corpus.thread import Thread
from indexer import pipeline
from indexer.claim_store import ClaimStore
from indexer.pipeline import Draft, Heard, IndexReport

Keep = Callable[[Sequence[Draft], Heard, int], IndexReport]
"""Takes a batch that is split through the further steps; its last argument is how many threads were done before."""


class Adding:
    """One run of adding: threads are compared with `store`; `keep` takes batches further in a thread of its own."""

    def __init__(self, store: ClaimStore, keep: Keep, heard: Heard) -> None:
        self._store = store
        self._keep = keep
        self._heard = heard
        self._report = IndexReport()
        self._running: Future[IndexReport] | None = None
        self._taken: set[str] = set()

    def run(self, threads: Iterable[Thread]) -> IndexReport:
        """Add `threads`, of which no more than two batches are held in memory; return what was done."""
        with ThreadPoolExecutor(1, "adding") as beside:
            for batch in pipeline.batches(self._changed(threads)):
                names = set().union(*map(pipeline.names, batch))
                self._wait_for(names)
                self._heard("splitting", self._report.threads)
                drafts = [pipeline.split(pipeline.compare(one, one.id, self._store)) for one in batch]
                self._wait()
                self._taken = names
                self._running = beside.submit(self._keep, drafts, self._heard, self._report.threads)
                self._heard("comparing", self._report.threads)
            self._wait()
        return self._report

    def _changed(self, threads: Iterable[Thread]) -> Iterator[Thread]:
        """Pass over the threads that adding would not change."""
        for thread in threads:
            self._wait_for(pipeline.names(thread))
            same = pipeline.unchanged(thread, self._store)
            if same is None:
                yield thread
                continue
            self._report += same
            self._heard("comparing", self._report.threads)

    def _wait_for(self, names: set[str]) -> None:
        """Wait where what threads of these names are to be compared with may not be written yet."""
        if self._taken & names:
            self._wait()

    def _wait(self) -> None:
        """Wait until the batch before is written. Raises what it failed with."""
        if self._running is not None:
            self._heard(pipeline.WAITING, self._report.threads)
            self._report += self._running.result()
            self._running = None
        self._taken = set()
