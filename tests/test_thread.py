"""Ids, titles and the making of threads."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.thread import (
    TITLE_LENGTH,
    Post,
    Quote,
    bare_words,
    content_id,
    id_of,
    key_of,
    make_thread,
    title_from,
)


def said(text: str, **fields: object) -> Post:
    return Post(id=str(fields.pop("id", text)), thread_id="", position=0, text=text, **fields)  # type: ignore[arg-type]


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=2**60 - 1))
def test_key_and_id_are_inverse(key: int) -> None:
    """An id and its integer key turn into each other."""
    assert key == key_of(id_of(key))


def test_content_id_parts_do_not_run_together() -> None:
    """The id of ("ab", "c") is not the id of ("a", "bc")."""
    assert content_id("ab", "c") != content_id("a", "bc")


def test_bare_words_fold_case_and_punctuation() -> None:
    """What ids are made from leaves out case, punctuation and line breaks."""
    assert "no don t lift" == bare_words("No!  Don’t\nLIFT...")


def test_bare_words_keep_an_emoji_alone() -> None:
    """A post of one emoji still has something to make an id from."""
    assert "👍" == bare_words(" 👍 ")


def test_same_thread_twice_has_the_same_ids() -> None:
    """Reading the same words twice gives the same thread."""
    assert make_thread([said("Should I?"), said("No.")]) == make_thread([said("Should I?"), said("No.")])


def test_naming_an_author_keeps_the_ids() -> None:
    """A post keeps its id when its author is named later."""
    unnamed, named = (make_thread([said("Should I?"), said("No.", author=who)]) for who in (None, "Sal"))
    assert unnamed.posts[1].id == named.posts[1].id


def test_later_replies_keep_the_thread_id() -> None:
    """The same opening post with more replies is the same thread."""
    assert make_thread([said("Should I?")]).id == make_thread([said("should i"), said("Yes.")]).id


def test_equal_posts_have_different_ids() -> None:
    """Two people who wrote "+1" are two posts."""
    thread = make_thread([said("Should I?"), said("+1", id="a"), said("+1", id="b")])
    assert 3 == len({post.id for post in thread.posts})


def test_permalinks_decide_ids() -> None:
    """A post with a permalink keeps its id when its words are edited."""
    first, second = (make_thread([said(text, link="https://f.example/1")]) for text in ("Shoud I?", "Should I?"))
    assert [post.id for post in first.posts] != [post.id for post in second.posts]
    first, second = (
        make_thread([said(text, link="https://f.example/1")], link="https://f.example/t") for text in ("Shoud I?", "?")
    )
    assert [post.id for post in first.posts] == [post.id for post in second.posts]


def test_parents_and_quotes_follow_the_new_ids() -> None:
    """References between posts are rewritten to the made ids."""
    thread = make_thread(
        [said("Should I?", id="x"), said("I? No.", id="y", parent_id="x", quotes=(Quote(0, 2, None, "x"),))]
    )
    opening, reply = thread.posts
    assert (opening.id, opening.id) == (reply.parent_id, reply.quotes[0].post_id)


def test_no_posts_is_an_error() -> None:
    """A thread without an opening post cannot be made."""
    with pytest.raises(ValueError, match="opening post"):
        make_thread([])


def test_title_is_the_first_question() -> None:
    """A thread without a title takes the first question of its opening post."""
    assert "Should I lift?" == title_from("Hi all. New here. Should I lift? Or just run?")


def test_long_title_is_cut_at_a_word() -> None:
    """A title fits on a line and ends with a whole word."""
    title = title_from("why " * 60)
    assert TITLE_LENGTH >= len(title)
    assert title.endswith("why…")


def test_byline_of_an_unnamed_post_counts_from_one() -> None:
    """The third post without a name is shown as unnamed (post 3)."""
    assert "unnamed (post 3)" == make_thread([said("a"), said("b"), said("c")]).posts[2].byline


def test_one_author_is_one_source() -> None:
    """Two posts by one author have one source; unnamed posts have their own."""
    thread = make_thread([said("a", author="Sal"), said("b", author="Sal"), said("c"), said("d")])
    assert 3 == len({post.source for post in thread.posts})


def test_content_hash_changes_with_the_time() -> None:
    """An edit of what is shown changes the content hash."""
    assert said("a").content_hash != said("a", time=datetime(2020, 1, 1, tzinfo=UTC)).content_hash


def test_replies_to_a_post() -> None:
    """The direct answers to a post come in reading order."""
    thread = make_thread([said("q", id="q"), said("a", parent_id="q"), said("b"), said("c", parent_id="q")])
    assert ["a", "c"] == [post.text for post in thread.replies_to(thread.opening.id)]


def test_a_post_without_an_id_is_nobodys_parent() -> None:
    """A post that answers nothing does not answer the one that an export gave no id."""
    thread = make_thread([said("Should I lift?", id="a"), said("No.", id="")])
    assert [None, None] == [one.parent_id for one in thread.posts]


def test_of_posts_with_one_id_the_first_is_meant() -> None:
    """A damaged export that repeats an id makes no circle of answers."""
    thread = make_thread(
        [said("Lift?", id="a"), said("No.", id="b", parent_id="a"), said("Yes.", id="a", parent_id="b")]
    )
    first, second, third = thread.posts
    assert [None, first.id, second.id] == [one.parent_id for one in (first, second, third)]
