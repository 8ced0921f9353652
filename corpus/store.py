"""The SQLite database of what people said: the single source of truth.

One file in WAL mode: any number of readers beside one writer. Everything the indexer derives lives in the same file
(`corpus.schema`), so that one transaction covers a thread and its claims, and removing a thread removes them.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)

from corpus.database import FILE_NAME, bring_up_to_date, check_file, engine_for, named_error, named_errors
from corpus.errors import CorpusError, NotInStore, StoreUnwritable
from corpus.merging import REMOVED_OPENING, is_same, merged, place, probes, words_key
from corpus.packing import packed, unpacked
from corpus.schema import claims, corrections, posts, quotes, settings, skipped, threads
from corpus.thread import Post, Quote, Thread, bare_words, id_of, key_of, stands_in, title_from

__all__ = ["FILE_NAME", "REMOVED_OPENING", "Counts", "Removed", "Saved", "Store", "ThreadSummary"]

ALIKE = 20
"""Posts of the same words that a thread is looked up by: more would be a form that a forum or a bot fills in."""

CANDIDATES = 3
"""Stored threads with most posts in common that are compared with one that has no known id or link."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What `save_thread` changed. `added`, `changed` and `vanished` are post ids, in reading order.

    `thread_id` is the stored thread's, which may be known from another format. `reworded` are those of `changed` whose
    text differs and waits to be split again; `vanished` those found to be no longer in the thread; `dropped_claims` are
    the keys of claims whose words are no longer in their post.
    """

    thread_id: str
    new: bool
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    reworded: tuple[str, ...] = ()
    vanished: tuple[str, ...] = ()
    unchanged: int = 0
    dropped_claims: tuple[int, ...] = ()

    @property
    def already_present(self) -> bool:
        """Whether there was nothing to add or change."""
        return not (self.new or self.added or self.changed or self.vanished)


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal took away: ids of threads and posts, keys of claims (for the index to forget)."""

    threads: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()
    claims: tuple[int, ...] = ()

    def __add__(self, other: Removed) -> Removed:
        """Both removals as one."""
        return Removed(self.threads + other.threads, self.posts + other.posts, self.claims + other.claims)


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """One line of a list of threads. `posts` counts posts, `people` counts sources."""

    id: str
    title: str
    forum: str | None
    link: str | None
    invented: bool
    question: str | None
    posts: int
    people: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much the store holds."""

    threads: int
    posts: int


class Store:
    """The database at `path`. Open it with `Store.open`, close it or use it in a `with`.

    Methods that write take the connection of an enclosing `begin()`; without one each is a transaction of its own.
    """

    def __init__(self, path: Path, engine: Engine) -> None:
        self.path = path
        self._engine = engine
        self._writer = engine.execution_options(begin="IMMEDIATE")

    @classmethod
    def open(cls, path: str | Path) -> Store:
        """Open the database at `path`, making or migrating it where needed.

        Raises NotAStore, NewerStore, StoreLocked or StoreUnwritable; the file is then as it was before.
        """
        path = Path(path)
        check_file(path)
        store = cls(path, engine_for(path))
        try:
            with named_errors(path):
                bring_up_to_date(path, store._engine, store._writer)
        except CorpusError:
            store.close()
            raise
        return store

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """The one writing transaction: everything done on its connection is kept together, or nothing is."""
        with named_errors(self.path), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees the state of one moment, beside any writer."""
        with named_errors(self.path), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _within(self, connection: Connection | None) -> Iterator[Connection]:
        if connection is not None:
            yield connection
            return
        with self.begin() as own:
            yield own

    def save_thread(self, thread: Thread, connection: Connection | None = None, *, layout: str = "") -> Saved:
        """Add `thread`, or bring the stored one in step with it (`corpus.merging`); saving it twice changes nothing.

        New posts are added, edited posts updated (claims whose words still stand are moved with them), and posts that
        `thread` lacks are kept. A title taken from the opening post never replaces a stored one.
        """
        with self._within(connection) as writing:
            return _save_thread(writing, thread, _recognised(writing, thread), layout)

    def recognised(self, thread: Thread) -> Thread | None:
        """Return the stored thread that `thread` is, from whatever format either came; None where it is a new one."""
        with self.reading() as connection:
            return _recognised(connection, thread)

    def restore_thread(self, thread: Thread, connection: Connection, *, layout: str = "") -> None:
        """Add `thread`, which is not here, as it is: also the gaps that removed posts left between positions."""
        _save_thread(connection, thread, None, layout)
        here = update(posts).where(posts.c.key == bindparam("at")).values(position=bindparam("to"))
        connection.execute(here, [{"at": key_of(post.id), "to": post.position} for post in thread.posts])

    def backup(self, path: Path) -> None:
        """Copy the database to `path`, as it is at one moment, beside any writer (https://www.sqlite.org/backup.html).

        Raises StoreUnwritable where there is no room for it, or no way to write it.
        """
        with self.reading() as connection:
            source: Any = connection.connection.driver_connection
            try:
                with closing(sqlite3.connect(path)) as target:
                    source.backup(target)  # all pages in one step: in several, a busy writer would have it begin again
            except sqlite3.Error as error:
                raise StoreUnwritable(f"{path} cannot be written ({error}); choose another place") from error

    def compact(self) -> None:
        """Give back the room that removed rows left and moves of rows took (https://www.sqlite.org/lang_vacuum.html).

        Who writes meanwhile waits. Raises StoreUnwritable where there is no room for a copy, StoreLocked where another
        process writes.
        """
        with self.reading() as connection:
            file: Any = connection.connection.driver_connection
            try:
                file.execute("VACUUM")
                file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.Error as error:
                raise named_error(self.path, error) or error from error

    def thread(self, thread_id: str) -> Thread:
        """Return the thread; raises NotInStore."""
        with self.reading() as connection:
            found = _thread(connection, key_of(thread_id))
        if found is None:
            raise NotInStore(f"no thread {thread_id} in {self.path}; it may have been removed since")
        return found

    def threads(self, offset: int = 0, limit: int = 50, text: str | None = None) -> list[ThreadSummary]:
        """Return a page of summaries, latest first; `text` keeps those with it in their title or forum."""
        source = func.coalesce("@" + posts.c.author, posts.c.key)
        said = posts.c.text != ""
        query = (
            select(
                threads,
                func.count().filter(said).label("posts"),
                func.count(source.distinct()).filter(said).label("people"),
            )
            .join(posts, posts.c.thread_key == threads.c.key)
            .where(threads.c.key.in_(_matching(text).offset(offset).limit(limit)))
            .group_by(threads.c.key)
            .order_by(threads.c.added_at.desc(), threads.c.key)
        )
        with self.reading() as connection:
            return [
                ThreadSummary(
                    id_of(row.key), row.title, row.forum, row.link, row.invented, row.question, row.posts, row.people
                )
                for row in connection.execute(query)
            ]

    def count_threads(self, text: str | None = None) -> int:
        """Return how many threads `threads` would list in all for `text`."""
        with self.reading() as connection:
            return _count(connection, _matching(text).order_by(None))

    def counts(self) -> Counts:
        """Return how many threads and posts there are."""
        with self.reading() as connection:
            return Counts(
                threads=_count(connection, select(threads.c.key)),
                posts=_count(connection, select(posts.c.key).where(posts.c.text != "")),
            )

    def thread_ids(self) -> list[str]:
        """Return the id of every thread, the one first added first."""
        query = select(threads.c.key).order_by(threads.c.added_at, threads.c.key.desc())
        with self.reading() as connection:
            return [id_of(key) for key in connection.scalars(query)]

    def layout(self, thread_id: str) -> str:
        """Return how a reader recognised the thread, in words; "" where it did not say."""
        with self.reading() as connection:
            return connection.scalar(select(threads.c.layout).where(threads.c.key == key_of(thread_id))) or ""

    def post(self, post_id: str) -> Post:
        """Return the post; raises NotInStore."""
        return self.posts([post_id])[0]

    def posts(self, post_ids: Sequence[str]) -> list[Post]:
        """Return the posts, in the order asked; raises NotInStore where one is missing."""
        with self.reading() as connection:
            found = {post.id: post for post in _posts(connection, posts.c.key, [key_of(one) for one in post_ids])}
        missing = [one for one in post_ids if one not in found]
        if missing:
            raise NotInStore(f"no post {missing[0]} in {self.path}; it may have been removed since")
        return [found[one] for one in post_ids]

    def remove_thread(self, thread_id: str, connection: Connection | None = None) -> Removed:
        """Remove a thread and all that was derived from it; raises NotInStore."""
        with self._within(connection) as writing:
            rows = writing.execute(select(posts.c.key).where(posts.c.thread_key == key_of(thread_id))).scalars().all()
            if not rows:
                raise NotInStore(f"no thread {thread_id} in {self.path}; nothing was removed")
            return _remove_posts(writing, list(rows))

    def remove_post(self, post_id: str, connection: Connection | None = None) -> Removed:
        """Remove a post and all that was derived from it; raises NotInStore.

        An opening post with replies under it leaves an empty post in its place, so that the replies keep theirs.
        """
        with self._within(connection) as writing:
            if not _count(writing, select(posts.c.key).where(posts.c.key == key_of(post_id))):
                raise NotInStore(f"no post {post_id} in {self.path}; nothing was removed")
            return _remove_posts(writing, [key_of(post_id)])

    def remove_author(self, author: str, connection: Connection | None = None) -> Removed:
        """Remove everything `author` wrote in any thread, and the name from quotes; an unknown name removes nothing."""
        with self._within(connection) as writing:
            written = writing.scalars(select(posts.c.key).where(posts.c.author == author)).all()
            quoting = writing.scalars(select(quotes.c.post_key).where(quotes.c.author == author).distinct()).all()
            writing.execute(update(quotes).where(quotes.c.author == author).values(author=None))
            for post in list(_posts(writing, posts.c.key, quoting)):
                here = posts.c.key == key_of(post.id)
                writing.execute(update(posts).where(here).values(content_hash=post.content_hash))
            return _remove_posts(writing, list(written))

    def setting(self, name: str) -> str | None:
        """Return the value kept under `name`, or None."""
        with self.reading() as connection:
            return connection.scalar(select(settings.c.value).where(settings.c.name == name))

    def set_setting(self, name: str, value: str, connection: Connection | None = None) -> None:
        """Keep `value` under `name`."""
        with self._within(connection) as writing:
            writing.execute(insert(settings).prefix_with("OR REPLACE").values(name=name, value=value))


