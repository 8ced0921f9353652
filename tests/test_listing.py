"""Listing: what is asked for is listed and counted, and what a user types is never a syntax error."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fakes import BAKERS, RUNNERS, thread_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.store import Store
from corpus.thread import Post, Thread, make_thread
from indexer.claim_store import ClaimStore
from indexer.claims import Claim, Kind, split_claims
from indexer.judge import Judgement, Stance
from indexer.listing import Filters, Listing, Order, Wanted, any_word, every_word


def _at(year: int, month: int, day: int = 1, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


PRO = Judgement(pro=0.7, con=0.1, mixed=0.15, none=0.05)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[ClaimStore]:
    with Store.open(tmp_path / "corpus.sqlite3") as store:
        yield filled(ClaimStore(store))


@pytest.fixture
def lists(kept: ClaimStore) -> Listing:
    return Listing(kept.store)


@pytest.fixture(scope="module")
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClaimStore]:
    with Store.open(tmp_path_factory.mktemp("store") / "corpus.sqlite3") as store:
        yield filled(ClaimStore(store))


def filled(kept: ClaimStore, *given: Thread) -> ClaimStore:
    with kept.store.begin() as connection:
        for thread in given or (RUNNERS, BAKERS):
            kept.store.save_thread(thread, connection)
            kept.save_questions(connection, "hashing", {thread.id: (thread.title, None)})
            kept.save_splits(connection, {post.id: split_claims(post) for post in thread.posts})
    return kept


def claims_in(thread: Thread) -> list[Claim]:
    return [claim for post in thread.posts for claim in split_claims(post).claims]


likelihoods = st.tuples(*(st.floats(0.0, 1.0) for _ in range(4))) | st.permutations([0.5, 0.5, 0.0, 0.0]).map(tuple)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(likelihoods)
def test_sql_and_python_agree_on_the_stance(kept: ClaimStore, numbers: tuple[float, float, float, float]) -> None:
    """A list counts each claim on the side that its judgement says, ties included."""
    claim = claims_in(RUNNERS)[0]
    judgement = Judgement(*numbers).rounded()
    for question in (RUNNERS.title, "Should I not lift?"):
        with kept.store.begin() as connection:
            kept.save_judgements(connection, question, "rules", {claim.id: judgement})
        wanted = Wanted("rules", question=question, among=frozenset([claim.id]))
        pages, counts = Listing(kept.store).listed(wanted, [None])
        assert {stance: int(stance == judgement.stance) for stance in Stance} == counts
        assert [judgement] == [one.judgement for one in pages[None]]


def test_claims_without_a_judgement(kept: ClaimStore, lists: Listing) -> None:
    """They are named as unjudged, by the filters of the list they are missing from."""
    wanted = Wanted("rules", filters=Filters(thread_id=BAKERS.id))
    assert sorted(claim.id for claim in claims_in(BAKERS)) == sorted(lists.unjudged(wanted))
    with kept.store.begin() as connection:
        kept.save_judgements(connection, BAKERS.title, "rules", {one.id: PRO for one in claims_in(BAKERS)})
    assert [] == lists.unjudged(wanted)
    lists.complete("rules")
    assert len(claims_in(BAKERS)) == lists.listed(wanted, [None])[1][Stance.PRO]


def test_ids_by_their_beginning(lists: Listing) -> None:
    """Threads, posts and claims are found by how their ids begin."""
    claim, post = claims_in(RUNNERS)[0].id, RUNNERS.posts[1].id
    for one in (claim, post, RUNNERS.id):
        assert [one] == lists.starting_with(one)
        assert one in lists.starting_with(one[:6])
    assert 10 == len(lists.starting_with(""))


# Where claims stand toward their own threads' questions


DATED = make_thread(
    [
        Post("0", "", 0, "Should I stretch before a run?", "Jo", link="https://f.example/1#0"),
        Post("1", "", 1, "Yes, stretching helped my calves.", "Ümit", _at(2019, 5), 3, "https://f.example/1#1"),
        Post("2", "", 2, "Stretching made me slower.", "ann", _at(2021, 2), -2, "https://f.example/1#2"),
        Post("3", "", 3, "A study found that stretching does nothing.", "Ann", _at(2020, 12, 31, 23), None),
        Post("4", "", 4, "Stretching is great for the knees.", None, None, 40),
    ],
    title="Should I stretch before a run?",
    link="https://f.example/1",
    forum="Runners",
)
SAID = ("calves", "slower", "study", "knees")
"""A word of each claim of `DATED`, in reading order."""


@pytest.fixture
def dated(kept: ClaimStore) -> ClaimStore:
    """RUNNERS and BAKERS, and after them `DATED`, everything judged; the surest of `DATED` is the last."""
    with kept.store.begin() as connection:
        kept.store.save_thread(DATED, connection)
        kept.save_questions(connection, "hashing", {DATED.id: (DATED.title, None)})
        kept.save_splits(connection, {post.id: split_claims(post) for post in DATED.posts})
        for thread in (RUNNERS, BAKERS, DATED):
            judged = {
                one.id: Judgement(pro=0.5 + number / 100, con=0.1, mixed=0.1, none=0.1)
                for number, one in enumerate(claims_in(thread))
            }
            kept.save_judgements(connection, thread.title, "rules", judged)
    Listing(kept.store).complete("rules")
    return kept


def found(kept: ClaimStore, filters: Filters, order: Order = Order.SUREST) -> list[str]:
    """The words of `SAID` in the claims listed, in order; "" for a claim of another thread."""
    pages, _ = Listing(kept.store).listed(Wanted("rules", filters=filters), [None], order)
    texts = [one.claim.text for one in kept.cited([one.claim_id for one in pages[None]])]
    return [next((word for word in SAID if word in text), "") for text in texts]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(forum="Runners"), {"calves", "slower", "study", "knees"}),
        (Filters(author="ANN"), {"slower", "study"}),
        (Filters(author="Ümit"), {"calves"}),
        (Filters(author="ÜMIT"), {"calves"}),
        (Filters(author="u\N{COMBINING DIAERESIS}mit"), {"calves"}),
        (Filters(author="umit"), set()),
        (Filters(author="an"), set()),
        (Filters(since=date(2020, 1, 1)), {"slower", "study"}),
        (Filters(until=date(2020, 12, 31)), {"calves", "study"}),
        (Filters(since=date(2020, 12, 31), until=date(2020, 12, 31)), {"study"}),
        (Filters(votes=3), {"calves", "knees"}),
        (Filters(votes=-2), {"calves", "slower", "knees"}),
        (Filters(kind=Kind.STUDY), {"study"}),
        (Filters(author="ann", votes=-5, text="stretch"), {"slower"}),
    ],
    ids=str,
)
def test_filters(dated: ClaimStore, filters: Filters, expected: set[str]) -> None:
    """A list holds exactly what fits, toward threads' own questions as toward one that was typed."""
    assert expected == set(found(dated, filters))
    typed = Wanted("rules", question=DATED.title, filters=filters)
    pages, counts = Listing(dated.store).listed(typed, [Stance.PRO])
    assert len(expected) == len(pages[Stance.PRO]) == counts[Stance.PRO]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.SUREST, ["knees", "study", "slower", "calves"]),
        (Order.NEWEST, ["slower", "study", "calves", "knees"]),
        (Order.OLDEST, ["calves", "study", "slower", "knees"]),
        (Order.VOTES, ["knees", "calves", "slower", "study"]),
    ],
)
def test_orders(dated: ClaimStore, order: Order, expected: list[str]) -> None:
    """What has no date or no score comes last, also where the whole table is sorted by its indexes."""
    assert expected == found(dated, Filters(thread_id=DATED.id), order)
    assert expected == [word for word in found(dated, Filters(), order) if word]


