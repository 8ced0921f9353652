"""Where each claim stands toward its own thread's question, with what lists filter and sort by."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

STALE = {
    "stances_of_changed_claim": ("UPDATE OF kind ON claims", "old.kind IS NOT new.kind", "claim_key = old.key"),
    "stances_of_judged_again": ("UPDATE ON judgements", "1", "claim_key = old.claim_key"),
    "stances_of_unjudged": ("DELETE ON judgements", "1", "claim_key = old.claim_key"),
    "stances_of_changed_post": (
        "UPDATE OF author, time, score, thread_key ON posts",
        "old.author IS NOT new.author OR old.time IS NOT new.time OR old.score IS NOT new.score "
        "OR old.thread_key IS NOT new.thread_key",
        "claim_key IN (SELECT key FROM claims WHERE post_key = old.key)",
    ),
    "stances_of_changed_thread": (
        "UPDATE OF question, forum ON threads",
        "old.question IS NOT new.question OR old.forum IS NOT new.forum",
        "thread_key = old.key",
    ),
}
"""By the name of a trigger: after what it runs, under which condition, and which stances are then stale."""


def upgrade() -> None:
    """Make the table, empty, its indexes, and the triggers that take away what is stale."""
    op.create_table(
        "stances",
        sa.Column(
            "claim_key",
            sa.Integer,
            sa.ForeignKey("claims.key", ondelete="CASCADE"),
            primary_key=True,
            nullable=False,
            autoincrement=False,
        ),
        sa.Column("thread_key", sa.Integer, nullable=False),
        sa.Column("stance", sa.Text, nullable=False),
        sa.Column("sure", sa.Float, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("forum", sa.Text),
        sa.Column("author", sa.Text),
        sa.Column("day", sa.Text),
        sa.Column("written", sa.Integer),
        sa.Column("score", sa.Integer),
    )
    op.create_index("stances_by_sure", "stances", ["stance", "sure", "claim_key"])
    op.create_index("stances_by_time", "stances", ["stance", "written", "sure", "claim_key"])
    op.create_index("stances_by_score", "stances", ["stance", "score", "sure", "claim_key"])
    op.create_index("stances_of_thread", "stances", ["thread_key", "stance"])
    for name in STALE:
        op.execute(trigger(name))


def trigger(name: str) -> str:
    """Return the statement that makes a trigger of `STALE`."""
    event, condition, stale = STALE[name]
    return f"CREATE TRIGGER {name} AFTER {event} WHEN {condition} BEGIN DELETE FROM stances WHERE {stale}; END"  # noqa: S608 -- constants
