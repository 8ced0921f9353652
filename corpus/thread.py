"""Thread and Post: the frozen values that every other part of Counterpoint reads.

Ids are derived from content, so that reading the same thread twice gives the same ids, in any process and on any
machine: `Thread.id` from the permalink where there is one, else from the opening post; `Post.id` from its thread and
its permalink where there is one, else from its author and words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

ID_LENGTH = 15
"""Hexadecimal digits of an id: 60 bits, so that it is also a positive 64-bit integer key (SQLite rowid, FAISS id)."""


def content_id(*parts: str) -> str:
    """Return the id of `parts`: the first 60 bits of their SHA-256, as 15 hexadecimal digits."""
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:ID_LENGTH]


def key_of(identifier: str) -> int:
    """Return the integer key of an id: what SQLite and FAISS know it by (0 <= key < 2**60)."""
    return int(identifier, 16)


def id_of(key: int) -> str:
    """Return the id whose integer key is `key`; the inverse of `key_of`."""
    return f"{key:0{ID_LENGTH}x}"


@dataclass(frozen=True, slots=True)
class Quote:
    """Words inside a post that somebody else wrote: `post.text[start:end]`, and whose they are where that is known."""

    start: int
    end: int
    author: str | None = None
    post_id: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One person's message.

    `text` is plain text, what claims are spans of; `raw` is what the forum exported, kept where it differs from
    `text`. `author` is None where the export names nobody: each such post then counts as its own source. `position`
    counts from 0, the opening post. `time` carries a zone where the export gave one.
    """

    id: str
    thread_id: str
    position: int
    text: str
    author: str | None = None
    time: datetime | None = None
    score: int | None = None
    link: str | None = None
    parent_id: str | None = None
    quotes: tuple[Quote, ...] = ()
    raw: str | None = None

    @property
    def source(self) -> tuple[str, str]:
        """Who speaks, for counting people: (thread id, author), or (thread id, post id) where no author is named."""
        return (self.thread_id, f"@{self.author}" if self.author is not None else self.id)

    @property
    def content_hash(self) -> str:
        """A hash of everything that is shown or counted; it changes when the post was edited."""
        quotes = ";".join(f"{q.start},{q.end},{q.author},{q.post_id}" for q in self.quotes)
        return content_id(self.text, str(self.author), str(self.time), str(self.score), str(self.link), quotes)


@dataclass(frozen=True, slots=True)
class Thread:
    """A title or opening question and the posts under it, as one forum exported it.

    `posts` is in reading order and never empty; `posts[0]` is the opening post. `forum` names where it came from.
    `invented` marks a thread written for Counterpoint rather than by forum users.
    """

    id: str
    title: str
    posts: tuple[Post, ...]
    link: str | None = None
    forum: str | None = None
    invented: bool = False

    @property
    def opening(self) -> Post:
        return self.posts[0]

    def replies_to(self, post_id: str) -> Iterator[Post]:
        """The posts that answer `post_id` directly, in reading order."""
        return (post for post in self.posts if post.parent_id == post_id)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something a reader or a splitter did not keep: a named reason, which is counted, and the words it is about."""

    reason: str
    text: str
    place: str = ""
