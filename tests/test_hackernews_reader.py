"""Hacker News items as Algolia gives them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableInput
from corpus.readers import read_file
from corpus.readers.hackernews import read_hackernews
from corpus.thread import Skipped, Thread


def item(number: int, text: str | None, *children: dict[str, Any], **other: Any) -> dict[str, Any]:
    fields = {
        "author": f"by{number}",
        "children": list(children),
        "created_at": "2019-03-12T10:22:00.000Z",
        "created_at_i": 1552386120,
        "id": number,
        "parent_id": None,
        "points": None,
        "text": text,
        "title": None,
        "type": "comment",
    }
    return fields | other


STORY = item(
    1,
    "<p>I wonder if I &quot;should&quot;.",
    item(2, "Just run more.", item(4, "&gt; just run more<p>No. See <a href='https:&#x2F;&#x2F;x.org'>this</a>.")),
    item(3, None, item(5, "why?"), author=None),
    title="Ask HN: Should I lift?",
    points=42,
    type="story",
)


def read(value: Any) -> Thread:
    reading = read_file(json.dumps(value).encode(), "1.json")
    assert "a Hacker News item" == reading.layout
    return reading.threads[0]


def test_an_item_is_read_in_reading_order() -> None:
    """Replies stand right after what they answer; a deleted comment is a gap without author."""
    said = [(post.author, post.text) for post in read(STORY).posts]
    assert ("by1", 'I wonder if I "should".') == said[0]
    assert [("by4", "just run more\n\nNo. See this."), (None, ""), ("by5", "why?")] == said[2:]


def test_what_a_story_keeps() -> None:
    """Title, points, time and link are kept."""
    thread = read(STORY)
    opening = thread.opening
    assert ("Ask HN: Should I lift?", "Hacker News", 42) == (thread.title, thread.forum, opening.score)
    assert datetime(2019, 3, 12, 10, 22, tzinfo=UTC) == opening.time
    assert "https://news.ycombinator.com/item?id=1" == opening.link == thread.link


def test_a_quote_is_traced_to_the_comment_above() -> None:
    """Lines led by ">" are the parent's words."""
    thread = read(STORY)
    reply = thread.posts[2]
    assert (thread.posts[1].id, "by2", thread.posts[1].id) == (
        reply.parent_id,
        reply.quotes[0].author,
        reply.quotes[0].post_id,
    )


def test_a_story_without_words_says_its_title() -> None:
    """A link with a title is opened by the title."""
    assert "Lifting helps" == read(item(1, None, title="Lifting helps")).opening.text


def test_options_of_a_poll_are_no_comments() -> None:
    """They are left out by name."""
    reading = read_hackernews(json.dumps(item(1, "Which?", item(2, "A", type="pollopt"))).encode())
    assert (Skipped("poll_option", "A", "https://news.ycombinator.com/item?id=1"),) == reading.skipped


def test_several_items_in_one_file() -> None:
    """An array and lines hold several threads."""
    other = item(9, "Is it late?")
    array = read_hackernews(json.dumps([STORY, other]).encode())
    lines = read_hackernews(f"{json.dumps(STORY)}\n{json.dumps(other)}\n3".encode())
    assert (2, array.threads, ["not_hackernews"]) == (
        len(array.threads),
        lines.threads,
        [one.reason for one in lines.skipped],
    )


FIELDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(STORY)), inner, max_size=8),
)


@settings(deadline=None)
@given(FIELDS, FIELDS)
def test_any_fields_are_read_or_refused(children: object, other: object) -> None:
    """No JSON brings another exception."""
    value = item(1, "x") | {"children": children, "title": other, "text": other, "created_at_i": other}
    assert_read_or_refused(read_hackernews, json.dumps([value, other]).encode())


def test_what_is_nested_too_deep_is_refused() -> None:
    """Deeper than the parser goes is a named error."""
    deep = '{"id": 1, "author": "a", "children": [' * 10_000 + "]}" * 10_000
    with pytest.raises(UnreadableInput, match=r"1\.json is not JSON \(it is nested too deep"):
        read_file(deep.encode(), "1.json")
