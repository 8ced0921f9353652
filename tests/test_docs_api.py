"""Every example of docs/api.md does what it says, against a served sample base."""

from __future__ import annotations

import doctest
import re
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.journeys import ROOT, served_at

DOCUMENT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESS = "http://127.0.0.1:7860/"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)
COMMANDS = re.findall(r"^\$ (.*)\n(.*)$", "".join(block for kind, block in BLOCKS if kind == "console"), re.MULTILINE)


@pytest.fixture(scope="module")
def address(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("api")
    shutil.copytree(sample_folder, folder / "base")
    with served_at(folder, folder / "base", "--mcp") as address:
        yield address


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize(("command", "shown"), COMMANDS, ids=[re.findall(r"\w+(?= -H)", one[0])[0] for one in COMMANDS])
def test_a_command_prints_what_the_document_shows(command: str, shown: str, address: str) -> None:
    """Piece by piece, in order, around what is left out."""
    done = subprocess.run(
        ["bash", "-c", command.replace(ADDRESS, address)], capture_output=True, text=True, timeout=60, check=True
    )
    pattern = ".*".join(re.escape(piece) for piece in shown.split("…"))
    assert re.match(pattern, done.stdout, re.DOTALL), done.stdout[:2_000]


def test_the_python_examples_print_what_the_document_shows(address: str) -> None:
    """In their order, as one session."""
    pytest.importorskip("mcp")
    session = "".join(block for kind, block in BLOCKS if kind == "pycon").replace(ADDRESS, address)
    test = doctest.DocTestParser().get_doctest(session, {}, "docs/api.md", "docs/api.md", 0)
    said: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the client libraries, not ours
        running = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        with ThreadPoolExecutor(1) as alone:  # a thread of its own has no event loop of the browser tests
            failed, tried = alone.submit(running.run, test, out=said.append).result()
    assert 0 == failed, "".join(said)
    assert tried > 20


def test_every_endpoint_stands_in_the_document(address: str) -> None:
    """And no other; each with its values."""
    client = pytest.importorskip("gradio_client").Client(address, verbose=False)
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", DOCUMENT, re.MULTILINE))
    assert {name.removeprefix("/") for name in named} == set(rows)
    for name, endpoint in named.items():
        values = [one["parameter_name"] for one in endpoint["parameters"]]
        shown = re.sub(r" \(\d+\)|, all empty", "", rows[name.removeprefix("/")]).split(", ")
        assert [one for one in shown if one] == values[: len(shown)]
