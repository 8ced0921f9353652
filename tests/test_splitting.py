"""Asking a chat model for the claims of difficult posts, from the command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from fakes import HashingEncoder, RuleJudge, thread_of
from scripted import Reply, scripted, sent

from bot.splitting import main
from indexer.knowledge import KnowledgeBase
from tests.test_proposals import ANECDOTE, FIRST, LONG


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    with KnowledgeBase.open(tmp_path / "base", encoder=HashingEncoder(), judge=RuleJudge()) as base:
        base.add([thread_of("Should I lift?", "Should I lift?", LONG)])
    opening: Callable[..., KnowledgeBase] = KnowledgeBase.open
    monkeypatch.setattr(
        "bot.splitting.KnowledgeBase.open",
        lambda *given, **named: opening(*given, encoder=HashingEncoder(), judge=RuleJudge(), **named),
    )
    return tmp_path / "base"


def found(quote: str) -> Reply:
    return {"claims": [{"quote": FIRST}, {"quote": quote, "kind": "experience", "stance": "pro"}]}


def test_what_it_takes_is_said_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A dry run names posts and tokens and whether text leaves, and asks nothing."""
    model = scripted(found(ANECDOTE))
    assert 0 == main(["--data", str(folder), "--dry-run"], model=model)
    printed = capsys.readouterr().out
    assert "1 difficult post to ask fake:script about" in printed
    assert "LEAVES this machine" in printed
    assert [] == sent(model)


def test_the_budget_is_said_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a run may take, in tokens and in money, stands beside what it would take, and what it cost behind it."""
    prices = {"price_in": 1_000.0, "price_out": 1_000.0}
    model = scripted(found(ANECDOTE), run_tokens=50_000, run_cost=500.0, **prices)
    main(["--data", str(folder), "--yes"], model=model)
    first, second, *_, last = capsys.readouterr().out.splitlines()
    assert first.endswith("by the prices given at most.")
    assert "The budget of this run is 50,000 tokens and a cost of 500.00: what would be more is not asked." == second
    assert (
        f"It took {model.used.tokens:,} tokens in 1 request, {model.used.tokens / 1000:.2f} by the prices given."
        == last
    )


def test_a_no_asks_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a yes goes on."""
    monkeypatch.setattr("builtins.input", lambda _: "")
    model = scripted(found(ANECDOTE))
    assert 1 == main(["--data", str(folder)], model=model)
    assert [] == sent(model)


def test_what_it_took_is_counted(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was located and kept is said, and the tokens."""
    assert 0 == main(["--data", str(folder), "--yes"], model=scripted(found(ANECDOTE)))
    printed = capsys.readouterr().out
    assert "1 post, 1 of them asked about now: 2 proposed claims, 100% located, 2 kept." in printed
    assert "It took" in printed


def test_a_run_keeps_its_budget(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A budget that is spent ends the run in words."""
    assert 0 == main(["--data", str(folder), "--yes"], model=scripted(found(ANECDOTE), run_tokens=5))
    assert "Stopped: " in capsys.readouterr().out


def test_without_a_model_it_says_how_to_have_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the variable."""
    monkeypatch.delenv("COUNTERPOINT_CHAT_MODEL", raising=False)
    assert 2 == main(["--data", str(folder), "--yes"])
    assert "COUNTERPOINT_CHAT_MODEL" in capsys.readouterr().err


def test_the_post_is_sent_as_data(folder: Path) -> None:
    """What the post says stands in the fence, with its thread's question."""
    model = scripted(found(ANECDOTE))
    main(["--data", str(folder), "--yes"], model=model)
    assert f'{{"question": "Should I lift?", "text": "{LONG}"}}' in sent(model)[0]
