"""Parquet files (https://parquet.apache.org/docs/file-format/): one post a row, columns named as in `table`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from corpus.errors import UnreadableInput
from corpus.readers.cells import threads_of
from corpus.readers.reading import Found, Reading, as_reading, missing, most_unpacked, seekable, streamed
from corpus.readers.table import known_roles

NAME = "a Parquet file of posts (.parquet)"
LAYOUT = "a Parquet file"
MAGIC = b"PAR1"

BATCH = 1_000
"""Rows read at once."""


def is_parquet(data: bytes) -> bool:
    """Whether `data` begins like a Parquet file."""
    return data.startswith(MAGIC)


def read_parquet(data: bytes, place: str = "the file", columns: Mapping[str, str] | None = None) -> Reading:
    """Read a Parquet file; `columns` names columns where they are not called as usual.

    Raises UnreadableInput, naming `place`, row and column.
    """
    return as_reading(lambda file, where: threads_in(file, where, columns), data, LAYOUT, place)


def iter_threads(path: Path) -> Iterator[Found]:
    """Yield the threads of the Parquet file at `path`, once all of it was read; its rows wait on disk."""
    return streamed(threads_in, path)


def threads_in(file: BinaryIO, place: str, columns: Mapping[str, str] | None = None) -> Iterator[Found]:
    """Yield what is found in an open Parquet file."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise missing(f"{place} is a Parquet file", "pyarrow") from error
    with seekable(file) as (whole, size):
        try:
            parquet = ParquetFile(whole)
            names = list(parquet.schema_arrow.names)
            roles = known_roles(names, columns or {}, place)
            wanted = [names[at] for at in roles.values()]
            places = {role: number for number, role in enumerate(roles)}
            yield from threads_of(_rows(parquet, wanted), places, wanted, place, most_unpacked(size))
        except (ArrowException, OSError, KeyError, ValueError) as error:
            raise UnreadableInput(f"{place} is a damaged Parquet file ({error}); fetch it again") from error


def _rows(parquet: Any, names: Sequence[str]) -> Iterator[tuple[str, Sequence[Any]]]:
    number = 0
    for batch in parquet.iter_batches(BATCH, columns=names):
        for row in zip(*(_values(batch.column(name)) for name in names), strict=True):
            number += 1
            yield f"row {number}", row


def _values(column: Any) -> list[Any]:
    """The values of a column, times as text: Python's own end with the year 9999, Parquet's do not."""
    import pyarrow as arrow

    if not arrow.types.is_timestamp(column.type):
        return list(column.to_pylist())
    texts = column.cast(arrow.timestamp("us"), safe=False).cast(arrow.string()).to_pylist()
    return [f"{text}+00:00" if text and column.type.tz else text for text in texts]  # kept in UTC, whatever the zone
