"""One module a format: bytes -> Reading (threads, what was left out and why, and the layout in words).

`read_file` finds the reader by content. A new format is a module with two functions and a line in `READERS`.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from corpus.errors import UnreadableInput
from corpus.readers import (
    archive,
    discourse,
    hackernews,
    mail,
    neutral,
    parquet,
    reddit,
    stackexchange,
    table,
    workbook,
)
from corpus.readers.folder import files_in
from corpus.readers.neutral import LAYOUT as NEUTRAL_LAYOUT
from corpus.readers.neutral import NAME as NEUTRAL
from corpus.readers.neutral import is_neutral, read_neutral
from corpus.readers.page import NAME as PAGE
from corpus.readers.page import is_page, read_page
from corpus.readers.pasted import read_pasted
from corpus.readers.reading import HEAD, Found, Reading, collected, opened, streamed, unpacked
from corpus.thread import Skipped, Thread

__all__ = ["PASTE", "READERS", "Found", "Reader", "Reading", "iter_file", "iter_table", "read_file", "reader_of"]

PASTED = "text copied from a thread (.txt)"
ARCHIVE, FOLDER = "an archive", "a folder"

MAGIC = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"SQLite format 3\x00": "a database",
    b"\x7fELF": "a program",
}
"""How files begin that hold no thread this program can read (https://en.wikipedia.org/wiki/List_of_file_signatures)."""

MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<head", b"<body")


@dataclass(frozen=True, slots=True)
class Reader:
    """A format: its `name` for messages, whether some bytes are in it, and how to read them.

    `stream` reads the file or folder at a path in constant memory, with what belongs to it beside it, in `layout`.
    """

    name: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes, str], Reading]
    stream: Callable[[Path], Iterator[Found]] | None = None
    layout: str = ""


def _read_archive(data: bytes, place: str) -> Reading:
    return collected(_in_archive(io.BytesIO(data), place), ARCHIVE, place)


def _iter_archive(path: Path) -> Iterator[Found]:
    with opened(path) as file:
        yield from _in_archive(file, str(path))


def _in_archive(file: BinaryIO, place: str) -> Iterator[Found]:
    """The threads of an archive's files; places are told as if the archive were a folder."""
    with archive.extracted(file, place) as folder:
        within = str(folder)
        try:
            for found in _in_folder(folder, within=True):
                if isinstance(found, Thread):
                    yield found
                else:
                    yield Skipped(found.reason, found.text.replace(within, place), found.place.replace(within, place))
        except UnreadableInput as error:
            raise UnreadableInput(str(error).replace(within, place)) from error


PASTE = Reader(PASTED, lambda data: _foreign(data) is None, lambda data, place: read_pasted(data, place=place))
"""Takes any text that no other reader knows."""

READERS: tuple[Reader, ...] = (
    Reader(reddit.NAME, reddit.is_reddit, reddit.read_reddit, reddit.iter_threads, reddit.LAYOUT),
    Reader(discourse.NAME, discourse.is_discourse, discourse.read_discourse, discourse.iter_threads, discourse.LAYOUT),
    Reader(
        hackernews.NAME,
        hackernews.is_hackernews,
        hackernews.read_hackernews,
        hackernews.iter_threads,
        hackernews.LAYOUT,
    ),
    Reader(
        stackexchange.NAME,
        stackexchange.is_stackexchange,
        stackexchange.read_stackexchange,
        stackexchange.iter_threads,
        stackexchange.LAYOUT,
    ),
    Reader(PAGE, is_page, read_page),
    Reader(mail.NAME, mail.is_mail, mail.read_mail, mail.iter_threads, mail.LAYOUT),
    Reader(workbook.NAME, workbook.is_workbook, workbook.read_workbook, workbook.iter_threads, workbook.LAYOUT),
    Reader(parquet.NAME, parquet.is_parquet, parquet.read_parquet, parquet.iter_threads, parquet.LAYOUT),
    Reader(archive.NAME, archive.is_archive, _read_archive, _iter_archive, ARCHIVE),
    Reader(
        NEUTRAL, is_neutral, lambda data, place: read_neutral(data, place=place), neutral.iter_threads, NEUTRAL_LAYOUT
    ),
    Reader(table.NAME, table.is_table, table.read_table, table.iter_threads, table.LAYOUT),
    PASTE,
)
"""Asked in this order; the first that recognises the bytes reads them."""


