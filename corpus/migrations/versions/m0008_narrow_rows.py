"""Narrow rows: models by key and not by name, probabilities in two bytes, what forums exported packed by its text."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from corpus.migrations.versions.m0003_stances import trigger
from corpus.migrations.versions.m0005_vector_changes import journal
from corpus.packing import packed

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make tables anew with keys for names, take over their rows in order, and give them back their triggers."""
    op.create_table(
        "models",
        sa.Column("key", sa.Integer, primary_key=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False, unique=True),
    )
    for table, key, parent in (("vectors", "claim_key", "claims.key"), ("thread_vectors", "thread_key", "threads.key")):
        columns = (
            sa.Column(
                key,
                sa.Integer,
                sa.ForeignKey(parent, ondelete="CASCADE"),
                primary_key=True,
                nullable=False,
                autoincrement=False,
            ),
            sa.Column("encoder_key", sa.Integer, nullable=False),
            sa.Column("vector", sa.LargeBinary, nullable=False),
        )
        _anew(table, columns, "encoder", f"{key}, models.key, vector", key)
        journal(table)
    shares = ("pro", "con", "mixed", "none")
    judged = (
        sa.Column("claim_key", sa.Integer, sa.ForeignKey("claims.key", ondelete="CASCADE"), nullable=False),
        sa.Column("question_key", sa.Integer, nullable=False),
        sa.Column("judge_key", sa.Integer, nullable=False),
        *(sa.Column(share, sa.Integer, nullable=False) for share in shares),
        sa.PrimaryKeyConstraint("claim_key", "question_key", "judge_key"),
    )
    rounded = ", ".join(f"CAST(round(10000 * {share}) AS INTEGER)" for share in shares)
    taken = f"claim_key, question_key, models.key, {rounded}"
    _anew("judgements", judged, "judge", taken, "claim_key, question_key", sqlite_with_rowid=False)
    for name in ("stances_of_judged_again", "stances_of_unjudged"):
        op.execute(trigger(name))
    op.execute("DELETE FROM stances")  # lists make them again, with the numbers that judgements have now
    raw: Any = op.get_bind().connection.driver_connection
    raw.create_function("packed", 2, packed, deterministic=True)
    op.add_column("posts", sa.Column("packed_raw", sa.LargeBinary))
    op.execute("UPDATE posts SET packed_raw = packed(raw, text) WHERE raw IS NOT NULL")
    op.drop_column("posts", "raw")
    op.create_index("posts_by_splitter", "posts", ["splitter"])
    op.execute("INSERT OR REPLACE INTO settings VALUES ('vectors wait', 'yes')")  # which is looked after once


def _anew(table: str, columns: tuple[Any, ...], named: str, taken: str, order: str, **options: bool) -> None:
    before = f"{table}_before"
    op.execute(f"INSERT OR IGNORE INTO models (name) SELECT DISTINCT {named} FROM {table}")  # noqa: S608 -- constants
    op.rename_table(table, before)
    op.create_table(table, *columns, **options)
    made_by = f"{before} JOIN models ON models.name = {before}.{named}"
    op.execute(f"INSERT INTO {table} SELECT {taken} FROM {made_by} ORDER BY {order}")  # noqa: S608 -- constants
    op.drop_table(before)
