"""Markup of posts -> plain text and quotes: the HTML that forums show, the Markdown that people type.

HTML is read by the standard library's parser (https://html.spec.whatwg.org/), which fetches and runs nothing. Markdown
is Reddit's (https://www.reddit.com/wiki/markdown), by rules for what people use, as most posts hold none.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import groupby

from corpus.readers.quoting import Piece, Said, put_together

PARAGRAPHS = frozenset(
    {"p", "ul", "ol", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "hr", "blockquote", "aside", "details"}
)
LINES = frozenset({"br", "li", "tr", "div", "dt", "dd", "section", "article", "header", "summary", "figcaption"})
ITEMS = frozenset({"br", "li", "tr", "dt", "dd", "td", "th"})
"""Lines and cells that begin where they stand and end where the next one begins."""

CELLS = frozenset({"td", "th"})
UNSAID = frozenset({"script", "style", "svg", "template", "iframe", "noscript"})
"""Elements without words of a person."""

NESTING = frozenset({"aside", "blockquote", "div", "pre", "section", "article", "header"}) | UNSAID
"""Elements whose end matters."""

UNSAID_CLASSES = frozenset({"meta", "onebox-metadata", "quote-controls", "poll-info", "badge-wrapper"})
"""What Discourse writes around pictures, previews, quotes and polls."""

_SPACE = re.compile(r"[ \t\n\r\f]+")


def from_html(source: str, *, topic: str | None = None, marked: bool = False) -> Said:
    """Return what an HTML fragment says. Never raises.

    Block quotes, Discourse's quotes (with author, and post number where they are of `topic`) and link previews are
    quotes; with `marked`, so are lines that begin with ">".
    """
    parser = _Fragment(topic)
    parser.feed(source)
    parser.close()
    parser.flush()
    pieces: Iterator[Piece] = iter(parser.pieces)
    if marked:
        pieces = (part for piece in pieces for part in ([piece] if piece.quoted else by_mark(piece.text)))
    return put_together(pieces)


class _Fragment(HTMLParser):
    """Gathers `pieces`; elements left open or closed twice do no harm."""

    def __init__(self, topic: str | None) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._topic = topic
        self._text: list[str] = []
        self._open: list[tuple[str, str]] = []  # tag and what it does: "quote", "skip", "pre" or nothing
        self._tags: Counter[str] = Counter()
        self._does: Counter[str] = Counter()
        self._author: str | None = None
        self._post: str | None = None

    def flush(self) -> None:
        """Make a piece of the text so far."""
        text = "".join(self._text)
        self._text = []
        if text.strip():
            self.pieces.append(Piece(text, self._does["quote"] > 0, self._author, self._post))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = set(given.get("class", "").split())
        self._break(tag)
        if tag == "img" and "emoji" in classes and not self._does["skip"]:
            self._text.append(given.get("alt", ""))
        if tag not in NESTING:
            return
        does = self._doing(tag, classes)
        if does == "quote" and not self._does["quote"]:
            self.flush()
            self._author = given.get("data-username") or None
            self._post = given.get("data-post") if given.get("data-topic") == self._topic else None
        self._open.append((tag, does))
        self._tags[tag] += 1
        self._does[does] += 1

    def _doing(self, tag: str, classes: set[str]) -> str:
        if tag in UNSAID or classes & UNSAID_CLASSES or ("title" in classes and self._does["quote"]):
            return "skip"
        if tag == "blockquote" or (tag == "aside" and classes & {"quote", "onebox"}):
            return "quote"
        return tag if tag == "pre" else ""

    def handle_endtag(self, tag: str) -> None:
        if tag not in ITEMS:
            self._break(tag)
        if not self._tags[tag]:
            return
        while self._open:
            name, does = self._open.pop()
            if does == "quote" and self._does["quote"] == 1:
                self.flush()
                self._author = self._post = None
            self._tags[name] -= 1
            self._does[does] -= 1
            if name == tag:
                return

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag in NESTING:
            self.handle_endtag(tag)

    def handle_data(self, data: str) -> None:
        if self._does["skip"]:
            return
        if not self._does["pre"]:
            data = _SPACE.sub(" ", data)
            if self._text and self._text[-1][-1:].isspace():
                data = data.removeprefix(" ")
        self._text.append(data)

    def _break(self, tag: str) -> None:
        if tag in PARAGRAPHS:
            self._text.append("\n\n")
        elif tag in LINES:
            self._text.append("\n")
        elif tag in CELLS:
            self._text.append(" ")


# Lines that begin with ">"

_MARK = re.compile(r" {0,3}(?:>(?!!) ?)+")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")


def by_mark(text: str) -> Iterator[Piece]:
    """Yield `text` in pieces: the lines that begin with ">", without their marks, are quoted; in code none are."""
    fenced = False
    lines: list[tuple[str, bool]] = []
    for line in text.split("\n"):
        fence = _FENCE.match(line) is not None
        mark = None if fenced or fence else _MARK.match(line)
        lines.append((line[mark.end() :] if mark else line, mark is not None))
        fenced ^= fence
    join = "\n\n"
    for quoted, group in groupby(lines, key=lambda line: line[1]):
        kept = "\n".join(line for line, _ in group)
        yield Piece(kept, quoted, join=join if kept.strip() else "\n\n")


# Markdown

_MARKS = re.compile(r"[\\`*_~\[^#>|]")
_LINK = re.compile(
    r"(?<!\\)(!?)\[((?:[^\[\]\\]|\\.){0,1000})\]\(([^()\s]{0,2000}(?:\([^()\s]{0,500}\))?[^()\s]{0,500})[^()\n]{0,300}\)"
)
_EMPHASIS = tuple(
    re.compile(rf"(?<!\\){before}(?=[^\s{mark}])([^\n]{{1,3000}}?)(?<=[^\s\\]){after}")
    for mark, before, after in (
        ("*", r"\*\*", r"\*\*"),
        ("_", r"(?<!\w)__", r"__(?!\w)"),
        ("~", "~~", "~~"),
        ("*", r"(?<![\w*])\*(?!\*)", r"\*(?![\w*])"),
        ("_", r"(?<![\w_])_", r"_(?![\w_])"),
        ("`", "`", "`"),
        ("!", ">!", "!<"),
    )
)
_LINE_MARKS = re.compile(
    r"^ {0,3}(?:#{1,6} *(?=\S)|(?:[-*_] *){3,}$|```[^\n`]*$|~~~[^\n]*$|[|: -]*-{2,}[|: -]*$)|(?<!\S)\^+(?=[\w(])",
    re.MULTILINE,
)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>~^|&-])")


def from_markdown(source: str) -> Said:
    """Return what a post in Reddit's Markdown says, in words; lines that begin with ">" are quotes. Never raises."""
    text = html.unescape(source) if "&" in source else source
    if not _MARKS.search(text) and "---" not in text:
        return put_together([Piece(text)])
    return put_together(Piece(_without_marks(piece.text), piece.quoted, join=piece.join) for piece in by_mark(text))


def _without_marks(text: str) -> str:
    text = _LINK.sub(lambda link: "" if link[1] else link[2] or (link[3] if "://" in link[3] else ""), text)
    text = _LINE_MARKS.sub("", text)
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\1", text)
    return _ESCAPED.sub(r"\1", text)
