"""How quick Browse is on large knowledge bases: `python -m benchmarks.browsing`.

The base is made by SQL, without embedding or judging: what a list costs depends on rows and indexes alone. Threads have
some 10 claims, authors write often and seldom (Pareto), one post in eight has no date, one in four no score. Times are
those of the processor, so that a busy machine does not count; a list is made by one thread.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

from sqlalchemy import insert

from benchmarks.results import table, write_section
from corpus.schema import claims, judgements, posts, threads
from corpus.store import Store
from corpus.thread import content_id, id_of, key_of
from indexer.claim_store import question_key
from indexer.claims import SPLITTER_VERSION, Kind
from indexer.judge import Judgement, Stance
from indexer.listing import Filters, Listing, Order, Wanted

COMMAND = "python -m benchmarks.browsing"
SIZES = (250_000, 1_000_000)
JUDGE = "rules"
CLAIMS_A_THREAD = 10
THREADS_AT_ONCE = 2_000
FORUMS = 40
AUTHORS = 20_000
WORDS = re.findall(
    r"\w+",
    """
    lift run squat mile week knee hip injury rest pace tempo long easy hard shoe road trail race coach plan strength
    core stretch yoga bike swim sleep diet protein heat cold hill speed interval marathon never always helped hurt
    """,
)
LONGEST = 20
"""Claims a column: what the page asks for."""
THREADS_OFFERED = 100
"""Threads of a list to choose from: what the page asks for."""


def fill(store: Store, number: int, seed: int = 7) -> None:
    """Make `number` claims with their threads, posts and judgements."""
    rng = random.Random(seed)
    for first in range(0, number // CLAIMS_A_THREAD, THREADS_AT_ONCE):
        last = min(first + THREADS_AT_ONCE, number // CLAIMS_A_THREAD)
        made: dict[str, list[dict[str, object]]] = {"threads": [], "posts": [], "claims": [], "judgements": []}
        for one in range(first, last):
            _thread(rng, one, made)
        with store.begin() as connection:
            for table in (threads, posts, claims, judgements):
                connection.execute(insert(table), made[table.name])


def _thread(rng: random.Random, number: int, made: dict[str, list[dict[str, object]]]) -> None:
    key = key_of(content_id("thread", str(number)))
    question = f"Should I {rng.choice(WORDS)} for {rng.choice(WORDS)} {number}?"
    forum = f"forum {int(rng.paretovariate(1)) % FORUMS}"
    row = {"key": key, "title": question, "question": question, "forum": forum, "added_at": "2026-01-01"}
    made["threads"].append(row)
    for position in range(CLAIMS_A_THREAD):
        words = " ".join(rng.choices(WORDS, k=12))
        post_key = key_of(content_id("post", str(key), str(position)))
        when = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(minutes=rng.randrange(8_000_000))
        made["posts"].append(
            {
                "key": post_key,
                "thread_key": key,
                "position": position,
                "author": f"author {int(rng.paretovariate(0.6)) % AUTHORS}",
                "time": when.isoformat() if rng.random() < 7 / 8 else None,
                "score": int(rng.paretovariate(1)) - 1 if rng.random() < 3 / 4 else None,
                "text": words,
                "content_hash": "",
                "splitter": SPLITTER_VERSION,
            }
        )
        claim_key = key_of(content_id("claim", str(post_key)))
        made["claims"].append(
            {
                "key": claim_key,
                "post_key": post_key,
                "start": 0,
                "end": len(words),
                "text": words,
                "kind": rng.choice(list(Kind)).value,
                "splitter": SPLITTER_VERSION,
            }
        )
        shares = [rng.gammavariate(0.4, 1) + 1e-9 for _ in Stance]
        judged = Judgement(*(share / sum(shares) for share in shares))
        made["judgements"].append(
            {
                "claim_key": claim_key,
                "question_key": question_key(question),
                "judge": JUDGE,
                "pro": judged.pro,
                "con": judged.con,
                "mixed": judged.mixed,
                "none": judged.none,
            }
        )


def cases(thread_id: str) -> dict[str, tuple[Filters, Order, int]]:
    """What is measured: by name, filters, order and how many claims of a column come before the page."""
    everything = Filters()
    return {
        "no filter": (everything, Order.SUREST, 0),
        "no filter, newest": (everything, Order.NEWEST, 0),
        "no filter, oldest": (everything, Order.OLDEST, 0),
        "no filter, most votes": (everything, Order.VOTES, 0),
        "no filter, page 1,000": (everything, Order.SUREST, 1_000 * LONGEST),
        "kind": (Filters(kind=Kind.EXPERIENCE), Order.SUREST, 0),
        "forum (half of all)": (Filters(forum="forum 1"), Order.SUREST, 0),
        "author, in capitals": (Filters(author="AUTHOR 77"), Order.NEWEST, 0),
        "years": (Filters(since=date(2012, 1, 1), until=date(2019, 12, 31)), Order.NEWEST, 0),
        "votes": (Filters(votes=3), Order.VOTES, 0),
        "one word": (Filters(text="injury"), Order.SUREST, 0),
        "two words": (Filters(text="injury knee"), Order.SUREST, 0),
        "thread": (Filters(thread_id=thread_id), Order.SUREST, 0),
        "kind, years, word": (Filters(kind=Kind.STUDY, since=date(2015, 1, 1), text="knee"), Order.VOTES, 0),
    }


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """The median of `times` runs after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        started = process_time()
        work()
        taken.append(1000 * (process_time() - started))
    return median(taken)


