"""Topics, counts and blind spots -> escaped HTML, in the classes and links of `bot.render`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import quote, urlencode

from bot.answer import count
from bot.blind_spots import BlindSpot, in_words
from bot.markup import escaped, joined, small, tag
from bot.wording import INVENTED, SIDE_TITLES, SPOTS_BY_RULE, UNNAMED_FORUM, web_link
from indexer.judge import Stance
from indexer.topics import ForumTopics, Topic, TopicsPage

BROWSE_LINK = "?tab=browse"
"""How a link to Browse begins."""


def topics_html(page: TopicsPage) -> str:
    """Return threads by forum, each with its question, what it holds and where its claims stand, as HTML."""
    return tag("div", "".join(_forum_html(forum) for forum in page.forums), "cp-topics")


def spots_html(spots: Sequence[BlindSpot], claims: int, people: int) -> str:
    """Return blind spots as an HTML list, and what they rest on: so many claims by so many people."""
    lines = "".join(tag("li", escaped(in_words(spot))) for spot in spots)
    note = SPOTS_BY_RULE.format(count(claims, "claim"), count(people, "person", "people"))
    return (tag("ul", lines, "cp-spots") if lines else "") + tag("p", escaped(note), "cp-source")


def counts_html(head: str, rows: Iterable[tuple[str, Mapping[Stance, int]]], sides: Sequence[Stance]) -> str:
    """Return counts of claims as an HTML table: a row a group, a column a side; what the chart shows, in numbers."""
    titles = "".join(f'<th scope="col">{words}</th>' for words in (head, *(SIDE_TITLES[side] for side in sides)))
    lines = [
        f'<tr><th scope="row"><bdi>{escaped(name)}</bdi></th>{_cells(counts[side] for side in sides)}</tr>'
        for name, counts in rows
    ]
    return f'<table class="cp-counts"><thead><tr>{titles}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def _cells(numbers: Iterable[int]) -> str:
    return "".join(f"<td>{number:,}</td>" for number in numbers)


def browse_link(**filters: str) -> str:
    """Return the address of Browse with these filters, as it stands in HTML."""
    return escaped(f"{BROWSE_LINK}&{urlencode(filters)}") if filters else BROWSE_LINK


def _forum_html(forum: ForumTopics) -> str:
    name = f"<bdi>{escaped(forum.forum)}</bdi>" if forum.forum else UNNAMED_FORUM
    if forum.forum:
        name = f'<a href="{browse_link(forum=forum.forum)}">{name}</a>'
    title = f"{name} {small(count(forum.threads, 'thread'))}"
    topics = tag("ul", "".join(tag("li", _topic_html(topic), "cp-topic") for topic in forum.topics))
    return tag("section", tag("h3", title) + tag("p", _sides(forum.sides), "cp-source") + topics)


def _topic_html(topic: Topic) -> str:
    title = f'<a href="{browse_link(thread=topic.id)}"><bdi>{escaped(topic.title)}</bdi></a>'
    question = tag("p", f"<q>{escaped(topic.question)}</q>", "cp-question") if _adds(topic) else ""
    facts = [count(topic.posts, "post"), _sides(topic.sides)]
    facts.append(f'<a href="?thread={quote(topic.id)}">read it</a>')
    if link := web_link(topic.link):
        facts.append(f'<a href="{escaped(link)}" rel="noopener noreferrer nofollow ugc" target="_blank">original</a>')
    facts += [INVENTED] if topic.invented else []
    return title + question + tag("p", joined(facts), "cp-source")


def _adds(topic: Topic) -> bool:
    """Whether the question says more than the title."""
    return bool(topic.question) and topic.question.casefold().strip(" ?") not in topic.title.casefold()


def _sides(sides: Mapping[Stance, int]) -> str:
    """Counts of claims in words, those of no side last."""
    total = sum(sides.values())
    parts = [
        tag("span", f"{sides[side]:,} {title.lower()}", f"cp-lean cp-{side}")
        for side, title in SIDE_TITLES.items()
        if sides[side]
    ]
    return f"{count(total, 'claim')}{': ' if parts else ''}{', '.join(parts)}"
