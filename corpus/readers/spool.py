"""Records put aside on disk while a dump is read, and given back thread by thread: constant memory, one pass."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Self

BATCH = 1_000
"""Records written at once."""


class Spool:
    """Records (JSON values) by thread, in a temporary SQLite file that is gone when it is closed.

    SQLite keeps at most its page cache (2 MB) in memory (https://www.sqlite.org/inmemorydb.html#temp_db).
    """

    def __init__(self) -> None:
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.execute("CREATE TABLE records (number INTEGER PRIMARY KEY, thread TEXT, record TEXT)")
        self._waiting: list[tuple[str, str]] = []
        self._count = 0
        self._indexed = False

    def add(self, thread: str, record: Any) -> int:
        """Put a record aside; return its number, from 1 in the order of adding."""
        self._waiting.append((thread, json.dumps(record)))
        if len(self._waiting) >= BATCH:
            self._write()
        self._count += 1
        return self._count

    def threads(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield each thread with its records in the order of adding; threads in the order of their first record."""
        self._index()
        rows = self._database.execute(
            "SELECT records.thread, record FROM records JOIN (SELECT thread, min(number) AS first FROM records"
            " GROUP BY thread) AS began ON began.thread = records.thread ORDER BY first, number"
        )
        for thread, records in groupby(rows, key=lambda row: str(row[0])):
            yield thread, [json.loads(record) for _, record in records]

    def of(self, thread: str) -> list[Any]:
        """Return the records of one thread, in the order of adding."""
        self._index()
        rows = self._database.execute("SELECT record FROM records WHERE thread = ? ORDER BY number", (thread,))
        return [json.loads(record) for (record,) in rows]

    def records(self, numbers: Iterable[int]) -> Iterator[Any]:
        """Yield the records with these numbers, in the order asked."""
        self._write()
        for number in numbers:
            (record,) = self._database.execute("SELECT record FROM records WHERE number = ?", (number,)).fetchone()
            yield json.loads(record)

    def _index(self) -> None:
        self._write()
        if not self._indexed:
            self._database.execute("CREATE INDEX by_thread ON records (thread)")
            self._indexed = True

    def _write(self) -> None:
        if self._waiting:
            self._database.executemany("INSERT INTO records (thread, record) VALUES (?, ?)", self._waiting)
            self._waiting.clear()

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
