"""Lists of what a knowledge base holds: by words, by stance, by kind, by thread; and how much there is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    and_,
    case,
    cast,
    column,
    delete,
    false,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    table,
    true,
    union_all,
)

from corpus.schema import claims, judgements, posts, quotes, settings, skipped, stances, threads
from corpus.store import Store
from corpus.thread import ID_LENGTH, id_of, key_of
from indexer.claim_store import judgement_of, model_key, question_key
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

SCORED = 10_000
"""Claims that bm25 is computed of: a hundredth of a second. Of a million claims, 31,000 hold "year"."""

STOOD_BY = "stances"
"""The setting that names the judge whose judgements the table `stances` holds."""

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


class Grouping(StrEnum):
    """What claims can be counted by: the month their post was written in, its forum, or its thread."""

    MONTH = "month"
    FORUM = "forum"
    THREAD = "thread"


class Order(StrEnum):
    """How a list is sorted: surest of their stance, newest, oldest, or most votes first; what lacks it comes last."""

    SUREST = "surest"
    NEWEST = "newest"
    OLDEST = "oldest"
    VOTES = "votes"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which claims to list, by what is known of them; a claim that lacks what is asked for is left out.

    `author` is a whole name, in large or small letters of any script; `since` and `until` are the first and the last
    day, as the forum dated the post; `votes` is the least score of the post; `text` holds words, each from its
    beginning.
    """

    thread_id: str | None = None
    kind: Kind | None = None
    forum: str | None = None
    author: str | None = None
    since: date | None = None
    until: date | None = None
    votes: int | None = None
    text: str = ""


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which judged claims to list. Without `question`, each claim is judged toward its own thread's question."""

    judge: str
    question: str | None = None
    filters: Filters = EVERYTHING
    among: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim in a list: its id, the question it was judged toward, and how."""

    claim_id: str
    question: str
    judgement: Judgement


def any_word(words: Iterable[str]) -> str:
    """Return the full-text query for what holds one of `words`."""
    return " OR ".join(f'"{word}"' for word in words)


def every_word(text: str) -> str:
    """Return the full-text query for what holds every word of `text`, each from its beginning."""
    return " ".join(f'"{word}"*' for word in _query_words(text))


def folded(name: str | None) -> str | None:
    """Return what is the same for a name in large and small letters (Unicode 16.0, 3.13.5, D145)."""
    if name is None or name.isascii():
        return name and name.lower()
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def _query_words(text: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"[^\W_]+", text.lower())))[:QUERY_WORDS]


class Listing:
    """What can be listed of `store`; of the claims that share words with a question at most `scored` are scored."""

    def __init__(self, store: Store, scored: int = SCORED) -> None:
        self._store = store
        self._scored = scored

    def summaries(self, text: str = "", offset: int = 0, limit: int | None = None) -> list[ThreadSummary]:
        """Return a line a thread, latest first; with `text`, of those with it in their title, question or forum."""
        page = (
            select(threads).where(headed(text)).order_by(threads.c.added_at.desc(), threads.c.key)
            .offset(offset).limit(-1 if limit is None else limit).subquery()
        )  # fmt: skip
        here = posts.c.thread_key == page.c.key
        said = select(func.count()).where(here, posts.c.text != "")
        made = select(func.count()).select_from(posts.join(claims)).where(here)
        query = select(page, said.scalar_subquery().label("posts"), made.scalar_subquery().label("claims"))
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
                for row in connection.execute(query.order_by(page.c.added_at.desc(), page.c.key))
            ]

    def number_of_threads(self, text: str = "") -> int:
        """Return how many lines `summaries` has in all."""
        with self._store.reading() as connection:
            return connection.scalar(select(func.count()).select_from(threads).where(headed(text))) or 0

    def number_of_claims(self) -> int:
        """Return how many claims there are."""
        with self._store.reading() as connection:
            return _number(connection, claims)

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

    def matching(self, text: str, limit: int, filters: Filters = EVERYTHING) -> list[str]:
        """Return the ids of claims that share words with `text` and fit, best first by bm25 (fts5.html, 5.1.1).

        Where too many do, one of the rarer words must be among them; the frequent ones still tell which are best.
        """
        with self._asking() as connection:
            words = self._by_rarity(connection, [one for one in _query_words(text) if one not in FUNCTION_WORDS])
            if not words:
                return []
            together = accumulate(words.values())
            rarer = [word for word, number in zip(words, together, strict=True) if number <= self._scored]
            match = any_word(words)
            if len(rarer) < len(words):
                match = f"({any_word(rarer or list(words)[:1])}) AND ({match})"
            query = select(_fts.c.rowid).where(_match(match)).order_by(_fts.c.rank).limit(limit)
            if filters != EVERYTHING:
                query = query.where(_fts.c.rowid.in_(_keys(filters)))
            return [id_of(key) for key in connection.scalars(query)]

    def _by_rarity(self, connection: Connection, words: Sequence[str]) -> dict[str, int]:
        """Those of `words` that claims hold, the rarest first, with how many do: just over `scored` stands for more."""
        held = {}
        for word in words:
            some = select(_fts.c.rowid).where(_match(any_word([word]))).limit(self._scored + 1)
            held[word] = connection.scalar(select(func.count()).select_from(some.subquery())) or 0
        return {word: held[word] for word in sorted(words, key=held.__getitem__) if held[word]}

    def fitting(self, filters: Filters) -> list[int]:
        """Return the keys of the claims that fit, of those that `complete` wrote down."""
        with self._asking() as connection:
            return list(connection.scalars(_keys(filters)))

    def unjudged(self, wanted: Wanted) -> list[str]:
        """Return the ids of the claims that `listed` would list if they were judged."""
        lines = _judged(wanted, also_unjudged=True).subquery()
        query = select(lines.c.claim_key).where(lines.c.pro.is_(None), *_fitting(lines, wanted.filters))
        with self._asking() as connection:
            return [id_of(key) for key in connection.scalars(query)]

    def is_complete(self, judge: str) -> bool:
        """Whether it is written down of every claim where it stands toward its own thread's question, by `judge`."""
        with self._asking() as connection:
            return _stood_by(connection) == judge and _number(connection, claims) == _number(connection, stances)

    def complete(self, judge: str) -> None:
        """Write down where claims stand toward their own threads' questions, of all that `judge` has judged."""
        columns = [one.name for one in stances.columns]
        made = _judged(Wanted(judge)).subquery()
        with self._asking(writing=True) as connection:
            if _stood_by(connection) != judge:
                connection.execute(delete(stances))
                connection.execute(insert(settings).prefix_with("OR REPLACE").values(name=STOOD_BY, value=judge))
            new = select(*(made.c[name] for name in columns)).where(
                made.c.claim_key.not_in(select(stances.c.claim_key))
            )
            connection.execute(insert(stances).from_select(columns, new))

    def listed(
        self,
        wanted: Wanted,
        sides: Sequence[Stance | None],
        order: Order = Order.SUREST,
        offset: int = 0,
        limit: int = 50,
    ) -> tuple[dict[Stance | None, list[Listed]], dict[Stance, int]]:
        """Return a page of claims for each of `sides` (None: of any stance), and how many there are of each stance.

        Without a question of its own it lists what `complete` wrote down.
        """
        pages: dict[Stance | None, list[int]] = {side: [] for side in sides}
        counts = dict.fromkeys(Stance, 0)
        with self._asking() as connection:
            for row in connection.execute(_counts_and_pages(wanted, sides, order, offset, limit)):
                if row.claim_key is None:
                    counts[Stance(row.stance)] = row.number
                else:
                    pages[Stance(row.stance) if row.stance else None].append(row.claim_key)
            every = frozenset(id_of(key) for page in pages.values() for key in page)
            shown = _judged(Wanted(wanted.judge, wanted.question, among=every))
            made = {row.claim_key: row for row in connection.execute(shown)} if every else {}
        return {
            side: [Listed(id_of(key), made[key].question or "", judgement_of(made[key])) for key in page if key in made]
            for side, page in pages.items()
        }, counts

    def counted(self, wanted: Wanted, by: Grouping) -> dict[str | None, dict[Stance, int]]:
        """Return how many claims fit, of each stance by month ("2024-05"), forum or thread id; None: it has none."""
        lines = _lines(wanted)
        group = {
            Grouping.MONTH: func.substr(lines.c.day, 1, len("2024-05")),
            Grouping.FORUM: lines.c.forum,
            Grouping.THREAD: lines.c.thread_key,
        }[by]
        numbers = (func.count().filter(lines.c.stance == one.value) for one in Stance)
        fitting = select(group, *numbers).where(*_fitting(lines, wanted.filters)).group_by(group)
        with self._asking() as connection:
            return {
                id_of(found) if by is Grouping.THREAD else found: dict(zip(Stance, counts, strict=True))
                for found, *counts in connection.execute(fitting)
            }

    @contextmanager
    def _asking(self, *, writing: bool = False) -> Iterator[Connection]:
        """A connection on which SQL can compute the key of a question, and fold a name."""
        with self._store.begin() if writing else self._store.reading() as connection:
            raw: Any = connection.connection.driver_connection
            raw.create_function("question_key", 1, _own_key, deterministic=True)
            raw.create_function("negated", 1, _is_negated, deterministic=True)
            raw.create_function("folded", 1, folded, deterministic=True)
            yield connection


