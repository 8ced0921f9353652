"""Finding the reader of a file by its content."""

from pathlib import Path

import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableInput
from corpus.readers import READERS, read_file
from corpus.readers.neutral import to_neutral
from corpus.samples import sample_threads


def test_a_text_file_is_read_as_a_paste(tmp_path: Path) -> None:
    """A thread copied into a text file is read like a paste."""
    path = tmp_path / "thread.txt"
    path.write_text("Should I lift?\n\nNo.\n", encoding="utf-8")
    assert 2 == len(read_file(path).threads[0].posts)


def test_the_name_of_the_file_decides_nothing(tmp_path: Path) -> None:
    """JSON in a file called .txt is JSON."""
    path = tmp_path / "thread.txt"
    path.write_text(to_neutral(sample_threads()[0]), encoding="utf-8")
    assert "Counterpoint's neutral JSON" == read_file(path).layout


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "x.dat is empty"),
        (b"  \n", "x.dat is empty"),
        (b"%PDF-1.7 ...", "x.dat is a PDF document"),
        (b"PK\x03\x04rest", "x.dat cannot be unpacked"),
        (b"<?xml version='1.0'?><rss/>", "x.dat is a web page or XML"),
        (b"<!DOCTYPE html><html>", "no posts found in x.dat"),
        (b"SQLite format 3\x00", "x.dat is a database"),
        (b"\x00\x01\x02\x03", "x.dat is not text"),
        (b"one line", "no replies in x.dat"),
    ],
)
def test_what_is_refused(data: bytes, said: str) -> None:
    """A refusal names the file and what it is."""
    with pytest.raises(UnreadableInput, match=said):
        read_file(data, "x.dat")


def test_an_unknown_format_is_told_the_known_ones() -> None:
    """The known formats are listed."""
    with pytest.raises(UnreadableInput) as refused:
        read_file(b"%PDF-1.7", "x.pdf")
    assert all(reader.name in str(refused.value) for reader in READERS)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A path to nothing is said to be one."""
    with pytest.raises(UnreadableInput, match=r"gone\.txt cannot be read \(No such file or directory\)"):
        read_file(tmp_path / "gone.txt")


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No bytes bring another exception."""
    assert_read_or_refused(read_file, data)
