"""What the elements of a page say as one post: plain text, quotes with whom they name, and what was left out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from corpus.readers.lines import ORIGINALLY, is_button
from corpus.readers.page_tree import BLOCKS, Element
from corpus.readers.quoting import Piece

_QUOTE = re.compile(
    r"(?:^|[\s_-])(?:block-?quote|bb-?code-?quote|bb-?quote"
    r"|quote-?(?:box|content|container|body|block|text|main|header|title)?"
    r"|(?:user|ips|post|message)-?quote|citation|zitat)(?:\s|$)",
    re.IGNORECASE,
)
_NO_QUOTE = re.compile(r"button|btn|link|reply|control|action|multi|icon", re.IGNORECASE)
_BODY_QUOTE = re.compile(r"postcontent|message-?(?:text|body)|restore", re.IGNORECASE)
"""vBulletin 4 and XenForo 1 put whole posts into a <blockquote>."""

_CITING = re.compile(r"attribution|quote-?(?:author|title|header)|citation", re.IGNORECASE)
_CITED_BY = ("data-author", "data-username", "data-ipsquote-username", "data-quote", "author")
_SAID = re.compile(
    r"(?: wrote| said| a écrit| schrieb| escribió| ha scritto| napisał\w*)\b[^:\n]{0,60}:", re.IGNORECASE
)
_ATTRIBUTED = re.compile(
    r"\s*(?:\([^()\n]{6,40}\)\s*)?(?:quote from:|quote:?|zitat:?|citation:?)?\s*"
    r"(?:originally posted by|zitat von|envoyé par|posted by)?:?\s*",
    re.IGNORECASE,
)
_ORIGINALLY = re.compile(
    r"\s*(?:quote from:|(?:quote:?\s*)?(?:originally posted by|zitat von|envoyé par|citation de)\b)", re.IGNORECASE
)
NAME_LENGTH = 40
"""Forums allow names of 20 to 30 characters."""

LONGEST_LINE = 120
"""Characters of a line that says whom a quote is of, and when it was written."""

WRAPPERS = 8
"""Elements around the first word of a quote made of a table."""

FURNITURE = (
    ("signature", re.compile(r"(?:^|[\s_-])(?:sig|(?:post|message|user)?-?signature\w*)(?:[\s_-]|$)", re.IGNORECASE)),
    ("edit_note", re.compile(r"last-?edit|edit-?note|edited-?by|post-?edit|editby", re.IGNORECASE)),
    (
        "button",
        re.compile(
            r"(?:^|[\s_-])(?:buttons?|controls?|toolbar|actions?|reactions?|share|sharing|social|likes?|votes?|voting"
            r"|reply-?link|post-?(?:menu|links|buttons|options|controls|foot(?:er)?)|report|breadcrumbs?|pagination)"
            r"(?:[\s_-]|$)",
            re.IGNORECASE,
        ),
    ),
    ("attachment", re.compile(r"attach(?:box|ments?\b)|inline-?attach|file-?list", re.IGNORECASE)),
)
"""Elements inside a body that are no words of its author, by class and id, with the reason for leaving them out."""

_EDITED = re.compile(
    r"\W*(?:(?:last )?edited (?:by|on|at)\b|(?:zuletzt )?(?:bearbeitet|geändert|editiert) von\b"
    r"|dernière modification par\b|modifié par\b|editado por\b).{0,120}",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Told:
    """The pieces of a post in order, own words and quotes, and what was left out, each with a reason."""

    pieces: list[Piece]
    left_out: list[tuple[str, str]]


def tell(bodies: Iterable[Element], without: Iterable[Element] = ()) -> Told:
    """Return what `bodies` say, one after the other, leaving out furniture and the elements `without`."""
    teller = _Teller({element.at for element in without})
    for body in bodies:
        teller.tell(body)
    teller.flush(None)
    return Told(teller.pieces, teller.left_out)


@dataclass(slots=True)
class _End:
    """What happens at the end of an element."""

    text: str
    quote: bool
    verbatim: bool


class _Teller:
    def __init__(self, without: set[int]) -> None:
        self.without = without
        self.pieces: list[Piece] = []
        self.left_out: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.quoted: str | None = None  # the author of the quote that is open, "" where unknown
        self.verbatim = False

    def tell(self, body: Element) -> None:
        self.said.append("\n\n")
        stack: list[Element | str | _End] = [body]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                self.said.append(node if self.verbatim else re.sub(r"[ \t\r\n\f]+", " ", node))
            elif isinstance(node, _End):
                self._end(node)
            elif node.at not in self.without and (node is body or not self._is_furniture(node)):
                stack.append(self._begin(node, body))
                stack += reversed(node.children)

    def flush(self, quoted: str | None) -> None:
        """Make a piece of what was said so far; what follows is `quoted`, or own words."""
        text = "".join(self.said)
        self.said = []
        if self.quoted is None:
            text = self._own(text)
            if text.strip():
                self.pieces.append(Piece(text))
        else:
            self.pieces += [Piece(part, True, self.quoted or None) for part in _parted(text) if part.strip()]
        self.quoted = quoted

    def _begin(self, element: Element, body: Element) -> _End:
        around = "\n\n" if element.tag in {"p", "pre"} else "\n" if element.tag in BLOCKS or element.tag == "br" else ""
        self.said.append(around)
        quote = self.quoted is None and element is not body and is_quote(element)
        if quote:
            above = self.pieces[-1] if self.pieces else None
            self.flush(cited_author(element) or "")
            if not self.quoted and self.pieces and self.pieces[-1] is above and _attributes(above):
                self.quoted = above.author or ""  # the element above only says whose words these are
        verbatim = element.tag == "pre" and not self.verbatim
        self.verbatim = self.verbatim or verbatim
        return _End("" if element.tag == "br" else around, quote, verbatim)

    def _end(self, end: _End) -> None:
        if end.quote:
            self.flush(None)
        if end.verbatim:
            self.verbatim = False
        self.said.append(end.text)

    def _is_furniture(self, element: Element) -> bool:
        names = element.names
        if names == " " or is_quote(element):
            return False
        reason = next((reason for reason, pattern in FURNITURE if pattern.search(names)), None)
        if reason is None:
            return False
        if text := element.text:
            self.left_out.append((reason, text))
        self.said.append("\n" if element.tag in BLOCKS else " ")
        return True

    def _own(self, text: str) -> str:
        """The text without its lines that are buttons or say who edited it."""
        kept = []
        for line in text.split("\n"):
            bare = line.strip()
            reason = "edit_note" if _EDITED.fullmatch(bare) else "button" if bare and is_button(bare) else None
            if reason:
                self.left_out.append((reason, bare))
            else:
                kept.append(line)
        return "\n".join(kept)


def _parted(quote: str) -> list[str]:
    """A quote in two where its first line only names its author."""
    lines = quote.lstrip().split("\n", 1)
    if len(lines) > 1 and (_SAID.search(lines[0]) or ORIGINALLY.match(lines[0])):
        return lines
    return [quote]


def is_quote(element: Element) -> bool:
    """Whether an element of a body holds somebody else's words."""
    if element.tag == "blockquote":
        return not _BODY_QUOTE.search(element.names)
    if element.tag not in BLOCKS:
        return False
    names = element.names
    if _QUOTE.search(names) and not _NO_QUOTE.search(names):
        return True
    return (element.tag in {"td", "div"} and _opens_with_attribution(element)) or _is_table_of_quote(element)


