"""The steps from a thread to what can be asked, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge, thread_of
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import NotInStore
from corpus.store import Store
from corpus.thread import Thread, content_id
from indexer import pipeline
from indexer.claim_store import ClaimStore
from indexer.claims import Claim, Kind
from indexer.judge import Judgement, Pair
from indexer.pipeline import BATCH_POSTS, Draft, IndexReport


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[ClaimStore]:
    with Store.open(tmp_path / "corpus.sqlite3") as store:
        yield ClaimStore(store)


def run(kept: ClaimStore, *threads: Thread) -> IndexReport:
    drafts = [pipeline.split(pipeline.compare(thread, thread.id, kept)) for thread in threads]
    return pipeline.run(drafts, kept, HashingEncoder(), RuleJudge())


def claim(text: str, start: int = 0) -> Claim:
    return Claim(content_id("p", str(start), text), "aa", "bb", start, start + len(text), text, Kind.REASON)


def test_a_new_thread_is_split_whole(kept: ClaimStore) -> None:
    """Nothing is known of it: every post is stale."""
    draft = pipeline.compare(RUNNERS, RUNNERS.id, kept)
    assert (None, RUNNERS.posts, RUNNERS.title) == (draft.known, draft.stale, draft.question)


def test_a_known_thread_is_not_split_again(kept: ClaimStore) -> None:
    """The same words: nothing is stale, and all claims are those that are kept."""
    run(kept, RUNNERS)
    draft = pipeline.compare(RUNNERS, RUNNERS.id, kept)
    assert () == draft.stale
    assert [one.claim for one in kept.of_threads([RUNNERS.id])] == draft.claims


def test_replies_to_an_edited_post_are_split_again(kept: ClaimStore) -> None:
    """They were read with its words as context; the other posts were not."""
    thread = thread_of("Should I lift?", "Should I lift?", "Squats helped me.", "That is great.", "Never lift.")
    posts = list(thread.posts)
    posts[2] = replace(posts[2], parent_id=posts[1].id)
    thread = replace(thread, posts=tuple(posts))
    run(kept, thread)
    posts[1] = replace(posts[1], text="Deadlifts helped me.")
    draft = pipeline.compare(replace(thread, posts=tuple(posts)), thread.id, kept)
    assert tuple(posts[1:3]) == draft.stale


def test_a_thread_that_is_nowhere(kept: ClaimStore) -> None:
    """Neither given nor stored is an error."""
    with pytest.raises(NotInStore):
        pipeline.compare(None, RUNNERS.id, kept)


def test_merging_does_what_the_store_does(kept: ClaimStore) -> None:
    """What is compared before saving is what the store then holds."""
    kept.store.save_thread(replace(RUNNERS, forum="Runners"))
    shorter = replace(RUNNERS, title="Another title", posts=(RUNNERS.posts[0], *RUNNERS.posts[2:]))
    longer = thread_of(RUNNERS.title, *((post.author, post.text) for post in RUNNERS.posts), "One more.")
    for given_now in (shorter, longer, replace(longer, posts=longer.posts[3:], link=None)):
        expected = pipeline.merged(kept.store.thread(RUNNERS.id), given_now)
        kept.store.save_thread(given_now)
        assert expected == kept.store.thread(RUNNERS.id)


words = st.lists(st.sampled_from(["it helps", "it hurts", "never lift"]), max_size=5)


@settings(deadline=None)
@given(words, words)
def test_known_ids_are_given_once(before: list[str], after: list[str]) -> None:
    """Equal words keep an id, no id is given twice, and whatever could be kept was."""
    known = [claim(text, 100 + 20 * place) for place, text in enumerate(before)]
    found = [claim(text, 20 * place) for place, text in enumerate(after)]
    named = pipeline.with_known_ids(found, known)
    assert [one.text for one in found] == [one.text for one in named]
    assert [one.start for one in found] == [one.start for one in named]
    assert len(named) == len({one.id for one in named})
    texts = {one.id: one.text for one in known}
    kept = [one for one in named if one.id in texts]
    assert all(texts[one.id] == one.text for one in kept)
    assert sum(min(before.count(text), after.count(text)) for text in set(before)) == len(kept)


def test_equal_words_are_embedded_once(kept: ClaimStore) -> None:
    """A claim that two people make needs one vector, made once."""
    encoder = HashingEncoder()
    thread = thread_of("Should I lift?", "Should I lift?", "Squats helped me.", "Squats helped me.")
    draft = pipeline.split(pipeline.compare(thread, thread.id, kept))
    (embedded,) = pipeline.embed([draft], kept, encoder)
    assert ["Squats helped me", "Should I lift?"] == encoder.embedded
    assert 2 == len(embedded.vectors)
    assert 1 == len(set(embedded.vectors.values()))


def test_a_negated_question_is_judged_by_its_positive() -> None:
    """The judge reads the positive; the negation gets the same judgement, mirrored."""
    judge = RuleJudge()
    asked = [("Should I lift?", claim("it helped me")), ("Should I not lift?", claim("it helped me"))]
    pro, con = pipeline.judge_pairs(judge, asked)
    assert [Pair("Should I lift?", "it helped me")] * 2 == judge.judged
    assert pro.mirrored() == con


def test_nothing_to_judge_needs_no_judge() -> None:
    """Without claims the judge is not asked."""

    class Unused:
        name = "unused"

        def judge(self, pairs: object) -> list[Judgement]:
            raise AssertionError("asked")

    assert [] == pipeline.judge_pairs(Unused(), [])


def test_a_failing_write_keeps_nothing(kept: ClaimStore) -> None:
    """One transaction: when the second thread cannot be written, the first is not either."""
    good = pipeline.split(pipeline.compare(RUNNERS, RUNNERS.id, kept))
    bad = Draft(replace(BAKERS, title=None), BAKERS, None, "Is it?", ())  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"NOT NULL constraint failed: threads\.title"):
        pipeline.write([good, bad], kept, "hashing", "rules")
    assert [] == kept.store.thread_ids()
    assert (0, 0) == kept.generation()


def test_an_unchanged_thread_is_no_new_generation(kept: ClaimStore) -> None:
    """Whoever holds an index need not look again when nothing changed."""
    run(kept, RUNNERS)
    before = kept.generation()
    run(kept, RUNNERS)
    assert before == kept.generation()


def test_reports_add_up(kept: ClaimStore) -> None:
    """Two runs as one: every number is the sum."""
    first, second = run(kept, RUNNERS), run(kept, RUNNERS, BAKERS)
    both = first + second
    assert (3, 11, 2, 1) == (both.threads, both.posts, both.added, both.unchanged)
    assert first.claims + second.claims == both.claims
    assert {"question": 2, "thanks": 1} == both.skipped_by_reason


@settings(deadline=None)
@given(st.lists(st.integers(1, 2 * BATCH_POSTS), max_size=12))
def test_batches_hold_everything_once(sizes: list[int]) -> None:
    """In order, none empty, and each but the last reaches the size with its last thread only."""
    made = [thread_of(f"Plan {number}?", *[f"Is plan {number} good?"] * size) for number, size in enumerate(sizes)]
    batches = list(pipeline.batches(made))
    assert made == [thread for batch in batches for thread in batch]
    assert all(sum(len(one.posts) for one in batch[:-1]) < BATCH_POSTS for batch in batches)
    assert all(sum(len(one.posts) for one in batch) >= BATCH_POSTS for batch in batches[:-1])