# Reading


def _matching(text: str | None) -> Select[tuple[int]]:
    query = select(threads.c.key).order_by(threads.c.added_at.desc(), threads.c.key)
    if text:
        wanted = (column.icontains(text, autoescape=True) for column in (threads.c.title, threads.c.forum))
        query = query.where(or_(*wanted))
    return query


def _count(connection: Connection, query: Select[Any]) -> int:
    return connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()


_THREAD = select(threads).where(threads.c.key == bindparam("known"))


def _thread(connection: Connection, key: int) -> Thread | None:
    row = connection.execute(_THREAD, {"known": key}).one_or_none()
    if row is None:
        return None
    return Thread(
        id=id_of(key),
        title=row.title,
        posts=tuple(_posts(connection, posts.c.thread_key, [key])),
        link=row.link,
        forum=row.forum,
        invented=row.invented,
    )


_LISTED = select(func.json_each(bindparam("keys")).table_valued("value").c.value)


def among(column: Any) -> ColumnElement[bool]:
    """Return the condition that a column is one of the keys that are given to the statement as `listed`.

    A parameter for each key takes longer to write into a statement than SQLite takes to find them.
    """
    condition: ColumnElement[bool] = column.in_(_LISTED)
    return condition


def listed(keys: Iterable[int]) -> dict[str, str]:
    """Return the parameter of `among`, for however many keys (https://www.sqlite.org/json1.html#jeach)."""
    return {"keys": json.dumps(list(keys))}


