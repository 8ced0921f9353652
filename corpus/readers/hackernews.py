"""Hacker News items as Algolia gives them (`https://hn.algolia.com/api/v1/items/<id>`): a story with its tree.

Comments are HTML (https://news.ycombinator.com/formatdoc); quotes in them are lines that begin with ">". A comment
without words was deleted or is dead: it stays as a gap in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from corpus.cleaning import plain
from corpus.readers.markup import from_html
from corpus.readers.quoting import post_of, thread_of
from corpus.readers.reading import (
    Fields,
    Found,
    Reading,
    as_reading,
    fields_of,
    json_keys,
    json_values,
    list_of,
    moment,
    name_of,
    number_of,
    streamed,
    words_of,
)
from corpus.thread import Post, Skipped

NAME = "Hacker News items of Algolia (.json)"
LAYOUT = "a Hacker News item"
FORUM = "Hacker News"

ITEM = frozenset({"author", "children"})
"""Keys of every item, and the first ones in it."""


def is_hackernews(data: bytes) -> bool:
    """Whether `data` begins like an item."""
    return json_keys(data) >= ITEM


def read_hackernews(data: bytes, place: str = "the file") -> Reading:
    """Read items; raises UnreadableInput, naming `place`, where there is none."""
    return as_reading(threads_in, data, LAYOUT, place)


def iter_threads(path: Path) -> Iterator[Found]:
    """Yield the threads of the file at `path`: item by item where it holds one a line."""
    return streamed(threads_in, path)


def threads_in(file: BinaryIO, place: str) -> Iterator[Found]:
    """Yield what is found in an open file: one item, an array of them, or one a line."""
    for where, value in json_values(file, place):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Skipped):
                yield item
            elif fields_of(item).keys() >= ITEM and number_of(item.get("id")) is not None:
                yield from _thread(item)
            else:
                yield Skipped("not_hackernews", str(item)[:80], where)


def link_of(item_id: object) -> str:
    """Return the link of a story or comment by its number."""
    return f"https://news.ycombinator.com/item?id={item_id}"


def _thread(item: Fields) -> Iterator[Found]:
    posts = []
    waiting: list[tuple[Fields, str | None]] = [(item, None)]
    while waiting:
        fields, parent = waiting.pop()
        number = number_of(fields.get("id"))
        if number is None or fields.get("type") == "pollopt":
            reason = "no_id" if number is None else "poll_option"
            yield Skipped(reason, words_of(fields.get("text")), link_of(item["id"]))
            continue
        posts.append(_post(fields, str(number), parent))
        children = [fields_of(child) for child in list_of(fields.get("children"))]
        waiting += [(child, str(number)) for child in reversed(children)]
    title = plain(words_of(item.get("title"))) or None
    thread = thread_of(posts, title=title, link=link_of(item["id"]), forum=FORUM)
    yield replace(thread, whole=fields_of(item).get("type") == "story")


def _post(fields: Fields, number: str, parent: str | None) -> Post:
    """One item; a story without words of its own says its title."""
    source = words_of(fields.get("text")) or words_of(fields.get("title"))
    said = from_html(source, marked=True)
    return post_of(
        number,
        said,
        source,
        author=name_of(fields.get("author")),
        time=moment(fields.get("created_at_i", fields.get("created_at"))),
        score=number_of(fields.get("points")),
        link=link_of(number),
        parent=parent,
    )
