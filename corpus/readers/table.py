"""Tables: CSV, TSV and their kin, one post a row, columns by their usual names or as the caller names them.

Encoding and delimiter are found out; the first row names the columns (RFC 4180). Rows belong to one thread by a column
of thread ids, else by their titles; a table with neither is one thread. The first row of a thread is its opening post,
unless a later one has the thread's own id.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from corpus.errors import UnreadableInput
from corpus.readers.dates import times_of
from corpus.readers.markup import from_html, from_markdown
from corpus.readers.quoting import Said, post_of, thread_of
from corpus.readers.reading import (
    BINARY_SHARE,
    BYTE_ORDER_MARKS,
    HEAD,
    Found,
    Reading,
    collected,
    likeliest_encoding,
    moment,
    name_of,
    number_of,
    opened,
)
from corpus.readers.spool import Spool
from corpus.thread import Post, Skipped

NAME = "a table with a column of posts (.csv, .tsv)"
LAYOUT = "a table"

DELIMITERS = ",\t;|"

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "message", "content", "comment", "post", "reply", "selftext", "post text", "comment text"),
    "author": ("author", "user", "username", "user name", "author name", "poster", "name", "from", "by", "nickname"),
    "time": ("time", "date", "datetime", "timestamp", "created utc", "created at", "created", "posted at", "posted"),
    "score": ("score", "points", "votes", "upvotes", "likes", "ups"),
    "link": ("link", "permalink", "url", "href"),
    "id": ("id", "post id", "comment id", "message id"),
    "parent": ("parent", "parent id", "reply to", "in reply to", "answers", "reply to id"),
    "thread": ("thread", "thread id", "topic id", "link id", "submission id", "conversation id", "discussion id"),
    "title": ("title", "thread title", "topic", "subject", "topic title", "question", "post title"),
    "forum": ("forum", "subreddit", "board", "category", "site"),
}
"""What each column is usually called, likeliest first; case, spaces and underscores make no difference."""

HEADING_LENGTH = 40
"""Characters: column names are short, the first line of a pasted thread seldom is."""

HEADING_BYTES = 8_192
"""What the first line is looked for in."""

LATIN = "counterpoint-latin"
"""The error handler by which a stray byte in a UTF-8 file is read as Windows-1252."""


def _as_latin(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(LATIN, _as_latin)


def is_table(data: bytes) -> bool:
    """Whether the first line of `data` names columns: one of posts, and another that says something of them."""
    head = data[:HEADING_BYTES]
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if not wide and head.count(b"\x00") > BINARY_SHARE * len(head):
        return False
    names, _ = _heading(head)
    return is_heading(names)


def read_table(data: bytes, place: str = "the file", columns: Mapping[str, str] | None = None) -> Reading:
    """Read a table; `columns` names columns where they are not called as usual ({"author": "autor"}).

    Raises UnreadableInput, naming `place`, row and column.
    """
    return collected(threads_in(io.BytesIO(data), place, columns), LAYOUT, place)


def iter_threads(path: Path, columns: Mapping[str, str] | None = None) -> Iterator[Found]:
    """Yield the threads of the table at `path`, once all of it was read; its rows wait on disk."""
    with opened(path) as file:
        yield from threads_in(file, str(path), columns)


def threads_in(file: BinaryIO, place: str, columns: Mapping[str, str] | None = None) -> Iterator[Found]:
    """Yield what is found in an open table."""
    head = file.read(HEAD)
    yield from gathered(_rows(io.BufferedReader(_Rest(head, file)), head, place, columns or {}))


def gathered(rows: Iterable[tuple[str, Mapping[str, str]]]) -> Iterator[Found]:
    """Yield the threads of rows (where each stands, and role -> cell), once all were read; they wait on disk."""
    title = ""
    with Spool() as spool:
        for where, row in rows:
            if not row.get("text", "").strip():
                yield Skipped("empty_post", "", where)
                continue
            title = row.get("title", "").strip() or title  # some name the thread in its first row alone
            thread = row.get("thread", "").strip() or title
            spool.add(re.sub(r"^t3_", "", thread), {**row, "where": where})
        for thread, records in spool.threads():
            yield from _thread(thread, records)


class _Rest(io.RawIOBase):
    """A stream of which the beginning was already read."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


# Columns


def _heading(head: bytes) -> tuple[list[str], str]:
    """The names in the first line, and the delimiter by which most of them are known."""
    text = head[:HEADING_BYTES].decode(encoding_of(head[:HEADING_BYTES]), LATIN)
    line = next((line for line in text.splitlines() if line.strip()), "")
    split = [(next(csv.reader([line], delimiter=one), []), one) for one in DELIMITERS]
    return max(split, key=lambda parted: (len(roles_of(parted[0])), len(parted[0])))