# Queries


@lru_cache(maxsize=100_000)  # SQL asks for these of a thread's question once a claim
def _own_key(question: str | None) -> int:
    return question_key(read_question(question or "").positive)


@lru_cache(maxsize=100_000)
def _is_negated(question: str | None) -> bool:
    return read_question(question or "").negated


def headed(text: str) -> ColumnElement[bool]:
    """Return the condition that a thread has `text` in its title, question or forum; of no text, that it is there."""
    places = (threads.c.title, threads.c.question, threads.c.forum)
    return or_(*(place.icontains(text.strip(), autoescape=True) for place in places)) if text.strip() else true()


def _match(words: str) -> ColumnElement[bool]:
    return column("claims_fts", is_literal=True).op("MATCH", is_comparison=True)(words)


def _judged(wanted: Wanted, *, also_unjudged: bool = False) -> Select[Any]:
    """Every claim that was judged toward the wanted question, with what lists filter, sort and show it by.

    This is the one place that says where a claim stands; `stances` keeps what it says for threads' own questions.
    """
    if wanted.question is None:
        asked: ColumnElement[int] = func.question_key(threads.c.question)
    else:
        asked = literal(question_key(read_question(wanted.question).positive))
    here = and_(
        judgements.c.claim_key == claims.c.key,
        judgements.c.question_key == asked,
        judgements.c.judge_key == model_key(wanted.judge),
    )
    joined = claims.join(posts, posts.c.key == claims.c.post_key).join(threads, threads.c.key == posts.c.thread_key)
    pro, con = _sides(wanted)
    mixed, none = judgements.c.mixed, judgements.c.none
    question = threads.c.question if wanted.question is None else literal(wanted.question)
    query = select(
        claims.c.key.label("claim_key"),
        posts.c.thread_key,
        _stance(pro, con, mixed, none).label("stance"),
        func.max(pro, con, mixed, none).label("sure"),
        claims.c.kind,
        threads.c.forum,
        posts.c.author,
        func.substr(posts.c.time, 1, 10).label("day"),
        cast(func.strftime("%s", posts.c.time), Integer).label("written"),
        posts.c.score,
        question.label("question"),
        *(pro.label("pro"), con.label("con"), mixed, none),
    ).select_from(joined.join(judgements, here, isouter=also_unjudged))
    if wanted.among is not None:
        query = query.where(claims.c.key.in_([key_of(one) for one in wanted.among]))
    return query


