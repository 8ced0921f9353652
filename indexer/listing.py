"""Lists of what a knowledge base holds: by words, by stance, by kind, by thread; and how much there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    case,
    cast,
    column,
    false,
    func,
    literal,
    or_,
    select,
    table,
)

from corpus.schema import claims, judgements, posts, quotes, skipped, threads
from corpus.store import Store
from corpus.thread import ID_LENGTH, id_of, key_of
from indexer.claim_store import judgement_of, question_key
from indexer.claims import Kind
from indexer.judge import Judgement, Stance
from indexer.questions import read_question

QUERY_WORDS = 64
"""Words of a text that are looked up: more would be a pasted post, whose first words say what it is about."""

FUNCTION_WORDS = frozenset(
    re.findall(
        r"\S+",
        """
        a about after all also am an and any are as at be been before being but by can could did do does doing for
        from get gets had has have having he her here him his how i if in into is it its just me my of on or our out
        she should so some than that the their them then there these they this those to too up was we were what when
        where which who why will with would you your
        """,
    )
)
"""Words that nearly every claim shares with nearly every question; "no", "not" and "never" are not among them."""

_fts = table("claims_fts", column("rowid"), column("rank"))


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """One line of a list of threads."""

    id: str
    title: str
    question: str
    posts: int
    claims: int
    forum: str | None
    link: str | None
    invented: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which judged claims to list. Without `question`, each claim is judged toward its own thread's question."""

    judge: str
    question: str | None = None
    thread_id: str | None = None
    kind: Kind | None = None
    text: str = ""
    among: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim in a list: its id, the question it was judged toward, and how."""

    claim_id: str
    question: str
    judgement: Judgement


def any_word(text: str) -> str:
    """Return the full-text query for what shares a word with `text`; "" where it has no word worth looking up."""
    return " OR ".join(f'"{word}"' for word in _query_words(text) if word not in FUNCTION_WORDS)


def every_word(text: str) -> str:
    """Return the full-text query for what holds every word of `text`, each from its beginning."""
    return " ".join(f'"{word}"*' for word in _query_words(text))


def _query_words(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"[^\W_]+", text.lower())))[:QUERY_WORDS]


class Listing:
    """What can be listed of `store`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def summaries(self, text: str = "") -> list[ThreadSummary]:
        """Return a line a thread, latest first; with `text`, of those with it in their title, question or forum."""
        made = (
            select(posts.c.thread_key, func.count(claims.c.key).label("claims"))
            .join(claims)
            .group_by(posts.c.thread_key)
        )
        per_thread = made.subquery()
        said = func.count().filter(posts.c.text != "")
        query = (
            select(threads, said.label("posts"), func.coalesce(per_thread.c.claims, 0).label("claims"))
            .join(posts, posts.c.thread_key == threads.c.key)
            .outerjoin(per_thread, per_thread.c.thread_key == threads.c.key)
            .group_by(threads.c.key)
            .order_by(threads.c.added_at.desc(), threads.c.key)
        )
        if text.strip():
            places = (threads.c.title, threads.c.question, threads.c.forum)
            query = query.where(or_(*(place.icontains(text.strip(), autoescape=True) for place in places)))
        with self._store.reading() as connection:
            return [
                ThreadSummary(
                    id=id_of(row.key),
                    title=row.title,
                    question=row.question or "",
                    posts=row.posts,
                    claims=row.claims,
                    forum=row.forum,
                    link=row.link,
                    invented=row.invented,
                )
                for row in connection.execute(query)
            ]

    def authors(self) -> dict[str, int]:
        """Return how many posts each author wrote, by name in order; 0 for one who is only named beside quotes."""
        wrote = select(posts.c.author, func.count().label("number")).group_by(posts.c.author)
        with self._store.reading() as connection:
            found = dict.fromkeys(connection.scalars(select(quotes.c.author).distinct()), 0)
            found |= {row.author: row.number for row in connection.execute(wrote)}
        return {name: found[name] for name in sorted(name for name in found if name is not None)}

    def claims_by_kind(self) -> dict[Kind, int]:
        """Return how many claims there are of each kind."""
        return {Kind(name): number for name, number in self._counted(claims.c.kind).items()}

    def skipped_by_reason(self) -> dict[str, int]:
        """Return how much the splitter left out, by reason, most first."""
        return self._counted(skipped.c.reason)

    def _counted(self, name: ColumnElement[str]) -> dict[str, int]:
        query = select(name, func.count().label("number")).group_by(name).order_by(func.count().desc(), name)
        with self._store.reading() as connection:
            return {row[0]: row.number for row in connection.execute(query)}

    def people(self) -> int:
        """Return how many sources there are: authors, each once a thread, and posts that name nobody."""
        source = func.coalesce(cast(posts.c.thread_key, Text) + "@" + posts.c.author, cast(posts.c.key, Text))
        with self._store.reading() as connection:
            return connection.scalar(select(func.count(source.distinct())).where(posts.c.text != "")) or 0

    def starting_with(self, prefix: str) -> list[str]:
        """Return the ids of threads, posts and claims that begin with `prefix`, ten at most."""
        low, high = key_of(prefix.ljust(ID_LENGTH, "0")), key_of(prefix.ljust(ID_LENGTH, "f"))
        found: list[str] = []
        with self._store.reading() as connection:
            for key in (threads.c.key, posts.c.key, claims.c.key):
                found += map(id_of, connection.scalars(select(key).where(key.between(low, high)).limit(10)))
        return found[:10]

    def matching(self, text: str, limit: int) -> list[str]:
        """Return the ids of the claims that share words with `text`, best first by bm25 (fts5.html, 5.1.1)."""
        words = any_word(text)
        if not words:
            return []
        query = select(_fts.c.rowid).where(_match(words)).order_by(_fts.c.rank).limit(limit)
        with self._store.reading() as connection:
            return [id_of(key) for key in connection.scalars(query)]

    def unjudged(self, wanted: Wanted) -> list[str]:
        """Return the ids of the claims that `listed` would list if they were judged."""
        with self._asking() as connection:
            query = _selected(wanted, judged=False).with_only_columns(claims.c.key)
            return [id_of(key) for key in connection.scalars(query.where(judgements.c.claim_key.is_(None)))]

    def listed(
        self, wanted: Wanted, stance: Stance | None, offset: int, limit: int
    ) -> tuple[list[Listed], dict[Stance, int]]:
        """Return a page of judged claims, surest first, and how many there are of each stance."""
        query, pro, con = _selected(wanted, judged=True), *_sides(wanted)
        mixed, none = judgements.c.mixed, judgements.c.none
        stances = _stance(pro, con, mixed, none)
        question = threads.c.question if wanted.question is None else literal(wanted.question)
        page = query.with_only_columns(
            claims.c.key, question.label("question"), pro.label("pro"), con.label("con"), mixed, none
        )
        if stance is not None:
            page = page.where(stances == stance.value)
        page = page.order_by(func.max(pro, con, mixed, none).desc(), claims.c.key).offset(offset).limit(limit)
        with self._asking() as connection:
            counted = query.with_only_columns(stances, func.count()).group_by(stances)
            counts = {Stance(name): number for name, number in connection.execute(counted)}
            rows = connection.execute(page).all()
        return (
            [Listed(id_of(row.key), row.question or "", judgement_of(row)) for row in rows],
            {one: counts.get(one, 0) for one in Stance},
        )

    @contextmanager
    def _asking(self) -> Iterator[Connection]:
        """A reading connection on which SQL can compute the key of a question."""
        with self._store.reading() as connection:
            raw: Any = connection.connection.driver_connection
            raw.create_function("question_key", 1, _own_key, deterministic=True)
            yield connection


