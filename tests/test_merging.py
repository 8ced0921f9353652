"""The same thread again: recognised, its posts matched, brought in step; what vanished is kept and marked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.merging import is_same, merged, merged_order, pairs, place
from corpus.thread import OPENER, Post, Quote, Thread, make_thread

LINK = "https://forum.example/threads/lifting.7"
OPENING = "I run four times a week. Should I lift weights as well?"
SQUATS = "Yes, squats helped my hips and my times improved after one winter."
MILES = "No, just run more miles, heavy lifting never helped anyone I know."
PEOPLE = ("Jo", "Sal", "Bert", "Ann", "Cem", "Dee")
SAID = (("Jo", OPENING), ("Sal", SQUATS), ("Bert", MILES), ("Ann", "Thanks!"))


def paste(*said: tuple[str | None, str]) -> Thread:
    """A thread without links and times."""
    return make_thread([Post(str(n), "", n, text, author=name) for n, (name, text) in enumerate(said)])


def export(*said: tuple[str | None, str], link: str = LINK, whole: bool = False) -> Thread:
    """A thread whose posts have links, times and scores, which come of who wrote them."""
    posts = []
    for n, (name, text) in enumerate(said):
        hours = PEOPLE.index(str(name))
        time = datetime(2020, 1, 1, hours, tzinfo=UTC)
        posts.append(Post(str(n), "", n, text, name, time, hours, f"{link}#{name}", "0" if n else None))
    return replace(make_thread(posts, title="Lifting", link=link, forum="Runners"), whole=whole)


def texts(thread: Thread) -> list[str]:
    return [post.text for post in thread.posts]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.reddit.com/comments/2ixv41/", "http://old.reddit.com/r/running/comments/2ixv41/should_i_lift/"),
        (
            "https://www.reddit.com/comments/2ixv41/_/cl6/",
            "https://reddit.com/r/running/comments/2ixv41/lift/cl6/?context=3",
        ),
        ("https://forum.example/t/7", "https://forum.example/t/should-i-lift/7/"),
        ("https://forum.example/t/7/3", "https://forum.example/t/should-i-lift/7/3"),
        ("https://bicycles.stackexchange.com/q/12", "https://bicycles.stackexchange.com/questions/12/which-tube"),
        ("https://a.example/threads/x.9/", "https://www.a.example/threads/x.9/page-2"),
        ("https://a.example/viewtopic.php?t=5&sid=abc", "https://a.example/viewtopic.php?start=20&t=5"),
    ],
)
def test_two_ways_of_writing_one_link(one: str, other: str) -> None:
    """Titles, mirrors, pages and sessions in a link say nothing about where it leads."""
    assert place(one) == place(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.reddit.com/comments/2ixv41/", "https://www.reddit.com/comments/2ixv42/"),
        ("https://a.example/viewtopic.php?t=5", "https://a.example/viewtopic.php?t=6"),
        ("https://a.example/t/7", "https://b.example/t/7"),
        ("https://a.example/x#p1", "https://a.example/x#p2"),
        ("mid:1@a.example", "mid:2@a.example"),
        ("http://[broken", "http://[other"),
    ],
)
def test_links_that_lead_to_two_places(one: str, other: str) -> None:
    """Another thread, forum, or post is another place; what is no address is equal to itself alone."""
    assert place(one) != place(other)


def test_a_paste_is_the_thread_of_an_export() -> None:
    """The same opening and another post in common: one thread, whichever came first."""
    assert is_same(export(*SAID), paste(*SAID[:2]))
    assert is_same(paste(*SAID[:2]), export(*SAID))


def test_other_links_are_other_threads() -> None:
    """The same words posted in two forums are two threads."""
    assert not is_same(export(*SAID), export(*SAID, link="https://other.example/t/9"))


def test_a_common_opening_alone_is_not_enough() -> None:
    """Two threads that open alike and go on otherwise are two."""
    assert not is_same(export(*SAID), paste(SAID[0], ("Cem", "It depends on what you want to get out of it.")))


def test_an_edited_opening_does_not_hide_a_thread() -> None:
    """More than half of the posts in common, and whole sentences: one thread."""
    edited = ("Jo", f"{OPENING} Edit: thanks all.")
    assert is_same(paste(*SAID[:3]), paste(edited, *SAID[1:]))


def test_short_words_make_no_thread_the_same() -> None:
    """Many threads have a "thanks" and a "+1"."""
    assert not is_same(paste(("Jo", OPENING), ("A", "Thanks!"), ("B", "+1")), paste(("A", "Thanks!"), ("B", "+1")))


def test_posts_are_matched_by_words_across_formats() -> None:
    """Links and names of one format are missing in the other; the words are the same."""
    stored, again = export(*SAID), paste(*((None, text) for _, text in SAID))
    assert [post.id for post in stored.posts] == [pairs(stored, again)[post.id].id for post in again.posts]


def test_equal_words_of_two_people_are_two_posts() -> None:
    """Ann's thanks are not Cem's."""
    both = merged(export(*SAID), paste(*SAID[:3], ("Cem", "Thanks!")))
    assert ["Jo", "Sal", "Bert", "Cem", "Ann"] == [post.author for post in both.posts]


def test_an_edited_post_is_found_without_a_link() -> None:
    """The same author and much the same words: the post was edited, and is not doubled."""
    stored = paste(*SAID)
    both = merged(stored, paste(*SAID[:2], ("Bert", f"{MILES} Edit: squats are fine."), SAID[3]))
    assert [*texts(stored)[:2], f"{MILES} Edit: squats are fine.", "Thanks!"] == texts(both)
    assert [post.id for post in stored.posts] == [post.id for post in both.posts]


def test_another_post_of_an_author_is_no_edit() -> None:
    """What else somebody says stands beside what they said."""
    both = merged(paste(*SAID), paste(*SAID[:2], ("Bert", "Yes, I changed my mind after my own winter of squats.")))
    assert 5 == len(both.posts)


def test_another_format_adds_what_it_knows() -> None:
    """A paste in the store gets the links, times and scores of an export, and keeps its ids and words."""
    stored, again = paste(*SAID), export(*SAID)
    both = merged(stored, again)
    assert [post.id for post in stored.posts] == [post.id for post in both.posts]
    assert [(post.link, post.time, post.score) for post in again.posts] == [
        (post.link, post.time, post.score) for post in both.posts
    ]
    assert {stored.id} == {post.thread_id for post in both.posts}
    assert {both.opening.id} == {post.parent_id for post in both.posts[1:]}
    assert (LINK, "Runners", "Lifting") == (both.link, both.forum, both.title)


def test_what_a_paste_does_not_say_is_kept() -> None:
    """A paste takes no name, time, score or link away; so adding the two in turn changes nothing any more."""
    stored = export(*SAID)
    assert stored == merged(stored, paste(*((None, text) for _, text in SAID)))


def test_the_opening_poster_has_one_name() -> None:
    """A paste that knows only "opening poster", beside an export that names them: one person."""
    unnamed = paste((None, OPENING), SAID[1], (OPENER, "Thank you all, I will try squats this winter."))
    assert ["Jo", "Sal", "Jo", "Bert", "Ann"] == [post.author for post in merged(export(*SAID), unnamed).posts]
    assert ["Jo", "Sal", "Bert", "Ann", "Jo"] == [post.author for post in merged(unnamed, export(*SAID)).posts]


def test_a_part_of_a_thread_marks_nothing() -> None:
    """A shorter paste, page or export that does not prove to be whole: what it lacks may well be there."""
    stored = export(*SAID)
    for part in (paste(*SAID[:2]), export(*SAID[:2]), export(SAID[0], SAID[2])):
        assert stored == merged(stored, part)


def test_what_a_whole_export_lacks_has_vanished() -> None:
    """It is kept with its words, and marked; everything else is as it was."""
    both = merged(export(*SAID), export(SAID[0], *SAID[2:], whole=True))
    assert [text for _, text in SAID] == texts(both)
    assert [False, True, False, False] == [post.vanished for post in both.posts]


def test_a_gap_where_words_stood_has_vanished() -> None:
    """A [deleted] post keeps words, author and place of what stood there; no export need be whole to say so."""
    stored = export(*SAID)
    gap = export(*SAID)
    gap = replace(gap, posts=(*gap.posts[:1], replace(gap.posts[1], text="", author=None), *gap.posts[2:]))
    both = merged(stored, gap)
    assert replace(stored.posts[1], vanished=True) == both.posts[1]


def test_what_is_back_is_marked_no_more() -> None:
    """A post that a later export has again did not vanish."""
    gone = merged(export(*SAID), export(SAID[0], *SAID[2:], whole=True))
    assert export(*SAID) == merged(gone, export(*SAID))


def test_pages_stand_in_the_order_of_time() -> None:
    """The second page before the first, or the third before the second: the posts are in order all the same."""
    thread = export(*SAID, ("Cem", "I would do both, on different days of the week."), ("Dee", "Both, and sleep more."))
    pages = [replace(thread, posts=thread.posts[n : n + 2]) for n in (0, 2, 4)]
    for order in ((1, 0, 2), (2, 1, 0), (0, 2, 1)):
        both = pages[order[0]]
        for number in order[1:]:
            both = merged(both, pages[number])
        assert texts(thread) == texts(both)
        assert list(range(6)) == [post.position for post in both.posts]


def test_a_page_does_not_forget_what_it_cannot_know() -> None:
    """A later page lacks the quoted post; who was quoted, and what was answered, is kept."""
    thread = export(*SAID)
    quoting = replace(thread.posts[3], quotes=(Quote(0, 6, "Sal", thread.posts[1].id),), parent_id=thread.posts[1].id)
    stored = replace(thread, posts=(*thread.posts[:3], quoting))
    alone = replace(quoting, quotes=(Quote(0, 6, "Sal"),), parent_id=thread.posts[2].id)
    assert stored == merged(stored, replace(thread, posts=(thread.posts[2], alone)))


def test_a_link_of_all_posts_is_no_post() -> None:
    """Some pages give each post the link of its thread: the second page's posts do not overwrite the first's."""
    first, second = (
        make_thread([Post(str(n), "", n, text, name, link=LINK) for n, (name, text) in enumerate(part)], link=LINK)
        for part in (SAID[:2], SAID[2:])
    )
    assert [text for _, text in SAID] == texts(merged(first, second))


posts = st.lists(st.tuples(st.sampled_from(["Jo", "Sal", None]), st.text("ab .", max_size=8)), min_size=1, max_size=6)


@settings(deadline=None)
@given(posts, posts, st.booleans())
def test_merging_again_changes_nothing(
    first: list[tuple[str | None, str]], second: list[tuple[str | None, str]], whole: bool
) -> None:
    """Whatever two readings say, what they are together stays so; no post is lost or doubled."""
    stored, again = paste(*first), replace(paste(*second), whole=whole)
    both = merged(stored, again)
    assert both == merged(both, again)
    assert len(both.posts) == len({post.id for post in both.posts})
    assert {post.id for post in stored.posts} <= {post.id for post in both.posts}
    assert list(range(len(both.posts))) == [post.position for post in both.posts]


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(0, 9), unique=True))
def test_merged_order_keeps_the_given_order(stored: list[int], given_keys: list[int]) -> None:
    """Nothing is lost or doubled, and what was given stands in its own order."""
    order = merged_order(stored, given_keys)
    assert sorted({*stored, *given_keys}) == sorted(order)
    assert given_keys == [key for key in order if key in given_keys]
