"""The words of one pasted post: its text, what in it is quoted, and the lines that are no words of anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.cleaning import clean
from corpus.readers.dates import WHEN
from corpus.readers.lines import ORIGINALLY, Line, attribution_of, is_button, is_rule, lines_of

SIGNATURE_LINES = 8
"""A longer end after "--" is not a signature (the convention asks for 4; forums allow a few more)."""

EDIT_NOTE_LENGTH = 120

_QUOTE_MARK = re.compile(r"(?:>\s?)+(?!\d)")
_BBCODE = re.compile(r"\[(?P<end>/)?quote(?:[=:\s]\s*[\"']?(?P<author>[^\]\"',;]+)[^\]]*)?\]", re.IGNORECASE)
_EXPAND = re.compile(r"click to expand(?:\.{3}|…)?", re.IGNORECASE)
_SENT_FROM = re.compile(r"(?:sent from my|get outlook for|sent via|posted from my) .{1,60}", re.IGNORECASE)
_EDITED = re.compile(
    r"\W*(?:last )?edited (?:by|on|at)\b.*|.{1,40} edited this .*|\[?edited\b.{0,20}\]?", re.IGNORECASE
)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class QuotedSpan:
    """`text[start:end]` of a body was written by somebody else: `author`, where the paste says so."""

    start: int
    end: int
    author: str | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """A post's plain text, its quotes, and the spans of the source that were left out, each with a named reason."""

    text: str
    quotes: tuple[QuotedSpan, ...]
    left_out: tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class _Piece:
    """A kept line or a part of one: `text`, and the number of the quote it belongs to (0: none)."""

    text: str
    quote: int = 0


def body_of(source: str, start: int, end: int, *, page: bool = True) -> Body:
    """Return what `source[start:end]` says; it is no part of a `page` where it has no buttons.

    Reasons for leaving lines out: "button", "signature", "edit_note", "drawn_line".
    """
    lines = lines_of(source[start:end])
    reasons = _reasons(lines, page=page)
    left_out = tuple(
        (start + line.start, start + line.end, reason)
        for line, reason in zip(lines, reasons, strict=True)
        if reason and not line.blank
    )
    pieces, authors = _pieces(source[start:end], lines, reasons)
    joined = "\n".join(piece.text for piece in pieces)
    cleaned = clean(joined)
    quotes = []
    for number, author in enumerate(authors, start=1):
        span = _span_in(pieces, number)
        inside = cleaned.span_of(*span) if span else (0, 0)
        first, last = _trimmed(cleaned.text, *inside)
        if first < last:
            quotes.append(QuotedSpan(first, last, author))
    return Body(cleaned.text, tuple(quotes), left_out)


def _reasons(lines: list[Line], *, page: bool) -> list[str]:
    """For each line the reason to leave it out, or ""."""
    reasons = [_reason(line.text, page=page) for line in lines]
    for index, line in enumerate(lines):
        beside = reasons[max(0, index - 1) : index + 2]
        if re.fullmatch(r"[\d.,]+k?", line.text) and "button" in beside:
            reasons[index] = "button"  # a count of votes between its arrows
    signature = _signature(lines)
    return reasons[:signature] + ["signature"] * (len(lines) - signature)


def _reason(text: str, *, page: bool) -> str:
    if page and is_button(text) and not _EXPAND.fullmatch(text):
        return "button"
    if _SENT_FROM.fullmatch(text):
        return "signature"
    if len(text) <= EDIT_NOTE_LENGTH and _EDITED.fullmatch(text) and (WHEN.search(text) or "edited by" in text.lower()):
        return "edit_note"
    return "drawn_line" if is_rule(text) else ""


def _signature(lines: list[Line]) -> int:
    """The line at which a signature begins: "--" or a long underline with few lines after it; else past the end."""
    for index, line in enumerate(lines):
        rest = [line for line in lines[index + 1 :] if not line.blank]
        begins = line.text == "--" or re.fullmatch(r"_{5,}", line.text)
        if begins and index and 0 < len(rest) <= SIGNATURE_LINES:
            return index
    return len(lines)


def _pieces(source: str, lines: list[Line], reasons: list[str]) -> tuple[list[_Piece], list[str | None]]:
    """The kept lines in order, each with the number of its quote, and who each quote names."""
    pieces: list[_Piece] = []
    authors: list[str | None] = []
    marked = False  # inside lines led by ">"
    bbcode = 0  # how many [quote] are open
    for index, line in enumerate(lines):
        if reasons[index]:
            continue
        raw = source[line.start : line.end]
        if _EXPAND.fullmatch(line.text):
            _close_expanded(pieces, authors)
            continue
        if mark := _QUOTE_MARK.match(line.text):
            if not marked:
                authors.append(_attributed(pieces, len(authors) + 1))
            marked = True
            pieces.append(_Piece(line.text[mark.end() :], len(authors)))
            continue
        marked = False
        at = 0
        for tag in _BBCODE.finditer(raw):
            pieces.append(_Piece(raw[at : tag.start()], len(authors) if bbcode else 0))
            at = tag.end()
            if not tag["end"] and not bbcode:
                authors.append(tag["author"] and tag["author"].strip())
            bbcode = max(0, bbcode - 1) if tag["end"] else bbcode + 1
        pieces.append(_Piece(raw[at:], len(authors) if bbcode else 0))
    return pieces, authors


def _attributed(pieces: list[_Piece], quote: int) -> str | None:
    """Who the line above a quote says wrote it; that line becomes part of the quote."""
    above = next((piece for piece in reversed(pieces) if piece.text.strip()), None)
    author = introduced(above.text.strip()) if above and not above.quote else None
    if above and author:
        above.quote = quote
    return author


def introduced(text: str) -> str | None:
    """Whom a line names as the author of the quote that follows ("name wrote:"), or None."""
    if said := attribution_of(text):
        return said.author if text.rstrip("↑ ").endswith(":") else None
    original = ORIGINALLY.fullmatch(text)
    return original["author"].strip() if original else None


def _close_expanded(pieces: list[_Piece], authors: list[str | None]) -> None:
    """Mark the lines from "name said:" on as a quote, which "Click to expand..." has just ended."""
    for index in range(len(pieces) - 1, -1, -1):
        if pieces[index].quote:
            return
        if author := introduced(pieces[index].text.strip()):
            authors.append(author)
            for piece in pieces[index:]:
                piece.quote = len(authors)
            return


def _span_in(pieces: list[_Piece], quote: int) -> Span | None:
    """Where a quote stands in the pieces joined by newlines."""
    at = 0
    start = end = None
    for piece in pieces:
        if piece.quote == quote:
            start = at if start is None else start
            end = at + len(piece.text)
        at += len(piece.text) + 1
    return None if start is None or end is None else (start, end)


def _trimmed(text: str, start: int, end: int) -> Span:
    """The span without space at its ends."""
    words = text[start:end]
    return start + len(words) - len(words.lstrip()), end - (len(words) - len(words.rstrip()))
