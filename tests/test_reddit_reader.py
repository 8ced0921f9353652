"""Reddit's exports: threads with stubs, morechildren, dumps of lines, nested lines."""

import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableInput
from corpus.readers import iter_file, read_file
from corpus.readers.reddit import iter_threads, read_reddit
from corpus.thread import Skipped, Thread

REAL = Path(__file__).parents[2] / "shared/data/forums/reddit_json"


def thing(kind: str, **data: Any) -> dict[str, Any]:
    return {"kind": kind, "data": data}


def listing(*children: Any) -> dict[str, Any]:
    return thing("Listing", modhash="", children=list(children))


def submission(**other: Any) -> dict[str, Any]:
    fields = {
        "id": "abc",
        "subreddit": "running",
        "title": "Should I lift &amp; run?",
        "selftext": "I run **three** times a week.",
        "author": "ann",
        "created_utc": 1552386120.0,
        "score": 12,
        "num_comments": 4,
    }
    return fields | other


def comment(id_: str, body: str, parent: str = "t3_abc", **other: Any) -> dict[str, Any]:
    fields = {"id": id_, "link_id": "t3_abc", "parent_id": parent, "body": body, "author": f"by_{id_}", "score": 3}
    return fields | {"created_utc": 1552386200, "subreddit": "running", "replies": ""} | other


MORE = thing("more", count=7, parent_id="t1_c1", id="x", children=["x", "y"])
C3 = comment("c3", "&gt; just run more\n\nNo.", "t1_c1", created_utc=1552386400)
C1 = comment("c1", "Just run more!", replies=listing(thing("t1", **C3), MORE))
C2 = comment("c2", "[removed]", author="[deleted]", replies=listing(thing("t1", **comment("c4", "why?", "t1_c2"))))
THREAD = [listing(thing("t3", **submission())), listing(thing("t1", **C1), thing("t1", **C2))]


def read(value: Any) -> tuple[Thread, Counter[str]]:
    reading = read_file(json.dumps(value).encode(), "thread.json")
    assert "an export of Reddit" == reading.layout
    return reading.threads[0], Counter(one.reason for one in reading.skipped)


def test_a_thread_is_read_in_reading_order() -> None:
    """Replies stand right after what they answer."""
    thread, _ = read(THREAD)
    assert ["ann", "by_c1", "by_c3", None, "by_c4"] == [post.author for post in thread.posts]


def test_what_a_post_keeps() -> None:
    """Title, author, time in UTC, score, link and source are kept; marks of Markdown go."""
    thread, _ = read(THREAD)
    post = thread.opening
    assert ("Should I lift & run?", "r/running") == (thread.title, thread.forum)
    assert ("I run three times a week.", "ann", 12) == (post.text, post.author, post.score)
    assert (datetime(2019, 3, 12, 10, 22, tzinfo=UTC), "https://www.reddit.com/comments/abc/") == (post.time, post.link)
    assert "I run **three** times a week." == post.raw


def test_a_reply_knows_its_parent_and_whom_it_quotes() -> None:
    """The quoted words are traced to the comment above."""
    _, first, reply, *_ = read(THREAD)[0].posts
    assert (first.id, "by_c1", first.id) == (reply.parent_id, reply.quotes[0].author, reply.quotes[0].post_id)
    assert "just run more" == reply.text[reply.quotes[0].start : reply.quotes[0].end]


def test_what_was_removed_stays_as_a_gap() -> None:
    """A removed comment has no words and no author, and its replies still answer it."""
    *_, gap, reply = read(THREAD)[0].posts
    assert ("", "[removed]", None, gap.id) == (gap.text, gap.raw, gap.author, reply.parent_id)


def test_stubs_are_counted_as_missing() -> None:
    """What was not loaded is said with how much and where."""
    (missing,) = read_reddit(json.dumps(THREAD).encode()).skipped
    assert Skipped("replies_not_loaded", "7 replies", "https://www.reddit.com/comments/abc/_/c1/") == missing


def test_replies_that_no_stub_names_are_missing_too() -> None:
    """The number of comments that Reddit gives is held against what is there."""
    value = [listing(thing("t3", **submission(num_comments=1_500))), listing(thing("t1", **C1))]
    reading = read_reddit(json.dumps(value).encode())
    assert Skipped("replies_absent", "1,491 of 1,500 replies", reading.threads[0].link or "") == reading.skipped[1]


