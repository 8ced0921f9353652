"""A journal of which vectors changed, so that an index is brought up to date by what changed; vectors in 8 bits."""

import numpy as np
import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

JOURNALED = {"vectors": ("claim_key", 0), "thread_vectors": ("thread_key", 1)}
"""By the name of a table of vectors: its key, and whether that is a thread's."""
ROWS = 10_000
"""Vectors converted at once."""


def upgrade() -> None:
    """Add the journal, the triggers that write it, and store each vector in half the bytes."""
    op.execute(
        "CREATE TABLE vector_changes (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, of_thread BOOLEAN NOT NULL, "
        "key INTEGER NOT NULL)"
    )
    for table, (key, _) in JOURNALED.items():
        _in_eight_bits(table, key)
    for table in JOURNALED:
        journal(table)


def journal(table: str) -> None:
    """Make the triggers that write down which vectors of a table change."""
    key, of_thread = JOURNALED[table]
    for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old")):
        change = f"INSERT INTO vector_changes (of_thread, key) VALUES ({of_thread}, {row}.{key})"  # noqa: S608 -- constants
        op.execute(f"CREATE TRIGGER {table}_{event.lower()} AFTER {event} ON {table} BEGIN {change}; END")


def _in_eight_bits(table: str, key: str) -> None:
    connection, last = op.get_bind(), -1
    few = sa.text(f"SELECT {key}, vector FROM {table} WHERE {key} > :last ORDER BY {key} LIMIT {ROWS}")  # noqa: S608 -- constants
    change = sa.text(f"UPDATE {table} SET vector = :vector WHERE {key} = :key")  # noqa: S608 -- constants
    while rows := connection.execute(few, {"last": last}).all():
        last = rows[-1][0]
        changed = []
        for at, blob in rows:
            vector = np.frombuffer(blob, "<f2").astype(np.float32)
            largest = np.abs(vector).max(initial=1e-8)
            changed.append({"key": at, "vector": np.round(vector / largest * 127).astype(np.int8).tobytes()})
        connection.execute(change, changed)
