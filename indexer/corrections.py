"""What people say the program got wrong, or right, of a claim: its side, its kind, or the view it was put in.

A correction belongs to a post and to the words of a claim in it, so that it is found again whatever is derived anew,
and goes when the post goes. `ClaimStore` lets corrections win wherever it writes what a judge or the splitter said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, Select, case, delete, func, select, update
from sqlalchemy.dialects import sqlite

from corpus.schema import claims, corrections, posts
from corpus.store import among, listed
from corpus.thread import bare_words, content_id, id_of, key_of
from indexer.claims import Kind
from indexer.judge import Judgement, Stance
from indexer.shares import share_interval


class Matter(StrEnum):
    """What of a claim is corrected."""

    STANCE = "stance"
    KIND = "kind"
    VIEW = "view"


class Fit(StrEnum):
    """Whether a claim says the same as the others of its view."""

    TOGETHER = "together"
    APART = "apart"


Mark = Stance | Kind | Fit
"""What somebody says is right."""

MATTERS: Mapping[type[Mark], Matter] = {Stance: Matter.STANCE, Kind: Matter.KIND, Fit: Matter.VIEW}
MARKS: Mapping[Matter, type[Mark]] = {matter: mark for mark, matter in MATTERS.items()}
MIRRORED = {Stance.PRO: Stance.CON, Stance.CON: Stance.PRO}


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody said of a claim.

    `said` is what the program had said, `made_by` that judge or splitter, with `confidence` where it has one; `now` is
    what is right. `question` is the one it was said toward, as asked: "" for a kind, and where its words were removed
    since. `about` is the id of that question's positive form ("" for a kind), `negated` says that `question` is its
    negation. `claim_id` is None while the words are no claim.
    """

    id: str
    post_id: str
    thread_id: str
    claim_id: str | None
    text: str
    start: int
    end: int
    matter: Matter
    said: Mark
    now: Mark
    at: datetime
    question: str = ""
    about: str = ""
    negated: bool = False
    confidence: float | None = None
    made_by: str = ""
    who: str | None = None

    @property
    def right(self) -> bool:
        """Whether the program had been right."""
        return self.said == self.now

    def toward(self, *, negated: bool) -> Correction:
        """The same correction as it reads toward the positive question, or its negation."""
        if negated == self.negated or self.matter is not Matter.STANCE:
            return self
        return replace(self, said=_mirrored(self.said), now=_mirrored(self.now), negated=negated)


