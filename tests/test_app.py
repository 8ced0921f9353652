"""How the page starts."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest

import app
from corpus.samples import sample_threads
from indexer.knowledge import KnowledgeBase


def test_a_port_in_use_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is built before the port is known to be free; the remedy is named."""
    with socket.socket() as taken:
        taken.bind((app.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert 1 == app.main(["--data", str(tmp_path / "base"), "--port", str(port)])
    assert f"{app.HOST}:{port} cannot be listened on; choose another with --port\n" == capsys.readouterr().err
    assert not (tmp_path / "base").exists()


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message comes without a traceback, and the folder is left alone."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert 1 == app.main(["--data", str(tmp_path), "--port", "0"])
    assert str(tmp_path) in capsys.readouterr().err
    assert ["notes.txt"] == [path.name for path in tmp_path.iterdir()]


def test_the_first_start_adds_the_samples(base: KnowledgeBase) -> None:
    """Every new user has something to ask about."""
    app.add_samples(base)
    assert {thread.id for thread in sample_threads()} == {thread.id for thread in base.threads()}


def test_the_help_says_how_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` names every option and the address that is used without one."""
    with pytest.raises(SystemExit) as stopped:
        app.main(["--help"])
    assert 0 == stopped.value.code
    assert {"--data", "--host", "--port", "--read-only", "--auth-file", "--open-to-all", "--mcp"} <= set(
        re.findall(r"--[\w-]+", shown := capsys.readouterr().out)
    )
    assert "127.0.0.1" in shown
