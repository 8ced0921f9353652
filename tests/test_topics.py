"""Topics: threads by forum with what their claims say, and the names there are to choose from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge, thread_of

from bot.render_browse import topics_html
from indexer.judge import Stance
from indexer.knowledge import KnowledgeBase

SHOES = thread_of(
    "Are <b>carbon</b> shoes worth it?",
    ("Jo", "Are carbon shoes worth it?"),
    ("Ann", "Yes, they helped me."),
    ("Bo", "Never again."),
    forum="Run & ride",
)
SOCKS = thread_of("Do socks matter?", ("Jo", "Do socks matter?"), ("Ann", "Good socks helped."), forum="Run & ride")


@pytest.fixture(scope="module")
def forums(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("topics") / "base"
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), judge=RuleJudge()) as base:
        base.add([SHOES, RUNNERS, SOCKS])
        yield base


def test_the_forum_with_most_threads_comes_first(forums: KnowledgeBase) -> None:
    """Threads stand under their forum, and a forum without a name has its own place."""
    page = forums.topics()
    assert [("Run & ride", 2), (None, 1)] == [(one.forum, one.threads) for one in page.forums]
    assert {SHOES.id, SOCKS.id} == {topic.id for topic in page.forums[0].topics}
    assert 3 == page.total


def test_topics_count_claims_by_side(forums: KnowledgeBase) -> None:
    """A thread's counts are those of Browse, a forum's those of its threads."""
    page = forums.topics()
    for forum in page.forums:
        for topic in forum.topics:
            assert forums.browse(thread_id=topic.id).by_stance == topic.sides
        assert {side: sum(topic.sides[side] for topic in forum.topics) for side in Stance} == forum.sides
    (shoes,) = (topic for topic in page.forums[0].topics if topic.id == SHOES.id)
    assert (3, 1, 1) == (shoes.posts, shoes.sides[Stance.PRO], shoes.sides[Stance.CON])


def test_topics_by_words_and_forum(forums: KnowledgeBase) -> None:
    """Words look at titles, questions and forums; the counts of the forum are then of what matches."""
    page = forums.topics("SOCKS")
    assert [[SOCKS.id]] == [[topic.id for topic in forum.topics] for forum in page.forums]
    assert page.forums[0].topics[0].sides == page.forums[0].sides
    assert (0, ()) == (forums.topics("100%").total, forums.topics("100%").forums)
    assert 2 == forums.topics(forum="Run & ride").total
    assert 0 == forums.topics("weights", forum="Run & ride").total


def test_pages_of_topics(forums: KnowledgeBase) -> None:
    """Each thread stands on one page; a forum that goes on says how many it has in all."""
    pages = [forums.topics(offset=at, limit=1) for at in range(3)]
    assert 3 == len({topic.id for page in pages for forum in page.forums for topic in forum.topics})
    assert [2, 2, 1] == [page.forums[0].threads for page in pages]


def test_names_to_choose_from(forums: KnowledgeBase) -> None:
    """Forums by threads, authors by posts, most first; nothing that nobody named."""
    assert {"Run & ride": 2} == forums.forums()
    assert [("Jo", 3), ("Ann", 2)] == list(forums.frequent_authors(2).items())
    assert {SHOES.id: SHOES.title} == forums.titles([SHOES.id, BAKERS.id])


def test_topics_as_html(forums: KnowledgeBase) -> None:
    """Titles are text; links open the thread's claims, the thread, and the forum."""
    html = topics_html(forums.topics())
    assert "Are &lt;b&gt;carbon&lt;/b&gt; shoes worth it?" in html
    assert f'<a href="?tab=browse&amp;thread={SHOES.id}">' in html
    assert f'<a href="?thread={SHOES.id}">read it</a>' in html
    assert '<a href="?tab=browse&amp;forum=Run+%26+ride">' in html
    assert '2 claims: <span class="cp-lean cp-pro">1 for</span>, <span class="cp-lean cp-con">1 against</span>' in html