@dataclass(frozen=True, slots=True)
class Record:
    """Of the claims that somebody marked, how many the program had had right."""

    right: int = 0
    marked: int = 0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the share that is right."""
        return share_interval(self.right, self.marked)


def certain(stance: Stance) -> Judgement:
    """Return the judgement of a claim whose stance a person gave."""
    return Judgement(**{one.value: float(one is stance) for one in Stance})


def mark_of(matter: Matter, value: str) -> Mark:
    """Return the mark that `value` names. Raises ValueError for one that the matter does not have."""
    return MARKS[matter](value)


def correction_id(claim_id: str, matter: Matter, about: str) -> str:
    """Return the id of what is said of a claim: one a claim, matter and question."""
    return content_id("correction", claim_id, matter.value, about)


# As a plain value


def fields_of(correction: Correction) -> dict[str, Any]:
    """Return a correction as plain values, all that `correction_from` needs; its thread is known by its post."""
    fields = asdict(correction) | {"at": correction.at.isoformat()}
    del fields["thread_id"]
    return {name: value for name, value in fields.items() if value is not None and value is not False and value != ""}


def correction_from(fields: Mapping[str, Any], thread_id: str, texts: Mapping[str, str]) -> Correction:
    """Return the correction in `fields`, of a post among `texts`. Raises KeyError, TypeError or ValueError."""
    matter = Matter(fields["matter"])
    start, end = fields["start"], fields["end"]
    if not 0 <= start < end <= len(texts[fields["post_id"]]):
        raise ValueError(f"a correction from {start} to {end}")
    for name in ("id", "claim_id", "about"):
        if int(fields.get(name) or "0", 16) >> 60:
            raise ValueError(f"{name} {fields[name]!r}")
    return Correction(
        id=fields["id"],
        post_id=fields["post_id"],
        thread_id=thread_id,
        claim_id=fields.get("claim_id"),
        text=texts[fields["post_id"]][start:end],
        start=start,
        end=end,
        matter=matter,
        said=mark_of(matter, fields["said"]),
        now=mark_of(matter, fields["now"]),
        question=str(fields.get("question", "")),
        about=str(fields.get("about", "")),
        negated=fields.get("negated") is True,
        confidence=None if fields.get("confidence") is None else float(fields["confidence"]),
        made_by=str(fields.get("made_by", "")),
        who=None if fields.get("who") is None else str(fields["who"]),
        at=datetime.fromisoformat(fields["at"]),
    )


# Reading


def every(connection: Connection) -> list[Correction]:
    """Return all corrections, the latest first."""
    return list(map(_correction, connection.execute(_query().order_by(corrections.c.at.desc(), corrections.c.key))))


def of_thread(connection: Connection, thread_id: str) -> list[Correction]:
    """Return the corrections of a thread, in reading order."""
    here = _query().where(posts.c.thread_key == key_of(thread_id))
    ordered = here.order_by(posts.c.position, corrections.c.start, corrections.c.key)
    return list(map(_correction, connection.execute(ordered)))


def one(connection: Connection, correction_id: str) -> Correction | None:
    """Return a correction by its id."""
    row = connection.execute(_query().where(corrections.c.key == key_of(correction_id))).one_or_none()
    return None if row is None else _correction(row)


def of_claims(connection: Connection, claim_ids: Iterable[str]) -> dict[str, list[Correction]]:
    """Return the corrections of claims, by claim id, the earliest first."""
    found: dict[str, list[Correction]] = defaultdict(list)
    query = _query().where(among(corrections.c.claim_key)).order_by(corrections.c.at, corrections.c.key)
    for row in connection.execute(query, listed(map(key_of, claim_ids))):
        found[id_of(row.claim_key)].append(_correction(row))
    return dict(found)


def stances(connection: Connection, about: str, claim_ids: Iterable[str]) -> dict[str, Judgement]:
    """Return where people say that claims stand toward the positive question whose id is `about`, by claim id."""
    wanted = set(claim_ids)
    query = _query().where(corrections.c.question_key == key_of(about), corrections.c.matter == Matter.STANCE.value)
    toward_it = [_correction(row).toward(negated=False) for row in connection.execute(query.order_by(corrections.c.at))]
    return {
        known.claim_id: certain(known.now)
        for known in toward_it
        if known.claim_id in wanted and isinstance(known.now, Stance)
    }


def records(connection: Connection) -> dict[Matter, Record]:
    """Return how often the program had been right, of the sides and of the kinds that somebody marked."""
    right = func.sum(case((corrections.c.said == corrections.c.now, 1), else_=0)).label("right")
    query = select(corrections.c.matter, func.count().label("marked"), right).group_by(corrections.c.matter)
    found = {Matter(row.matter): Record(row.right, row.marked) for row in connection.execute(query)}
    return {matter: found.get(matter, Record()) for matter in (Matter.STANCE, Matter.KIND)}


def _query() -> Select[Any]:
    return select(corrections, posts.c.thread_key).join(posts, posts.c.key == corrections.c.post_key)


def _correction(row: Row[Any]) -> Correction:
    matter = Matter(row.matter)
    return Correction(
        id=id_of(row.key),
        post_id=id_of(row.post_key),
        thread_id=id_of(row.thread_key),
        claim_id=None if row.claim_key is None else id_of(row.claim_key),
        text=row.text,
        start=row.start,
        end=row.end,
        matter=matter,
        said=mark_of(matter, row.said),
        now=mark_of(matter, row.now),
        question=row.question,
        about=id_of(row.question_key) if row.question_key else "",
        negated=row.negated,
        confidence=row.confidence,
        made_by=row.made_by,
        who=row.who,
        at=datetime.fromisoformat(row.at),
    )


# Writing


def save(connection: Connection, made: Correction) -> None:
    """Keep a correction, in place of one with its id."""
    values = {
        "key": key_of(made.id),
        "post_key": key_of(made.post_id),
        "claim_key": None if made.claim_id is None else key_of(made.claim_id),
        "text": made.text,
        "start": made.start,
        "end": made.end,
        "matter": made.matter.value,
        "question": made.question,
        "question_key": key_of(made.about) if made.about else 0,
        "negated": made.negated,
        "said": made.said.value,
        "confidence": made.confidence,
        "made_by": made.made_by,
        "now": made.now.value,
        "who": made.who,
        "at": made.at.isoformat(),
    }
    others = {name: value for name, value in values.items() if name != "key"}
    connection.execute(sqlite.insert(corrections).values(values).on_conflict_do_update(["key"], set_=others))


def remove(connection: Connection, correction_id: str) -> None:
    """Remove a correction; what the program says instead is for the caller to make."""
    connection.execute(delete(corrections).where(corrections.c.key == key_of(correction_id)))


def settle(connection: Connection, post_ids: Iterable[str]) -> None:
    """Find the claims of corrections in these posts again, by their words, and give them the kinds that people gave.

    Of claims of the same words the one that had the correction is taken, else the one nearest to where it stood.
    """
    query = _query().where(among(corrections.c.post_key)).order_by(corrections.c.at)
    waiting = connection.execute(query, listed(map(key_of, post_ids))).all()
    if not waiting:
        return
    by_words: dict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
    here = listed({row.post_key for row in waiting})
    for claim in connection.execute(select(claims).where(among(claims.c.post_key)), here):
        by_words[claim.post_key, bare_words(claim.text)].append(claim)
    for row in waiting:
        _settle(connection, row, by_words.get((row.post_key, bare_words(row.text)), []))


def _settle(connection: Connection, row: Row[Any], same_words: Sequence[Row[Any]]) -> None:
    this = corrections.c.key == row.key
    if not same_words:
        connection.execute(update(corrections).where(this).values(claim_key=None))
        return
    claim = min(same_words, key=lambda claim: (claim.key != row.claim_key, abs(claim.start - row.start)))
    place = {"claim_key": claim.key, "start": claim.start, "end": claim.end, "text": claim.text}
    connection.execute(update(corrections).where(this).values(place))
    if row.matter == Matter.KIND.value:
        connection.execute(update(claims).where(claims.c.key == claim.key).values(kind=row.now))


def forget_orphans(connection: Connection) -> None:
    """Let go of claims that are gone, as a program without foreign keys leaves them."""
    gone = corrections.c.claim_key.not_in(select(claims.c.key))
    connection.execute(update(corrections).where(gone).values(claim_key=None))


def _mirrored(mark: Mark) -> Mark:
    return MIRRORED.get(mark, mark) if isinstance(mark, Stance) else mark
