"""The file of accounts and the command that keeps it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from page.__main__ import main
from page.accounts import Account, Accounts, AccountsError, Role, account_of, read_accounts, write_accounts

ANNA = account_of("anna", Role.EDITOR, "correct horse")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    write_accounts(tmp_path / "users.txt", {"anna": ANNA})
    return tmp_path / "users.txt"


def test_what_is_written_is_read_again(file: Path) -> None:
    """The heading is passed over, and the account comes back whole."""
    assert {"anna": ANNA} == read_accounts(file)


def test_the_file_is_for_its_owner_alone(file: Path) -> None:
    """Hashes are nobody else's business either."""
    assert 0o600 == file.stat().st_mode & 0o777


def test_a_password_is_not_in_the_file(file: Path) -> None:
    """What is kept is an Argon2id hash."""
    assert "correct horse" not in file.read_text()
    assert ":editor:$argon2id$" in file.read_text()


@pytest.mark.parametrize(
    ("name", "password", "enters"),
    [
        ("anna", "correct horse", True),
        ("anna", "correct horsf", False),
        ("Anna", "correct horse", False),
        ("bert", "correct horse", False),
        ("anna", "", False),
        ("anna", "correct horse" + "x" * 5_000, False),
    ],
)
def test_only_the_right_name_and_password_enter(file: Path, name: str, password: str, enters: bool) -> None:
    """Neither a part, nor another case, nor something very long is taken for it."""
    assert enters is Accounts.open(file).check(name, password)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("bert:reader", "line 2: expected name:role:hash, found 2 parts"),
        ("bert:owner:x", "line 2: 'owner' is no role; roles are reader and editor"),
        ("bert:reader:secret", "line 2: the password of bert is not hashed"),
        (":reader:x", "line 2: '' cannot be a name"),
        (ANNA.line() + "\n" + ANNA.line(), "line 3: anna has an account already"),
    ],
)
def test_a_malformed_line_is_named_with_its_file(tmp_path: Path, line: str, message: str) -> None:
    """Whoever wrote the file finds the place at once, and what stood there is not repeated: it may be a password."""
    (tmp_path / "users.txt").write_text(f"# who\n{line}\n")
    with pytest.raises(AccountsError, match=r"users\.txt") as refused:
        Accounts.open(tmp_path / "users.txt")
    assert message in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_file_that_is_missing_or_names_nobody_is_refused_with_the_command(tmp_path: Path) -> None:
    """A page that nobody can enter is not served."""
    with pytest.raises(AccountsError, match="add-user"):
        Accounts.open(tmp_path / "none.txt")
    (tmp_path / "empty.txt").write_text("# nobody\n")
    with pytest.raises(AccountsError, match="names nobody"):
        Accounts.open(tmp_path / "empty.txt")


def test_a_change_counts_at_once(file: Path) -> None:
    """Somebody taken out of the file is out, without a start of the page."""
    accounts = Accounts.open(file)
    assert Role.EDITOR is accounts.role("anna")
    write_accounts(file, {"bert": Account("bert", Role.READER, ANNA.hash)})
    assert (None, Role.READER) == (accounts.role("anna"), accounts.role("bert"))


def test_a_file_broken_meanwhile_changes_nothing(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A slip of the pen neither lets everybody in nor throws everybody out; the terminal says so."""
    accounts = Accounts.open(file)
    file.write_text("anna\n")
    os.utime(file, (1, 1))
    assert Role.EDITOR is accounts.role("anna")
    assert "stay as they were" in caplog.text


def test_the_command_adds_changes_lists_and_removes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The password is asked for twice and shown never."""
    file, asked = tmp_path / "users.txt", []

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return "correct horse"

    assert 0 == main(["add-user", str(file), "anna", "--role", "editor"], ask)
    assert ["Password of anna: ", "The same again: "] == asked
    assert 0 == main(["add-user", str(file), "anna"], ask)
    assert 0 == main(["users", str(file)])
    assert "reader  anna\n" == capsys.readouterr().out.splitlines(keepends=True)[-1]
    assert 0 == main(["remove-user", str(file), "anna"])
    assert {} == read_accounts(file)


@pytest.mark.parametrize(
    ("name", "answers", "message"),
    [
        ("anna", ["correct horse", "correct house"], "differ"),
        ("anna", ["short", "short"], "8 to 1,024 characters, this one 5"),
        ("an:na", ["correct horse"] * 2, "cannot be a name"),
    ],
)
def test_the_command_refuses_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, answers: list[str], message: str
) -> None:
    """And writes nothing."""
    assert 1 == main(["add-user", str(tmp_path / "users.txt"), name], lambda _: answers.pop(0))
    assert message in capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())


def test_the_command_names_who_is_there_where_somebody_is_not(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt name is seen at once."""
    assert 1 == main(["remove-user", str(file), "ana"])
    assert "has no account of ana; it has anna" in capsys.readouterr().err
