"""The tab that says which chat model is active, and where text goes."""

from __future__ import annotations

import pytest
from scripted import scripted

from bot.model import ChatModel, Settings
from page.access import OPEN, Access
from page.settings import settings_html
from page.settings import testing as trying

KEY = "sk-proj-aaaaBBBBcccc1111"


def test_without_a_model_nothing_leaves() -> None:
    """The page says that it works by itself."""
    assert "nothing leaves this machine" in settings_html(None)


def test_a_remote_model_is_said_plainly() -> None:
    """Text that leaves the machine is a warning that names where it goes."""
    shown = settings_html(ChatModel(Settings("openai:gpt-5")))
    assert "page-problem" in shown
    assert "TEXT LEAVES THIS MACHINE" in shown
    assert "api.openai.com" in shown


def test_a_local_model_keeps_text_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address of this machine is named."""
    monkeypatch.setattr("bot.model.getproxies", dict)
    shown = settings_html(ChatModel(Settings("ollama:llama3.2", url="http://127.0.0.1:11434")))
    assert "Text stays on this machine: the model is asked at 127.0.0.1." in shown
    assert "LEAVES" not in shown


def test_no_key_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither as a setting nor in what a test of the connection says."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    shown = settings_html(ChatModel(Settings(f"openai:{KEY}")))
    said = "".join(trying(scripted(*[ValueError(f"bad key {KEY}")] * 9), OPEN, None))
    assert KEY not in shown + said
    assert "[key]" in said


def test_what_was_used_is_counted() -> None:
    """Tokens and, with prices, what they cost."""
    model = scripted({"ready": True}, price_in=1_000_000.0)
    list(trying(model, OPEN, None))
    assert f"Since the start: {model.used.tokens:,} tokens in 1 requests, {model.used.asked:.2f}" in settings_html(
        model
    )


def test_only_who_may_change_something_tests_the_connection() -> None:
    """A test costs tokens: on a page for reading nobody makes one."""
    model = scripted({"ready": True})
    assert "page-problem" in "".join(trying(model, Access(read_only=True), None))
    assert 0 == model.used.requests
