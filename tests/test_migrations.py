"""The migrations and the tables they make."""

import sqlite3
from pathlib import Path

import numpy as np
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text

from corpus.database import engine_for, migrate
from corpus.merging import words_key
from corpus.packing import unpacked
from corpus.schema import HEAD, judgements, metadata, models
from corpus.store import Store
from corpus.thread import Post, key_of, make_thread
from indexer.claim_store import from_blobs


def test_an_empty_database_is_brought_up_to_date(tmp_path: Path) -> None:
    """Opening makes every table, and says which version they have."""
    Store.open(tmp_path / "new.sqlite3").close()
    with sqlite3.connect(tmp_path / "new.sqlite3") as connection:
        assert (HEAD,) == connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()


def test_the_migrated_tables_are_those_of_the_schema(tmp_path: Path) -> None:
    """Migrations and schema.py describe the same tables."""
    with Store.open(tmp_path / "new.sqlite3") as store, store.reading() as connection:
        options = {"include_object": lambda _, name, *__: not str(name).startswith(("claims_fts", "sqlite_"))}
        context = MigrationContext.configure(connection, opts={"compare_type": True, **options})
        assert [] == compare_metadata(context, metadata)


def test_foreign_keys_are_those_of_the_schema(tmp_path: Path) -> None:
    """Everything derived goes with what it was derived from, in the migrated tables as in schema.py."""

    def references(connection: object) -> set[tuple[str, ...]]:
        inspector = inspect(connection)
        return {
            (table, *key["constrained_columns"], key["referred_table"], str(key["options"].get("ondelete")))
            for table in metadata.tables
            for key in inspector.get_foreign_keys(table)  # type: ignore[union-attr]
        }

    fresh = create_engine("sqlite://")
    metadata.create_all(fresh)
    with Store.open(tmp_path / "new.sqlite3") as store, store.reading() as migrated, fresh.connect() as declared:
        assert references(declared) == references(migrated)
        assert ("claims", "post_key", "posts", "CASCADE") in references(migrated)
    fresh.dispose()


def test_migrating_again_changes_nothing(tmp_path: Path) -> None:
    """Migrations that were done are left out."""
    with Store.open(tmp_path / "new.sqlite3") as store, store.begin() as connection:
        migrate(connection)
        assert HEAD == connection.scalar(text("SELECT version_num FROM alembic_version"))


def test_from_0001_links_and_words_are_known(tmp_path: Path) -> None:
    """A database of the first version keeps what is in it, and knows its threads by their links and words."""
    link = "https://www.reddit.com/comments/2ixv41/"
    said = ("Should I lift weights for a faster 5k?", "", "Squats helped me a lot last winter.")
    thread = make_thread([Post(str(n), "", n, text, "Jo") for n, text in enumerate(said)], title="Lifting", link=link)
    engine = engine_for(tmp_path / "old.sqlite3").execution_options(begin="IMMEDIATE")
    with engine.begin() as connection:
        migrate(connection, "0001")
        row = {"key": key_of(thread.id), "title": "Lifting", "link": link}
        connection.execute(
            text("INSERT INTO threads (key, title, link, added_at) VALUES (:key, :title, :link, '')"), row
        )
        for post in thread.posts:
            row = {"key": key_of(post.id), "thread": key_of(thread.id), "n": post.position, "text": post.text}
            connection.execute(
                text(
                    "INSERT INTO posts (key, thread_key, position, author, text, content_hash, splitter)"
                    " VALUES (:key, :thread, :n, 'Jo', :text, '', '1')"
                ),
                row,
            )
    engine.dispose()
    with Store.open(tmp_path / "old.sqlite3") as store:
        assert thread == store.thread(thread.id)
        assert thread == store.recognised(
            make_thread(thread.posts, link="https://old.reddit.com/r/x/comments/2ixv41/a/")
        )
        with store.reading() as connection:
            keys = list(
                connection.execute(text("SELECT words_key, vanished_at, splitter FROM posts ORDER BY position"))
            )
    assert [(words_key(one), None, "1") for one in said] == [tuple(row) for row in keys]


def test_the_newest_migration_is_the_head() -> None:
    """`schema.HEAD` is the last of the numbered steps, and there is one line of them."""
    config = Config()
    config.set_main_option("script_location", "corpus:migrations")
    config.set_main_option("path_separator", "os")
    assert [HEAD] == ScriptDirectory.from_config(config).get_heads()


def test_a_failed_migration_leaves_the_file_empty(tmp_path: Path) -> None:
    """Migrations are one transaction: a process killed halfway leaves what was there before."""
    empty = tmp_path / "empty.sqlite3"
    engine = create_engine(f"sqlite:///{empty}", connect_args={"isolation_level": None})
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        migrate(connection)
        connection.exec_driver_sql("ROLLBACK")
        assert [] == connection.exec_driver_sql("SELECT name FROM sqlite_master").all()
    engine.dispose()


def test_rows_are_narrowed_and_mean_what_they_meant(tmp_path: Path) -> None:
    """Vectors of claims and threads, judgements, exports; what changes vectors from then on is in the journal."""
    engine = engine_for(tmp_path / "old.sqlite3")
    vector = np.random.default_rng(1).normal(size=384).astype(np.float32)
    vector /= np.linalg.norm(vector)
    blob = vector.astype("<f2").tobytes()
    with engine.begin() as connection:
        migrate(connection, "0004")
        for row in (
            "threads (key, title, added_at, invented) VALUES (7, 't', '2026-01-01', 0)",
            "posts (key, thread_key, position, text, content_hash, raw) VALUES (7, 7, 0, 'so', 'h', '<p>so</p>')",
            "claims (key, post_key, start, end, text, kind, splitter) VALUES (7, 7, 0, 1, 'p', 'advice', '1')",
        ):
            connection.execute(text(f"INSERT INTO {row}"))
        for table, key in (("vectors", "claim_key"), ("thread_vectors", "thread_key")):
            connection.execute(
                text(f"INSERT INTO {table} ({key}, encoder, vector) VALUES (7, 'e', :blob)"), {"blob": blob}
            )
        connection.execute(text("INSERT INTO judgements VALUES (7, 3, 'j', 0.1, 0.2, 0.3, 0.4)"))
        migrate(connection)
        for table in ("vectors", "thread_vectors"):
            kept = connection.scalar(text(f"SELECT vector FROM {table}"))
            assert 384 == len(kept)
            assert (from_blobs([kept], 384)[0] * vector).sum() > 0.9999
        kept = select(*judgements.c[:2], models.c.name, *judgements.c[3:])
        kept = kept.join(models, models.c.key == judgements.c.judge_key)
        assert [(7, 3, "j", 0.1, 0.2, 0.3, 0.4)] == connection.execute(kept).all()
        assert {"e", "j"} == set(connection.scalars(select(models.c.name)))
        assert "<p>so</p>" == unpacked(*connection.execute(text("SELECT packed_raw, text FROM posts")).one())
        assert 0 == connection.scalar(text("SELECT count(*) FROM vector_changes"))
        connection.execute(text("DELETE FROM vectors"))
        assert [(1, 0, 7)] == connection.execute(text("SELECT * FROM vector_changes")).all()
    engine.dispose()
