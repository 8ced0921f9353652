"""How well saved pages are read: `python -m benchmarks.reading --data ../shared/data`.

On the pages of `forums/webforum52`, each with the posts that people marked. A post is found when its token F1 with a
marked one is at least 0.8; each is matched once, the best pairs first. Authors and dates are judged on found posts:
where the marked author is a link, by the words of that link; dates by the day, less than two days apart allowed for
time zones. Not judged are dates that count back from a day the page does not tell ("3 weeks ago"), and those that the
page itself says are of an edit (dateModified); "-" stands where none is left.
Where PyPI's `harvest-webforum` is installed (`pip install '.[peers]'`), it reads the same pages; only its posts and
text are judged. It was tuned on these very pages.
An estimate for sites of other making: every page read by the general detector alone, without schema.org and the rules
of any engine. The detector was developed on these pages, so other pages can be expected to come out lower.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from benchmarks.results import table, write_section
from corpus.errors import UnreadableInput
from corpus.readers.page import SCHEMA, read_page
from corpus.readers.page_details import in_english, read_times
from corpus.readers.page_engines import ENGINES
from corpus.thread import Post, Thread

TITLE = "Reading saved web pages"
FOUND = 0.8
DAY = 86_400
ALL_ENGINES = frozenset(engine.name for engine in ENGINES)


@dataclass(frozen=True, slots=True)
class Gold:
    """A post that people marked."""

    text: str
    author: str
    date: str


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page and its marked posts; `site` is its host."""

    site: str
    html: str
    url: str
    posts: tuple[Gold, ...]


@dataclass(slots=True)
class Tally:
    """Counts over pages: posts marked, read and found; authors and dates asked and right; text F1 of each page."""

    marked: int = 0
    read: int = 0
    found: int = 0
    authors: int = 0
    authors_right: int = 0
    dates: int = 0
    dates_right: int = 0
    texts: list[float] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def recall(self) -> float:
        return self.found / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        return self.found / self.read if self.read else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.found / (self.marked + self.read) if self.marked + self.read else 1.0

    def row(self) -> list[str]:
        """Recall, precision, F1, text F1, author and date accuracy, as the table shows them."""
        text = sum(self.texts) / len(self.texts) if self.texts else 0.0
        shares = [self.recall, self.precision, self.f1, text]
        right = ((self.authors_right, self.authors), (self.dates_right, self.dates))
        return [f"{share:.3f}" for share in shares] + [f"{one / of:.3f}" if of else "-" for one, of in right]


def tokens(text: str) -> Counter[str]:
    """Return the words of a text, counted."""
    return Counter(re.findall(r"\w+", text.casefold()))


def f1(first: Counter[str], second: Counter[str]) -> float:
    """Return the token F1 of two texts."""
    both = (first & second).total()
    return 2 * both / (first.total() + second.total()) if both else 0.0


def pages(folder: Path) -> Iterator[MarkedPage]:
    """Yield the pages with their marked posts; posts without words (pictures, films) are none."""
    for path in sorted(folder.glob("*.json")):
        page = json.loads(path.read_text("utf-8"))
        posts = tuple(_gold(one) for one in page["gold_standard_annotation"])
        yield MarkedPage(_site(page["url"]), page["html"], page["url"], tuple(one for one in posts if tokens(one.text)))


def _site(url: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|/.*$", "", url)


def _gold(marked: dict[str, Any]) -> Gold:
    def said(name: str) -> str:
        return str(marked.get(name, {}).get("surface_form", ""))

    return Gold(said("post_text"), said("user"), said("datetime"))


def measure(page: MarkedPage, posts: Sequence[Post]) -> Tally:
    """Return how the posts read from a page compare with the marked ones."""
    gold = [tokens(one.text) for one in page.posts]
    read = [tokens(post.text) for post in posts]
    pairs = sorted(((f1(g, r), i, j) for i, g in enumerate(gold) for j, r in enumerate(read)), reverse=True)
    matched: dict[int, int] = {}
    for score, i, j in pairs:
        if score >= FOUND and i not in matched and j not in matched.values():
            matched[i] = j
    tally = Tally(len(gold), len(read), len(matched))
    tally.texts.append(f1(sum(gold, Counter()), sum(read, Counter())))
    language = (re.search(r"<html[^>]*\slang=[\"']?([\w-]+)", page.html) or ["", ""])[1].lower()
    times = read_times([one.date for one in page.posts], language)
    for i, j in matched.items():
        names = _names(page, page.posts[i].author)
        if names:
            tally.authors += 1
            tally.authors_right += _bare(posts[j].author or "") in names
        if page.posts[i].date and not _AGO.search(page.posts[i].date) and not _is_edit(page, page.posts[i].date):
            tally.dates += 1
            tally.dates_right += _same_day(page.posts[i].date, times[i], posts[j].time)
    return tally


_AGO = re.compile(r"\bago\b|^vor \d|yesterday|today|gestern|heute", re.IGNORECASE)
"""A date that counts back from a day that the page does not tell."""


def _is_edit(page: MarkedPage, date: str) -> bool:
    """Whether the page shows a date as that of the last change."""
    return re.search(rf"itemprop=[\"']dateModified[\"'][^<>]*>\s*{re.escape(date)}\s*<", page.html) is not None


def _bare(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.casefold()))


