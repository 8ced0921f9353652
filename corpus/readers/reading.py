"""What a reader gives back, and what readers share: turning bytes into text, and refusing what is no text."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from corpus.errors import UnreadableInput
from corpus.thread import Skipped, Thread

BINARY_SHARE = 0.05
"""Text with more control characters than this share is no text: real pastes hold a stray one at most."""

CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffd]")

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The threads that a reader found, what it left out and why, and the layout it recognised, in words."""

    threads: tuple[Thread, ...]
    skipped: tuple[Skipped, ...] = ()
    layout: str = ""


def decode(data: bytes, place: str) -> str:
    """Return `data` as text: by its byte order mark, else UTF-8, else the likeliest encoding.

    Raises UnreadableInput, naming `place`, where the bytes are no text.
    """
    text = _decoded(data)
    if text is None or is_binary(text):
        raise UnreadableInput(
            f"{place} is not text (it looks binary); save the thread as a text file, or copy it and paste it"
        )
    return text


def is_binary(text: str) -> bool:
    """Whether too much of `text` is control characters for it to be text."""
    return len(CONTROLS.findall(text)) > BINARY_SHARE * len(text)


def _decoded(data: bytes) -> str | None:
    for mark, encoding in (*BYTE_ORDER_MARKS, (b"", "utf-8")):
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    if b"\x00" in data:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    return None if best is None else str(best)
