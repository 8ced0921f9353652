"""Keeps RESULTS.md: each benchmark owns one section, which it replaces and leaves the others alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = "# Results\n\nEvery section is written by the command it names; figures are as measured.\n"


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write_section(title: str, body: str, path: Path = RESULTS) -> None:
    """Replace the section `title` of the file at `path`, or add it at the end; the other sections stay as they are."""
    text = path.read_text("utf-8") if path.exists() else HEAD
    section = f"## {title}\n\n{body.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if not pattern.search(text):
        text = f"{text.rstrip()}\n\n## {title}\n"
    text = pattern.sub(lambda _: section + "\n", text)
    path.write_text(text.rstrip() + "\n", "utf-8")
