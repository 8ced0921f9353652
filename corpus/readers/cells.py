"""Cells that have types, as workbooks and Parquet files keep them -> the threads of `table`, read from their text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from math import isnan
from typing import Any

from corpus.errors import UnreadableInput
from corpus.readers.reading import Found, too_much
from corpus.readers.table import gathered

Rows = Iterable[tuple[str, Sequence[Any]]]
"""Where each row stands, and its cells."""


def threads_of(rows: Rows, roles: Mapping[str, int], names: Sequence[str], place: str, limit: int) -> Iterator[Found]:
    """Yield the threads of rows; `roles` says which cell holds what, `names` are the columns'.

    Raises UnreadableInput, naming `place`, row and column, where a cell is no text, number or time; and where the cells
    hold more than `limit` characters, which a packed file can give for the price of one.
    """
    return gathered(_told(rows, roles, names, place, limit))


def _told(
    rows: Rows, roles: Mapping[str, int], names: Sequence[str], place: str, limit: int
) -> Iterator[tuple[str, dict[str, str]]]:
    total = 0
    for where, cells in rows:
        told = {}
        for role, at in roles.items():
            text = text_of(cells[at]) if at < len(cells) else ""
            if text is None:
                raise UnreadableInput(
                    f"{place}, {where}, column {names[at]!r} holds a {type(cells[at]).__name__}; expected text"
                )
            told[role] = text
            total += len(text)
        if total > limit:
            raise too_much(place, limit)
        yield where, told


def text_of(value: object) -> str | None:
    """Return a cell as a table of text would have it: times in ISO 8601, whole numbers without a fraction.

    None where it is no single value.
    """
    if value is None or (isinstance(value, float) and isnan(value)):  # pandas writes empty cells so
        return ""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value) if isinstance(value, str | int | float | Decimal) else None
