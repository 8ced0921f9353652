"""The claims of a knowledge base, or what people said of them, as a table: JSON lines, CSV or Parquet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from itertools import islice
from typing import BinaryIO

from corpus.errors import NotInStore
from corpus.personal import Shown
from indexer.errors import NotWritten
from indexer.judge import Judgement
from indexer.knowledge import CitedClaim, KnowledgeBase
from indexer.showing import shown_claim, shown_correction

ROWS_AT_ONCE = 10_000
"""Rows of a group of Parquet: a few megabytes in memory."""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim with all that it must not be parted from.

    `start` and `end` count characters of the post as an export shows it. `time` is ISO 8601. `stance` and the four
    probabilities are toward `question`. `invented` marks what was written for Counterpoint.
    """

    id: str
    text: str
    start: int
    end: int
    kind: str
    thread: str
    post: str
    author: str | None
    time: str | None
    score: int | None
    link: str | None
    invented: bool
    question: str
    stance: str
    pro: float
    con: float
    mixed: float
    none: float


def claim_rows(
    base: KnowledgeBase, thread_ids: Iterable[str], shown: Shown, question: str | None = None
) -> Iterator[ClaimRow]:
    """Yield the claims of the threads, judged toward `question`, or without one toward their thread's own."""
    for thread_id in thread_ids:
        cited = base.claims_of_thread(thread_id)
        if cited:
            asked = question or cited[0].thread_question
            judged = base.judge_claims(asked, cited)
            shown_question = shown.text(asked)
            for one, judgement in zip(cited, judged, strict=True):
                yield _row(shown_claim(one, shown), shown_question, judgement)


def _row(cited: CitedClaim, question: str, judged: Judgement) -> ClaimRow:
    claim, post = cited.claim, cited.post
    return ClaimRow(
        id=claim.id,
        text=claim.text,
        start=claim.start,
        end=claim.end,
        kind=claim.kind.value,
        thread=claim.thread_id,
        post=claim.post_id,
        author=post.author,
        time=post.time.isoformat() if post.time else None,
        score=post.score,
        link=post.link,
        invented=cited.invented,
        question=question,
        stance=judged.stance.value,
        pro=judged.pro,
        con=judged.con,
        mixed=judged.mixed,
        none=judged.none,
    )


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """What somebody said of a claim.

    `matter` is stance, kind or view; `said` what the program had said, made by `made_by`, with `confidence` where it
    has one; `now` what is right, and `right` whether they are the same. `claim` is empty while the words are no claim.
    `at` is ISO 8601, UTC.
    """

    id: str
    at: str
    who: str | None
    matter: str
    question: str
    said: str
    now: str
    right: bool
    confidence: float | None
    made_by: str
    text: str
    claim: str | None
    post: str
    thread: str


def correction_rows(base: KnowledgeBase, shown: Shown) -> Iterator[CorrectionRow]:
    """Yield what people said of claims, the latest first; what was removed meanwhile is left out."""
    for made in base.corrections():
        with suppress(NotInStore):
            one = shown_correction(made, shown.covered(base.store.post(made.post_id)), shown)
            yield CorrectionRow(
                id=one.id,
                at=one.at.isoformat(),
                who=one.who,
                matter=one.matter.value,
                question=one.question,
                said=one.said.value,
                now=one.now.value,
                right=one.right,
                confidence=one.confidence,
                made_by=one.made_by,
                text=one.text,
                claim=one.claim_id,
                post=one.post_id,
                thread=one.thread_id,
            )


# Files

Row = ClaimRow | CorrectionRow
Write = Callable[[Iterable[Row], BinaryIO, type[Row]], None]


def write_jsonl(rows: Iterable[Row], file: BinaryIO, of: type[Row] = ClaimRow) -> None:  # noqa: ARG001 -- as the others take it
    """Write one object a line, in UTF-8."""
    file.writelines(json.dumps(asdict(row), ensure_ascii=False).encode() + b"\n" for row in rows)


def write_csv(rows: Iterable[Row], file: BinaryIO, of: type[Row] = ClaimRow) -> None:
    """Write CSV (RFC 4180, UTF-8, a header) in which no text is a formula for a spreadsheet; see `cell`."""
    text = io.TextIOWrapper(file, "utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(field.name for field in fields(of))
    writer.writerows(map(cell, asdict(row).values()) for row in rows)
    text.detach()


_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""How a cell begins that spreadsheets run (https://owasp.org/www-community/attacks/CSV_Injection)."""


def cell(value: str | int | float | None) -> str | float:
    """Return what CSV holds for `value`. Text that could be a formula begins with an apostrophe.

    So does text that begins with apostrophes before such a one: whoever takes one away from each text that begins with
    apostrophes and one of = + - @, tab or an end of line has what was said.
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{value}" if _FORMULA.match(value) else value
    return "" if value is None else value


def write_parquet(rows: Iterable[Row], file: BinaryIO, of: type[Row] = ClaimRow) -> None:
    """Write Parquet. Raises NotWritten where pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise NotWritten("Parquet needs pyarrow: pip install 'counterpoint[tables]', or write CSV") from error
    types = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}
    columns = {field.name: str(field.type) for field in fields(of)}
    schema = pa.schema(
        [pa.field(name, types[kind.split(" | ")[0]], nullable=kind.endswith("None")) for name, kind in columns.items()]
    )
    with pq.ParquetWriter(file, schema) as writer:
        remaining = iter(rows)
        while some := list(islice(remaining, ROWS_AT_ONCE)):
            writer.write_table(pa.Table.from_pylist([asdict(row) for row in some], schema))


FORMATS: Mapping[str, Write] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "parquet": write_parquet,
}
