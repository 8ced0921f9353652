"""Saved web pages -> a thread: schema.org markup, then the engines by their markup, then what repeats.

Read are HTML files, packed ones, and web archives (MHTML, https://www.rfc-editor.org/rfc/rfc2557); nothing is fetched.
"""

from __future__ import annotations

import codecs
import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from itertools import islice, pairwise, zip_longest

from corpus.errors import UnreadableInput
from corpus.readers.links import permanent, post_in_topic
from corpus.readers.page_blocks import found_in, with_details
from corpus.readers.page_details import LONGEST_DATE, is_date, read_times
from corpus.readers.page_engines import ENGINES, Engine, Found, found_by
from corpus.readers.page_schema import found_in_data, found_in_microdata
from corpus.readers.page_tree import Element, Page
from corpus.readers.page_words import tell
from corpus.readers.quoting import Piece, put_together, thread_of
from corpus.readers.reading import (
    BYTE_ORDER_MARKS,
    Reading,
    is_binary,
    likeliest_encoding,
    name_of,
    number_of,
    unpacked,
)
from corpus.thread import Post, Skipped, bare_words

NAME = "a saved web page (.html, .mhtml)"

HEAD = 2048
"""Bytes in which a page declares its encoding; the standard asks for 1,024, old pages put scripts above it."""

SCHEMA, GENERAL = "schema.org", "repeated blocks"

