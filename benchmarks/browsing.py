"""How quick Browse is on a large knowledge base: python -m benchmarks.browsing [--claims 250000].

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

from corpus.schema import claims, judgements, posts, threads
from corpus.store import Store
from corpus.thread import content_id, id_of, key_of
from indexer.claim_store import question_key
from indexer.claims import SPLITTER_VERSION, Kind
from indexer.judge import Judgement, Stance
from indexer.listing import Filters, Listing, Order, Wanted

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
        "author": (Filters(author="Author 77"), Order.NEWEST, 0),
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


def main(argv: Sequence[str] | None = None) -> int:
    """Print what each filter takes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.browsing", description=__doc__)
    parser.add_argument("--claims", type=int, default=250_000)
    parser.add_argument("--keep", type=Path, help="a folder that keeps the base for another time")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        path = (options.keep or Path(temporary)) / f"claims-{options.claims}.sqlite3"
        known = path.exists()
        with Store.open(path) as store:
            if not known:
                fill(store, options.claims)
            lists = Listing(store)
            started = process_time()
            lists.complete(JUDGE)
            print(f"{options.claims:,} claims; their stances written down in {process_time() - started:.1f} s")
            print(f"still complete? {milliseconds(lambda: lists.is_complete(JUDGE)):.0f} ms")
            with store.reading() as connection:
                (thread_key,) = connection.execute(threads.select().with_only_columns(threads.c.key).limit(1)).one()
            for name, (filters, order, offset) in cases(id_of(thread_key)).items():
                wanted = Wanted(JUDGE, filters=filters)
                _, counts = lists.listed(wanted, list(Stance), order, offset, LONGEST)
                taken = milliseconds(partial(lists.listed, wanted, list(Stance), order, offset, LONGEST))
                print(f"{name:24} {sum(counts.values()):>9,} claims {taken:6.0f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())