# Queries


_own_key = lru_cache(maxsize=100_000)(question_key)
"""SQL asks for the key of a thread's question once a claim."""


def _match(words: str) -> ColumnElement[bool]:
    return column("claims_fts", is_literal=True).op("MATCH", is_comparison=True)(words)


def _selected(wanted: Wanted, *, judged: bool) -> Select[Any]:
    """The claims that fit `wanted`, each with its judgement; without `judged` also those that have none."""
    if wanted.question is None:
        asked: ColumnElement[int] = func.question_key(threads.c.question)
    else:
        asked = literal(question_key(read_question(wanted.question).positive))
    here = and_(
        judgements.c.claim_key == claims.c.key,
        judgements.c.question_key == asked,
        judgements.c.judge == wanted.judge,
    )
    joined = claims.join(posts, posts.c.key == claims.c.post_key).join(threads, threads.c.key == posts.c.thread_key)
    query = select(claims.c.key).select_from(joined.join(judgements, here, isouter=not judged))
    if wanted.thread_id is not None:
        query = query.where(posts.c.thread_key == key_of(wanted.thread_id))
    if wanted.kind is not None:
        query = query.where(claims.c.kind == wanted.kind.value)
    if wanted.among is not None:
        query = query.where(claims.c.key.in_([key_of(one) for one in wanted.among]))
    if wanted.text.strip():
        words = every_word(wanted.text)
        query = query.where(claims.c.key.in_(select(_fts.c.rowid).where(_match(words))) if words else false())
    return query


def _sides(wanted: Wanted) -> tuple[ColumnElement[float], ColumnElement[float]]:
    """The columns that say pro and con toward the wanted question: what is kept is toward its positive."""
    sides = judgements.c.pro, judgements.c.con
    negated = wanted.question is not None and read_question(wanted.question).negated
    return sides[::-1] if negated else sides


def _stance(
    pro: ColumnElement[float], con: ColumnElement[float], mixed: ColumnElement[float], none: ColumnElement[float]
) -> ColumnElement[str]:
    """`Judgement.stance` in SQL, with its order of ties."""
    return case(
        (none >= func.max(pro, con, mixed), Stance.NONE.value),
        (or_(mixed >= func.max(pro, con), pro == con), Stance.MIXED.value),
        (con > pro, Stance.CON.value),
        else_=Stance.PRO.value,
    )
