"""A web page as a tree of elements without scripts and hidden parts: found by CSS selector, told as plain text.

Parsed by lexbor (https://lexbor.com), which follows the HTML standard as browsers do and keeps text however deep it
stands. The tree is walked without recursion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.errors import UnreadableInput

DEEPEST = 20_000
"""Elements inside one another; the parser needs about a second for so many, and browsers stop at 512."""

_VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
_CLOSED_BY_OTHERS = "p|li|dt|dd|tr|td|th|tbody|thead|tfoot|option|colgroup|html|head|body"
_NESTING = re.compile(rf"<(/?)(?!(?:{_VOID}|{_CLOSED_BY_OTHERS})[\s/>])[a-z][^\s/>]*", re.IGNORECASE)

_CLOSED_AT_ONCE = re.compile(
    rf"<(?!(?:{_VOID})[\s/])([a-z][\w:-]*)(\s(?:[^<>\"'/]|/(?!>)|\"[^\"<>]*\"|'[^'<>]*')*(?<=[\"'\s]))?/>",
    re.IGNORECASE,
)
"""`<div/>`: closed in XHTML, and in what programs save; HTML leaves it open, `<iframe/>` over all that follows."""

_NOSCRIPT = re.compile(r"<(/?)noscript\b", re.IGNORECASE)
"""Discourse shows threads inside of it to programs; the parser takes its content for text."""

_DROPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "svg",
        "math",
        "head",
        "select",
        "option",
        "button",
        "textarea",
        "input",
        "iframe",
        "object",
        "audio",
        "video",
        "canvas",
        "dialog",
        "nav",
    ]
)
"""Elements whose text no reader of the page reads as part of a post."""

_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_HIDDEN_CLASS = re.compile(r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader(?:-text)?|offscreen|u-srOnly)(?:\s|$)")

BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


MOST_PIECES = 200
"""A short text is in fewer pieces."""


@dataclass(slots=True, eq=False)
class Element:
    """An element; it holds the elements numbered from `at` up to, not including, `end` (itself among them)."""

    tag: str
    attrs: dict[str, str]
    parent: Element | None
    at: int
    end: int = 0
    children: list[Element | str] = field(default_factory=list)

    @property
    def names(self) -> str:
        """Its class and id."""
        return f"{self.attrs.get('class', '')} {self.attrs.get('id', '')}"

    @property
    def ancestors(self) -> Iterator[Element]:
        """What it stands in, nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def holds(self, other: Element) -> bool:
        """Whether `other` is this element or stands in it."""
        return self.at <= other.at < self.end

    def walk(self) -> Iterator[Element | str]:
        """Its text and elements, in order, without itself."""
        stack = [iter(self.children)]
        while stack:
            for child in stack[-1]:
                yield child
                if isinstance(child, Element):
                    stack.append(iter(child.children))
                    break
            else:
                stack.pop()

    @property
    def own_text(self) -> str:
        """The text that stands directly in it."""
        return " ".join(" ".join(child.split()) for child in self.children if isinstance(child, str)).strip()

    @property
    def text(self) -> str:
        """All its text on one line."""
        return " ".join("".join(_spaced(self)).split())

    def short_text(self, length: int) -> str:
        """Its text on one line; of a text longer than `length` at least one character more than that."""
        pieces: list[str] = []
        count = 0
        for seen, piece in enumerate(_spaced(self)):
            pieces.append(piece)
            count += len(piece.strip())
            if count > length or seen > MOST_PIECES:
                break
        return " ".join("".join(pieces).split())


def _spaced(element: Element) -> Iterator[str]:
    for child in element.walk():
        if isinstance(child, str):
            yield child
        elif child.tag in BLOCKS or child.tag == "br":
            yield " "


