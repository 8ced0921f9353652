"""Thread and Post: the frozen values that every other part of Counterpoint reads.

Ids are derived from content, so that reading the same thread twice gives the same ids, in any process and on any
machine: `Thread.id` from the permalink where there is one, else from the words of the opening post; `Post.id` from its
thread and its permalink where there is one, else from its words. Authors are left out of ids, so that a thread keeps
its ids when an author is named or corrected later.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
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


def bare_words(text: str) -> str:
    """Return the words of `text` alone, folded: what ids and comparisons of quoted words are made from.

    Text without a single letter or digit (an emoji, say) is returned as it is, without surrounding space.
    """
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(words) or text.strip()


def stands_in(words: str, text: str) -> bool:
    """Return whether `text` has these words, one after the other, whatever their case and punctuation."""
    return f" {bare_words(words)} " in f" {bare_words(text)} "


OPENER = "opening poster"
"""Stands for the author of an opening post without a name, once several posts are known to be theirs."""


def unnamed(position: int) -> str:
    """Return what a page shows in place of a name for the post at `position`."""
    return f"unnamed (post {position + 1})"


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
    counts from 0, the opening post. `time` carries a zone where the export gave one. `parent_id` is None where the
    export does not say which post this one answers. A `vanished` post is no longer in its thread, and kept here.
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
    vanished: bool = False

    @property
    def source(self) -> tuple[str, str]:
        """Who speaks, for counting people: (thread id, author), or (thread id, post id) where no author is named."""
        return (self.thread_id, f"@{self.author}" if self.author is not None else self.id)

    @property
    def byline(self) -> str:
        """The author as a page shows it; a post that nobody is named for is "unnamed (post 3)", counted from 1."""
        return self.author if self.author is not None else unnamed(self.position)

    @property
    def content_hash(self) -> str:
        """A hash of everything that is shown or counted; it changes when the post was edited."""
        quotes = ";".join(f"{q.start},{q.end},{q.author},{q.post_id}" for q in self.quotes)
        return content_id(self.text, str(self.author), str(self.time), str(self.score), str(self.link), quotes)


@dataclass(frozen=True, slots=True)
class Thread:
    """A title or opening question and the posts under it, as one forum exported it.

    `posts` is in reading order and never empty; `posts[0]` is the opening post. `forum` names where it came from.
    `invented` marks a thread written for Counterpoint rather than by forum users. `whole` says of a reading, not of the
    thread, that by its own account it lacks no post; it is not stored, and threads that differ in it alone are equal.
    """

    id: str
    title: str
    posts: tuple[Post, ...]
    link: str | None = None
    forum: str | None = None
    invented: bool = False
    whole: bool = field(default=False, compare=False)

    @property
    def opening(self) -> Post:
        return self.posts[0]

    def replies_to(self, post_id: str) -> Iterator[Post]:
        """The posts that answer `post_id` directly, in reading order."""
        return (post for post in self.posts if post.parent_id == post_id)


TITLE_LENGTH = 80
"""Characters of a title taken from the opening post: one line on a page."""


def title_from(text: str) -> str:
    """Return a title for a thread that has none: the first question in its opening post, else its first words."""
    sentences = [" ".join(s.split()) for s in re.findall(r"[^.!?\n]+[.!?]*", text)]
    sentences = [s for s in sentences if re.search(r"\w", s)]
    title = next((s for s in sentences if s.endswith("?")), sentences[0] if sentences else " ".join(text.split()))
    if len(title) <= TITLE_LENGTH:
        return title
    return title[: TITLE_LENGTH - 1].rsplit(" ", 1)[0] + "…"


def make_thread(
    posts: Iterable[Post],
    *,
    title: str | None = None,
    link: str | None = None,
    forum: str | None = None,
    invented: bool = False,
) -> Thread:
    """Return the thread of `posts` in reading order, with ids and positions made from their content.

    Whatever ids the posts came with serve to resolve `parent_id` and `Quote.post_id` and are then replaced; of posts
    with one id the first is meant, and a parent that does not come before its answer is none: nobody answers in a
    circle. Equal posts ("+1") are told apart by their order; a link that several posts have is none of theirs to be
    known by. Raises ValueError where there is no post.
    """
    drafts = list(posts)
    if not drafts:
        raise ValueError("a thread needs at least its opening post")
    thread_id = content_id("thread", link or bare_words(next((post.text for post in drafts if post.text.strip()), "")))
    links = Counter(draft.link for draft in drafts)
    seen: Counter[str] = Counter()
    ids: dict[str | None, str] = {}
    own_ids = []
    parents = []
    for draft in drafts:
        parents.append(ids.get(draft.parent_id))
        words = draft.link if draft.link and links[draft.link] == 1 else bare_words(draft.text)
        own_ids.append(content_id(thread_id, words, str(seen[words])))
        seen[words] += 1
        ids.setdefault(draft.id, own_ids[-1])
    finished = tuple(
        replace(
            draft,
            id=own_id,
            thread_id=thread_id,
            position=position,
            parent_id=parent,
            quotes=tuple(replace(quote, post_id=ids.get(quote.post_id)) for quote in draft.quotes),
        )
        for position, (draft, own_id, parent) in enumerate(zip(drafts, own_ids, parents, strict=True))
    )
    return Thread(thread_id, title or title_from(drafts[0].text), finished, link, forum, invented)


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something a reader or a splitter did not keep: a named reason, which is counted, and the words it is about."""

    reason: str
    text: str
    place: str = ""
