"""Quotes in exports: a post put together from its own words and quoted ones, and quotes traced to what they repeat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from corpus.cleaning import plain
from corpus.readers.layouts import QUOTED_WORDS
from corpus.thread import Post, Quote, Thread, bare_words, make_thread

NEARBY = 200
"""Earlier posts looked through for quoted words, beside those a post stands under: ten pages of most forums."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of a post, as the forum exported them; where `quoted`, written by `author` in the post with id `post`.

    `join` is what parts it from the piece before.
    """

    text: str
    quoted: bool = False
    author: str | None = None
    post: str | None = None
    join: str = "\n\n"


@dataclass(frozen=True, slots=True)
class Said:
    """The plain text of a post and the quotes in it."""

    text: str
    quotes: tuple[Quote, ...] = ()


def put_together(pieces: Iterable[Piece], *, entities: bool = False) -> Said:
    """Return the pieces as one plain text with its quotes; `entities` as for `plain`. Never raises."""
    text = ""
    quotes = []
    for piece in pieces:
        words = plain(piece.text, entities=entities)
        if not words:
            continue
        text += piece.join if text else ""
        if piece.quoted:
            quotes.append(Quote(len(text), len(text) + len(words), piece.author, piece.post))
        text += words
    return Said(text, tuple(quotes))


def post_of(
    id_: str,
    said: Said,
    source: str,
    *,
    author: str | None = None,
    time: datetime | None = None,
    score: int | None = None,
    link: str | None = None,
    parent: str | None = None,
) -> Post:
    """Return the post of an export for `thread_of`: what was `said` in it, and its `source` where that differs."""
    raw = source if source != said.text else None
    return Post(id_, "", 0, said.text, author, time, score, link, parent, said.quotes, raw)


def thread_of(posts: Sequence[Post], *, title: str | None, link: str | None, forum: str | None) -> Thread:
    """Return the thread of `posts` (in reading order, with provisional ids), each quote traced to its post."""
    return make_thread(traced(_in_order(posts)), title=title or None, link=link, forum=forum)


def _in_order(posts: Sequence[Post]) -> Iterator[Post]:
    """The posts; a parent that does not come before its answer is none, so that no chain of parents is a circle."""
    seen: set[str] = set()
    for post in posts:
        yield post if post.parent_id is None or post.parent_id in seen else replace(post, parent_id=None)
        seen.add(post.id)


def traced(posts: Iterable[Post]) -> list[Post]:
    """Return `posts` with each quote's author and post filled in where an earlier post holds its words.

    A quote is looked for in the posts that its own stands under, then, if it is `QUOTED_WORDS` long, in the `NEARBY`
    ones before it; failing that, it belongs to the latest post of the author it names. A post without a parent
    answers the first earlier post that it quotes.
    """
    posts = list(posts)
    if not any(post.quotes for post in posts):
        return posts
    earlier = _Earlier()
    finished = []
    for post in posts:
        quotes = tuple(earlier.source_of(quote, post) for quote in post.quotes)
        quoted = next((quote.post_id for quote in quotes if quote.post_id in earlier), None)
        finished.append(replace(post, quotes=quotes, parent_id=post.parent_id or quoted))
        earlier.add(finished[-1])
    return finished


class _Earlier:
    """The posts so far, in order, with their words."""

    def __init__(self) -> None:
        self._posts: dict[str, Post] = {}
        self._order: list[Post] = []
        self._words: dict[str, str] = {}
        self._latest: dict[str, Post] = {}

    def __contains__(self, post_id: str | None) -> bool:
        return post_id in self._posts

    def add(self, post: Post) -> None:
        self._posts[post.id] = post
        self._order.append(post)
        if post.author:
            self._latest[post.author.casefold()] = post

    def source_of(self, quote: Quote, post: Post) -> Quote:
        words = f" {bare_words(post.text[quote.start : quote.end])} "
        named = self._latest.get((quote.author or "").casefold())
        source = self._posts.get(quote.post_id or "") or next(self._holding(words, post), None) or named
        if source is None:
            return quote
        return replace(quote, author=source.author or quote.author, post_id=source.id)

    def _holding(self, words: str, post: Post) -> Iterator[Post]:
        yield from (one for one in above(post, self._posts) if words in self._spoken(one))
        if len(words.split()) >= QUOTED_WORDS:
            yield from (one for one in reversed(self._order[-NEARBY:]) if words in self._spoken(one))

    def _spoken(self, post: Post) -> str:
        if post.id not in self._words:
            self._words[post.id] = f" {bare_words(post.text)} "
        return self._words[post.id]


def above(post: Post, posts: Mapping[str, Post]) -> Iterator[Post]:
    """The posts that `post` stands under, nearest first, at most `NEARBY`."""
    for _ in range(NEARBY):
        parent = posts.get(post.parent_id or "")
        if parent is None:
            return
        yield parent
        post = parent
