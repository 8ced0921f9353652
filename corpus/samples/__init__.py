"""The sample threads that every new user starts from: one real, the others written for Counterpoint and marked so."""

from __future__ import annotations

import json
from importlib.resources import files

from corpus.readers.pasted import read_pasted
from corpus.thread import Thread


def sample_threads() -> tuple[Thread, ...]:
    """Return the threads that index.json lists, in its order, read like any paste."""
    folder = files(__name__)
    threads: list[Thread] = []
    for entry in json.loads((folder / "index.json").read_text(encoding="utf-8")):
        reading = read_pasted(
            (folder / entry["file"]).read_bytes(),
            title=entry["title"],
            forum=entry["forum"],
            invented=entry["invented"],
            place=entry["file"],
        )
        threads += reading.threads
    return tuple(threads)
