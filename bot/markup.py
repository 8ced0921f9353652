"""What the renderings as HTML are put together from: elements, escaped words, and lists that fold."""

from __future__ import annotations

import html
from collections.abc import Iterable

from bot.wording import clean


def tag(name: str, inner: str, classes: str = "") -> str:
    """Return an element around `inner`, which is HTML already."""
    return f'<{name} class="{classes}">{inner}</{name}>' if classes else f"<{name}>{inner}</{name}>"


def escaped(text: str) -> str:
    """Return `text`, cleaned, as HTML in which nothing of it is markup."""
    return html.escape(clean(text))


def small(words: str) -> str:
    """Return a number beside a heading."""
    return tag("span", words, "cp-count")


def joined(facts: Iterable[str]) -> str:
    """Return facts on one line."""
    return " · ".join(facts)