def test_pages_of_sides(dated: ClaimStore) -> None:
    """Each side has its own page; together the pages hold everything once."""
    lists, wanted = Listing(dated.store), Wanted("rules")
    total = sum(lists.listed(wanted, [])[1].values())
    pages = [lists.listed(wanted, [Stance.PRO, Stance.CON], offset=at, limit=2)[0] for at in range(0, total, 2)]
    assert [] == [one for page in pages for one in page[Stance.CON]]
    assert total == len({one.claim_id for page in pages for one in page[Stance.PRO]}) > 4


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE posts SET author = 'x', score = 7 WHERE position = 1",
        "UPDATE threads SET forum = 'x'",
        "UPDATE threads SET question = 'Should I not stretch?'",
        "UPDATE claims SET kind = 'hearsay'",
        "UPDATE judgements SET pro = 0.01",
        "DELETE FROM judgements",
        "DELETE FROM posts WHERE position = 1",
        "DELETE FROM threads",
    ],
)
def test_what_is_written_down_is_never_stale(dated: ClaimStore, change: str) -> None:
    """Whoever changes what a stance was made from, what is written down afterwards is what would be made anew."""
    with dated.store.begin() as connection:
        connection.exec_driver_sql(change)
    lists = Listing(dated.store)

    def kept() -> list[tuple[object, ...]]:
        with dated.store.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM stances ORDER BY claim_key")]

    lists.complete("rules")
    after = kept()
    with dated.store.begin() as connection:
        connection.exec_driver_sql("DELETE FROM stances")
    lists.complete("rules")
    assert kept() == after


def test_another_judge_stands_alone(dated: ClaimStore) -> None:
    """What one judge said is not listed as another's."""
    lists = Listing(dated.store)
    assert lists.is_complete("rules")
    assert not lists.is_complete("others")
    lists.complete("others")
    assert not lists.is_complete("others")
    assert 0 == sum(lists.listed(Wanted("others"), [])[1].values())


