"""Topics: the threads of each forum with what their claims say, and the forums and authors there are to choose from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, and_, false, func, or_, select

from corpus.schema import posts, stances, threads
from corpus.store import Store
from corpus.thread import id_of, key_of
from indexer.judge import Stance
from indexer.listing import headed


@dataclass(frozen=True, slots=True)
class Topic:
    """A thread in a list of topics; `sides` counts its claims by their stance toward its own question."""

    id: str
    title: str
    question: str
    forum: str | None
    link: str | None
    invented: bool
    posts: int
    sides: Mapping[Stance, int]


@dataclass(frozen=True, slots=True)
class ForumTopics:
    """The topics of a forum that stand on one page; `threads` and `sides` count all that match in the forum."""

    forum: str | None
    threads: int
    sides: Mapping[Stance, int]
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class TopicsPage:
    """A page of topics by forum: the forums with most threads first, in each the newest thread first."""

    forums: tuple[ForumTopics, ...] = field(default=())
    total: int = 0


class Topics:
    """What `store` holds, by forum and thread. Counts by stance are of what `Listing.complete` wrote down."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def forums(self) -> dict[str, int]:
        """Return how many threads each forum that is named has, most first."""
        number = func.count().label("number")
        query = select(threads.c.forum, number).where(threads.c.forum.is_not(None)).group_by(threads.c.forum)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(number.desc(), threads.c.forum)).all()
        return {row.forum: row.number for row in rows}

    def authors(self, limit: int) -> dict[str, int]:
        """Return how many posts the `limit` authors with most posts wrote, most first."""
        number = func.count().label("number")
        query = select(posts.c.author, number).where(posts.c.author.is_not(None)).group_by(posts.c.author)
        with self._store.reading() as connection:
            rows = connection.execute(query.order_by(number.desc(), posts.c.author).limit(limit)).all()
        return {row.author: row.number for row in rows}

    def titles(self, thread_ids: Iterable[str]) -> dict[str, str]:
        """Return the title of each thread that is here, by its id."""
        query = select(threads.c.key, threads.c.title).where(threads.c.key.in_([key_of(one) for one in thread_ids]))
        with self._store.reading() as connection:
            return {id_of(row.key): row.title for row in connection.execute(query)}

    def page(self, text: str = "", forum: str | None = None, offset: int = 0, limit: int = 50) -> TopicsPage:
        """Return a page of topics; with `text`, of those with it in their title, question or forum."""
        fits = _fits(text, forum)
        number = func.count()
        in_forum = number.over(partition_by=threads.c.forum)
        newest = (threads.c.added_at.desc(), threads.c.key)
        query = select(threads).where(fits).order_by(in_forum.desc(), threads.c.forum, *newest)
        size = select(threads.c.forum, number.label("number")).where(fits).group_by(threads.c.forum)
        with self._store.reading() as connection:
            rows = connection.execute(query.offset(offset).limit(limit)).all()
            keys = [row.key for row in rows]
            sides = _sides(connection, stances.c.thread_key, stances.c.thread_key.in_(keys))
            wrote = _posts(connection, keys)
            sizes = {row.forum: row.number for row in connection.execute(size)}
            here = or_(*(stances.c.forum.is_not_distinct_from(name) for name in {row.forum for row in rows}), false())
            if text.strip():
                here &= stances.c.thread_key.in_(select(threads.c.key).where(fits))
            of_forums = _sides(connection, stances.c.forum, here)
        by_forum: dict[str | None, list[Topic]] = defaultdict(list)
        for row in rows:
            by_forum[row.forum].append(
                Topic(
                    id=id_of(row.key),
                    title=row.title,
                    question=row.question or "",
                    forum=row.forum,
                    link=row.link,
                    invented=row.invented,
                    posts=wrote.get(row.key, 0),
                    sides=sides.get(row.key, _none()),
                )
            )
        return TopicsPage(
            tuple(
                ForumTopics(name, sizes[name], of_forums.get(name, _none()), tuple(those))
                for name, those in by_forum.items()
            ),
            sum(sizes.values()),
        )


def _fits(text: str, forum: str | None) -> ColumnElement[bool]:
    return headed(text) if forum is None else and_(headed(text), threads.c.forum == forum)


def _sides(
    connection: Connection, by: ColumnElement[object], where: ColumnElement[bool]
) -> dict[object, dict[Stance, int]]:
    """The number of claims of each stance, by `by`."""
    numbers = (func.count().filter(stances.c.stance == one.value) for one in Stance)
    rows = connection.execute(select(by, *numbers).where(where).group_by(by))
    return {key: dict(zip(Stance, counts, strict=True)) for key, *counts in rows}


def _posts(connection: Connection, keys: Sequence[int]) -> dict[int, int]:
    said = func.count().filter(posts.c.text != "")
    query = select(posts.c.thread_key, said).where(posts.c.thread_key.in_(keys)).group_by(posts.c.thread_key)
    return {row[0]: row[1] for row in connection.execute(query)}


def _none() -> dict[Stance, int]:
    return dict.fromkeys(Stance, 0)
