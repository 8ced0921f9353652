"""Discourse's JSON: topics, pages, latest posts."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import read_file
from corpus.readers.discourse import iter_threads, read_discourse
from corpus.thread import Skipped, Thread

REAL = Path(__file__).parents[2] / "shared/data/forums/discourse_json"
QUOTE = (
    '<aside class="quote" data-username="ann" data-post="1" data-topic="7"><div class="title">ann:</div>'
    "<blockquote><p>should I lift</p></blockquote></aside>\n"
)


def post(number: int, cooked: str = "<p>Words.</p>", **other: Any) -> dict[str, Any]:
    fields = {
        "id": 100 + number,
        "username": "ann" if number == 1 else "bob",
        "created_at": "2022-01-11T12:01:10.447Z",
        "cooked": cooked,
        "post_number": number,
        "post_type": 1,
        "reply_to_post_number": None,
        "topic_id": 7,
        "avatar_template": "/user_avatar/forum.example.org/ann/{size}/1_2.png",
        "actions_summary": [{"id": 2, "count": 3}],
        "score": 8.2,
    }
    return fields | other


def topic(*posts: dict[str, Any], **other: Any) -> dict[str, Any]:
    stream = [one["id"] for one in posts]
    return {"post_stream": {"posts": list(posts), "stream": stream}, "id": 7, "title": "Should I lift?"} | other


def read(value: Any) -> tuple[Thread, tuple[Skipped, ...]]:
    reading = read_file(json.dumps(value).encode(), "topic.json")
    assert "a Discourse topic" == reading.layout
    return reading.threads[0], reading.skipped


def test_what_a_post_keeps() -> None:
    """Author, time, likes, link and source are kept, tags go; how often a post was read is no score."""
    thread, skipped = read(topic(post(1, "<p>Should I <b>lift</b>?</p>"), post(2)))
    first = thread.opening
    assert ("Should I lift?", "forum.example.org", "https://forum.example.org/t/7") == (
        thread.title,
        thread.forum,
        thread.link,
    )
    assert ("Should I lift?", "ann", 3) == (first.text, first.author, first.score)
    assert (datetime(2022, 1, 11, 12, 1, 10, 447_000, UTC), "https://forum.example.org/t/7/1") == (
        first.time,
        first.link,
    )
    assert ("<p>Should I <b>lift</b>?</p>", ()) == (first.raw, skipped)


def test_replies_and_quotes_point_at_their_posts() -> None:
    """The post that is answered, and the one that is quoted, are found by number."""
    thread, _ = read(topic(post(1), post(2), post(3, QUOTE + "<p>No.</p>", reply_to_post_number=2)))
    reply = thread.posts[2]
    assert (thread.posts[1].id, thread.opening.id) == (reply.parent_id, reply.quotes[0].post_id)
    assert ("should I lift\n\nNo.", "ann") == (reply.text, reply.quotes[0].author)


def test_a_quote_says_whom_a_reply_answers() -> None:
    """Where no number is given, the quoted post is the one answered."""
    thread, _ = read(topic(post(1), post(2), post(3, QUOTE + "<p>No.</p>")))
    assert thread.opening.id == thread.posts[2].parent_id


def test_posts_that_are_absent_are_counted() -> None:
    """The stream lists every post of the topic; those not in the file are missing."""
    value = topic(post(1), post(2))
    value["post_stream"]["stream"] += [103, 104, 105]
    assert (Skipped("posts_absent", "3 of 5 posts", "https://forum.example.org/t/7"),) == read(value)[1]


def test_notices_of_the_forum_are_nobodys_words() -> None:
    """What the forum itself says is left out by name."""
    thread, skipped = read(topic(post(1), post(2, "", post_type=3, action_code="closed.enabled"), post(3)))
    assert (2, ["closed.enabled"]) == (len(thread.posts), [one.text for one in skipped])


def test_a_deleted_post_is_a_gap() -> None:
    """What its author deleted has no words."""
    thread, _ = read(topic(post(1), post(2, "<p>(post deleted by author)</p>", user_deleted=True)))
    assert ["Words.", ""] == [one.text for one in thread.posts]


def test_a_topic_of_an_unknown_host_has_no_link() -> None:
    """No avatar names the host."""
    thread, _ = read(topic(post(1, avatar_template="/letter_avatar_proxy/v4/a.png")))
    assert (None, None) == (thread.link, thread.opening.link)


def test_a_page_has_the_ids_of_its_topic() -> None:
    """A page read alone adds to the topic that was read before."""
    whole, _ = read(topic(post(1), post(2), post(3)))
    page, skipped = read({"post_stream": {"posts": [post(3), post(2)]}, "id": 7})
    assert (whole.id, [one.id for one in whole.posts[1:]]) == (page.id, [one.id for one in page.posts])
    assert ["opening_post_absent"] == [one.reason for one in skipped]


def test_the_pages_of_a_folder_are_put_together(tmp_path: Path) -> None:
    """Posts that stand in two pages are read once; nothing is absent when all pages are there."""
    first = topic(post(1), post(2))
    first["post_stream"]["stream"] += [103]
    (tmp_path / "a.json").write_text(json.dumps({"post_stream": {"posts": [post(3), post(2)]}, "id": 7}))
    (tmp_path / "b.json").write_text(json.dumps(first))
    (tmp_path / "c.json").write_text('{"other": 1}')
    (thread,) = iter_threads(tmp_path)
    assert isinstance(thread, Thread)
    assert ("Should I lift?", 3) == (thread.title, len(thread.posts))


def test_latest_posts_are_parted_by_topic() -> None:
    """Posts of several topics become several threads, each with its title."""
    latest = [post(1, topic_title="One"), post(4, topic_id=8, topic_title="Two")]
    reading = read_discourse(json.dumps({"latest_posts": latest}).encode())
    assert ["One", "Two"] == [thread.title for thread in reading.threads]


def test_a_quote_of_a_later_post_makes_no_answer() -> None:
    """A post that was edited to quote a later one does not answer it: nobody answers in a circle."""
    later = QUOTE.replace('data-post="1"', 'data-post="2"').replace("should I lift", "not these words")
    thread, _ = read(topic(post(1, f"{later}<p>Should I?</p>"), post(2, "<p>No.</p>", reply_to_post_number=1)))
    assert [None, thread.opening.id] == [one.parent_id for one in thread.posts]


FIELDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(list(post(1))), inner, max_size=8),
)


@settings(deadline=None)
@given(st.lists(FIELDS, max_size=4), FIELDS)
def test_any_fields_are_read_or_refused(posts: list[object], id_: object) -> None:
    """No JSON brings another exception."""
    value = {"post_stream": {"posts": posts, "stream": posts}, "id": id_, "title": id_}
    assert_read_or_refused(read_discourse, json.dumps(value).encode())


@pytest.mark.skipif(not REAL.is_dir(), reason="the topics of ../shared/data are not here")
def test_every_post_of_real_topics_is_read() -> None:
    """Of 1,506 posts of 150 topics, all but nine notices of the forum are read, with their authors and times."""
    counts: Counter[str] = Counter()
    for path in sorted((REAL / "urho3d").glob("*.json")):
        found = list(iter_threads(path))
        (thread,) = (one for one in found if isinstance(one, Thread))
        in_file = json.loads(path.read_bytes())["post_stream"]["posts"]
        kept = [one["id"] for one in in_file if one["post_type"] != 3]
        assert len(kept) == len(thread.posts)
        counts.update(one.reason for one in found if isinstance(one, Skipped))
        counts["posts"] += len(thread.posts)
        counts["complete"] += sum(one.author is not None and one.time is not None for one in thread.posts)
    assert Counter(posts=1_497, complete=1_497, forum_notice=9) == counts


@pytest.mark.skipif(not REAL.is_dir(), reason="the topics of ../shared/data are not here")
def test_real_pages_are_put_together() -> None:
    """Of a topic of 446 posts 96 are in the pages, one of them a notice."""
    found = list(iter_threads(REAL / "paged"))
    assert Skipped("posts_absent", "350 of 446 posts", "https://discuss.criticalfallibilism.com/t/2108") in found
    assert {2108: 95, 2144: 30} == {
        int(one.link.rsplit("/", 1)[1]): len(one.posts)
        for one in found
        if isinstance(one, Thread) and one.link and one.link.endswith(("/2108", "/2144"))
    }
