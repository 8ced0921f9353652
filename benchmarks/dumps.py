"""Reading a dump of 16,967 threads: `python -m benchmarks.dumps --data ../shared/data` prints a table and keeps it.

Two passes over each file of `forums/reddit_college`: reading and storing; then reading against the file itself, in
which every comment's id is held against the posts of its thread. Times are those of the processor, so that a busy
machine does not count; peak memory is that of the whole process.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.results import table, write_section
from corpus.readers import iter_file
from corpus.store import Store
from corpus.thread import Thread

COMMAND = "python -m benchmarks.dumps --data ../shared/data"
THREADS_A_TRANSACTION = 100


def threads_of(path: Path) -> Iterator[Thread]:
    """Yield the threads of the file."""
    return (found for found in iter_file(path) if isinstance(found, Thread))


def seconds_to_store(path: Path, store: Store) -> float:
    """Return how long reading and storing take."""
    began = time.process_time()
    threads = threads_of(path)
    while batch := list(islice(threads, THREADS_A_TRANSACTION)):
        with store.begin() as connection:
            for thread in batch:
                store.save_thread(thread, connection)
    return time.process_time() - began


def ids_in(comments: dict[str, Any]) -> Iterator[str]:
    """Yield the id of every comment in the file's own form."""
    for id_, comment in comments.items():
        yield id_
        yield from ids_in(comment.get("replies") or {})


def counted(path: Path) -> tuple[Counter[str], float]:
    """Count threads and comments of the file, and which the reader lost or doubled; return how long it read, too."""
    counts: Counter[str] = Counter()
    threads = threads_of(path)
    seconds = 0.0
    with gzip.open(path) as file:
        for line in file:
            value = json.loads(line)
            there = Counter(ids_in(value["comments"]))
            began = time.process_time()
            thread = next(threads)
            seconds += time.process_time() - began
            assert thread.link is not None
            same = value["sid"] in thread.link
            read = Counter((post.link or "").split("/")[-2] for post in thread.posts[1:]) if same else Counter[str]()
            counts += Counter(threads=1, comments=there.total(), lost=(there - read).total())
            counts += Counter(doubled=(read - there).total())
    counts["doubled"] += sum(len(thread.posts) for thread in threads)
    return counts, seconds


def peak_megabytes() -> float:
    """Return the most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Measure, print and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    paths = sorted((parser.parse_args().data / "forums" / "reddit_college").glob("*.jsonl.gz"))
    rows = []
    totals: Counter[str] = Counter()
    reading = storing = 0.0
    with tempfile.TemporaryDirectory() as folder, Store.open(Path(folder) / "corpus.sqlite3") as store:
        for path in paths:
            stored = seconds_to_store(path, store)
            counts, read = counted(path)
            reading, storing, totals = reading + read, storing + stored, totals + counts
            rows.append([path.name.partition(".")[0], *_figures(counts, read, stored), f"{peak_megabytes():.0f}"])
            print(rows[-1], flush=True)
        kept = store.counts()
    rows.append(["all", *_figures(totals, reading, storing), f"{peak_megabytes():.0f}"])
    columns = ["file", "threads", "comments", "lost", "doubled", "posts/s read", "posts/s read and stored", "peak MB"]
    body = (
        f"`{COMMAND}`: every comment's id in the file against the posts read, thread by thread; rates by one core's "
        f"processor time. The store then holds {kept.threads:,} threads and {kept.posts:,} posts with words."
        f"\n\n{table(columns, rows)}"
    )
    print(body)
    write_section("Reading a dump", body)


def _figures(counts: Counter[str], read: float, stored: float) -> list[str]:
    posts = counts["threads"] + counts["comments"]
    names = ("threads", "comments", "lost", "doubled")
    return [*(f"{counts[name]:,}" for name in names), f"{posts / read:,.0f}", f"{posts / stored:,.0f}"]


if __name__ == "__main__":
    main()