def measured(path: Path, number: int) -> dict[str, tuple[int, float]]:
    """Return what each list of a base of `number` claims holds, and its milliseconds; the base is made if absent."""
    known = path.exists()
    with Store.open(path) as store:
        if not known:
            fill(store, number)
        lists = Listing(store)
        started = process_time()
        lists.complete(JUDGE)
        print(f"{number:,} claims; their stances written down in {process_time() - started:.1f} s", flush=True)
        with store.reading() as connection:
            (thread_key,) = connection.execute(threads.select().with_only_columns(threads.c.key).limit(1)).one()
        found = {"(is every stance written down?)": (number, milliseconds(partial(lists.is_complete, JUDGE)))}
        for name, (filters, order, offset) in cases(id_of(thread_key)).items():
            listing = partial(lists.listed, Wanted(JUDGE, filters=filters), list(Stance), order, offset, LONGEST)
            found[name] = (sum(listing()[1].values()), milliseconds(listing))
        for name, text in (("threads to choose from", ""), ("threads with a word", "injury")):
            newest = partial(lists.summaries, text, limit=THREADS_OFFERED)
            found[name] = (lists.number_of_threads(text), milliseconds(newest))
        return found


def main(argv: Sequence[str] | None = None) -> int:
    """Print what each filter takes, keep the table."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--claims", type=int, nargs="+", default=SIZES, help="of the bases (default: %(default)s)")
    parser.add_argument("--keep", type=Path, help="a folder that keeps the bases for another time")
    parser.add_argument("--no-write", action="store_true", help="print only")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        every = {number: measured(folder / f"claims-{number}.sqlite3", number) for number in options.claims}
    columns = ["list", *(f"{number:,} claims: {what}" for number in every for what in ("found", "ms"))]
    rows = []
    for name in next(iter(every.values())):
        numbers = [found[name] for found in every.values()]
        rows.append([name, *(cell for found, taken in numbers for cell in (f"{found:,}", f"{taken:.0f}"))])
    body = (
        f"`{COMMAND}`: the counts by side and a page of {LONGEST} claims of each side, in milliseconds of the "
        f"processor, median of 5.\n\n{table(columns, rows)}\n\nReach: any filter under 300 ms at 250,000 claims."
    )
    print(body)
    if not options.no_write:
        write_section("Browse", body)
    return 0


if __name__ == "__main__":
    sys.exit(main())
