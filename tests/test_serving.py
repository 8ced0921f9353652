"""To whom the page is served, and with what."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

import app
from page.access import Access
from page.accounts import Accounts, Role, account_of, write_accounts
from page.serving import NotServed, Served


def test_a_page_of_this_machine_needs_no_names() -> None:
    """As it starts without options."""
    Served().check()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "desk.lan"])
def test_other_machines_need_names_or_a_plain_yes(host: str, tmp_path: Path) -> None:
    """Read-only is not enough: who may read is asked too."""
    with pytest.raises(NotServed, match=re.escape(host)) as refused:
        Served(host=host, access=Access(read_only=True)).check()
    assert "--auth-file" in str(refused.value)
    assert "--open-to-all" in str(refused.value)
    Served(host=host, open_to_all=True).check()
    write_accounts(tmp_path / "users.txt", {"anna": account_of("anna", Role.READER, "correct horse")})
    Served(host=host, access=Access(Accounts.open(tmp_path / "users.txt"))).check()


def test_a_root_path_is_a_path_or_an_address() -> None:
    """Anything else would break every link of the page."""
    Served(root="/forum").check()
    Served(root="https://forum.example/counterpoint").check()
    with pytest.raises(NotServed, match="expected a path"):
        Served(root="forum").check()


def test_nothing_is_built_for_a_page_that_is_not_served(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The refusal is one line and comes first."""
    assert 1 == app.main(["--data", str(tmp_path / "base"), "--port", "0", "--host", "0.0.0.0"])
    assert "0.0.0.0 is reached from other machines" in capsys.readouterr().err
    assert not (tmp_path / "base").exists()


def test_a_malformed_file_of_accounts_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the line."""
    (tmp_path / "users.txt").write_text("anna:editor\n")
    assert 1 == app.main(["--port", "0", "--auth-file", str(tmp_path / "users.txt")])
    assert f"{tmp_path / 'users.txt'}, line 1: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "bytes_"), [("20mb", 20 * 2**20), ("1 KB", 1024), ("3g", 3 * 2**30), ("500", 500), ("7B", 7)]
)
def test_a_size_has_a_unit(given: str, bytes_: int) -> None:
    """Or is in bytes."""
    assert bytes_ == app.size(given)


@pytest.mark.parametrize("given", ["", "mb", "-1mb", "0", "20 parsecs"])
def test_what_is_no_size_is_refused(given: str) -> None:
    """With one that is."""
    with pytest.raises(argparse.ArgumentTypeError, match="20mb"):
        app.size(given)
