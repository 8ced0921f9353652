"""The command line of the bot: an answer and its forms, exit codes, and errors of one line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge
from scripted import draft, scripted

from bot.__main__ import FAILED, FOUND, NOTHING_FOUND, main
from bot.exporting import ExportForm
from indexer.knowledge import KnowledgeBase

LIFT = "Should I lift weights for a faster 5k?"
BALANCE = "1 of 2 people lean yes, 1 no; small sample"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with KnowledgeBase.open(tmp_path / "base", encoder=HashingEncoder(), judge=RuleJudge()) as base:
        base.add([RUNNERS, BAKERS])
    return tmp_path / "base"


def run(*arguments: str) -> int:
    return main(arguments, encoder=HashingEncoder(), judge=RuleJudge())


def test_an_answer_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first line is the balance, and the exit code says that there is an answer."""
    code = run("--data", str(folder), LIFT)
    assert (FOUND, BALANCE) == (code, capsys.readouterr().out.splitlines()[0])


def test_a_question_needs_no_quotation_marks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Words of their own are one question."""
    run("--data", str(folder), *LIFT.split())
    assert BALANCE == capsys.readouterr().out.splitlines()[0]


def test_a_pipe_gets_no_colours_and_no_progress(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Away from a terminal there are no control characters, and nothing on standard error."""
    run("--data", str(folder), LIFT)
    printed = capsys.readouterr()
    assert ("", False) == (printed.err, "\x1b" in printed.out)


def test_what_was_said_about_self_harm_is_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The note stands alone; --anyway shows the rest."""
    question = "Should I kill myself or lift weights for a faster 5k?"
    run("--data", str(folder), question)
    closed = capsys.readouterr().out
    run("--data", str(folder), "--anyway", question)
    opened = capsys.readouterr().out
    assert (2, True) == (len(closed.strip().split("\n\n")), "--anyway" in closed)
    assert opened.startswith(closed.splitlines()[0])
    assert len(opened) > 2 * len(closed)


def test_json_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the output is one JSON value with the same balance."""
    run("--data", str(folder), "--json", LIFT)
    assert BALANCE == json.loads(capsys.readouterr().out)["line"]


def test_markdown_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --markdown the output begins with the question as a heading."""
    run("--data", str(folder), "--markdown", LIFT)
    assert f"## {LIFT}" == capsys.readouterr().out.splitlines()[0]


@pytest.mark.parametrize("form", list(ExportForm))
def test_every_form_of_export_is_printed(folder: Path, capsys: pytest.CaptureFixture[str], form: ExportForm) -> None:
    """--format names the forms in which the page exports an answer; each holds its claims."""
    assert FOUND == run("--data", str(folder), "--format", form.value, LIFT)
    assert "squats helped my hips" in capsys.readouterr().out


def test_nothing_found_is_one(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A question that nobody talked about exits with 1, as grep does, and says so."""
    code = run("--data", str(folder), "Is the moon made of cheese?")
    assert (NOTHING_FOUND, "Nobody here talked about that.") == (code, capsys.readouterr().out.splitlines()[0])


def test_a_missing_knowledge_base_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no knowledge base, one line says how to get one, and none is made."""
    code = run("--data", str(tmp_path / "none"), LIFT)
    error = capsys.readouterr().err
    assert (FAILED, 1) == (code, error.count("\n"))
    assert error.endswith("to begin with the sample threads: python -m indexer samples\n")
    assert not (tmp_path / "none").exists()


def test_what_is_no_question_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Emoji alone are refused with the reason and an example."""
    code = run("--data", str(folder), "🏃")
    assert (FAILED, True) == (code, capsys.readouterr().err.startswith("error: There are no words in the question."))


def test_no_question_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a question the usage is shown, and the exit code is 2."""
    with pytest.raises(SystemExit) as ended:
        run()
    assert (2, True) == (ended.value.code, capsys.readouterr().err.startswith("usage: python -m bot"))


def test_json_and_markdown_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    """Only one form can be asked for."""
    with pytest.raises(SystemExit):
        run("--json", "--markdown", LIFT)
    assert "not allowed with argument" in capsys.readouterr().err


def test_help_tells_the_exit_codes() -> None:
    """The help of the installed module names every exit code, without loading a model."""
    shown = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True)
    assert "0 an answer, 1 nobody here talked about it, 2 wrong usage" in " ".join(shown.stdout.split())


def test_prose_is_written_where_a_model_is_configured(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer has it without being asked for it, and without it with --no-prose; a wrong setting is one line."""
    texts = ["Yes, squats helped my hips", "Heavy lifting never helped anyone I know"]
    model = scripted(draft(*((text, ["c1"]) for text in texts)))
    monkeypatch.setattr("bot.__main__.ChatModel.configured", lambda: model)
    assert FOUND == run("--data", str(folder), LIFT)
    assert "Written by fake:script" in capsys.readouterr().out
    assert FOUND == run("--data", str(folder), "--no-prose", LIFT)
    assert "fake:script" not in capsys.readouterr().out
    monkeypatch.undo()
    monkeypatch.setenv("COUNTERPOINT_CHAT_MODEL", "nonsense")
    assert FAILED == run("--data", str(folder), LIFT)
    assert 'expected "provider:model"' in capsys.readouterr().err