def test_a_submission_without_words_says_its_title() -> None:
    """A question is often the title alone."""
    thread, _ = read([listing(thing("t3", **submission(selftext=""))), listing(thing("t1", **C2))])
    assert "Should I lift & run?" == thread.opening.text


def test_hidden_scores_are_none() -> None:
    """Reddit says 1 while a score is hidden."""
    value = [listing(thing("t3", **submission())), listing(thing("t1", **comment("c1", "hi", score_hidden=True)))]
    assert None is read(value)[0].posts[1].score


MORECHILDREN = {"json": {"errors": [], "data": {"things": [thing("t1", **comment("c5", "late", "t1_c1")), MORE]}}}


def test_morechildren_belong_to_their_thread() -> None:
    """The ids are those that the thread itself gives; the absent opening post is named."""
    thread, skipped = read(MORECHILDREN)
    assert read(THREAD)[0].id == thread.id
    assert Counter({"opening_post_absent": 1, "replies_not_loaded": 1}) == skipped


DUMP = [
    C3,
    comment("c2", "[deleted]"),
    submission(),
    comment("c1", "Just run more!", replies=None),
    C3 | {"body": "No."},
]


def lines(*values: Any) -> bytes:
    return "\n".join(map(json.dumps, values)).encode()


def test_a_dump_is_put_together_from_its_lines() -> None:
    """Lines in any order give the tree of the thread; a comment that comes twice is kept once."""
    reading = read_file(lines(*DUMP), "RC.jsonl")
    (thread,) = reading.threads
    assert ["ann", "by_c2", "by_c1", "by_c3"] == [post.author for post in thread.posts]
    assert [("repeated_post", "just run more")] == [(one.reason, one.text[:13]) for one in reading.skipped]


def test_the_same_comment_has_one_id_in_every_export() -> None:
    """A dump and a thread agree on ids, so that the one adds to the other."""
    ids = {post.author: post.id for post in read(THREAD)[0].posts}
    dumped = {post.author: post.id for post in read_file(lines(*DUMP)).threads[0].posts}
    assert (ids["by_c1"], ids["by_c3"]) == (dumped["by_c1"], dumped["by_c3"])


def test_comments_alone_are_read() -> None:
    """A file of comments gives threads without their opening posts."""
    other = comment("d1", "elsewhere", "t3_def", link_id="t3_def")
    reading = read_reddit(lines(DUMP[1], other, DUMP[3]))
    assert [2, 1] == [len(thread.posts) for thread in reading.threads]
    assert ["opening_post_absent"] * 2 == [one.reason for one in reading.skipped]


def test_submissions_alone_are_read() -> None:
    """A file of submissions gives threads of one post each."""
    reading = read_file(lines(submission(), submission(id="def", title="Is it late?")), "RS.jsonl")
    assert ["Should I lift & run?", "Is it late?"] == [thread.title for thread in reading.threads]


def test_a_packed_dump_is_read(tmp_path: Path) -> None:
    """Monthly dumps come as zstandard."""
    zstandard = pytest.importorskip("zstandard")
    path = tmp_path / "RC.zst"
    path.write_bytes(zstandard.compress(lines(*DUMP)))
    assert read_file(lines(*DUMP)).threads == read_file(path).threads


def test_circles_of_comments_end() -> None:
    """Comments that answer one another are kept once each, and no chain of parents is a circle."""
    reading = read_reddit(lines(comment("a", "one", "t1_b"), comment("b", "two", "t1_a")))
    assert ["one", "two"] == sorted(post.text for post in reading.threads[0].posts)
    assert [False, True] == [post.parent_id is not None for post in reading.threads[0].posts]


def nested(id_: str, text: str | None, replies: Any = None, author: str | None = "bob") -> dict[str, Any]:
    return {
        id_: {
            "link": f"/r/x/{id_}/",
            "text": text,
            "author": author,
            "created": 1,
            "upvotes": 2,
            "replies": replies or {},
        }
    }


NESTED = {
    "sid": "abc",
    "link": "/r/College/comments/abc/should_i/",
    "title:": "Should I?",
    "text": "I wonder.",
    "author": None,
    "created": 1552386120,
    "upvotes": 5,
    "comments": nested("c1", "Yes.", nested("c3", "> yes\n\nNo.")) | nested("c2", "Maybe", author=None),
}