_START = re.compile(
    rb"(?:\s|<!--.*?-->|<\?xml[^>]*>)*<(?:!doctype\s+html|html|head|body|title|meta|div|table|article|section)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_WHOLE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_MHTML = re.compile(rb"\A(?:[A-Za-z-]+:[^\n]*\n(?:[ \t]+[^\n]*\n)*)*?content-type:\s*multipart/related", re.IGNORECASE)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w:.-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Source:
    html: str
    url: str | None = None
    saved: datetime | None = None


def is_page(data: bytes) -> bool:
    """Whether `data` begins like a web page or a web archive of one."""
    head = data[: 4 * HEAD]
    for mark, encoding in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            head = head.decode(encoding, "ignore").encode("utf-8", "ignore")
            break
    start = head.lstrip(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<") and _WHOLE.search(head):
        return True  # whatever a server wrote above it
    return bool(_START.match(start) or _MHTML.match(head.lstrip().replace(b"\r\n", b"\n")))


def read_page(data: bytes, place: str = "the file", *, without: frozenset[str] = frozenset()) -> Reading:
    """Read the thread of a saved page; `without` names ways of reading to leave out (an engine's name, SCHEMA).

    Left out, with reasons: "empty_post", "page_not_here", "signature", "edit_note", "button", "attachment". Raises
    UnreadableInput, naming `place`, where no posts are found.
    """
    source = _source(unpacked(data, place), place)
    page = Page(source.html, source.url, place)
    found, layout = _found(page, without)
    home = next((engine.home for engine in ENGINES if engine.name == layout), "")
    posts, skipped = _posts(found, page, source.saved, home)
    if not posts:
        raise UnreadableInput(
            f"no posts found in {place}; expected a page that shows a thread: open the thread itself, let it load, "
            "save it as a complete web page, or copy its text and paste that"
        )
    link = posts[0].link if home else _permanent(page.absolute(page.url))
    thread = thread_of(posts, title=page.title, link=link, forum=page.site)
    return Reading((thread,), (*skipped, *_missing(page)), f"a saved web page, {layout}")


# Bytes to text


def _source(data: bytes, place: str) -> _Source:
    if not _MHTML.match(data[: 4 * HEAD].lstrip().replace(b"\r\n", b"\n")):
        return _Source(_decoded(data, None, place))
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.compat32)
    parts = [part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    if not parts:
        raise UnreadableInput(f"{place} is a web archive without a web page in it; save the page again")
    payload = parts[0].get_payload(decode=True)
    html = _decoded(payload if isinstance(payload, bytes) else b"", parts[0].get_param("charset"), place)
    url = str(message.get("Snapshot-Content-Location") or parts[0].get("Content-Location") or "").strip()
    try:
        saved = parsedate_to_datetime(str(message.get("Date", "")))
    except (ValueError, TypeError):
        saved = None
    return _Source(html, url or None, saved)


def _decoded(data: bytes, said: object, place: str) -> str:
    """The page's text: by its byte order mark, else UTF-8 where it is that, else as declared, else the likeliest.

    Programs that save pages write UTF-8 under any declaration; other encodings are as good as never valid UTF-8.
    """
    declared = _DECLARED.search(data[:HEAD])
    names = [encoding for mark, encoding in BYTE_ORDER_MARKS if data.startswith(mark)]
    names += [] if data.isascii() else ["utf-8"]
    names += [said] if isinstance(said, str) else []
    names += [declared[1].decode("ascii", "ignore")] if declared else []
    text = next((text for name in (*names, "utf-8") if (text := _in(data, name)) is not None), None)
    if text is None and declared:
        text = _in(data, names[-1], errors="replace")
    if text is None and b"\x00" not in data and (likely := likeliest_encoding(data)):
        text = data.decode(likely, "replace")
    if text is None or is_binary(text):
        raise UnreadableInput(f"{place} is no web page (it looks binary); save the page from a browser")
    return text


def _in(data: bytes, encoding: str, errors: str = "strict") -> str | None:
    """The text of `data`, or None; Latin-1 is read as Windows-1252 (https://encoding.spec.whatwg.org/)."""
    try:
        name = codecs.lookup(encoding).name
        if name in {"iso8859-1", "ascii"}:
            name, errors = "cp1252", "replace"
        text = data.decode(name, errors)
    except (LookupError, UnicodeError, ValueError):
        return None
    return text if isinstance(text, str) else None


# Finding posts


def _found(page: Page, without: frozenset[str]) -> tuple[list[Found], str]:
    """The posts by the way of reading that finds most of them with words, the earlier of two alike."""
    ways: list[tuple[list[Found], str]] = []
    if SCHEMA not in without:
        ways.append((found_in_microdata(page), "schema.org microdata"))
    ways += [(found_by(engine, page), engine.name) for engine in _engines(without)]
    data = found_in_data(page) if SCHEMA not in without else []
    best, name = max(ways, key=lambda way: len(way[0]), default=([], ""))
    if len(best) > 1 and len(best) >= len(data) - 1:
        return with_details(best, page), name
    general = [one for one in found_in(page) if _says(one)]
    if best and not _overlap(best, general):
        return with_details(best, page), name
    if len(general) > max(len(best) + bool(best), len(data)):
        return [replace(one, headed=True) for one in general], GENERAL
    return (with_details(best, page), name) if len(best) >= len(data) else (data, "schema.org data")


def _says(one: Found) -> bool:
    """Whether a post has words of a person."""
    return any(re.search(r"\w", piece.text) for piece in tell(one.bodies, one.without).pieces)


def _overlap(first: Sequence[Found], second: Sequence[Found]) -> bool:
    """Whether a body of one reading stands in a body of the other, or holds it."""
    spans = sorted(
        (body.at, body.end, number)
        for number, one in enumerate((first, second))
        for found in one
        for body in found.bodies
    )
    return any(later[0] < earlier[1] and later[2] != earlier[2] for earlier, later in pairwise(spans))


def _engines(without: frozenset[str]) -> Iterator[Engine]:
    return (engine for engine in ENGINES if engine.name not in without)


# Posts


def _posts(found: Sequence[Found], page: Page, saved: datetime | None, home: str) -> tuple[list[Post], list[Skipped]]:
    times = read_times([one.time for one in found], page.language, saved)
    links = _links(found, page, home)
    posts: list[Post] = []
    skipped: list[Skipped] = []
    at_depth: dict[int, str] = {}
    for number, (one, time, link) in enumerate(zip(found, times, links, strict=True)):
        where = f"post {number + 1}"
        told = tell(one.bodies, one.without)
        skipped += [Skipped(reason, text, where) for reason, text in told.left_out]
        if one.headed and told.pieces and not told.pieces[0].quoted:
            told.pieces[0] = replace(told.pieces[0], text=_without_header(told.pieces[0].text, one.author, page.title))
        said = put_together(told.pieces or [Piece(one.text or "")], entities=False)
        if not re.search(r"\w", said.text):
            skipped.append(Skipped("empty_post", said.text, where))
            continue
        depth = one.depth
        parent = str(one.parent) if one.parent is not None else at_depth.get(depth - 1) if depth else None
        if depth is not None:
            at_depth = {level: id_ for level, id_ in at_depth.items() if level < depth} | {depth: str(number)}
        posts.append(
            Post(
                id=str(number),
                thread_id="",
                position=len(posts),
                text=said.text,
                author=_name(one.author),
                time=time,
                score=_score(one.score),
                link=link,
                parent_id=parent,
                quotes=said.quotes,
            )
        )
    return posts, skipped


def _links(found: Sequence[Found], page: Page, home: str) -> list[str | None]:
    """The link of each post; one that several posts share, or the thread's, leads to none of them but the first."""
    thread = _permanent(page.absolute(page.url))
    links = [_permanent(page.absolute(one.link, home)) for one in found]
    often = Counter(links)
    own = [link if often[link] == 1 and link != thread else None for link in links]
    numbered = [post_in_topic(thread, _first_ids(one)) for one in found]
    first = [link if often[link] == 1 else None for link in links[:1]]
    return [link or number or opening for link, number, opening in zip_longest(own, numbered, first)]


def _first_ids(found: Found) -> Iterator[str]:
    """The ids at the beginning of a post's markup."""
    for root in found.region[:1]:
        yield root.attrs.get("id", "")
        yield from (one.attrs.get("id", "") for one in islice(root.walk(), FIRST_PIECES) if isinstance(one, Element))


FIRST_PIECES = 50
"""Elements and texts of a post among which its number stands."""


def _permanent(link: str | None) -> str | None:
    return None if link is None else permanent(link)


NOBODY = re.compile(
    r"guest|anonymous|anonym|gast|invité|invitado|гость|\[?deleted\]?|\[?removed\]?|deleted user", re.IGNORECASE
)
"""What stands where nobody is named: several such posts are of several people."""


def _name(said: str | None) -> str | None:
    name = name_of(said)
    return None if name is None or NOBODY.fullmatch(name) else name


def _without_header(text: str, author: str | None, title: str | None) -> str:
    """The text of a post without the lines at its start that name its author, date, number or title."""
    lines = text.split("\n")
    while lines and _is_header(lines[0].strip(), author, title):
        del lines[0]
    return "\n".join(lines)


HEADER_WORDS = 7
"""A line with a date and more words is a sentence."""


def _is_header(line: str, author: str | None, title: str | None) -> bool:
    words = bare_words(line)
    if not words or re.fullmatch(r"#?\s?\d{1,6}[.)]?", line):
        return True
    if title and words.removeprefix("re ") == bare_words(title):
        return True
    if author and line.casefold().startswith(author.casefold()):
        return bool(re.fullmatch(r"\W*(?:says|said|wrote|schrieb|a écrit|escribió)?\W*", line[len(author) :]))
    return len(words.split()) <= HEADER_WORDS and is_date(line)


def _score(text: str | None) -> int | None:
    match = re.search(r"[-−]?\d[\d,]*", text or "")
    return number_of(match[0].replace(",", "").replace("−", "-")) if match else None


# What is not here

_PAGE_OF = re.compile(
    r"\b(?:page|seite|página|pagina|strona|sida|side|страница)\s+(\d{1,6})\s+(?:of|von|de|di|van|z|av|af|из|sur)\s+(\d{1,6})\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"^(?:next(?: page| »| ›| >)?|nächste(?: seite)?|weiter|suivante?|siguiente|próxima|»|›|>|→)\s*[»›>→]?$",
    re.IGNORECASE,
)


_MORE = re.compile(
    r"(?:(?:load|show|view) )?(?:(\d+) )?more (?:comments?|replies|reply|answers?)(?:\s*\((\d+) repl(?:ies|y)\))?",
    re.IGNORECASE,
)


def _not_loaded(page: Page) -> Iterator[Skipped]:
    """What the page says it would show on a click."""
    for one in page.find("a"):
        match = _MORE.fullmatch(one.short_text(LONGEST_DATE))
        if match and (match[1] or match[2]):
            yield Skipped("replies_not_loaded", f"{match[1] or match[2]} replies", "the page")


def _missing(page: Page) -> Iterator[Skipped]:
    """What the page says about further pages of the thread."""
    yield from _not_loaded(page)
    text = " ".join(page.elements[0].text.split()) if page.elements else ""
    if count := _PAGE_OF.search(text):
        here, all_ = int(count[1]), int(count[2])
        numbers = [number for number in range(1, all_ + 1) if number != here]
        yield from (
            Skipped("page_not_here", f"page {number} of {all_} is not here", "pages") for number in numbers[:MOST_NAMED]
        )
        if len(numbers) > MOST_NAMED:
            yield Skipped("page_not_here", f"{len(numbers) - MOST_NAMED} more of {all_} pages are not here", "pages")
        return
    link = page.attribute("link[rel=next]", "href") or next(
        (
            one.attrs.get("href")
            for one in page.find("a[href]")
            if not one.attrs["href"].startswith(("#", "javascript:"))
            and ("next" in one.attrs.get("rel", "").split() or _NEXT.match(one.text))
        ),
        None,
    )
    if link:
        yield Skipped("page_not_here", f"the next page is not here: {page.absolute(link) or link}", "pages")


MOST_NAMED = 20
"""Missing pages that are named one by one."""
