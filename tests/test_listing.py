"""Listing: what is asked for is listed and counted, and what a user types is never a syntax error."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes import BAKERS, RUNNERS, thread_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.store import Store
from corpus.thread import Thread
from indexer.claim_store import ClaimStore
from indexer.claims import Claim, Kind, split_claims
from indexer.judge import Judgement, Stance
from indexer.listing import Listing, Wanted, any_word, every_word

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


def filled(kept: ClaimStore) -> ClaimStore:
    with kept.store.begin() as connection:
        for thread in (RUNNERS, BAKERS):
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
    judgement = Judgement(*numbers)
    for question in (RUNNERS.title, "Should I not lift?"):
        with kept.store.begin() as connection:
            kept.save_judgements(connection, question, "rules", {claim.id: judgement})
        wanted = Wanted("rules", question=question, among=frozenset([claim.id]))
        listed, counts = Listing(kept.store).listed(wanted, None, 0, 10)
        assert {stance: int(stance == judgement.stance) for stance in Stance} == counts
        assert [judgement] == [one.judgement for one in listed]


def test_claims_without_a_judgement(kept: ClaimStore, lists: Listing) -> None:
    """They are named as unjudged, by the filters of the list they are missing from."""
    wanted = Wanted("rules", thread_id=BAKERS.id)
    assert sorted(claim.id for claim in claims_in(BAKERS)) == sorted(lists.unjudged(wanted))
    with kept.store.begin() as connection:
        kept.save_judgements(connection, BAKERS.title, "rules", {one.id: PRO for one in claims_in(BAKERS)})
    assert [] == lists.unjudged(wanted)
    assert len(claims_in(BAKERS)) == lists.listed(wanted, None, 0, 10)[1][Stance.PRO]


def test_ids_by_their_beginning(lists: Listing) -> None:
    """Threads, posts and claims are found by how their ids begin."""
    claim, post = claims_in(RUNNERS)[0].id, RUNNERS.posts[1].id
    for one in (claim, post, RUNNERS.id):
        assert [one] == lists.starting_with(one)
        assert one in lists.starting_with(one[:6])
    assert 10 == len(lists.starting_with(""))


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


@settings(deadline=None)
@given(
    st.text() | st.sampled_from(['"', "AND", "a* NEAR(b, 2)", "text:x", "-x", "^", "'; DROP TABLE claims;--", "\x00"])
)
def test_whatever_is_typed_is_no_syntax_error(read_only: ClaimStore, typed: str) -> None:
    """Any text finds claims, or none."""
    assert isinstance(Listing(read_only.store).matching(typed, 5), list)
    listed, counts = Listing(read_only.store).listed(Wanted("rules", text=typed), None, 0, 5)
    assert (0, 0) == (len(listed), sum(counts.values()))
    assert isinstance(Listing(read_only.store).summaries(typed), list)


def test_queries_as_they_are_sent() -> None:
    """Words are quoted; function words are left out of one form and kept in the other."""
    assert '"lift" OR "5k"' == any_word("should I lift for a 5k? Lift!")
    assert '"should"* "lift"*' == every_word("should lift")
    assert "" == any_word("is it?")
