"""Opening the SQLite file: what it is, which version its tables have, and what can be wrong with it."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

from corpus.errors import NewerStore, NotAStore, StoreError, StoreLocked, StoreUnwritable
from corpus.schema import BUSY_SECONDS, HEAD

logger = logging.getLogger(__name__)

FILE_NAME = "corpus.sqlite3"
"""What the database is called inside a data folder."""

SQLITE_HEADER = b"SQLite format 3\x00"

CHOOSE_FOLDER = "choose a folder you can write to with --data or COUNTERPOINT_DATA"


def check_file(path: Path) -> None:
    """Raise NotAStore or StoreUnwritable before SQLite touches anything."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as file:
            start = file.read(len(SQLITE_HEADER))
    except FileNotFoundError:
        return
    except IsADirectoryError as error:
        raise NotAStore(f"{path} is a folder; a database file was expected, such as {path / FILE_NAME}") from error
    except OSError as error:
        raise StoreUnwritable(f"{path} cannot be opened ({error.strerror}); {CHOOSE_FOLDER}") from error
    if start and start != SQLITE_HEADER:
        raise NotAStore(f"{path} is not a Counterpoint database (it starts with {start!r}); choose another file")


def engine_for(path: Path) -> Engine:
    """Return an engine whose transactions begin as the execution option `begin` says: DEFERRED, or IMMEDIATE to write.

    Write-ahead log (readers beside one writer), foreign keys on, synchronous NORMAL (https://www.sqlite.org/wal.html).
    """
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None  # transactions begin where `_begin` says, not where sqlite3 guesses
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")

    return engine


def _version(connection: Connection) -> str | None:
    """Return the database's migration number, "" for an empty database, None for a foreign one."""
    names = set(connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
    if not names:
        return ""
    if "alembic_version" not in names or "posts" not in names:
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def bring_up_to_date(path: Path, engine: Engine, writer: Engine) -> None:
    """Run the migrations that the file lacks; raises NotAStore or NewerStore where they would not fit."""
    with engine.connect() as connection:
        version = _version(connection)
    if version is None or not (version.isdigit() or version == ""):
        raise NotAStore(f"{path} is a database of another program; choose another file")
    if version > HEAD:
        raise NewerStore(
            f"{path} was written by a newer Counterpoint (its tables have version {version}, "
            f"this program knows up to {HEAD}); update Counterpoint, or choose another folder with --data"
        )
    if version < HEAD:
        logger.info("bringing %s from version %s to %s", path, version or "none", HEAD)
        with writer.begin() as connection:
            migrate(connection)


def migrate(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to `revision` on `connection`, inside its transaction; those already done are left out."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "corpus:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `path` into the named ones; others pass unchanged."""
    try:
        yield
    except DBAPIError as error:
        named = named_error(path, error.orig)
        if named is None:
            raise
        raise named from error


def named_error(path: Path, error: BaseException | None) -> StoreError | None:
    """Return the named error that one of SQLite's about the file at `path` means, None where it is none of those."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return StoreLocked(
            f"{path} is in use by another process that has been writing for over {BUSY_SECONDS:g} seconds; "
            "wait for it to finish, or stop it, and try again"
        )
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return StoreUnwritable(f"{path} cannot be written; {CHOOSE_FOLDER}")
    if code == sqlite3.SQLITE_FULL:
        return StoreUnwritable(f"no room left on the disk of {path}; nothing was changed: free some and try again")
    if code in {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}:
        return NotAStore(f"{path} is damaged or not a database ({error}); restore a backup or choose another file")
    return None
