"""Who may change things."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import pytest
from starlette.requests import Request

from page.access import OPEN, VISITOR, Access, NotAllowed, name_of
from page.accounts import Accounts, Role, account_of, write_accounts
from page.visitor import visitor_html


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    both = {"anna": account_of("anna", Role.EDITOR, "correct horse"), "b<b>": account_of("b<b>", Role.READER, "x" * 8)}
    write_accounts(tmp_path / "users.txt", both)
    return Accounts.open(tmp_path / "users.txt")


def by(name: str | None) -> gr.Request:
    return gr.Request(username=name)


def test_everybody_may_edit_a_page_of_their_own() -> None:
    """Without accounts and not read-only, nothing is refused."""
    assert OPEN.may_edit(by(None))


def test_nobody_may_edit_a_page_for_reading(accounts: Accounts) -> None:
    """Not even an editor."""
    with pytest.raises(NotAllowed, match="for reading"):
        Access(accounts, read_only=True).require(by("anna"))


def test_only_editors_may_edit(accounts: Accounts) -> None:
    """A reader, a stranger, somebody unknown and no visitor at all are refused."""
    access = Access(accounts)
    assert [True, False, False, False, False] == [
        access.may_edit(one) for one in (by("anna"), by("b<b>"), by("carl"), by(None), None)
    ]


def test_each_is_told_why(accounts: Accounts) -> None:
    """A reader is told that they are one, others to log in."""
    assert "as a reader" in Access(accounts).refusal(by("b<b>"))
    assert "log in" in Access(accounts).refusal(by(None))


def test_the_name_is_found_in_each_kind_of_request() -> None:
    """Gradio hands its own request to handlers, and Starlette's to tools of the MCP server."""
    plain = Request({"type": "http", "headers": [], VISITOR: "anna"})
    assert ["anna", "anna", "bert", None, None] == [
        name_of(one) for one in (plain, gr.Request(plain), gr.Request(plain, username="bert"), by(None), None)
    ]


def test_a_name_is_shown_as_text(accounts: Accounts) -> None:
    """With the role, and a way out that keeps to the path under which the page is served."""
    shown = visitor_html(Access(accounts), by("b<b>"), "/forum")
    assert "b&lt;b&gt; (reader)" in shown
    assert 'href="/forum/logout"' in shown
    assert "" == visitor_html(OPEN, by("anna"))
