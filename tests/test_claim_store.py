"""ClaimStore: what is kept of claims is found again, and what a user types is never a syntax error."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from corpus.errors import NotInStore
from corpus.store import Store
from corpus.thread import Thread, key_of
from indexer.claim_store import VECTORS_WAIT, ClaimStore, from_blobs, to_blob
from indexer.claims import Claim, Split, split_claims
from indexer.judge import Judgement

PRO = Judgement(pro=0.7, con=0.1, mixed=0.15, none=0.05)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[ClaimStore]:
    with Store.open(tmp_path / "corpus.sqlite3") as store:
        yield filled(ClaimStore(store))


def filled(kept: ClaimStore) -> ClaimStore:
    with kept.store.begin() as connection:
        for thread in (RUNNERS, BAKERS):
            kept.store.save_thread(thread, connection)
            kept.save_questions(connection, "hashing", {thread.id: (thread.title, blob(thread.title))})
            kept.save_splits(connection, splits_of(thread))
            kept.save_vectors(connection, "hashing", {one.id: blob(one.text) for one in claims_in(thread)})
    return kept


def splits_of(thread: Thread) -> dict[str, Split]:
    return {post.id: split_claims(post) for post in thread.posts}


def claims_in(thread: Thread) -> list[Claim]:
    return [claim for split in splits_of(thread).values() for claim in split.claims]


def blob(words: str) -> bytes:
    return to_blob(HashingEncoder().encode([words])[0])


# Claims with their posts


def test_a_claim_comes_with_its_post_and_thread(kept: ClaimStore) -> None:
    """The claim that was saved, the post it stands in, and what the thread is called and asks."""
    claim = claims_in(RUNNERS)[0]
    cited = kept.cited([claim.id])[0]
    assert claim == cited.claim
    assert claim.post_id == cited.post.id
    assert (RUNNERS.title, RUNNERS.title, None, False) == (
        cited.thread_title,
        cited.thread_question,
        cited.forum,
        cited.invented,
    )


def test_claims_come_in_the_order_asked(kept: ClaimStore) -> None:
    """Also across threads; ids that are not here are left out, and doubles stay double."""
    ids = [claim.id for claim in (*claims_in(BAKERS), *claims_in(RUNNERS))][::-1]
    asked = [ids[0], "0123456789abcde", *ids]
    assert [ids[0], *ids] == [one.claim.id for one in kept.cited(asked)]


def test_claims_of_a_thread_come_in_reading_order(kept: ClaimStore) -> None:
    """As the posts stand, and in each as the words stand."""
    assert claims_in(RUNNERS) == [one.claim for one in kept.of_threads([RUNNERS.id])]
    assert [] == kept.of_threads(["0123456789abcde"])


def test_what_is_known_of_a_thread(kept: ClaimStore) -> None:
    """Its posts with the hash they were split at, its claims, its question."""
    known = kept.known(RUNNERS.id)
    assert known is not None
    assert RUNNERS == known.thread
    assert {post.id: post.content_hash for post in RUNNERS.posts} == known.split
    assert claims_in(RUNNERS) == [claim for post in RUNNERS.posts for claim in known.claims.get(post.id, ())]
    assert kept.known("0123456789abcde") is None


def test_the_question_of_an_unknown_thread(kept: ClaimStore) -> None:
    """An unknown thread is an error; a known one says its question."""
    assert RUNNERS.title == kept.question_of(RUNNERS.id)
    with pytest.raises(NotInStore, match="no thread 0123456789abcde"):
        kept.question_of("0123456789abcde")


def test_what_waits(kept: ClaimStore) -> None:
    """Nothing; then a thread whose post is to be split again; then, for another encoder, every thread."""
    assert [] == kept.unfinished("hashing", thorough=True)
    with kept.store.begin() as connection:
        connection.execute(text(f"UPDATE posts SET splitter = NULL WHERE key = {key_of(RUNNERS.posts[1].id)}"))
    assert [RUNNERS.id] == kept.unfinished("hashing", thorough=False)
    assert sorted([RUNNERS.id, BAKERS.id]) == sorted(kept.unfinished("other", thorough=True))


def test_vectors_are_looked_for_where_some_were_forgotten(kept: ClaimStore) -> None:
    """Otherwise each was written with its claim, and a large base is not read for it."""
    kept.store.set_setting(VECTORS_WAIT, "")
    assert [] == kept.unfinished("other", thorough=False)
    with kept.store.begin() as connection:
        kept.forget_vectors(connection)
    assert sorted([RUNNERS.id, BAKERS.id]) == sorted(kept.unfinished("hashing", thorough=False))


# Writing


def test_a_new_split_replaces_the_old_one(kept: ClaimStore) -> None:
    """Claims that are gone take vector, judgements and words with them; those that stay keep theirs."""
    post = RUNNERS.posts[1]
    stays, goes = splits_of(RUNNERS)[post.id].claims
    with kept.store.begin() as connection:
        kept.save_judgements(connection, "Should I lift?", "rules", {stays.id: PRO, goes.id: PRO})
        kept.save_splits(connection, {post.id: Split((stays,), ())})
    assert [stays] == [one.claim for one in kept.of_threads([RUNNERS.id]) if one.post.id == post.id]
    assert [key_of(stays.id)] == list(kept.blobs("hashing", [key_of(stays.id), key_of(goes.id)]))
    assert {stays.id: PRO} == kept.judgements("Should I lift?", "rules", [stays.id, goes.id])
    with kept.store.reading() as connection:
        found = connection.scalars(text("SELECT rowid FROM claims_fts WHERE claims_fts MATCH 'winter'")).all()
    assert [] == found


def test_another_context_takes_the_judgements(kept: ClaimStore) -> None:
    """A judge read the context: where it changed, the claim is to be judged again."""
    post = RUNNERS.posts[1]
    first, second = splits_of(RUNNERS)[post.id].claims
    with kept.store.begin() as connection:
        kept.save_judgements(connection, "Should I lift?", "rules", {first.id: PRO, second.id: PRO})
        kept.save_splits(connection, {post.id: Split((replace(first, context="other words"), second), ())})
    assert {second.id: PRO} == kept.judgements("Should I lift?", "rules", [first.id, second.id])


def test_skips_are_kept_by_reason(kept: ClaimStore) -> None:
    """What was left out is listed with its place."""
    assert [("question", "post 1"), ("thanks", "post 4")] == [
        (one.reason, one.place) for one in kept.skipped(RUNNERS.id)
    ]


def test_what_was_removed_meanwhile_is_passed_over(kept: ClaimStore) -> None:
    """Claims, vectors and judgements of posts that another process removed are not written, and are no error."""
    claims = claims_in(RUNNERS)
    kept.store.remove_thread(RUNNERS.id)
    with kept.store.begin() as connection:
        kept.save_splits(connection, splits_of(RUNNERS))
        kept.save_vectors(connection, "hashing", {one.id: blob(one.text) for one in claims})
        kept.save_judgements(connection, "Should I lift?", "rules", {one.id: PRO for one in claims})
        kept.save_questions(connection, "hashing", {RUNNERS.id: ("Should I lift?", blob("lift"))})
    assert {key_of(claim.id) for claim in claims_in(BAKERS)} == kept.keys("hashing")
    assert {} == kept.judgements("Should I lift?", "rules", [one.id for one in claims])
    assert [key_of(BAKERS.id)] == list(kept.blobs("hashing", [key_of(BAKERS.id)], of_threads=True))


def test_changes_are_counted(kept: ClaimStore) -> None:
    """Each bump is another generation; forgetting all vectors another epoch."""
    before = kept.generation()
    with kept.store.begin() as connection:
        kept.bump(connection)
    assert (before[0], before[1] + 1) == kept.generation()
    with kept.store.begin() as connection:
        kept.forget_vectors(connection)
    assert before[0] + 1 == kept.generation()[0]
    assert set() == kept.keys("hashing")


def test_vectors_of_another_encoder_are_not_seen(kept: ClaimStore) -> None:
    """Keys and vectors are those of one encoder."""
    claim = claims_in(RUNNERS)[0]
    with kept.store.begin() as connection:
        kept.save_vectors(connection, "other", {claim.id: blob("other")})
    assert key_of(claim.id) not in kept.keys("hashing")
    assert {key_of(claim.id): blob("other")} == kept.blobs("other", [key_of(claim.id)])


@settings(deadline=None)
@given(st.lists(st.floats(-1, 1, width=32), min_size=8, max_size=8).filter(lambda row: np.linalg.norm(row) > 1e-2))
def test_a_vector_survives_rounding(row: list[float]) -> None:
    """Written as float16 and read, a unit vector is a unit vector within a thousandth of the one it was."""
    vector = np.array(row, dtype=np.float32)
    vector /= np.linalg.norm(vector)
    read = from_blobs([to_blob(vector)], 8)[0]
    assert 1.0 == pytest.approx(float(np.linalg.norm(read)), abs=1e-6)
    assert 1.0 == pytest.approx(float(read @ vector), abs=1e-3)
    assert np.array_equal(read, from_blobs([to_blob(vector)], 8)[0])


# Judgements


@pytest.mark.parametrize(
    ("kept_as", "asked", "expected"),
    [
        ("Should I lift?", "Should I lift?", PRO),
        ("Should I lift?", "Should I not lift?", PRO.mirrored()),
        ("Should I not lift?", "Should I lift?", PRO.mirrored()),
        ("Should I not lift?", "Should I not lift?", PRO),
    ],
)
def test_a_judgement_serves_the_negation_too(kept: ClaimStore, kept_as: str, asked: str, expected: Judgement) -> None:
    """What is kept toward a question is read, mirrored, toward its negation."""
    claim = claims_in(RUNNERS)[0]
    with kept.store.begin() as connection:
        kept.save_judgements(connection, kept_as, "rules", {claim.id: PRO})
    assert {claim.id: expected} == kept.judgements(asked, "rules", [claim.id])
    assert {} == kept.judgements(asked, "other rules", [claim.id])
