"""Workbooks: the tables in the sheets of an XLSX file (ECMA-376), one post a row, columns named as in `table`.

openpyxl reads them row by row. A sheet whose first filled row names no column of posts is left out; formulas count as
the values that were saved with them. Parts that declare a document type, and with it entities, are refused.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar
from zipfile import ZipFile

from corpus.errors import UnreadableInput
from corpus.readers.cells import text_of, threads_of
from corpus.readers.reading import (
    HEAD,
    ZIP,
    Found,
    Reading,
    as_reading,
    missing,
    most_unpacked,
    seekable,
    streamed,
    too_much,
)
from corpus.readers.table import is_heading, known_roles
from corpus.thread import Skipped

NAME = "a workbook with a sheet of posts (.xlsx)"
LAYOUT = "a workbook"

MOST_ROWS = 1_048_576
"""Rows of a sheet (ECMA-376); what claims to stand further down is damage, and would be waited for."""

BATCH = 1_000
"""Rows read at once."""

PROLOG = 4_096
"""Bytes of a part in which a document type would be declared."""

_PART = re.compile(rb"PK\x03\x04.{26}xl/", re.DOTALL)
"""Where the name of a part stands in an archive (APPNOTE.TXT 6.3.10, 4.3.7)."""

_T = TypeVar("_T")


def is_workbook(data: bytes) -> bool:
    """Whether `data` begins like an XLSX file."""
    return data.startswith(ZIP) and _PART.search(data[:HEAD]) is not None


def read_workbook(data: bytes, place: str = "the file", columns: Mapping[str, str] | None = None) -> Reading:
    """Read a workbook; `columns` names columns where they are not called as usual.

    Raises UnreadableInput, naming `place`, sheet, row and column.
    """
    return as_reading(lambda file, where: threads_in(file, where, columns), data, LAYOUT, place)


def iter_threads(path: Path) -> Iterator[Found]:
    """Yield the threads of the workbook at `path`, sheet by sheet; the rows of one wait on disk."""
    return streamed(threads_in, path)


def threads_in(file: BinaryIO, place: str, columns: Mapping[str, str] | None = None) -> Iterator[Found]:
    """Yield what is found in an open workbook."""
    try:
        import openpyxl
    except ImportError as error:
        raise missing(f"{place} is a workbook", "openpyxl") from error
    with seekable(file) as (whole, size):
        limit = most_unpacked(size)
        _soundly(lambda: _refuse_bombs(whole, limit, place), place)
        workbook = _soundly(lambda: openpyxl.load_workbook(whole, read_only=True, data_only=True), place)
        for sheet in workbook.worksheets:
            yield from _sheet(sheet, place, columns or {}, limit)


def _soundly(read: Callable[[], _T], place: str) -> _T:
    """What `read` returns; openpyxl has all sorts of exceptions, and warnings, for damaged files."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except UnreadableInput:
        raise
    except Exception as error:
        raise UnreadableInput(
            f"{place} is a damaged workbook ({type(error).__name__}: {error}); open it and save it again, or as .csv"
        ) from error


def _refuse_bombs(file: BinaryIO, limit: int, place: str) -> None:
    """Raise UnreadableInput where parts unpack to more than `limit` (none gives more than it says), or for a DTD."""
    with ZipFile(file) as archive:
        parts = archive.infolist()
        if sum(part.file_size for part in parts) > limit:
            raise too_much(place, limit)
        for part in parts:
            with archive.open(part) as opened:
                if b"<!DOCTYPE" in opened.read(PROLOG).replace(b"\x00", b""):
                    raise UnreadableInput(f"{place}, {part.filename} declares a document type; it is not read")


def _sheet(sheet: Any, place: str, columns: Mapping[str, str], limit: int) -> Iterator[Found]:
    rows = _rows(sheet, place)
    _, heading = next(rows, ("", ()))
    names = [text_of(cell) or "" for cell in heading]
    if columns or is_heading(names):
        roles = known_roles(names, columns, f"{place}, sheet {sheet.title!r}")
        yield from threads_of(rows, roles, names, place, limit)
    elif names:
        yield Skipped("not_a_table", ", ".join(names)[:80], f"sheet {sheet.title!r}")


def _rows(sheet: Any, place: str) -> Iterator[tuple[str, Sequence[Any]]]:
    """The rows that hold something, with where they stand."""
    sheet.reset_dimensions()  # what programs write there is often wrong
    rows = enumerate(sheet.iter_rows(max_row=MOST_ROWS, values_only=True), start=1)
    while batch := _soundly(lambda: list(islice(rows, BATCH)), place):
        for number, cells in batch:
            if any(cell is not None for cell in cells):
                yield f"sheet {sheet.title!r}, row {number}", cells