# Threads and counts


def test_summaries(kept: ClaimStore, lists: Listing) -> None:
    """A line a thread, latest first, with its posts and claims; also for a thread without a claim."""
    kept.store.save_thread(thread_of("Nobody answered?", "Nobody answered?", forum="Silence"))
    assert [
        ("Nobody answered?", 1, 0),
        (BAKERS.title, 3, len(claims_in(BAKERS))),
        (RUNNERS.title, 4, len(claims_in(RUNNERS))),
    ] == [(one.title, one.posts, one.claims) for one in lists.summaries()]
    assert ["Nobody answered?"] == [one.title for one in lists.summaries("silence")]
    assert [] == lists.summaries("100%")


def test_a_page_of_summaries(kept: ClaimStore, lists: Listing) -> None:
    """Pages follow each other in the order of the whole list, and all that match are counted."""
    every = lists.summaries()
    assert [every[:1], every[1:2], []] == [lists.summaries(offset=offset, limit=1) for offset in (0, 1, 2)]
    assert [BAKERS.title] == [one.title for one in lists.summaries("overnight", limit=9)]
    assert (2, 1) == (lists.number_of_threads(), lists.number_of_threads("overnight"))


def test_counts(lists: Listing) -> None:
    """Claims by kind, skips by reason, and people: one author in one thread."""
    every = [*claims_in(RUNNERS), *claims_in(BAKERS)]
    assert {
        kind: number for kind in Kind if (number := sum(one.kind == kind for one in every))
    } == lists.claims_by_kind()
    assert {"question": 2, "thanks": 1} == lists.skipped_by_reason()
    assert 6 == lists.people()


# Words


def test_words_are_found_in_any_form(read_only: ClaimStore) -> None:
    """Stems match, accents and case do not matter, words that say nothing are not looked up."""
    (best, *_) = read_only.cited(Listing(read_only.store).matching("Who ÍMPROVES the most?", 9))
    assert "improved" in best.claim.text
    assert [] == Listing(read_only.store).matching("should I do it or have it", 9)


def test_what_shares_more_words_comes_first(read_only: ClaimStore) -> None:
    """Best first by bm25, and no more than asked for."""
    (best,) = read_only.cited(Listing(read_only.store).matching("heavy lifting in winter never helped", 1))
    assert "Heavy lifting never helped anyone I know" == best.claim.text


@pytest.fixture
def winters(tmp_path: Path) -> Iterator[ClaimStore]:
    """Twenty claims about winter, two of them about squats, and one about squats alone."""
    said = [f"Running in winter {n} made me slow." for n in range(17)]
    said += [f"Squats in winter {n} made me strong." for n in range(2)]
    said += ["Squats hurt my knees.", "Winter winter winter is bad."]
    with Store.open(tmp_path / "corpus.sqlite3") as store:
        yield filled(ClaimStore(store), thread_of("Does it matter?", *said))


def sharing(kept: ClaimStore, text: str, scored: int) -> list[str]:
    return [one.claim.text for one in kept.cited(Listing(kept.store, scored).matching(text, 50))]


def test_of_frequent_words_only_those_beside_a_rarer_one_are_scored(winters: ClaimStore) -> None:
    """Three claims hold squats, too many winter: winter decides among the three, and brings in no other."""
    every = sharing(winters, "squats in winter", 100)
    assert (21, 3) == (len(every), sum("Squats" in one for one in every))
    assert {one for one in every if "Squats" in one} == set(sharing(winters, "squats in winter", 5))


def test_frequent_words_alone_are_scored_whatever_it_takes(winters: ClaimStore) -> None:
    """Without a rarer word they are all there is; a word that nobody used is none."""
    assert 20 == len(sharing(winters, "winter", 5))
    assert 20 == len(sharing(winters, "winter zeppelin", 5))
    assert "Winter winter winter is bad" == sharing(winters, "winter", 5)[0]
    assert [] == sharing(winters, "zeppelin", 5)


@settings(deadline=None)
@given(
    st.text() | st.sampled_from(['"', "AND", "a* NEAR(b, 2)", "text:x", "-x", "^", "'; DROP TABLE claims;--", "\x00"])
)
def test_whatever_is_typed_is_no_syntax_error(read_only: ClaimStore, typed: str) -> None:
    """Any text finds claims, or none."""
    assert isinstance(Listing(read_only.store).matching(typed, 5), list)
    pages, counts = Listing(read_only.store).listed(Wanted("rules", filters=Filters(text=typed)), [None])
    assert (0, 0) == (len(pages[None]), sum(counts.values()))
    assert isinstance(Listing(read_only.store).summaries(typed), list)


def test_queries_as_they_are_sent() -> None:
    """Words are quoted."""
    assert '"lift" OR "5k"' == any_word(["lift", "5k"])
    assert '"should"* "lift"*' == every_word("should lift")
    assert "" == every_word("?")
