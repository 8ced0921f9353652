"""Parquet files of posts."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableInput
from corpus.readers import iter_file, read_file
from corpus.readers.parquet import read_parquet

ASKED = datetime(2019, 3, 12, 10, 22, tzinfo=UTC)


def parquet(**columns: Any) -> bytes:
    kept = io.BytesIO()
    pq.write_table(pa.table(columns), kept)
    return kept.getvalue()


def posts() -> bytes:
    return parquet(
        user_name=["ann", None],
        body=["Should I lift?", "No."],
        created_at=pa.array([ASKED, None], pa.timestamp("ns", "Europe/Berlin")),
        score=[3.0, float("nan")],
        embedding=[[0.1], [0.2]],
    )


def test_rows_are_posts() -> None:
    """Columns are known by their usual names; others are left alone."""
    first, second = read_file(posts(), "x.parquet").threads[0].posts
    assert ("ann", "Should I lift?", ASKED, 3) == (first.author, first.text, first.time, first.score)
    assert (None, "No.", None, None) == (second.author, second.text, second.time, second.score)


def test_times_without_a_zone_have_none() -> None:
    """A time is in UTC only where the file says so."""
    data = parquet(text=["a", "b"], time=[ASKED.replace(tzinfo=None)] * 2)
    assert ASKED.replace(tzinfo=None) == read_parquet(data).threads[0].opening.time


def test_times_that_python_cannot_tell_are_named() -> None:
    """A time after the year 9999 is left out, the post is kept."""
    data = parquet(text=["a", "b"], time=pa.array([2**60, 0], pa.timestamp("us")))
    reading = read_parquet(data)
    assert (2, [("unread_time", "row 1")]) == (
        len(reading.threads[0].posts),
        [(one.reason, one.place) for one in reading.skipped],
    )


def test_columns_of_bytes_and_of_categories() -> None:
    """Text may be kept as bytes, names as categories."""
    data = parquet(text=[b"Should I?", b"No."], author=pa.array(["ann", "ann"]).dictionary_encode())
    assert [("ann", "Should I?"), ("ann", "No.")] == [(p.author, p.text) for p in read_parquet(data).threads[0].posts]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (posts()[:-50], r"x\.parquet is a damaged Parquet file"),
        (b"PAR1", r"x\.parquet is a damaged Parquet file"),
        (parquet(words=["a"], author=["b"]), r"x\.parquet: column 'text' not found; columns are 'words', 'author'"),
        (parquet(text=["a"], author=[["b"]]), r"x\.parquet, row 1, column 'author' holds a list; expected text"),
        (parquet(text=pa.array(["words " * 1_000] * 10_000)), r"x\.parquet unpacks to more than 20,000,000 bytes"),
    ],
)
def test_what_is_refused(data: bytes, said: str) -> None:
    """A refusal names the file, and row and column where it is about one."""
    with pytest.raises(UnreadableInput, match=said):
        read_parquet(data, "x.parquet")


def test_a_file_streams(tmp_path: Path) -> None:
    """A file is read like its bytes."""
    (tmp_path / "x.parquet").write_bytes(posts())
    assert list(read_parquet(posts()).threads) == list(iter_file(tmp_path / "x.parquet"))


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow the message says what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(UnreadableInput, match=r"x\.parquet is a Parquet file, .* pip install pyarrow"):
        read_file(posts(), "x.parquet")


DATA = posts()


@settings(deadline=None)
@given(st.integers(0, len(DATA) - 1), st.binary(min_size=1, max_size=8))
def test_any_damage_is_read_or_refused(at: int, damage: bytes) -> None:
    """No bytes amid a Parquet file bring another exception."""
    assert_read_or_refused(read_file, DATA[:at] + damage + DATA[at + len(damage) :])
