"""What a thread is known by in another format (its place, its posts' words), and which posts vanished from it."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from corpus.merging import place, words_key

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns and their indexes, and fill them from the links and words that are here."""
    op.add_column("threads", sa.Column("place", sa.Text))
    op.add_column("posts", sa.Column("words_key", sa.Integer))
    op.add_column("posts", sa.Column("vanished_at", sa.Text))
    raw: Any = op.get_bind().connection.driver_connection
    raw.create_function("place_of", 1, place, deterministic=True)
    raw.create_function("words_key_of", 1, words_key, deterministic=True)
    op.execute("UPDATE threads SET place = place_of(link) WHERE link IS NOT NULL")
    op.execute("UPDATE posts SET words_key = words_key_of(text)")
    op.create_index("threads_by_place", "threads", ["place"])
    op.create_index("posts_by_words", "posts", ["words_key"])