def read_file(source: bytes | str | Path, name: str | None = None) -> Reading:
    """Read the threads of a file or folder, given by its path, or of a file given as bytes with a `name` for messages.

    Raises UnreadableInput for a missing, empty or unknown file, naming it and the formats that are known.
    """
    if not isinstance(source, bytes):
        path = Path(source)
        if path.is_dir() and not _is_dump(path):
            return collected(_in_folder(path), FOLDER, name or str(source))
        if (known := _reader_at(path)) and known.stream:
            return collected(known.stream(path), known.layout, name or str(source))
    place = name or ("the file" if isinstance(source, bytes) else str(source))
    data = unpacked(source if isinstance(source, bytes) else _bytes_of(Path(source)), place)
    if not data.strip():
        raise UnreadableInput(f"{place} is empty; expected {_formats()}")
    reader = reader_of(data)
    if reader is None:
        raise UnreadableInput(f"{place} is {_foreign(data)}, which cannot be read; known formats are {_formats()}")
    return reader.read(data, place)


def iter_file(path: Path) -> Iterator[Found]:
    """Yield each thread of the file or folder at `path`, and each thing left out, as read.

    Constant memory where the format allows; raises as `read_file` does, for damage further on after what stands before.
    Of a folder's files, one that cannot be read is left out as "unreadable_file".
    """
    if path.is_dir() and not _is_dump(path):
        yield from _in_folder(path)
    elif (reader := _reader_at(path)) and reader.stream:
        yield from reader.stream(path)
    else:
        reading = read_file(path)
        yield from reading.threads
        yield from reading.skipped


def iter_table(path: Path, columns: Mapping[str, str]) -> Iterator[Found]:
    """Yield what is found in the table at `path`, a text, workbook or Parquet file; `columns` says how some are called.

    Raises UnreadableInput, naming the file, where a column is not there (`table.COLUMNS` has what columns can hold).
    """
    with opened(path) as file:
        head = file.read(HEAD)
    threads_in = table.threads_in
    if workbook.is_workbook(head) or parquet.is_parquet(head):
        threads_in = workbook.threads_in if workbook.is_workbook(head) else parquet.threads_in
    yield from streamed(partial(threads_in, columns=columns), path)


def reader_of(data: bytes) -> Reader | None:
    """Return the reader of a file's bytes, unpacked; None where it is unknown."""
    return next((reader for reader in READERS if reader.recognises(data)), None)


def _in_folder(folder: Path, *, within: bool = False) -> Iterator[Found]:
    """What is found in a folder, or `within` an archive, in which no other archive is opened.

    The pages of a Discourse topic in one folder are put together.
    """
    done: set[Path] = set()
    for path in files_in(folder):
        name = _format_at(path)
        source = path.parent if name == discourse.NAME and path.suffix == ".json" else path
        if name is None:
            yield Skipped("unknown_format", "", str(path))
        elif within and name == archive.NAME:
            yield Skipped("archive_in_archive", "", str(path))
        elif source not in done:
            try:
                yield from discourse.iter_threads(source) if source != path else iter_file(source)
            except UnreadableInput as error:
                yield Skipped("unreadable_file", str(error), str(path))
        done.add(source)
    if not done:
        raise UnreadableInput(f"{folder} is a folder without files; known formats are {_formats()}")


def _format_at(path: Path) -> str | None:
    """The name of the format of a file in a folder, "" where it cannot be opened, None where it is none.

    Plain text is one only where the file is called .txt: licences and scripts are text, too.
    """
    try:
        reader = _reader_at(path)
    except UnreadableInput:
        return ""
    return reader.name if reader and (reader is not PASTE or ".txt" in path.name.lower()) else None


def _is_dump(path: Path) -> bool:
    return (path / stackexchange.POSTS).is_file()


def _reader_at(path: Path) -> Reader | None:
    """The reader of what is at `path`, by its beginning; None where it is empty or unknown."""
    with opened(path / stackexchange.POSTS if _is_dump(path) else path) as file:
        head = file.read(HEAD)
    if not head.strip():
        return None
    return reader_of(head)


def _formats() -> str:
    return " and ".join(reader.name for reader in READERS)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read ({error.strerror}); give the path of a file") from error


def _foreign(data: bytes) -> str | None:
    """What a file is that holds no readable thread, or None."""
    for magic, what in MAGIC.items():
        if data.startswith(magic):
            return what
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if start.startswith(MARKUP):
        return "a web page or XML"
    return None
