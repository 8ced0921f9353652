"""One module a format: bytes -> Reading (threads, what was left out and why, and the layout in words).

`read_file` finds the reader by content. A new format is a module with two functions and a line in `READERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import UnreadableInput
from corpus.readers import discourse, hackernews, mail, neutral, reddit, stackexchange, table
from corpus.readers.neutral import LAYOUT as NEUTRAL_LAYOUT
from corpus.readers.neutral import NAME as NEUTRAL
from corpus.readers.neutral import is_neutral, read_neutral
from corpus.readers.page import NAME as PAGE
from corpus.readers.page import is_page, read_page
from corpus.readers.pasted import read_pasted
from corpus.readers.reading import HEAD, Found, Reading, collected, opened, unpacked

__all__ = ["READERS", "Found", "Reader", "Reading", "iter_file", "read_file"]

PASTED = "text copied from a thread (.txt)"

MAGIC = {
    b"PK\x03\x04": "a zip archive or office document",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
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
    Reader(
        NEUTRAL, is_neutral, lambda data, place: read_neutral(data, place=place), neutral.iter_threads, NEUTRAL_LAYOUT
    ),
    Reader(table.NAME, table.is_table, table.read_table, table.iter_threads, table.LAYOUT),
    Reader(PASTED, lambda data: _foreign(data) is None, lambda data, place: read_pasted(data, place=place)),
)
"""Asked in this order; the first that recognises the bytes reads them."""


def read_file(source: bytes | str | Path, name: str | None = None) -> Reading:
    """Read the threads of a file, given by its path or as bytes with a `name` for messages.

    Raises UnreadableInput for a missing, empty or unknown file, naming it and the formats that are known.
    """
    if not isinstance(source, bytes) and (reader := _streaming(Path(source))) and reader.stream:
        return collected(reader.stream(Path(source)), reader.layout, name or str(source))
    place = name or ("the file" if isinstance(source, bytes) else str(source))
    data = unpacked(source if isinstance(source, bytes) else _bytes_of(Path(source)), place)
    if not data.strip():
        raise UnreadableInput(f"{place} is empty; expected {_formats()}")
    reader = next((reader for reader in READERS if reader.recognises(data)), None)
    if reader is None:
        raise UnreadableInput(f"{place} is {_foreign(data)}, which cannot be read; known formats are {_formats()}")
    return reader.read(data, place)


def iter_file(path: Path) -> Iterator[Found]:
    """Yield each thread of the file at `path` (or folder of a Stack Exchange dump), and each thing left out, as read.

    Constant memory where the format allows; raises as `read_file` does, for damage further on after what stands before.
    """
    if (reader := _streaming(path)) and reader.stream:
        yield from reader.stream(path)
        return
    reading = read_file(path)
    yield from reading.threads
    yield from reading.skipped


def _streaming(path: Path) -> Reader | None:
    """The reader of what is at `path`, where it streams."""
    if path.is_dir() and (path / stackexchange.POSTS).is_file():
        path = path / stackexchange.POSTS
    with opened(path) as file:
        head = file.read(HEAD)
    if not head.strip():
        return None
    return next((reader for reader in READERS if reader.recognises(head)), None)


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
