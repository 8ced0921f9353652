"""The neutral form and its round trip."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableInput
from corpus.readers import iter_file, read_file
from corpus.readers.neutral import is_neutral, read_neutral, to_neutral
from corpus.samples import sample_threads
from corpus.thread import Post, Quote, Thread, make_thread

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
TIMES = st.one_of(st.none(), st.datetimes(), st.datetimes(timezones=st.just(UTC)))


@st.composite
def threads(draw: st.DrawFn) -> Thread:
    said = draw(st.lists(TEXT.filter(lambda text: bool(text.strip())), min_size=1, max_size=5))
    posts = [
        Post(
            id=str(number),
            thread_id="",
            position=number,
            text=text,
            author=draw(st.none() | TEXT),
            time=draw(TIMES),
            score=draw(st.none() | st.integers(-(2**31), 2**31)),
            parent_id=draw(st.none() | st.sampled_from([str(n) for n in range(number)])) if number else None,
            quotes=(Quote(0, len(text), draw(st.none() | TEXT), "0"),) if number else (),
            raw=draw(st.none() | TEXT),
            vanished=draw(st.booleans()),
        )
        for number, text in enumerate(said)
    ]
    return make_thread(posts, title=draw(TEXT) or None, forum=draw(st.none() | TEXT), invented=draw(st.booleans()))


@settings(deadline=None)
@given(threads())
def test_what_was_written_is_read_back(thread: Thread) -> None:
    """Writing and reading a thread gives the same thread, ids and all."""
    assert (thread,) == read_neutral(to_neutral(thread)).threads


def test_the_samples_come_back_from_one_file(tmp_path: Path) -> None:
    """JSON lines hold one thread a line."""
    path = tmp_path / "threads.jsonl"
    path.write_text("\n".join(map(to_neutral, sample_threads())), encoding="utf-8")
    assert sample_threads() == read_file(path).threads


def test_a_line_may_hold_other_ends_of_lines() -> None:
    """Only a line feed ends a line of JSON lines; the separators of Unicode may stand in what a forum exported."""
    thread = make_thread([Post("0", "", 0, "Should I?", raw="Should\u2028\x85I?")])
    assert (thread, thread) == read_neutral(f"{to_neutral(thread)}\r\n{to_neutral(thread)}\n").threads


def test_an_array_of_threads() -> None:
    """An array holds several threads."""
    array = f"[{','.join(map(to_neutral, sample_threads()))}]"
    assert sample_threads() == read_neutral(array.encode()).threads


def test_text_alone_is_enough() -> None:
    """Only the words of the posts must be there."""
    (thread,) = read_neutral('{"posts": [{"text": "Should I?"}, {"text": "No."}]}').threads
    assert ("Should I?", ["Should I?", "No."]) == (thread.title, [post.text for post in thread.posts])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{}", 'thread 1 has no "posts"'),
        ('{"posts": []}', 'thread 1 has no "posts"'),
        ('{"posts": [3]}', "thread 1, post 1 is int, not an object"),
        ('{"posts": [{"text": 5}]}', '"text" is 5, expected text'),
        ('{"posts": [{"author": "Sal"}]}', 'post 1 has no "text"'),
        ('{"posts": [{"text": "a", "time": "soon"}]}', "\"time\" is 'soon', expected ISO 8601"),
        ('{"posts": [{"text": "a", "score": 1e99}]}', '"score" is not a whole number'),
        ('{"posts": [{"text": "a", "score": 1' + "0" * 30 + "}]}", '"score" is not a whole number'),
        ('{"posts": [{"text": "a", "quotes": [{"start": 0, "end": 9}]}]}', "quote from 0 to 9 is not inside"),
        ('{"posts": [{"text": "\\ud800"}]}', "half of a surrogate pair"),
        ('{"counterpoint": 9, "posts": []}', "version 9 of the neutral form, this program reads 1"),
        ('{"posts": [{"text": "a"}]}\n{"posts": ', "line 2 is not JSON"),
        ("[]", "holds no threads"),
        ("[" * 100_000, "line 1 is not JSON"),
    ],
)
def test_what_is_refused(content: str, said: str) -> None:
    """A refusal names the file, the place in it and what was expected."""
    with pytest.raises(UnreadableInput, match="t.json.*" + "".join(f"[{c}]" if c in "[](){}.?*+" else c for c in said)):
        read_neutral(content, place="t.json")


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | TEXT,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["posts", "text", "quotes", "start", "time"]), inner)
    ),
)


@settings(deadline=None)
@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    """No JSON brings another exception."""
    assert_read_or_refused(read_neutral, json.dumps(value))


def test_lines_are_read_one_by_one(tmp_path: Path) -> None:
    """Of a file with a thread a line, what stands before a bad line comes first; the line is named."""
    path = tmp_path / "threads.jsonl"
    first, second = sample_threads()[:2]
    path.write_text(f"{to_neutral(first)}\n\n{to_neutral(second)}\n{{nonsense\n", encoding="utf-8")
    found = iter_file(path)
    assert (first, second) == (next(found), next(found))
    with pytest.raises(UnreadableInput, match=r"threads\.jsonl, line 4 is not JSON .*; expected Counterpoint"):
        next(found)


@pytest.mark.parametrize(("data", "neutral"), [(b' [ {"posts"', True), (b"{}", True), (b"[Home] [Forum]", False)])
def test_neutral_is_told_by_its_beginning(data: bytes, neutral: bool) -> None:
    """Objects and arrays of objects are neutral; text in brackets is not."""
    assert neutral is is_neutral(data)


def test_times_keep_their_zone() -> None:
    """A time is written with its zone."""
    time = datetime(2019, 3, 12, 10, 22, tzinfo=UTC)
    thread = make_thread([Post("0", "", 0, "Should I?", time=time)])
    assert time == read_neutral(to_neutral(thread)).threads[0].opening.time
