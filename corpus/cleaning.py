"""Markup-free plain text, with the way back: every kept character knows where it stood in the original."""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

BULLETS = "•◦▪▫‣⁃●○■□·∙➤►*–—-"
"""Characters that people and browsers put before a list item."""

BULLET = re.compile(rf"[ \t\u00a0]*[{re.escape(BULLETS)}](?:[ \t\u00a0]+|$)")
"""A bullet at the start of a line; the space after it tells "- no" from "-5 degrees"."""

Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`text` and, for each of its characters, the index in the original where it came from (never decreasing)."""

    text: str
    origins: tuple[int, ...]

    def origin(self, index: int) -> int:
        """Where character `index` of `text` stood in the original; for `len(text)`, one past the last kept one."""
        if index == len(self.text):
            return self.origins[-1] + 1 if self.origins else 0
        return self.origins[index]

    def span_of(self, start: int, end: int) -> tuple[int, int]:
        """Return where `original[start:end]` stands in `text`; an empty span where nothing of it was kept."""
        return bisect_left(self.origins, start), bisect_left(self.origins, end)


def _to(replacement: str) -> Callable[[re.Match[str]], str]:
    return lambda _: replacement


RULES: tuple[Rule, ...] = (
    (re.compile(r"\r\n|[\r\x0b\x0c\u2028\u2029]"), _to("\n")),
    (re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});"), lambda match: html.unescape(match[0])),
    # Windows-1252 taken for Latin-1, as browsers also read it (https://encoding.spec.whatwg.org/#names-and-labels).
    (re.compile(r"[\x80-\x9f]"), lambda match: match[0].encode("latin-1").decode("cp1252", "ignore")),
    # Control characters, soft hyphens, zero-width and direction marks, halves of surrogate pairs. The two joiners
    # stay: emoji and some scripts are spelled with them.
    (
        re.compile(
            r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
        ),
        _to(""),
    ),
    (re.compile(r"[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"), _to(" ")),
    (re.compile(r"^ +| +$", re.MULTILINE), _to("")),
    (re.compile(rf"\A\s*(?:[{re.escape(BULLETS)}](?:\s+|\Z))+"), _to("")),
    (re.compile(r"\n{3,}"), _to("\n\n")),
    (re.compile(r"\A\s+|\s+\Z"), _to("")),
)

_NEWLINE, _ENTITY, _CP1252, _CONTROL, _SPACE, _MARGIN, _BULLETS, _BLANK, _END = RULES
_ODD_NEWLINE = re.compile(r"[\r\x0b\x0c\u2028\u2029]")


def clean(raw: str) -> Cleaned:
    """Return `raw` as plain text of one post.

    Newlines are made one kind, HTML entities are unescaped, control and zero-width characters go, odd spaces become
    plain ones; lines lose their indentation and trailing spaces, the post its leading bullets; at most one blank line
    is left between paragraphs. Never raises.
    """
    text, origins = raw, list(range(len(raw)))
    for pattern, replacement in RULES:
        text, origins = _substitute(pattern, replacement, text, origins)
    return Cleaned(text, tuple(origins))


def plain(raw: str, *, entities: bool = True) -> str:
    """Return `clean(raw).text` without the way back, much faster; `entities` False leaves "&amp;" as it is."""
    text = _sub(_NEWLINE, raw) if _ODD_NEWLINE.search(raw) else raw
    for rule in (*((_ENTITY,) if entities else ()), *(() if text.isascii() else (_CP1252,)), _CONTROL, _SPACE):
        text = _sub(rule, text)
    text = "\n".join([line.strip(" ") for line in text.split("\n")])
    if bullets := _BULLETS[0].match(text):
        text = text[bullets.end() :]
    return (_sub(_BLANK, text) if "\n\n\n" in text else text).strip()


def _sub(rule: Rule, text: str) -> str:
    return rule[0].sub(rule[1], text)


def _substitute(
    pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str, origins: list[int]
) -> tuple[str, list[int]]:
    """`pattern.sub`, keeping the books: what replaces a match comes from where the match began."""
    pieces: list[str] = []
    kept: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        new = replacement(match)
        pieces += text[at : match.start()], new
        kept += origins[at : match.start()]
        kept += [origins[match.start()]] * len(new) if new else []
        at = match.end()
    if not at:
        return text, origins
    return "".join((*pieces, text[at:])), kept + origins[at:]
