"""Workbooks: sheets of posts in XLSX."""

import gzip
import io
import sys
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from corpus.errors import UnreadableInput
from corpus.readers import iter_file, read_file
from corpus.readers.workbook import is_workbook, read_workbook
from corpus.thread import Thread

POSTS: tuple[tuple[Any, ...], ...] = (
    ("Author", "Text", "Date", "Score"),
    ("ann", "Should I lift?", datetime(2019, 3, 12, 10, 22), 5),  # noqa: DTZ001 -- a workbook's times have no zone
    (),
    ("bob", "No.", "2019-03-12T11:00:00Z", None),
)


def workbook(**sheets: tuple[tuple[Any, ...], ...]) -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The workbook with its parts changed."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return kept.getvalue()


def test_rows_are_posts() -> None:
    """Author, words, time and score stand in columns of usual names; empty rows are none."""
    first, second = read_file(workbook(Posts=POSTS), "posts.xlsx").threads[0].posts
    assert ("ann", "Should I lift?", 5) == (first.author, first.text, first.score)
    assert datetime(2019, 3, 12, 10, 22) == first.time  # noqa: DTZ001
    assert ("bob", datetime(2019, 3, 12, 11, tzinfo=UTC), None) == (second.author, second.time, second.score)


def test_every_sheet_of_posts_is_read() -> None:
    """A sheet without posts is left out by name."""
    reading = read_workbook(workbook(Notes=(("see the other sheets", 3),), One=POSTS, Two=POSTS, Empty=()))
    assert (2, ["not_a_table"]) == (len(reading.threads), [one.reason for one in reading.skipped])


def test_what_cannot_be_read_names_sheet_and_row() -> None:
    """Rows are counted as the workbook shows them."""
    reading = read_workbook(workbook(Posts=(*POSTS, ("cem", None, None, None), ("dee", "Yes", "soon", "many"))))
    assert [
        ("empty_post", "sheet 'Posts', row 5"),
        ("unread_time", "sheet 'Posts', row 6"),
        ("unread_score", "sheet 'Posts', row 6"),
    ] == [(one.reason, one.place) for one in reading.skipped]


def test_a_caller_names_columns() -> None:
    """A column of an unusual name is read as told; one that is not there is refused by sheet and column."""
    data = workbook(Posts=(("Wer", "Was"), ("ann", "Soll ich?"), ("bob", "Nein")))
    posts = read_workbook(data, "p.xlsx", {"author": "Wer", "text": "Was"}).threads[0].posts
    assert ["ann", "bob"] == [post.author for post in posts]
    with pytest.raises(UnreadableInput, match=r"p\.xlsx, sheet 'Posts': column 'Wann' not found; columns are 'Wer'"):
        read_workbook(data, "p.xlsx", {"text": "Was", "time": "Wann"})


def test_a_workbook_streams_packed_or_not(tmp_path: Path) -> None:
    """A file is read like its bytes, in gzip too."""
    data = workbook(Posts=POSTS)
    for name, packed in (("p.xlsx", data), ("p.xlsx.gz", gzip.compress(data))):
        (tmp_path / name).write_bytes(packed)
        assert list(read_workbook(data).threads) == [
            one for one in iter_file(tmp_path / name) if isinstance(one, Thread)
        ]


def test_a_zip_bomb_is_refused() -> None:
    """Parts that unpack to a thousand times their size are refused with the limit, before they are unpacked."""
    bomb = repacked(workbook(Posts=POSTS), lambda name, part: part + b" " * 30_000_000 * ("sheet" in name))
    with pytest.raises(UnreadableInput, match=r"p\.xlsx unpacks to more than 20,000,000 bytes"):
        read_workbook(bomb, "p.xlsx")


def test_one_long_text_in_many_cells_is_refused() -> None:
    """A shared text counts each time that a cell holds it."""
    data = workbook(Posts=(("Author", "Text"), *(("ann", "word " * 6_000) for _ in range(1_000))))
    with pytest.raises(UnreadableInput, match=r"p\.xlsx unpacks to more than 20,000,000 bytes"):
        read_workbook(data, "p.xlsx")


def test_declared_entities_are_refused() -> None:
    """A document type, where XML bombs begin, is refused by the part it stands in."""
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    bomb = repacked(workbook(Posts=POSTS), lambda name, part: part.replace(b"<worksheet", doctype + b"<worksheet"))
    with pytest.raises(UnreadableInput, match=r"p\.xlsx, xl/worksheets/sheet1\.xml declares a document type"):
        read_workbook(bomb, "p.xlsx")


def test_a_row_beyond_all_rows_ends_the_sheet() -> None:
    """A row that says to be the billionth is not waited for."""
    data = repacked(workbook(Posts=POSTS), lambda _, part: part.replace(b'<row r="4"', b'<row r="1000000000"'))
    assert 1 == len(read_workbook(data).threads[0].posts)


@pytest.mark.parametrize("cut", [100, 2_000, -200])
def test_a_damaged_workbook_is_named(cut: int) -> None:
    """A workbook that was cut off gets an error with the remedy."""
    with pytest.raises(UnreadableInput, match=r"p\.xlsx is a damaged workbook .* save it again"):
        read_workbook(workbook(Posts=POSTS)[:cut], "p.xlsx")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without openpyxl the message says what to install."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UnreadableInput, match=r"p\.xlsx is a workbook, .* pip install openpyxl"):
        read_file(workbook(Posts=POSTS), "p.xlsx")


DATA = workbook(Posts=POSTS)


@settings(deadline=None)
@given(st.integers(0, len(DATA) - 1), st.binary(min_size=1, max_size=8))
def test_any_damage_is_read_or_refused(at: int, damage: bytes) -> None:
    """No bytes amid a workbook bring another exception."""
    data = DATA[:at] + damage + DATA[at + len(damage) :]
    assert_read_or_refused(read_workbook if is_workbook(data) else read_file, data)
