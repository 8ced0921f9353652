"""Files of a thousand threads, as four forums export theirs: what a base of some size is made of in tests.

Everything is drawn with a fixed seed, so that the same threads come out each time. Their subjects are none of the
sample threads'.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import product
from pathlib import Path

from corpus.readers.neutral import to_neutral
from corpus.thread import Post, Thread, make_thread

THREADS = 1000

SUBJECTS = {
    "Campers": (
        "hammock, tarp, gas stove, down quilt, camp chair, canvas tent, head torch, water filter, dry bag, folding cot",
        "a wet weekend, winter trips, two people, a canoe tour, high mountains, a festival, hot nights, one child",
    ),
    "r/gardening": (
        "raised bed, greenhouse, drip hose, compost bin, push mower, wood chipper, cold frame, rain barrel, hoe",
        "tomatoes, heavy clay, a balcony, a shady yard, roses, a dry summer, potatoes, a steep slope",
    ),
    "photo-list": (
        "prime lens, tripod, film camera, light meter, polarizer, macro ring, flash, monopod, zoom lens, gimbal",
        "portraits, birds, weddings, night skies, street scenes, travel by train, insects, a school play",
    ),
    "Luthiers' bench": (
        "spokeshave, band saw, hide glue, bending iron, drum sander, card scraper, go-bar deck, spruce top, jig",
        "a first guitar, small repairs, a ukulele, curly maple, a cramped shop, bowed instruments, inlays, old violins",
    ),
}
"""What the threads of each forum are about: things, and what for."""

ASKED = (
    "Is a {thing} worth it for {use}?",
    "Should I get a {thing} for {use}?",
    "Should I borrow a {thing} first for {use}?",
    "Is a second-hand {thing} good enough for {use}?",
)
SAID = (
    "Yes. Mine has been great for {use} for {number} years now.",
    "Definitely, the {thing} saved me {number} hours a month.",
    "I would do it again because a {thing} makes {use} so much easier.",
    "My {thing} was worth every cent after {number} weeks.",
    "No, don't. The {thing} broke after {number} weeks and nobody repairs it.",
    "A {thing} is a waste of money for {use}.",
    "I sold mine after {number} months because it was always in the way.",
    "Never again, it made {use} harder and cost me {number} euros.",
    "It depends on how often you go, under {number} times a year it is not worth it.",
    "A cheap {thing} is fine unless you do {use} every week.",
    "My neighbour says a {thing} lasts {number} years at most.",
    "Which {thing} did you look at?",
    "Thanks, that helps a lot.",
)
AUTHORS = """
    Ümit Анна 李雷 José Østen Zoë Łukasz Ngọc harald maple_jo old_mole tin_can Bea quince per Ros wanda.k Idris fen
    tuesday Opal grit Nils yarrow Kofi sam_b dot Ivo marge plum
""".split()  # noqa: SIM905 -- names are read more easily so
HOSTILE = (
    "Should I trust the <script>window.hacked=1</script> brand?",
    'Yes, <img src=x onerror="window.hacked=2"> it is great and ${window.hacked=3} helped me.',
    "No, never: [click](javascript:window.hacked=4) is a waste of money.",
)
"""A thread of the first forum: it is shown as it is written here."""


@dataclass(frozen=True)
class Told:
    """One thread, whatever file it goes to: its forum, and author, time, votes and text of each post."""

    number: int
    forum: str
    title: str
    posts: tuple[tuple[str, datetime, int, str], ...]


def threads() -> Iterator[Told]:
    """Yield the thousand threads, forum after forum."""
    rng = random.Random(5)
    yield _told(rng, 0, "Campers", HOSTILE[0], HOSTILE)
    number = 1
    for forum, (things, uses) in SUBJECTS.items():
        every = list(product(ASKED, things.split(", "), uses.split(", ")))
        for asked, thing, use in rng.sample(every, THREADS // len(SUBJECTS) - (number == 1)):
            title = asked.format(thing=thing, use=use)
            replies = [
                said.format(thing=thing, use=use, number=rng.randrange(2, 40))
                for said in rng.sample(SAID, rng.randrange(1, 5))
            ]
            yield _told(rng, number, forum, title, (title, *replies))
            number += 1


def _told(rng: random.Random, number: int, forum: str, title: str, texts: tuple[str, ...]) -> Told:
    when = datetime(2012, 1, 1, tzinfo=UTC) + timedelta(days=rng.randrange(4_500))
    authors = rng.sample(AUTHORS, len(texts))
    votes = [int(rng.paretovariate(0.8)) - 1 for _ in texts]
    times = [when + timedelta(hours=at) for at in range(len(texts))]
    return Told(number, forum, title, tuple(zip(authors, times, votes, texts, strict=True)))


# Files


def write(folder: Path) -> list[Path]:
    """Write a file of each forum, in a form of its own; return them."""
    by_forum: dict[str, list[Told]] = {forum: [] for forum in SUBJECTS}
    for one in threads():
        by_forum[one.forum].append(one)
    campers, gardeners, photographers, luthiers = by_forum.values()
    files = [folder / name for name in ("campers.csv", "gardening.jsonl", "photo-list.mbox", "luthiers.jsonl")]
    with files[0].open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["thread", "title", "forum", "author", "time", "score", "text"])
        rows.writerows([t.number, t.title, t.forum, a, w.isoformat(), v, x] for t in campers for a, w, v, x in t.posts)
    files[1].write_text("".join(json.dumps(line) + "\n" for one in gardeners for line in _reddit(one)), "utf-8")
    files[2].write_text("".join(letter for one in photographers for letter in _letters(one)), "utf-8")
    files[3].write_text("".join(to_neutral(_thread(one)) + "\n" for one in luthiers), "utf-8")
    return files


def _reddit(told: Told) -> Iterator[dict[str, object]]:
    """A submission and its comments, a line each, as dumps hold them."""
    own = f"t{told.number}"
    for at, (author, time, votes, text) in enumerate(told.posts):
        line = {"id": f"{own}c{at}" if at else own, "author": author, "created_utc": time.timestamp(), "score": votes}
        line |= {"subreddit": told.forum.removeprefix("r/")}
        yield line | (
            {"link_id": f"t3_{own}", "parent_id": f"t3_{own}", "body": text}
            if at
            else {"title": told.title, "selftext": text, "num_comments": len(told.posts) - 1}
        )


def _letters(told: Told) -> Iterator[str]:
    """The posts as letters of a mailing list."""
    for at, (author, time, _, text) in enumerate(told.posts):
        answered = f"In-Reply-To: <{told.number}.0@list.example>\n" if at else ""
        subject = f"{'Re: ' if at else ''}[photo-list] {told.title}"
        yield (
            f"From list {time:%a %b %d %H:%M:%S %Y}\nFrom: {author} <list@list.example>\nSubject: {subject}\n"
            f"Date: {format_datetime(time)}\nMessage-ID: <{told.number}.{at}@list.example>\n{answered}\n{text}\n\n"
        )


def _thread(told: Told) -> Thread:
    posts = [
        Post(str(at), "", at, text, author, time, votes, parent_id="0" if at else None)
        for at, (author, time, votes, text) in enumerate(told.posts)
    ]
    return make_thread(posts, title=told.title, forum=told.forum)
