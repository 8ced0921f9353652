"""The README says what is so: its answers are the program's, its code runs, its files and commands exist."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from indexer.__main__ import main as indexer

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture(scope="module")
def refresh() -> ModuleType:
    spec = importlib.util.spec_from_file_location("refresh_readme", ROOT / "docs" / "refresh_readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(refresh: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme") / "data"
    refresh.sample_base(folder)
    return folder


def test_the_answers_are_what_the_program_prints(refresh: ModuleType, folder: Path) -> None:
    """Asking again what the README asks gives the README, to the letter."""
    assert "$ python -m bot" in README
    assert refresh.refreshed(README, folder) == README


def test_the_code_runs(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The Python block runs on the sample base as it stands, and prints the balance first."""
    (code,) = re.findall(r"^```python\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(folder.parent)
    exec(compile(code, "README.md", "exec"), {})
    assert re.match(r"\d of \d people ", capsys.readouterr().out)


def test_the_commands_are_known() -> None:
    """Every verb that the README gives to the indexer is one of its own."""
    verbs = set(re.findall(r"^\$ python -m indexer (\w+)", README, re.MULTILINE))
    assert {"add", "list", "show", "remove", "verify"} <= verbs
    for verb in verbs:
        with pytest.raises(SystemExit, match="0"):
            indexer([verb, "--help"])


def test_the_make_targets_exist() -> None:
    """Every `make` verb that the README names is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    verbs = set(re.findall(r"`make (\w+)`", README))
    assert {"run", "test", "check"} <= verbs
    assert verbs <= set(re.findall(r"^(\w+):", makefile, re.MULTILINE))


def test_the_files_it_links_are_here() -> None:
    """Every relative link and picture leads to a file of the repository."""
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert "docs/screenshots/ask.png" in links
    assert [] == [link for link in links if not (ROOT / link).exists()]
