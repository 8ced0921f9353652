"""Posts in schema.org's words (https://schema.org/DiscussionForumPosting, /QAPage, /Comment): JSON-LD and microdata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from corpus.readers.markup import from_html
from corpus.readers.page_engines import Engine, Found, found_by
from corpus.readers.page_tree import Page
from corpus.readers.reading import fields_of, words_of

POSTS = frozenset({"DiscussionForumPosting", "SocialMediaPosting", "Comment", "Question", "Answer", "Posting"})
REPLIES = ("acceptedAnswer", "suggestedAnswer", "comment", "hasPart", "reply")
DEEPEST = 200
"""Replies inside one another that are followed; json itself stops at about a thousand."""

_TYPES = ("DiscussionForumPosting", "Question", "Answer", "Comment", "UserComments")
MICRODATA = Engine(
    "schema.org microdata",
    ", ".join(f"[itemtype$='schema.org/{name}']" for name in _TYPES) + ", [itemprop=comment][itemscope]",
    ("[itemprop=text]", "[itemprop=articleBody]", "[itemprop=commentText]", "[itemprop=description]"),
    author=("[itemprop=author] [itemprop=name]", "[itemprop=author]", "[itemprop=creator] [itemprop=name]"),
    time=("[itemprop=datePublished]", "[itemprop=dateCreated]", "[itemprop=commentTime]"),
    link=("[itemprop=url]:not([itemprop=author] [itemprop=url])@href",),
    score=(
        "[itemprop=upvoteCount]",
        "[itemprop=upvoteCount]@content",
        "[itemprop=interactionStatistic]:has([content$=LikeAction]) [itemprop=userInteractionCount]@content",
    ),
)


def found_in_microdata(page: Page) -> list[Found]:
    """Return the posts that a page marks by attributes."""
    return found_by(MICRODATA, page)


def found_in_data(page: Page) -> list[Found]:
    """Return the posts of a page's JSON-LD, each after the one that it answers; of several threads the longest."""
    threads = [
        list(_posts(item, None, 0))
        for text in page.texts('script[type="application/ld+json"]')
        for item in _items(text)
    ]
    found = max(threads, key=len, default=[])
    numbers = {id(item): number for number, (item, _) in enumerate(found)}
    return [_found(item, numbers.get(id(above)) if above is not None else None) for item, above in found]


def _items(text: str) -> Iterator[dict[str, Any]]:
    """The posts that are told in a script, not those inside of others."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return
    queue = [value]
    while queue:
        one = queue.pop(0)
        if isinstance(one, list):
            queue += one
        elif isinstance(one, dict):
            if _type(one) & POSTS:
                yield one
            else:
                queue += [one[name] for name in ("@graph", "mainEntity", "itemListElement", "item") if name in one]


def _type(item: dict[str, Any]) -> set[str]:
    kind = item.get("@type")
    kinds = kind if isinstance(kind, list) else [kind]
    return {str(one).rpartition("/")[2] for one in kinds}


def _posts(item: dict[str, Any], above: dict[str, Any] | None, depth: int) -> Iterator[tuple[dict[str, Any], Any]]:
    if _text(item):
        yield item, above
    if depth > DEEPEST:
        return
    for name in REPLIES:
        replies = item.get(name)
        for reply in replies if isinstance(replies, list) else [replies]:
            if isinstance(reply, dict) and _type(reply) & POSTS:
                yield from _posts(reply, item if _text(item) else above, depth + 1)


def _text(item: dict[str, Any]) -> str:
    told = next(
        (words for name in ("text", "articleBody", "description", "name") if (words := words_of(item.get(name)))), ""
    )
    return from_html(told).text if re.search(r"<\w+[^<>]*>|&\w+;", told) else told


def _found(item: dict[str, Any], parent: int | None) -> Found:
    author = item.get("author") or item.get("creator")
    author = author[0] if isinstance(author, list) and author else author
    name = words_of(fields_of(author).get("name")) or words_of(author)
    score = item.get("upvoteCount")
    if score is None:
        statistic = item.get("interactionStatistic")
        score = fields_of(statistic[0] if isinstance(statistic, list) and statistic else statistic).get(
            "userInteractionCount"
        )
    return Found(
        [],
        [],
        author=name.strip() or None,
        time=words_of(item.get("datePublished")) or words_of(item.get("dateCreated")) or None,
        link=words_of(item.get("url")) or words_of(item.get("@id")) or None,
        score=None if score is None else str(score),
        parent=parent,
        text=_text(item),
    )