class Page:
    """A parsed page. `elements` are those that can be seen, in the order of the page."""

    def __init__(self, html: str, url: str | None, place: str) -> None:
        _check_depth(html, place)
        self.html = html
        closed = _NOSCRIPT.sub(r"<\1x-noscript", _CLOSED_AT_ONCE.sub(r"<\1\2></\1>", html))
        self._parser = LexborHTMLParser(closed.encode("utf-8", "replace").replace(b"\x00", b""))
        self.elements: list[Element] = []
        self._by_node: dict[int, Element] = {}
        self._grow()
        self._said_url = url

    def find(self, selector: str) -> list[Element]:
        """Return the visible elements that a CSS selector names, in order."""
        found = {node.mem_id: self._by_node.get(node.mem_id) for node in self._parser.css(selector)}
        return sorted((element for element in found.values() if element), key=lambda element: element.at)

    def attribute(self, selector: str, name: str) -> str | None:
        """Return an attribute of the first element, in the head too, that a selector names."""
        node = self._parser.css_first(selector)
        return ((node.attributes.get(name) or "").strip() or None) if node is not None else None

    def texts(self, selector: str) -> list[str]:
        """Return the text of elements that are not shown, such as scripts."""
        return [node.text() for node in self._parser.css(selector)]

    @cached_property
    def url(self) -> str | None:
        """Where the page says it came from."""
        saved = re.search(r"<!-- saved from url=\(\d+\)(\S+) -->", self.html[:5000])
        said = (
            self._said_url,
            self.attribute("link[rel=canonical]", "href"),
            self.attribute('meta[property="og:url"]', "content"),
            self.attribute("link[itemprop=mainEntityOfPage]", "href"),
            saved[1] if saved else None,
            self.attribute("base", "href"),
        )
        return next((url for url in said if url and re.match(r"https?://[^/\s]+", url)), None)

    @property
    def language(self) -> str:
        """The language that the page declares ("de"), or ""."""
        return (self.attribute("html", "lang") or self.attribute("html", "xml:lang") or "").lower()[:5]

    @cached_property
    def title(self) -> str | None:
        """What the page is about: the longest heading in its title, else og:title or the title's first part."""
        said = self.texts("title")
        shown = " ".join(said[0].split()) if said else ""
        headings = [text for text in (element.text for element in self.find("h1, h2, h3")) if text and text in shown]
        return (
            max(headings, key=len, default=None)
            or self.attribute('meta[property="og:title"]', "content")
            or re.split(r" (?:[-|•·–—»/:]+|::) ", shown)[0]
            or None
        )

    @property
    def site(self) -> str | None:
        """The name of the forum."""
        host = re.match(r"https?://(?:www\.)?([^/:?#]+)", self.url or "")
        return self.attribute('meta[property="og:site_name"]', "content") or (host[1] if host else None)

    @cached_property
    def _base(self) -> str:
        """What relative links start from."""
        try:
            return urljoin(self.url or "", self.attribute("base", "href") or "")
        except ValueError:
            return self.url or ""

    def absolute(self, href: str | None, home: str = "") -> str | None:
        """Return a link in full, without session ids; None where it is not known in full.

        `home` is what it starts from where the page does not say where it is from.
        """
        if not href:
            return None
        try:
            link = urljoin(self._base or home, href.strip())
        except ValueError:
            return None
        link = re.sub(r"(?<=[?&])(?:sid|s|PHPSESSID)=[0-9a-f]{32}(?:&|(?=#)|$)", "", link)
        return re.sub(r"[?&](?=#|$)", "", link) if re.match(r"https?://[^/\s]+\S*$", link) else None

    def _grow(self) -> None:
        """Build the tree in the order of the page, without recursion."""
        stack: list[tuple[LexborNode, Element | None]] = [(self._parser.root, None)] if self._parser.root else []
        open_: list[Element] = []
        while stack:
            node, parent = stack.pop()
            while open_ and open_[-1] is not parent:
                open_.pop().end = len(self.elements)
            if node.next is not None and parent is not None:
                stack.append((node.next, parent))
            element = self._element(node, parent)
            if element is None:
                continue
            open_.append(element)
            if node.child is not None:
                stack.append((node.child, element))
        for element in open_:
            element.end = len(self.elements)

    def _element(self, node: LexborNode, parent: Element | None) -> Element | None:
        """Enter a node under its parent; return its element where it is a visible one."""
        if not node.is_element_node:
            if node.tag == "-text" and parent is not None:
                parent.children.append(node.text_content or "")
            return None
        attrs = {name: value or "" for name, value in node.attributes.items()}
        if _is_dropped(node.tag or "", attrs):
            return None
        element = Element(node.tag or "", attrs, parent, len(self.elements))
        self.elements.append(element)
        self._by_node[node.mem_id] = element
        if parent is not None:
            parent.children.append(element)
        return element


def _is_dropped(tag: str, attrs: dict[str, str]) -> bool:
    return (
        tag in _DROPPED
        or "hidden" in attrs
        or bool(_HIDING.search(attrs.get("style", "")))
        or bool(_HIDDEN_CLASS.search(attrs.get("class", "")))
    )


def _check_depth(html: str, place: str) -> None:
    depth = 0
    for match in _NESTING.finditer(html):
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > DEEPEST:
            raise UnreadableInput(
                f"{place} nests more than {DEEPEST:,} elements in one another; save the page from a browser"
            )