def _names(page: MarkedPage, marked: str) -> set[str]:
    """The names that a marked author stands for: itself, or the words of the link and its end; none for no profile."""
    if not re.search(r"[/?=]", marked):
        return {_bare(marked)} - {""}
    if "mode=quote" in marked:
        return set()
    words = {_bare(re.sub(r"<[^<>]*>", "", text)) for text in _links(page, marked)}
    end = re.sub(r"[.-]\d+$", "", unquote(marked).rstrip("/").rpartition("/")[2])
    return {*words, _bare(end), _bare(re.sub(r"^.*?\d+-|\?.*$", "", end))} - {""}


def _links(page: MarkedPage, href: str) -> list[str]:
    plain = html.unescape(page.html)
    return re.findall(rf"<a\b[^<>]*href=[\"']{re.escape(href)}[\"'][^<>]*>(.*?)</a>", plain, re.DOTALL)


def _same_day(marked: str, expected: datetime | None, read: datetime | None) -> bool:
    if read is None:
        return False
    if expected is None:
        from dateutil import parser

        try:
            expected = parser.parse(in_english(marked), default=read.replace(tzinfo=None), dayfirst=True, fuzzy=True)
        except (ValueError, OverflowError):
            return False
    return abs((expected.replace(tzinfo=None) - read.replace(tzinfo=None)).total_seconds()) < 2 * DAY


def read(page: MarkedPage, without: frozenset[str] = frozenset()) -> tuple[Sequence[Post], str]:
    """Return the posts read from a page, and how it was read."""
    try:
        reading = read_page(page.html.encode("utf-8", "replace"), page.site, without=without)
    except UnreadableInput:
        return (), "nothing"
    thread: Thread = reading.threads[0]
    return thread.posts, reading.layout.removeprefix("a saved web page, ")


def read_by_peer(page: MarkedPage) -> Sequence[Post] | None:
    """Return the posts that `harvest-webforum` reads from a page; None where it is not installed."""
    try:
        from harvest.extract import extract_posts
        from harvest.posts import extract_posts as find_posts
    except ImportError:
        return None
    try:
        found = find_posts(page.html, page.url)
        pattern = found["text_xpath_pattern"] or found["xpath_pattern"]
        read = extract_posts(page.html, page.url, pattern, None, None, None) if pattern else []
    except Exception:  # noqa: BLE001 -- a page that the peer fails on is a page it reads nothing from
        read = []
    return [Post(str(at), "", at, one.post) for at, one in enumerate(read)]


def without_people(row: list[str]) -> list[str]:
    """Return a row of the table without authors and dates, which were not asked."""
    return [*row[:-2], "-", "-"]


def main() -> None:
    """Measure and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--verbose", action="store_true", help="each page on a line")
    args = parser.parse_args()
    marked = list(pages(args.data / "forums/webforum52"))
    by_engine: dict[str, Tally] = defaultdict(Tally)
    pages_of: Counter[str] = Counter()
    totals = {"all rules": Tally(), "general detector alone": Tally()}
    peer, seconds = Tally(), 0.0
    for page in marked:
        began = time.process_time()
        posts, layout = read(page)
        tally = measure(page, posts)
        by_engine[layout].add(tally)
        pages_of[layout] += 1
        totals["all rules"].add(tally)
        general = measure(page, read(page, ALL_ENGINES | {SCHEMA})[0])
        totals["general detector alone"].add(general)
        seconds += time.process_time() - began
        if (by_peer := read_by_peer(page)) is not None:
            peer.add(measure(page, by_peer))
        if args.verbose:
            print(f"{page.site:34} {layout:24} {len(page.posts):3} {' '.join(tally.row())} | {' '.join(general.row())}")
    rows = [[name, str(pages_of[name]), *tally.row()] for name, tally in sorted(by_engine.items())]
    rows += [[f"**{name}**", str(len(marked)), *tally.row()] for name, tally in totals.items()]
    rows += [["harvest-webforum", str(len(marked)), *without_people(peer.row())]] if peer.marked else []
    columns = ["read by", "pages", "post recall", "precision", "F1", "text F1", "authors", "dates"]
    body = f"`python -m benchmarks.reading --data ../shared/data`\n\n{__doc__.partition(chr(10) * 2)[2]}\n"
    body += f"{table(columns, rows)}\n\n{len(marked)} pages, each read twice, in {seconds:.1f} s of one core.\n"
    print(body)
    write_section(TITLE, body)


if __name__ == "__main__":
    main()