def roles_of(names: list[str], columns: Mapping[str, str] | None = None) -> dict[str, int]:
    """Return what each column holds that is known by its name: role -> index."""
    plain = [re.sub(r"[\s_.-]+", " ", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)).strip().casefold() for name in names]
    roles: dict[str, int] = {}
    for role, usual in COLUMNS.items():
        given = (columns or {}).get(role)
        wanted = [given.strip().casefold()] if given else usual
        index = next((plain.index(name) for name in wanted if name in plain), None)
        if given and index is None:
            index = next((at for at, name in enumerate(names) if name.strip() == given.strip()), None)
        if index is not None and index not in roles.values():
            roles[role] = index
    return roles


def known_roles(names: list[str], columns: Mapping[str, str], place: str) -> dict[str, int]:
    """Return `roles_of` the names; raises UnreadableInput where the column of posts, or one that was given, is not."""
    roles = roles_of(names, columns)
    for role in ("text", *columns):
        if role not in roles:
            raise UnreadableInput(
                f"{place}: column {columns.get(role, 'text')!r} not found; columns are {', '.join(map(repr, names))}; "
                f"name the column of the {role} (--{role}-column)"
            )
    return roles


def is_heading(names: list[str]) -> bool:
    """Whether the first row names columns: one of posts, and another that says something of them."""
    roles = roles_of(names)
    return "text" in roles and len(roles) > 1 and all(len(name) <= HEADING_LENGTH for name in names)


def encoding_of(head: bytes) -> str:
    """Return the encoding of a table by its first bytes: its byte order mark, else UTF-8, else the likeliest."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return likeliest_encoding(head) or "cp1252"
    return "utf-8"


def _rows(
    file: io.BufferedReader, head: bytes, place: str, columns: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row with where it stands (the names are in row 1) as role -> cell."""
    names, delimiter = _heading(head)
    roles = known_roles(names, columns, place)
    lines = io.TextIOWrapper(file, encoding_of(head), errors=LATIN, newline="")
    if _quoted(head, delimiter):
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    number = 0
    try:
        for cells in reader:
            if not cells:
                continue
            number += 1
            if len(cells) > len(names):
                raise UnreadableInput(
                    f"{place}, row {number} has {len(cells)} cells where row 1 names {len(names)} columns; "
                    "a cell that holds the delimiter must stand in quotation marks"
                )
            if number > 1:
                yield f"row {number}", {role: cells[at] if at < len(cells) else "" for role, at in roles.items()}
    except (csv.Error, UnicodeError) as error:
        raise UnreadableInput(
            f"{place}, row {number + 1} cannot be read ({error}); is a quotation mark in it never closed?"
        ) from error


def _quoted(head: bytes, delimiter: str) -> bool:
    """Whether quotation marks hold cells together: not in tables parted by tabs whose rows would not fit then."""
    if delimiter != "\t":
        return True
    whole_lines = head[: head.rfind(b"\n") + 1].decode(encoding_of(head), LATIN)
    try:
        return (
            len({len(cells) for cells in csv.reader(whole_lines.splitlines(), delimiter=delimiter, strict=True)}) == 1
        )
    except csv.Error:
        return False


# Threads


def _thread(thread: str, rows: list[Mapping[str, str]]) -> Iterator[Found]:
    opening = next((row for row in rows if row.get("id") and row["id"].strip() == thread), rows[0])
    rows = [opening, *(row for row in rows if row is not opening)]
    times = [moment(row.get("time", "").strip(), zone=None) for row in rows]
    if not all(times):
        times = [time or read for time, read in zip(times, times_of([row.get("time") for row in rows]), strict=True)]
    posts: dict[str, Post] = {}
    for row, time in zip(rows, times, strict=True):
        id_ = re.sub(r"^t\d_", "", row.get("id", "").strip()) or row["where"]
        if id_ in posts:
            yield Skipped("repeated_post", row["text"][:80], row["where"])
            continue
        score = number_of(row.get("score"))
        for role, value in (("time", time), ("score", score)):
            if value is None and row.get(role, "").strip():
                yield Skipped(f"unread_{role}", row[role], row["where"])
        said = _said(row["text"])
        posts[id_] = post_of(
            id_,
            said,
            row["text"],
            author=name_of(row.get("author")),
            time=time,
            score=score,
            link=row.get("link", "").strip() or None,
            parent=re.sub(r"^t\d_", "", row.get("parent", "").strip()) or None,
        )
    title = opening.get("title", "").strip() or None
    yield thread_of(list(posts.values()), title=title, link=None, forum=opening.get("forum", "").strip() or None)


def _said(cell: str) -> Said:
    """What a cell says: HTML where it holds the tags of posts, else text, perhaps with marks of Markdown."""
    return from_html(cell) if re.search(r"</?(?:p|br|div|blockquote|li)\b[^<>]{0,200}>", cell) else from_markdown(cell)
