"""What a chat model proposed as the claims of posts: one table, which goes with the posts and their words."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the table, and what empties it of a post whose words change."""
    op.create_table(
        "model_splits",
        sa.Column("post_key", sa.Integer, sa.ForeignKey("posts.key", ondelete="CASCADE"), nullable=False),
        sa.Column("prompt", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("proposed", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("post_key", "prompt", "model"),
    )
    op.execute(
        "CREATE TRIGGER model_splits_reworded AFTER UPDATE OF text ON posts WHEN old.text <> new.text "
        "BEGIN DELETE FROM model_splits WHERE post_key = old.key; END"
    )