def _posts(connection: Connection, column: Any, keys: Iterable[int]) -> Iterator[Post]:
    """The posts whose `column` is one of `keys`, in thread order."""
    here, given = among(column), listed(keys)
    quoted: dict[int, list[Quote]] = defaultdict(list)
    of_posts = select(quotes).join(posts, posts.c.key == quotes.c.post_key).where(here)
    for row in connection.execute(of_posts.order_by(quotes.c.post_key, quotes.c.number), given):
        quoted[row.post_key].append(Quote(row.start, row.end, row.author, _maybe_id(row.quoted_key)))
    in_order = select(posts).where(here).order_by(posts.c.thread_key, posts.c.position)
    for row in connection.execute(in_order, given).all():
        yield _post(row, quoted[row.key])


def _post(row: Row[*tuple[Any, ...]], quoted: Iterable[Quote]) -> Post:
    return Post(
        id=id_of(row.key),
        thread_id=id_of(row.thread_key),
        position=row.position,
        text=row.text,
        author=row.author,
        time=datetime.fromisoformat(row.time) if row.time else None,
        score=row.score,
        link=row.link,
        parent_id=_maybe_id(row.parent_key),
        quotes=tuple(quoted),
        raw=unpacked(row.packed_raw, row.text),
        vanished=row.vanished_at is not None,
    )


def _maybe_id(key: int | None) -> str | None:
    return None if key is None else id_of(key)


def _maybe_key(identifier: str | None) -> int | None:
    return None if identifier is None else key_of(identifier)


# Saving


def _recognised(connection: Connection, thread: Thread) -> Thread | None:
    """The stored thread that `thread` is: by its id, else by its link, else by its posts' words."""
    if known := _thread(connection, key_of(thread.id)):
        return known
    candidates = (_thread(connection, key) for key in _candidates(connection, thread))
    return next((one for one in candidates if one is not None and is_same(one, thread)), None)