def _is_table_of_quote(element: Element) -> bool:
    """Whether a table only holds a line about whom it quotes and a cell that is called a quote (phpBB 2)."""
    inside = (one for _, one in zip(range(2 * WRAPPERS), element.walk(), strict=False) if isinstance(one, Element))
    return element.tag == "table" and any(one.tag == "td" and one.names.strip() == "quote" for one in inside)


def _attributes(piece: Piece | None) -> bool:
    """Whether a quoted piece says no more than whose words follow."""
    return bool(piece and piece.quoted and piece.author and len(piece.text) <= LONGEST_LINE)


def _opens_with_attribution(element: Element) -> bool:
    """Whether the first words in a cell or division are "Originally posted by"."""
    for count, child in enumerate(element.walk()):
        if isinstance(child, str) and child.strip():
            return bool(_ORIGINALLY.match(child))
        if count > WRAPPERS or (isinstance(child, Element) and child.tag in {"td", "table"}):
            return False
    return False


def cited_author(quote: Element) -> str | None:
    """Whom a quoting element names: by an attribute, its <cite>, or "name wrote:"."""
    for name in _CITED_BY:
        if said := quote.attrs.get(name, "").split(",")[0].removeprefix("post:").strip():
            return said
    for child in quote.walk():
        if isinstance(child, Element) and (child.tag == "cite" or _CITING.search(child.names)):
            return _name_in(child.text)
    beginning = quote.text[:LONGEST_LINE]
    return _name_in(beginning) if _SAID.search(beginning) or _ORIGINALLY.match(beginning) else None


def _name_in(text: str) -> str | None:
    bare = text[match.end() :] if (match := _ATTRIBUTED.match(text)) else text
    name = re.split(r"[:↑»\n]|View Post|Beitrag anzeigen| \d| on \w+ \d", _SAID.split(bare)[0])[0].strip()
    return name if 0 < len(name) <= NAME_LENGTH else None
