"""One link for one post: what pages call a thread or a post is put as the exports of the same site put it.

So a thread that was saved as a page and later comes in an export is known again. Other links stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from corpus.readers.stackexchange import SITES

_REDDIT = re.compile(
    r"https?://(?:\w+\.)?reddit\.com/(?:r/[^/]+/|user/[^/]+/)?comments/(\w+)(?:/[^/?#]*(?:/(\w+))?)?/?(?:[?#].*)?"
)
_STACK_EXCHANGE = re.compile(
    rf"https?://({SITES.pattern})/(q|questions|a)/(\d+)(?:/[^#]*?)?(?:#(?:comment(\d+)_\d+|(\d+)))?", re.IGNORECASE
)
_DISCOURSE = re.compile(r"(https?://[^/]+)/t/(?:[^/?#]*[^/?#\d][^/?#]*/)?(\d+)(?:/(\d+))?/?(?:[?#].*)?")


def permanent(link: str) -> str:
    """Return the link in the form that `reddit`, `stackexchange` and `discourse` give to what it leads to."""
    if reddit := _REDDIT.fullmatch(link):
        thread = f"https://www.reddit.com/comments/{reddit[1]}/"
        return f"{thread}_/{reddit[2]}/" if reddit[2] else thread
    if asked := _STACK_EXCHANGE.fullmatch(link):
        site, kind, number, comment, answer = asked.groups()
        if comment:
            return f"https://{site.lower()}/posts/comments/{comment}"
        kind, number = ("a", answer) if answer else (kind[0], number)
        return f"https://{site.lower()}/{kind}/{number}"
    if topic := _DISCOURSE.fullmatch(link):
        return f"{topic[1]}/t/{topic[2]}" + (f"/{topic[3]}" if topic[3] else "")
    return link


def post_in_topic(thread: str | None, ids: Iterable[str]) -> str | None:
    """Return the link of a post of a Discourse topic by the ids in its markup; None for any other thread."""
    topic = _DISCOURSE.fullmatch(thread or "")
    numbers = (number for id_ in ids if (number := re.fullmatch(r"post_(\d+)", id_))) if topic else iter(())
    number = next(numbers, None)
    return f"{topic[1]}/t/{topic[2]}/{number[1]}" if topic and number else None
