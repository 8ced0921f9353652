"""Claims as a table: the same rows as JSON lines, CSV and Parquet."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, fields, replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from fakes import RUNNERS, HashingEncoder, RuleJudge, thread_of
from hypothesis import given
from hypothesis import strategies as st

from corpus.personal import EMAIL, Shown
from indexer.claim_table import ClaimRow, cell, claim_rows, write_csv, write_jsonl, write_parquet
from indexer.knowledge import KnowledgeBase

MAILED = thread_of(
    "Should I lift?",
    ("Jo", "Should I lift?"),
    ("=cmd()", "Write to sal@example.com before. Squats helped sal@example.com and me."),
)


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(tmp_path / "base", encoder=HashingEncoder(), judge=RuleJudge()) as opened:
        opened.add([RUNNERS, MAILED])
        yield opened


@pytest.fixture
def rows(base: KnowledgeBase) -> list[ClaimRow]:
    return list(claim_rows(base, base.store.thread_ids(), Shown()))


def unguarded(text: str) -> str:
    """What `cell` documents as its inverse."""
    return text[1:] if re.match(r"''*[=+\-@\t\r\n＝＋－＠]", text) else text


def test_a_row_says_all_of_a_claim(base: KnowledgeBase) -> None:
    """Its words and place, who said them where, and where they stand toward the thread's own question."""
    (row,) = (row for row in claim_rows(base, [RUNNERS.id], Shown()) if "Heavy" in row.text)
    post = RUNNERS.posts[2]
    assert row.text == post.text[row.start : row.end]
    assert (RUNNERS.id, post.id, "Bert", post.link) == (row.thread, row.post, row.author, row.link)
    assert (RUNNERS.title, "con", 0.8) == (row.question, row.stance, row.con)
    assert 1.0 == pytest.approx(row.pro + row.con + row.mixed + row.none)


def test_another_question(base: KnowledgeBase) -> None:
    """Stances are toward the question that was given, here a negated one."""
    (row,) = (row for row in claim_rows(base, [RUNNERS.id], Shown(), "should I not lift?") if "Heavy" in row.text)
    assert ("should I not lift?", "pro", 0.8) == (row.question, row.stance, row.pro)


def test_a_masked_claim_stands_in_its_masked_post(base: KnowledgeBase) -> None:
    """`start` and `end` fit the text that an export of the threads shows."""
    text = Shown().post(MAILED.posts[1]).text
    found = [row for row in claim_rows(base, [MAILED.id], Shown()) if row.post == MAILED.posts[1].id]
    assert f"Squats helped {EMAIL} and me" in [row.text for row in found]
    assert [row.text for row in found] == [text[row.start : row.end] for row in found]


def test_json_lines(rows: list[ClaimRow]) -> None:
    """One object a line."""
    write_jsonl(rows, file := io.BytesIO())
    assert rows == [ClaimRow(**json.loads(line)) for line in file.getvalue().splitlines()]


def test_csv(rows: list[ClaimRow]) -> None:
    """A header, UTF-8, and every value as it was once its guard is taken away."""
    write_csv(rows, file := io.BytesIO())
    header, *lines = csv.reader(io.StringIO(file.getvalue().decode(), newline=""))
    assert [field.name for field in fields(ClaimRow)] == header
    assert "'=cmd()" in {dict(zip(header, line, strict=True))["author"] for line in lines}
    expected = [
        [
            "" if value is None else str(value).lower() if value is False else str(value)
            for value in asdict(row).values()
        ]
        for row in rows
    ]
    assert expected == [[unguarded(value) for value in line] for line in lines]


def test_numbers_are_not_guarded() -> None:
    """A score below zero stays a number."""
    assert (-3, 0.5, "", "true") == (cell(-3), cell(0.5), cell(None), cell(True))


@given(st.text(st.sampled_from("'=+-@\t\r\n＝ab,\""), max_size=6))
def test_no_text_is_a_formula(text: str) -> None:
    """Nothing that a spreadsheet runs stands first, and what was said can be had back, through CSV as well."""
    csv.writer(file := io.StringIO(newline="")).writerow([cell(text), "end"])
    file.seek(0)
    ((written, _),) = csv.reader(file)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))
    assert text == unguarded(written)


def test_parquet(rows: list[ClaimRow]) -> None:
    """Columns with their types, more rows than one group holds."""
    many = [replace(row, score=number) for number, row in enumerate(rows * 2_000)]
    write_parquet(many, file := io.BytesIO())
    table = pq.read_table(io.BytesIO(file.getvalue()))
    assert many == [ClaimRow(**row) for row in table.to_pylist()]
    assert ["string", "int64", "bool", "double"] == [
        str(table.schema.field(name).type) for name in ("author", "score", "invented", "pro")
    ]


def test_without_pyarrow(tmp_path: Path) -> None:
    """The error says what to install."""
    code = """if True:
        import io, sys
        sys.modules["pyarrow"] = None
        from indexer.claim_table import write_parquet
        from indexer.errors import NotWritten
        try:
            write_parquet([], io.BytesIO())
        except NotWritten as error:
            print(error)
    """
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Parquet needs pyarrow: pip install 'counterpoint[tables]', or write CSV\n" == done.stdout
