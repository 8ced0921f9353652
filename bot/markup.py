"""What the renderings as HTML are put together from: elements, escaped words, and lists that fold."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Sequence

from bot.answer import count
from bot.wording import LEFT, MORE_OF_IT, SHOW, clean

MORE = 3
"""How many more are shown the first time somebody asks for more; twice as many each time after."""


def tag(name: str, inner: str, classes: str = "") -> str:
    """Return an element around `inner`, which is HTML already."""
    return f'<{name} class="{classes}">{inner}</{name}>' if classes else f"<{name}>{inner}</{name}>"


def escaped(text: str) -> str:
    """Return `text`, cleaned, as HTML in which nothing of it is markup."""
    return html.escape(clean(text))


def small(words: str) -> str:
    """Return a number beside a heading."""
    return tag("span", words, "cp-count")


def own_link(address: str, inner: str, attributes: str = "", *, served: bool = True) -> str:
    """Return a link that only the served page opens, around HTML; `inner` alone where it is not `served`."""
    return f'<a href="{html.escape(address)}"{attributes}>{inner}</a>' if served else inner


def joined(facts: Iterable[str]) -> str:
    """Return facts on one line."""
    return " · ".join(facts)


def folded(
    items: Sequence[str],
    wrap: Callable[[Sequence[str], int], str],
    *,
    at_once: int,
    nouns: tuple[str, str] = MORE_OF_IT,
    more: int = MORE,
    start: int = 0,
) -> str:
    """Return the first `at_once` of `items` as `wrap` makes them, from the number they start at; the rest on request.

    Each request shows more than the one before, so that many take few.
    """
    rest = items[at_once:]
    shown = wrap(items[:at_once], start)
    if not rest:
        return shown
    left = len(rest) - min(more, len(rest))
    summary = SHOW.format(count(len(rest) - left, *nouns)) + (LEFT.format(left) if left else "")
    unfolded = folded(rest, wrap, at_once=more, nouns=nouns, more=2 * more, start=start + at_once)
    return shown + tag("details", tag("summary", summary) + unfolded, "cp-more")
