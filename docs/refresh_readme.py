"""Put the program's real answers into the README: every console block that asks the bot gets what it prints today.

`python docs/refresh_readme.py` rewrites the README; `tests/test_readme.py` fails where that would change it.
"""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
ASKED = re.compile(
    r"^```console\n(?P<command>\$ python -m bot (?P<words>[^\n]*)\n)(?P<output>.*?)^```$", re.MULTILINE | re.DOTALL
)


def refreshed(text: str, folder: Path) -> str:
    """Return `text` with the output of every `$ python -m bot ...` block as the knowledge base in `folder` answers."""
    from bot.__main__ import main

    def answered(block: re.Match[str]) -> str:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            main([*shlex.split(block["words"]), "--data", str(folder)])
        return f"```console\n{block['command']}{printed.getvalue()}```"

    return ASKED.sub(answered, text)


def sample_base(folder: Path) -> None:
    """Build the knowledge base of the sample threads in `folder`."""
    from corpus.samples import sample_threads
    from indexer.knowledge import KnowledgeBase

    with KnowledgeBase.open(folder) as base:
        base.add(sample_threads())


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "base"
        sample_base(folder)
        README.write_text(refreshed(README.read_text("utf-8"), folder), "utf-8")