def test_nested_lines_are_read() -> None:
    """Comments come in order with their parents; a nameless author is none."""
    reading = read_file(lines(NESTED, NESTED | {"sid": "def", "comments": {}}), "x.jsonl")
    thread = reading.threads[0]
    assert ["I wonder.", "Yes.", "yes\n\nNo.", "Maybe"] == [post.text for post in thread.posts]
    assert [None, 0, 1, 0] == [
        next((one.position for one in thread.posts if one.id == post.parent_id), None) for post in thread.posts
    ]
    assert (["bob", "bob", None], "Should I?", "r/College", 2) == (
        [post.author for post in thread.posts[1:]],
        thread.title,
        thread.forum,
        len(reading.threads),
    )


def test_nested_lines_stream(tmp_path: Path) -> None:
    """A thread is given before the line after it is read."""
    path = tmp_path / "x.jsonl.gz"
    path.write_bytes(gzip.compress(lines(NESTED) + b"\nnot json"))
    assert ["Thread", "Skipped"] == [type(one).__name__ for one in iter_file(path)]


def test_deep_nesting_is_left_out_by_name() -> None:
    """A line nested too deep is named, the others are read."""
    deep = '{"sid": "x", "comments": ' + '{"a": {"replies": ' * 10_000 + "{}" + "}}" * 10_000 + "}"
    reading = read_reddit(lines(NESTED) + b"\n" + deep.encode())
    assert [("not_json", "line 2")] == [(one.reason, one.place) for one in reading.skipped]


def test_a_dump_ten_thousand_deep_is_read() -> None:
    """A flat dump has no limit of depth."""
    chain = [comment(f"c{n}", "no", f"t1_c{n - 1}" if n else "t3_abc") for n in range(10_000)]
    assert 10_001 == len(read_reddit(lines(submission(), *chain)).threads[0].posts)


@pytest.mark.parametrize("value", [{"kind": "Listing", "data": {}}, {"kind": "Listing", "data": {"children": [3]}}])
def test_listings_of_nothing_are_refused(value: object) -> None:
    """A listing without threads is no thread."""
    with pytest.raises(UnreadableInput, match=r"x\.json holds no threads"):
        read_file(json.dumps(value).encode(), "x.json")


KEYS = st.sampled_from(
    ["kind", "data", "children", "id", "body", "link_id", "parent_id", "replies", "sid", "comments", "json"]
)
FIELDS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6),
)


@settings(deadline=None)
@given(st.dictionaries(KEYS, FIELDS))
def test_any_fields_are_read_or_refused(value: object) -> None:
    """No JSON brings another exception."""
    listed = json.dumps([value, {"kind": "Listing", "data": value}])
    assert_read_or_refused(read_reddit, f"{listed}\n{json.dumps(value)}".encode())


@pytest.mark.skipif(not REAL.is_dir(), reason="the exports of ../shared/data are not here")
@pytest.mark.parametrize("path", sorted(REAL.glob("*.json")), ids=lambda path: path.stem)
def test_every_comment_of_real_exports_is_read(path: Path) -> None:
    """Every comment of the file is a post once, and stubs are counted by their numbers."""
    found = Counter()
    missing = 0

    def walk(value: Any) -> None:
        nonlocal missing
        if isinstance(value, list):
            for one in value:
                walk(one)
        elif isinstance(value, dict):
            if value.get("kind") in {"t1", "t3"}:
                found[value["data"]["id"]] += 1
            missing += value["data"]["count"] if value.get("kind") == "more" else 0
            for one in value.values():
                walk(one)

    walk(json.loads(path.read_bytes()))
    read_ = list(iter_threads(path))
    posts = [post for one in read_ if isinstance(one, Thread) for post in one.posts]
    stubs = [one for one in read_ if isinstance(one, Skipped) and one.reason == "replies_not_loaded"]
    counts = [int(one.text.split()[0]) for one in stubs if one.text[0].isdigit()]
    assert (sorted(found), {1}) == (
        sorted((post.link or "").strip("/").split("/")[-1] for post in posts),
        set(found.values()),
    )
    assert missing == sum(counts)
