"""Who may enter a shared page: a file of names, roles and hashed passwords.

    # name:role:hash of the password, as `python -m page add-user FILE NAME` writes it
    anna:editor:$argon2id$v=19$m=65536,t=3,p=4$...
    bert:reader:$argon2id$v=19$m=65536,t=3,p=4$...

The hashes are Argon2id (RFC 9106), by argon2-cffi, the only import of it.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from corpus.errors import CounterpointError

logger = logging.getLogger(__name__)

SHORTEST_PASSWORD = 8
"""Characters of a password at least (NIST SP 800-63B, 3.1.1.2)."""

LONGEST_NAME = 64
LONGEST_PASSWORD = 1024
"""Characters of a password at most: whoever tries to enter must not choose how long the server hashes."""

HEADING = "# name:role:hash of the password, as `python -m page add-user FILE NAME` writes it"

_HASHER = PasswordHasher()


class AccountsError(CounterpointError):
    """A file of accounts that cannot be read or written, or a name, role or password that cannot stand in one."""


class Role(StrEnum):
    """What somebody may do: a reader asks and browses, an editor also adds, corrects and removes."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the file."""

    name: str
    role: Role
    hash: str

    def line(self) -> str:
        """The account as its file holds it."""
        return f"{self.name}:{self.role}:{self.hash}"


def account_of(name: str, role: Role, password: str) -> Account:
    """Return a new account, its password hashed. Raises AccountsError, saying what is wrong with name or password."""
    if problem := _wrong_name(name):
        raise AccountsError(f"{name!r} cannot be a name: {problem}")
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountsError(
            f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,} characters, this one {len(password):,}; "
            "choose another"
        )
    return Account(name, role, _HASHER.hash(password))


def read_accounts(path: Path) -> dict[str, Account]:
    """Return the accounts of a file, by name. Raises AccountsError, naming the file and the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise AccountsError(
            f"{path} cannot be read ({reason}); make it with: python -m page add-user {path} NAME --role editor"
        ) from error
    found: dict[str, Account] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        account = _account_in(line.strip(), f"{path}, line {number}")
        if account.name in found:
            raise AccountsError(f"{path}, line {number}: {account.name} has an account already; keep one of the lines")
        found[account.name] = account
    return found


def write_accounts(path: Path, accounts: Mapping[str, Account]) -> None:
    """Write accounts whole, for nobody else to read. Raises AccountsError where the file cannot be written."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    lines = [HEADING, *(account.line() for account in accounts.values())]
    try:
        with open(beside, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write("".join(f"{line}\n" for line in lines))
        beside.replace(path)
    except OSError as error:
        raise AccountsError(f"{path} cannot be written ({error.strerror}); choose another place") from error
    finally:
        beside.unlink(missing_ok=True)


class Accounts:
    """The accounts of a file, while a page is served: what changes in the file counts at once."""

    def __init__(self, path: Path, accounts: Mapping[str, Account], seen: tuple[int, int]) -> None:
        self.path = path
        self._accounts = accounts
        self._seen = seen
        self._lock = threading.Lock()

    @classmethod
    def open(cls, path: Path) -> Accounts:
        """Read a file. Raises AccountsError for one that is malformed, or in which nobody has an account."""
        accounts = read_accounts(path)
        if not accounts:
            raise AccountsError(f"{path} names nobody; add somebody with: python -m page add-user {path} NAME")
        return cls(path, accounts, _state(path))

    def role(self, name: str | None) -> Role | None:
        """Return what `name` may do; None for somebody without an account."""
        account = self._current().get(name or "")
        return account.role if account else None

    def check(self, name: str, password: str) -> bool:
        """Whether that is the password of `name`; an unknown name takes as long as a wrong password."""
        account = self._current().get(name)
        try:
            _HASHER.verify(account.hash if account else _nobody(), password[:LONGEST_PASSWORD])
        except (VerifyMismatchError, InvalidHashError):
            return False
        return account is not None and len(password) <= LONGEST_PASSWORD

    def hash_of(self, name: str) -> str:
        """Return the hash of the password of `name`, "" for nobody: it changes when the password does."""
        account = self._current().get(name)
        return account.hash if account else ""

    def _current(self) -> Mapping[str, Account]:
        with self._lock:
            seen = _state(self.path)
            if seen != self._seen:
                self._seen = seen
                try:
                    self._accounts = read_accounts(self.path)
                except AccountsError as error:
                    logger.error("the accounts stay as they were: %s", error)
            return self._accounts


def _account_in(line: str, where: str) -> Account:
    parts = line.split(":")
    if len(parts) != 3:  # noqa: PLR2004
        raise AccountsError(f"{where}: expected name:role:hash, found {len(parts)} parts; add-user writes such lines")
    name, role, hashed = parts
    if problem := _wrong_name(name):
        raise AccountsError(f"{where}: {name!r} cannot be a name: {problem}")
    if role not in list(Role):
        raise AccountsError(f"{where}: {role!r} is no role; roles are {' and '.join(Role)}")
    try:
        extract_parameters(hashed)
    except InvalidHashError as error:
        raise AccountsError(
            f"{where}: the password of {name} is not hashed as add-user does it; write the line with: "
            f"python -m page add-user FILE {name} --role {role}"
        ) from error
    return Account(name, Role(role), hashed)


def _wrong_name(name: str) -> str | None:
    if not name or len(name) > LONGEST_NAME:
        return f"a name has 1 to {LONGEST_NAME} characters"
    if name != name.strip() or not name.isprintable() or ":" in name or name.startswith("#"):
        return 'a name has no colon, no "#" before it, no spaces around it and nothing that cannot be seen'
    return None


@cache
def _nobody() -> str:
    """A hash that no password has: checking against it takes as long as against a real one."""
    return _HASHER.hash(os.urandom(16).hex())


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)