_AT_PLACE = select(threads.c.key).where(threads.c.place == bindparam("place"))
_WITHOUT_PLACE = select(threads.c.key).where(threads.c.place.is_(None)).limit(1)
_ALIKE = select(posts.c.thread_key).where(posts.c.words_key == bindparam("words")).limit(ALIKE)


def _candidates(connection: Connection, thread: Thread) -> Sequence[int]:
    """The threads that `thread` may be, the likeliest first; two that both have links are not compared by words."""
    if thread.link:
        if (there := connection.scalar(_AT_PLACE, {"place": place(thread.link)})) is not None:
            return [there]
        if connection.scalar(_WITHOUT_PLACE) is None:
            return []
    alike = Counter(key for words in probes(thread) for key in connection.scalars(_ALIKE, {"words": words}))
    return [key for key, _ in alike.most_common(CANDIDATES)]


def _save_thread(connection: Connection, given: Thread, stored: Thread | None, layout: str) -> Saved:
    """Write `given`, which `stored` is here already, or (None) which is new."""
    thread = given if stored is None else merged(stored, given)
    _save_heading(connection, thread, layout, new=stored is None)
    before = {} if stored is None else {post.id: post for post in stored.posts}
    added = [post for post in thread.posts if post.id not in before]
    kept = [(before[post.id], post) for post in thread.posts if post.id in before]
    vanished = [post.id for was, post in kept if post.vanished and not was.vanished]
    changed = [
        post for was, post in kept if replace(was, position=post.position) != post and post.id not in set(vanished)
    ]
    reworded = [post for post in changed if post.text != before[post.id].text]
    dropped = [key for post in reworded for key in _reword(connection, post)]
    _write_posts(connection, key_of(thread.id), added, changed)
    _mark_vanished(connection, vanished)
    _put_in_order(connection, [(post.id, post.position) for was, post in kept if was.position != post.position])
    return Saved(
        thread_id=thread.id,
        new=stored is None,
        added=tuple(post.id for post in added),
        changed=tuple(post.id for post in changed),
        reworded=tuple(post.id for post in reworded),
        vanished=tuple(vanished),
        unchanged=len(kept) - len(changed) - len(vanished),
        dropped_claims=tuple(dropped),
    )


def _save_heading(connection: Connection, thread: Thread, layout: str, *, new: bool) -> None:
    """Write what is said of the thread as a whole."""
    values: dict[str, Any] = {
        "title": thread.title,
        "link": thread.link,
        "place": place(thread.link) if thread.link else None,
        "forum": thread.forum,
        "invented": thread.invented,
    }
    values |= {"layout": layout} if layout else {}
    if new:
        values |= {"key": key_of(thread.id), "added_at": _now()}
        connection.execute(insert(threads), values)
    else:
        connection.execute(update(threads).where(threads.c.key == key_of(thread.id)).values(values))


def _now() -> str:
    return datetime.now(UTC).isoformat()


def _reword(connection: Connection, post: Post) -> list[int]:
    """Move the claims of `post` to where their words now stand; remove the others and return their keys."""
    key = key_of(post.id)
    dropped = []
    search_from = 0
    for claim in connection.execute(select(claims).where(claims.c.post_key == key).order_by(claims.c.start)).all():
        start = post.text.find(claim.text, search_from)
        if start < 0:
            dropped.append(claim.key)
            continue
        search_from = start + len(claim.text)
        connection.execute(update(claims).where(claims.c.key == claim.key).values(start=start, end=search_from))
    connection.execute(delete(claims).where(among(claims.c.key)), listed(dropped))
    connection.execute(delete(skipped).where(skipped.c.post_key == key))
    _forget_corrections(connection, post)
    connection.execute(update(posts).where(posts.c.key == key).values(splitter=None))
    return dropped


def _forget_corrections(connection: Connection, post: Post) -> None:
    """Remove the corrections of claims whose words are no longer in `post`."""
    query = select(corrections.c.key, corrections.c.text).where(corrections.c.post_key == key_of(post.id))
    gone = [row.key for row in connection.execute(query) if not stands_in(row.text, post.text)]
    connection.execute(delete(corrections).where(among(corrections.c.key)), listed(gone))


