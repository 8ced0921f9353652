"""What people corrected in what the program works out: one table, which goes with the posts it is about."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table and its indexes."""
    op.create_table(
        "corrections",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("post_key", sa.Integer, sa.ForeignKey("posts.key", ondelete="CASCADE"), nullable=False),
        sa.Column("claim_key", sa.Integer, sa.ForeignKey("claims.key", ondelete="SET NULL")),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("matter", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False, server_default=""),
        sa.Column("question_key", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("negated", sa.Boolean, nullable=False, server_default=sa.text("0")),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float),
        sa.Column("made_by", sa.Text, nullable=False, server_default=""),
        sa.Column("now", sa.Text, nullable=False),
        sa.Column("who", sa.Text),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_index("corrections_of_post", "corrections", ["post_key"])
    op.create_index("corrections_of_claim", "corrections", ["claim_key"])
    op.create_index("corrections_toward_question", "corrections", ["question_key"])