def _sides(wanted: Wanted) -> tuple[ColumnElement[float], ColumnElement[float]]:
    """The columns that say pro and con toward the wanted question: what is kept is toward its positive."""
    pro, con = judgements.c.pro, judgements.c.con
    if wanted.question is None:
        negated = func.negated(threads.c.question)
        return case((negated, con), else_=pro), case((negated, pro), else_=con)
    return (con, pro) if read_question(wanted.question).negated else (pro, con)


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


def _lines(wanted: Wanted) -> FromClause:
    """What there is to list before any filter: `stances`, or what was judged toward a question of its own."""
    return stances if wanted.question is None and wanted.among is None else _judged(wanted).subquery()


def _keys(filters: Filters) -> Select[int]:
    return select(stances.c.claim_key).where(*_fitting(stances, filters))


def _fitting(lines: FromClause, filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions that lines must meet to fit `filters`."""
    said = lines.c
    conditions: list[ColumnElement[bool]] = []
    if filters.thread_id is not None:
        conditions.append(said.thread_key == key_of(filters.thread_id))
    if filters.kind is not None:
        conditions.append(said.kind == filters.kind.value)
    if filters.forum is not None:
        conditions.append(said.forum == filters.forum)
    if filters.author is not None:
        spelled = select(posts.c.author).group_by(posts.c.author)
        conditions.append(said.author.in_(spelled.having(func.folded(posts.c.author) == folded(filters.author))))
    if filters.since is not None:
        conditions.append(said.day >= filters.since.isoformat())
    if filters.until is not None:
        conditions.append(said.day <= filters.until.isoformat())
    if filters.votes is not None:
        conditions.append(said.score >= filters.votes)
    if filters.text.strip():
        words = every_word(filters.text)
        conditions.append(said.claim_key.in_(select(_fts.c.rowid).where(_match(words))) if words else false())
    return conditions


def _found(wanted: Wanted) -> FromClause:
    """What fits, looked for once a statement; without any filter the table with its indexes as it is."""
    lines = _lines(wanted)
    conditions = _fitting(lines, wanted.filters)
    if lines is stances and not conditions:
        return lines
    sorted_by = (lines.c[name] for name in ("claim_key", "stance", "sure", "written", "score"))
    return select(*sorted_by).where(*conditions).cte("found")


def _counts_and_pages(
    wanted: Wanted, sides: Sequence[Stance | None], order: Order, offset: int, limit: int
) -> CompoundSelect[Any]:
    """One statement: how many there are of each stance, and after them the claims of a page of each side, in order."""
    found = _found(wanted)
    counts = select(found.c.stance, null().label("claim_key"), func.count().label("number")).group_by(found.c.stance)
    by = _SORTED[order](found)
    pages = []
    for side in sides:
        page = select(found.c.claim_key).order_by(*by).offset(offset).limit(limit)
        if side is not None:
            page = page.where(found.c.stance == side.value)
        cut = page.subquery()
        pages.append(select(literal(side.value if side else ""), cut.c.claim_key, null()))
    return union_all(counts, *pages)


_SORTED: Mapping[Order, Callable[[FromClause], tuple[ColumnElement[Any], ...]]] = {
    Order.SUREST: lambda found: (found.c.sure.desc(), found.c.claim_key.desc()),
    Order.NEWEST: lambda found: (found.c.written.desc(), found.c.sure.desc(), found.c.claim_key.desc()),
    Order.OLDEST: lambda found: (found.c.written.asc().nulls_last(), found.c.sure.desc(), found.c.claim_key.desc()),
    Order.VOTES: lambda found: (found.c.score.desc(), found.c.sure.desc(), found.c.claim_key.desc()),
}
"""Without a date or a score (NULL, the least of all values) a claim comes last. Indexes give all but the oldest."""


def _stood_by(connection: Connection) -> str | None:
    """The judge whose judgements `stances` holds."""
    return connection.scalar(select(settings.c.value).where(settings.c.name == STOOD_BY))


def _number(connection: Connection, of: Table) -> int:
    return connection.scalar(select(func.count()).select_from(of)) or 0