def _write_posts(connection: Connection, thread_key: int, added: Sequence[Post], changed: Sequence[Post]) -> None:
    if added:
        connection.execute(
            insert(posts),
            [
                _values(post)
                | {"key": key_of(post.id), "thread_key": thread_key, "position": post.position}
                | {"vanished_at": _now() if post.vanished else None}
                for post in added
            ],
        )
    if changed:
        columns: dict[str, Any] = {name: bindparam(name) for name in _values(changed[0])}
        connection.execute(
            update(posts).where(posts.c.key == bindparam("known_key")).values(columns),
            [_values(post) | {"known_key": key_of(post.id)} for post in changed],
        )
        keys = listed(key_of(post.id) for post in changed)
        connection.execute(delete(quotes).where(among(quotes.c.post_key)), keys)
        seen = listed(key_of(post.id) for post in changed if not post.vanished)
        connection.execute(update(posts).where(among(posts.c.key)).values(vanished_at=None), seen)
    quoted = [
        {
            "post_key": key_of(post.id),
            "number": number,
            "start": quote.start,
            "end": quote.end,
            "author": quote.author,
            "quoted_key": _maybe_key(quote.post_id),
        }
        for post in (*added, *changed)
        for number, quote in enumerate(post.quotes)
    ]
    if quoted:
        connection.execute(insert(quotes), quoted)


def _values(post: Post) -> dict[str, Any]:
    return {
        "author": post.author,
        "time": post.time.isoformat() if post.time else None,
        "score": post.score,
        "link": post.link,
        "parent_key": _maybe_key(post.parent_id),
        "text": post.text,
        "packed_raw": packed(post.raw, post.text),
        "content_hash": post.content_hash,
        "words_key": words_key(post.text),
    }


def _mark_vanished(connection: Connection, post_ids: Sequence[str]) -> None:
    keys = listed(map(key_of, post_ids))
    connection.execute(update(posts).where(among(posts.c.key)).values(vanished_at=_now()), keys)


def _put_in_order(connection: Connection, moved: Sequence[tuple[str, int]]) -> None:
    if moved:
        query = update(posts).where(posts.c.key == bindparam("moved_key")).values(position=bindparam("to"))
        connection.execute(query, [{"moved_key": key_of(one), "to": to} for one, to in moved])


# Removing


def _remove_posts(connection: Connection, keys: Sequence[int]) -> Removed:
    """Remove the posts and the threads left without a word; an opening post with replies is emptied instead."""
    written = select(posts.c.key, posts.c.thread_key, posts.c.position, posts.c.text)
    rows = connection.execute(written.where(among(posts.c.key)), listed(keys)).all()
    gone = connection.scalars(select(claims.c.key).where(among(claims.c.post_key)), listed(keys)).all()
    _forget_questions(connection, rows)
    for row in rows:
        if row.position == 0:
            _empty_opening(connection, row)
        else:
            connection.execute(delete(posts).where(posts.c.key == row.key))
    ended = [key for key in sorted({row.thread_key for row in rows}) if not _has_words(connection, key)]
    connection.execute(delete(threads).where(among(threads.c.key)), listed(ended))
    return Removed(tuple(map(id_of, ended)), tuple(id_of(row.key) for row in rows), tuple(gone))


def _forget_questions(connection: Connection, removed: Sequence[Row[*tuple[Any, ...]]]) -> None:
    """Blank the questions of corrections that are words of `removed` posts; their keys say what they were about."""
    asked = connection.scalars(select(corrections.c.question).where(corrections.c.question != "").distinct()).all()
    if not asked:
        return
    openings = [row.thread_key for row in removed if row.position == 0]
    titles = connection.scalars(select(threads.c.title).where(among(threads.c.key)), listed(openings))
    texts = [*(row.text for row in removed), *titles]
    gone = "\n".join(f" {bare_words(text)} " for text in texts)
    for question in asked:
        if f" {bare_words(question)} " in gone:
            connection.execute(update(corrections).where(corrections.c.question == question).values(question=""))


def _has_words(connection: Connection, thread_key: int) -> bool:
    here = select(posts.c.key).where(posts.c.thread_key == thread_key, posts.c.text != "")
    return connection.execute(here.limit(1)).first() is not None


def _empty_opening(connection: Connection, row: Row[*tuple[Any, ...]]) -> None:
    for derived in (corrections, claims, skipped, quotes):
        connection.execute(delete(derived).where(derived.c.post_key == row.key))
    nothing = Post(id=id_of(row.key), thread_id=id_of(row.thread_key), position=0, text="")
    connection.execute(update(posts).where(posts.c.key == row.key).values(_values(nothing)))
    here = threads.c.key == row.thread_key
    if connection.scalar(select(threads.c.title).where(here)) == title_from(row.text):
        connection.execute(update(threads).where(here).values(title=REMOVED_OPENING))
    connection.execute(update(threads).where(here).values(question=None))
