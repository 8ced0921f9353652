"""The first tables: threads, posts and quotes, and what the indexer derives from them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _cascade(column: str, table: str, *, primary: bool = False) -> "sa.Column[int]":
    reference = sa.ForeignKey(f"{table}.key", ondelete="CASCADE")
    return sa.Column(column, sa.Integer, reference, primary_key=primary, nullable=False, autoincrement=False)


def _said() -> None:
    op.create_table(
        "threads",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("link", sa.Text),
        sa.Column("forum", sa.Text),
        sa.Column("invented", sa.Boolean, nullable=False, server_default=sa.text("0")),
        sa.Column("layout", sa.Text, nullable=False, server_default=""),
        sa.Column("question", sa.Text),
        sa.Column("added_at", sa.Text, nullable=False),
    )
    op.create_index("threads_by_age", "threads", ["added_at"])
    op.create_table(
        "posts",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
        _cascade("thread_key", "threads"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("time", sa.Text),
        sa.Column("score", sa.Integer),
        sa.Column("link", sa.Text),
        sa.Column("parent_key", sa.Integer),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("raw", sa.Text),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("splitter", sa.Text),
    )
    op.create_index("posts_of_thread", "posts", ["thread_key", "position"])
    op.create_index("posts_by_author", "posts", ["author"])
    op.create_table(
        "quotes",
        _cascade("post_key", "posts"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("author", sa.Text),
        sa.Column("quoted_key", sa.Integer),
        sa.PrimaryKeyConstraint("post_key", "number"),
    )
    op.create_index("quotes_by_author", "quotes", ["author"])


def _derived() -> None:
    op.create_table(
        "claims",
        sa.Column("key", sa.Integer, primary_key=True, autoincrement=False),
        _cascade("post_key", "posts"),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("context", sa.Text, nullable=False, server_default=""),
        sa.Column("splitter", sa.Text, nullable=False),
    )
    op.create_index("claims_of_post", "claims", ["post_key", "start"])
    op.create_table(
        "vectors",
        _cascade("claim_key", "claims", primary=True),
        sa.Column("encoder", sa.Text, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "thread_vectors",
        _cascade("thread_key", "threads", primary=True),
        sa.Column("encoder", sa.Text, nullable=False),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "judgements",
        _cascade("claim_key", "claims"),
        sa.Column("question_key", sa.Integer, nullable=False),
        sa.Column("judge", sa.Text, nullable=False),
        *(sa.Column(stance, sa.Float, nullable=False) for stance in ("pro", "con", "mixed", "none")),
        sa.PrimaryKeyConstraint("claim_key", "question_key", "judge"),
    )
    op.create_index("judgements_of_question", "judgements", ["question_key", "judge"])
    op.create_table(
        "skipped",
        sa.Column("key", sa.Integer, primary_key=True),
        _cascade("post_key", "posts"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("skipped_of_post", "skipped", ["post_key"])
    op.create_table(
        "settings",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )


def _search() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE claims_fts USING fts5("
        "text, content='claims', content_rowid='key', tokenize='porter unicode61 remove_diacritics 2')"
    )
    op.execute(
        "CREATE TRIGGER claims_fts_insert AFTER INSERT ON claims BEGIN "
        "INSERT INTO claims_fts(rowid, text) VALUES (new.key, new.text); END"
    )
    op.execute(
        "CREATE TRIGGER claims_fts_delete AFTER DELETE ON claims BEGIN "
        "INSERT INTO claims_fts(claims_fts, rowid, text) VALUES ('delete', old.key, old.text); END"
    )
    op.execute(
        "CREATE TRIGGER claims_fts_update AFTER UPDATE OF key, text ON claims BEGIN "
        "INSERT INTO claims_fts(claims_fts, rowid, text) VALUES ('delete', old.key, old.text); "
        "INSERT INTO claims_fts(rowid, text) VALUES (new.key, new.text); END"
    )


def upgrade() -> None:
    """Make every table on an empty database, with full-text search over the claims kept in step by triggers."""
    _said()
    _derived()
    _search()
