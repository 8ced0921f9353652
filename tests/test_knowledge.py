"""A knowledge base lives: it grows, changes, forgets, survives being killed, and says what is wrong with it."""

from __future__ import annotations

import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge, thread_of
from sqlalchemy import text

from corpus.errors import NotInStore
from corpus.schema import metadata
from corpus.thread import Post, Thread, key_of, make_thread
from indexer.claims import SPLITTER_VERSION, Kind
from indexer.embeddings import SentenceTransformerEncoder
from indexer.errors import IndexerError, ManifestMismatch, NotAKnowledgeBase, NotWritten
from indexer.index import ClaimIndex
from indexer.judge import Judgement, Pair, Stance
from indexer.knowledge import INDEX_NAME, KnowledgeBase

ROOT = Path(__file__).parent.parent
Open = Callable[..., KnowledgeBase]


@pytest.fixture
def base(opened: Open) -> KnowledgeBase:
    filled = opened()
    filled.add([RUNNERS, BAKERS])
    return filled


def long_thread(number: int) -> Thread:
    """A thread that fills a batch."""
    return thread_of(f"Should I try plan {number}?", *(f"Plan {number} helped me {n} times." for n in range(100)))


def texts(base: KnowledgeBase, thread: Thread = RUNNERS) -> list[str]:
    return [cited.claim.text for cited in base.claims_of_thread(thread.id)]


def edited(thread: Thread, position: int, words: str) -> Thread:
    posts = list(thread.posts)
    posts[position] = replace(posts[position], text=words)
    return replace(thread, posts=tuple(posts))


def state(base: KnowledgeBase) -> list[object]:
    """All that can be asked of a base, without ids of rows."""
    ids = sorted(one.claim.id for thread in base.threads() for one in base.claims_of_thread(thread.id))
    return [
        sorted((one.id, one.title, one.question, one.posts, one.claims) for one in base.threads()),
        base.cited(ids),
        {one: vector.tolist() for one, vector in base.vectors(ids).items()},
        sorted(map(repr, base.browse(limit=10_000).claims)),
        sorted(base.matching("weights overnight", 50)),
        base.stats().skipped_by_reason,
    ]


# Adding


def test_what_was_said_is_found_by_meaning_and_by_words(base: KnowledgeBase) -> None:
    """The claim about squats is the nearest, and the best match, to a question about squats."""
    nearest = base.cited([hit.id for hit in base.near("did squats help", 1)])
    assert ["Yes, squats helped my hips"] == [one.claim.text for one in nearest]
    assert "Sal" == nearest[0].post.author
    assert base.matching("did squats help", 5)[0] == nearest[0].claim.id


def test_threads_are_found_by_their_question(base: KnowledgeBase) -> None:
    """The thread that asks about proofing is nearer to a question about it than the one about lifting."""
    assert [BAKERS.id, RUNNERS.id] == [hit.id for hit in base.near_threads("is overnight proof worth it", 5)]


def test_every_claim_is_found_in_its_post(base: KnowledgeBase) -> None:
    """What is cited are words of the post it names."""
    for cited in base.claims_of_thread(RUNNERS.id):
        assert cited.claim.text == cited.post.text[cited.claim.start : cited.claim.end]
    assert 5 <= len(texts(base))


def test_adding_twice_changes_nothing(base: KnowledgeBase) -> None:
    """The same threads again: all unchanged, not one new claim, nothing embedded or judged again."""
    before = state(base)
    base.encoder.embedded.clear()  # type: ignore[attr-defined]
    base.judge.judged.clear()  # type: ignore[attr-defined]
    report = base.add([RUNNERS, BAKERS])
    assert (2, 0, 0, 0) == (report.unchanged, report.added, report.updated, report.new_claims)
    assert ([], []) == (base.encoder.embedded, base.judge.judged)  # type: ignore[attr-defined]
    assert before == state(base)


def test_a_new_post_is_added_alone(base: KnowledgeBase) -> None:
    """The thread again with one more post: only its claims are new, embedded and judged."""
    before = texts(base)
    longer = thread_of(
        RUNNERS.title, *((post.author, post.text) for post in RUNNERS.posts), ("Ann", "Deadlifts made me faster.")
    )
    base.encoder.embedded.clear()  # type: ignore[attr-defined]
    report = base.add([longer])
    assert (1, 1) == (report.updated, report.new_claims)
    assert [*before, "Deadlifts made me faster"] == texts(base)
    assert ["Deadlifts made me faster"] == base.encoder.embedded  # type: ignore[attr-defined]


def test_an_edited_post_is_split_again(base: KnowledgeBase) -> None:
    """New words give new claims; claims that still stand keep their ids, where they stand now."""
    before = {one.claim.text: one.claim for one in base.claims_of_thread(RUNNERS.id)}
    report = base.add([edited(RUNNERS, 2, "Sorry, I read that wrong. Heavy lifting never helped anyone I know.")])
    after = {one.claim.text: one.claim for one in base.claims_of_thread(RUNNERS.id)}
    stays = "Heavy lifting never helped anyone I know"
    assert before[stays].id == after[stays].id
    assert before[stays].start < after[stays].start
    assert "just run more miles" in "".join(before)
    assert "just run more miles" not in "".join(after)
    assert 1 <= report.gone_claims
    assert () == base.verify()


def test_swapped_sentences_keep_their_claims(base: KnowledgeBase) -> None:
    """The same sentences in another order are the same claims, with the vectors and judgements they had."""
    ids = {one.claim.id for one in base.claims_of_thread(RUNNERS.id)}
    base.encoder.embedded.clear()  # type: ignore[attr-defined]
    base.add([edited(RUNNERS, 1, "My times improved after one winter of lifting. Yes, squats helped my hips.")])
    assert ids == {one.claim.id for one in base.claims_of_thread(RUNNERS.id)}
    assert [] == base.encoder.embedded  # type: ignore[attr-defined]
    assert () == base.verify()


def test_posts_that_an_export_lacks_are_kept(base: KnowledgeBase) -> None:
    """A shorter export of the same thread takes nothing away."""
    before = state(base)
    report = base.add([replace(RUNNERS, posts=RUNNERS.posts[:2])])
    assert (1, 0) == (report.unchanged, report.gone_claims)
    assert before == state(base)


def test_another_format_of_a_thread_keeps_its_claims(base: KnowledgeBase) -> None:
    """A paste without names and links of a thread that an export gave: no new claim, nothing embedded or judged."""
    before = state(base)
    base.encoder.embedded.clear()  # type: ignore[attr-defined]
    base.judge.judged.clear()  # type: ignore[attr-defined]
    report = base.add([make_thread(Post(str(post.position), "", 0, post.text) for post in RUNNERS.posts)])
    assert (1, 0, 0) == (report.unchanged, report.new_claims, report.gone_claims)
    assert ([], []) == (base.encoder.embedded, base.judge.judged)  # type: ignore[attr-defined]
    assert before == state(base)


def test_an_export_of_a_pasted_thread_keeps_its_claims(opened: Open) -> None:
    """Links and names come to the posts of the paste; their claims keep ids and vectors."""
    base = opened()
    base.add([make_thread(Post(str(post.position), "", 0, post.text) for post in RUNNERS.posts)])
    (thread,) = base.threads()
    before = [one.claim.id for one in base.claims_of_thread(thread.id)]
    base.encoder.embedded.clear()  # type: ignore[attr-defined]
    report = base.add([RUNNERS])
    assert (1, 0, 0) == (report.updated, report.new_claims, report.gone_claims)
    assert before == [one.claim.id for one in base.claims_of_thread(thread.id)]
    assert {"Jo", "Sal", "Bert"} == {post.author for post in base.thread(thread.id).posts}
    assert [] == base.encoder.embedded  # type: ignore[attr-defined]
    assert () == base.verify()


def test_two_formats_in_one_run_are_one_thread(opened: Open) -> None:
    """Paste and export of a thread side by side in what is added: one thread, sound."""
    base = opened()
    paste = make_thread(Post(str(post.position), "", 0, post.text) for post in RUNNERS.posts)
    report = base.add([paste, RUNNERS])
    assert (1, 1, 1) == (report.added, report.updated, len(base.threads()))
    assert () == base.verify()


def test_claims_of_vanished_posts_are_kept(base: KnowledgeBase) -> None:
    """A whole export without a post: its claims are cited as before, from a post that says it is gone."""
    before = texts(base)
    report = base.add([replace(RUNNERS, posts=(*RUNNERS.posts[:2], RUNNERS.posts[3]), whole=True)])
    assert (1, 0, 0) == (report.updated, report.new_claims, report.gone_claims)
    assert before == texts(base)
    assert {"Bert"} == {one.post.author for one in base.claims_of_thread(RUNNERS.id) if one.post.vanished}
    assert () == base.verify()


def test_another_title_asks_another_question(base: KnowledgeBase) -> None:
    """A corrected title becomes the question, and the claims are judged toward it."""
    base.judge.judged.clear()  # type: ignore[attr-defined]
    base.add([replace(RUNNERS, title="Should I do squats?")])
    assert "Should I do squats?" == base.question_of(RUNNERS.id)
    assert {"Should I do squats?"} == {pair.question for pair in base.judge.judged}  # type: ignore[attr-defined]
    assert () == base.verify()


def test_the_report_counts(opened: Open) -> None:
    """What was kept and skipped, by reason."""
    report = opened().add([RUNNERS, BAKERS])
    assert (2, 7, 2) == (report.threads, report.posts, report.added)
    assert report.claims == report.new_claims
    assert {"thanks": 1, "question": 2} == dict(report.skipped_by_reason)


def test_progress_is_told(opened: Open) -> None:
    """Each step is named, and the last word is that all is done."""
    heard = []
    opened().add([RUNNERS, BAKERS], progress=heard.append)
    assert {"splitting", "embedding", "judging", "writing"} <= {one.step for one in heard}
    assert (2, 2) == (heard[-1].done, heard[-1].total)


def test_progress_never_goes_back(opened: Open) -> None:
    """Two threads tell of it: whoever is behind does not take away what was done."""
    heard = []
    opened().add([long_thread(n) for n in range(4)], progress=heard.append)
    done = [one.done for one in heard]
    assert (sorted(done), 4) == (done, done[-1])


def test_a_batch_is_read_while_another_is_judged(opened: Open) -> None:
    """The first batch gets its judgements only when the second was read whole, and all three are kept."""
    read: list[int] = []
    second = threading.Event()

    class Slow(RuleJudge):
        def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
            assert second.wait(30), "the second batch was not read while the first was judged"
            return super().judge(pairs)

    def threads() -> Iterator[Thread]:
        for number in range(3):
            read.append(number)
            if number == 2:
                second.set()  # the first two batches are read whole
            yield long_thread(number)

    base = opened(judge=Slow())
    assert 3 == base.add(threads()).added
    assert [0, 1, 2] == read
    assert () == base.verify()


def test_the_same_thread_while_it_is_being_written(opened: Open) -> None:
    """A thread that comes again in the next batch is compared with what is by then in the store."""
    report = opened().add([long_thread(0), long_thread(1), long_thread(0), long_thread(1)])
    assert (2, 2) == (report.added, report.unchanged)


def test_the_same_thread_twice_in_one_run(opened: Open) -> None:
    """A thread that two files hold is added once and unchanged once."""
    report = opened().add([RUNNERS, RUNNERS])
    assert (1, 1) == (report.added, report.unchanged)


def test_a_run_that_fails_keeps_what_was_before(opened: Open) -> None:
    """When a reader fails in the middle, the batches before are kept whole and nothing is half-kept."""

    def failing() -> Iterator[Thread]:
        yield thread_of("Many posts?", *(f"Squats number {number} helped me." for number in range(100)))
        yield BAKERS
        raise RuntimeError("the disk went away")

    base = opened()
    with pytest.raises(RuntimeError, match="the disk went away"):
        base.add(failing())
    assert ["Many posts?"] == [one.title for one in base.threads()]
    assert () == base.verify()


def test_adding_holds_two_batches_in_memory(opened: Open) -> None:
    """When a thread is asked for, all but two batches before it are kept already: a dump of any size streams."""
    base = opened()

    def asked() -> Iterator[Thread]:
        for number, thread in enumerate(many_threads(6)):
            assert number - 2 <= len(base.store.thread_ids())
            yield thread

    assert 6 == base.add(asked()).added


def test_a_preview_saves_nothing(base: KnowledgeBase) -> None:
    """A preview shows question, judged claims and skips; the base stays as it was."""
    before = state(base)
    thread = thread_of(
        "Is tea better than coffee?", "Is tea better?", "Thanks! Tea helps me sleep.", "Coffee is a waste."
    )
    preview = base.preview(thread)
    assert ("Is tea better than coffee?", False) == (preview.question, preview.known)
    assert [("Tea helps me sleep", Stance.PRO), ("Coffee is a waste", Stance.CON)] == [
        (one.cited.claim.text, one.judgement.stance) for one in preview.claims
    ]
    assert [("question", "post 1"), ("thanks", "post 2")] == [(one.reason, one.place) for one in preview.skipped]
    assert before == state(base)


def test_a_preview_of_what_is_known(base: KnowledgeBase) -> None:
    """A preview of a thread that is here says so, and shows all its claims."""
    preview = base.preview(RUNNERS)
    assert preview.known
    assert texts(base) == [one.cited.claim.text for one in preview.claims]


# Planning


def test_a_plan_says_what_adding_would_do(base: KnowledgeBase) -> None:
    """New, changed and unchanged threads, posts and claims are those that adding then reports; nothing is saved."""
    before = state(base)
    longer = edited(RUNNERS, 2, "Heavy lifting never helped anyone I know. Sleep more.")
    threads = [BAKERS, longer, thread_of("Is tea good?", "Is tea good?", "Tea helps me sleep."), longer]
    plan = base.plan(threads)
    assert before == state(base)
    assert (1, 2, 1, True) == (plan.new, plan.updated, plan.unchanged, plan.exact)
    report = base.add(threads[:3])
    assert (1, 1, 1) == (report.added, report.updated, report.unchanged)
    assert plan.posts == 1 + 2 + 1
    assert plan.claims == report.new_claims + 1


def test_a_plan_of_many_threads_is_estimated(opened: Open) -> None:
    """From a sample of them; of threads that are alike, the estimate is right."""
    threads = [thread_of(f"Is plan {n} good?", f"Is plan {n} good?", f"Plan {n} helped me.") for n in range(300)]
    base = opened()
    plan = base.plan(threads)
    assert (300, 600, 300, False) == (plan.new, plan.posts, plan.claims, plan.exact)
    assert 12 <= len(base.judge.judged) <= 24  # type: ignore[attr-defined]
    assert 0 < plan.seconds
    assert 300 == base.add(threads).new_claims


def test_nothing_to_do_takes_no_time(base: KnowledgeBase) -> None:
    """A plan of what is here already."""
    plan = base.plan([RUNNERS, BAKERS])
    assert (0, 0, 2, 0, 0, True) == (plan.new, plan.updated, plan.unchanged, plan.posts, plan.claims, plan.exact)


# Removing


def test_a_removed_thread_is_gone_everywhere(base: KnowledgeBase, opened: Open) -> None:
    """Gone from neighbours, words, lists and counts at once, and from the index file after opening again."""
    gone = base.claims_of_thread(RUNNERS.id)
    removed = base.remove_thread(RUNNERS.id)
    assert (1, 4, len(gone)) == (removed.threads, removed.posts, removed.claims)
    for view in (base, opened()):
        ids = {one.claim.id for one in gone}
        assert not ids & {hit.id for hit in view.near("squats helped my hips", 50)}
        assert [] == view.matching("squats hips", 50)
        assert [] == view.cited(sorted(ids))
        assert [BAKERS.id] == [hit.id for hit in view.near_threads("lifting", 9)]
        assert 1 == view.stats().threads
        assert len(texts(view, BAKERS)) == view.browse().total == view.stats().claims
        assert () == view.verify()
    kept = ClaimIndex.open(base.folder / INDEX_NAME).keys()
    assert not kept & {key_of(one.claim.id) for one in gone}


def test_a_removed_author_is_gone_from_all_threads(base: KnowledgeBase) -> None:
    """Everything Sal wrote goes, in both threads; what others wrote stays."""
    removed = base.remove_author("Sal")
    assert (0, 3) == (removed.threads, removed.posts)
    authors = {one.post.author for thread in (RUNNERS, BAKERS) for one in base.claims_of_thread(thread.id)}
    assert {"Jo", "Bert"} == authors
    assert () == base.verify()


def test_an_unknown_author_removes_nothing(base: KnowledgeBase) -> None:
    """A name that nobody has takes nothing away."""
    before = state(base)
    assert 0 == base.remove_author("Nobody").posts
    assert before == state(base)


def test_removing_by_pattern(base: KnowledgeBase) -> None:
    """Shell patterns find titles and names as they are written; what they find goes at once."""
    assert {"Jo": 2, "Sal": 3} == base.authors_like("[JS]*")
    assert {} == base.authors_like("sal")
    assert [BAKERS.id] == [one.id for one in base.threads_like("*overnight*")]
    removed = base.remove(authors=base.authors_like("[JS]*"))
    assert (5, {"Bert": 1, "Mia": 1}) == (removed.posts, base.authors_like("*"))
    assert () == base.verify()


def test_rehearsing_a_removal(base: KnowledgeBase) -> None:
    """It counts what the removal then takes, and removes nothing."""
    before = state(base)
    rehearsed = base.remove(authors=["Sal", "Jo"], rehearse=True)
    assert before == state(base)
    assert rehearsed == base.remove(authors=["Sal", "Jo"])


def test_removing_is_all_or_nothing(base: KnowledgeBase) -> None:
    """Where one of several is not here, the others stay."""
    before = state(base)
    with pytest.raises(NotInStore, match="0123456789abcde"):
        base.remove(threads=[RUNNERS.id, "0123456789abcde"])
    assert before == state(base)


def test_no_table_keeps_a_row_of_what_was_removed(base: KnowledgeBase) -> None:
    """Posts, quotes, claims, vectors, judgements, skips, full text: all are empty after the last thread went."""
    base.judge_claims("Is it good?", base.claims_of_thread(RUNNERS.id))
    base.remove(threads=[RUNNERS.id, BAKERS.id])
    tables = (*(name for name in metadata.tables if name not in {"settings", "models"}), "claims_fts_docsize")
    with base.store.reading() as connection:
        left = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in tables}
        words = connection.scalars(text("SELECT rowid FROM claims_fts WHERE claims_fts MATCH 'squats OR overnight'"))
        assert [] == list(words)
    assert dict.fromkeys(tables, 0) == left
    assert frozenset() == ClaimIndex.open(base.folder / INDEX_NAME).keys()
    assert () == base.verify()


def test_words_of_a_removed_post_are_no_context(opened: Open) -> None:
    """A claim was judged with the words of the post it answers: with that post its context goes too."""
    base = opened()
    thread = thread_of("Should I lift?", "Should I lift?", "Kettlebells are useless.", "They worked for me.")
    thread = replace(thread, posts=(*thread.posts[:2], replace(thread.posts[2], parent_id=thread.posts[1].id)))
    base.add([thread])
    assert "Kettlebells are useless." == base.claims_of_thread(thread.id)[-1].claim.context
    base.remove_post(thread.posts[1].id)
    assert ["They worked for me"] == texts(base, thread)
    assert "Should I lift?" == base.claims_of_thread(thread.id)[0].claim.context
    with base.store.reading() as connection:
        assert 0 == connection.scalar(text("SELECT count(*) FROM claims WHERE context LIKE '%Kettlebells%'"))
    assert () == base.verify()


def test_a_removed_opening_takes_its_question_with_it(opened: Open) -> None:
    """Where the question was the opening poster's, it is read again from what is left."""
    base = opened()
    thread = thread_of("Weights", "Should I tell my secret coach about lifting?", "Lifting helped me.")
    base.add([thread])
    assert "Should I tell my secret coach about lifting?" == base.question_of(thread.id)
    base.remove_post(thread.posts[0].id)
    assert "Weights" == base.question_of(thread.id)
    assert "Weights" == base.claims_of_thread(thread.id)[0].claim.context
    assert () == base.verify()


def test_removing_needs_no_judge(base: KnowledgeBase, opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    """Without weights a removal holds all the same; what has to be judged anew waits and is named."""

    class Absent(RuleJudge):
        def judge(self, pairs: object) -> list[object]:  # type: ignore[override]
            raise IndexerError("no weights")

    other = opened(judge=Absent())
    other.remove_post(RUNNERS.posts[0].id)
    assert "wait to be brought up to date (no weights)" in caplog.text
    assert ["question_not_read"] == [one.name for one in other.verify() if one.name.startswith("question")]
    again = opened()
    again.add([])
    assert () == again.verify()


@pytest.mark.parametrize("remove", ["remove_thread", "remove_post"])
def test_removing_what_is_not_here(base: KnowledgeBase, remove: str) -> None:
    """An id that is not here is an error."""
    with pytest.raises(NotInStore, match="0123456789abcde"):
        getattr(base, remove)("0123456789abcde")


# Asking


def test_a_stored_vector_finds_itself(base: KnowledgeBase) -> None:
    """Each claim's own text finds the claim at similarity 1, within the rounding of the store."""
    for cited in base.claims_of_thread(RUNNERS.id):
        hit = base.near(cited.claim.text, 1)[0]
        assert cited.claim.id == hit.id
        assert 1.0 == pytest.approx(hit.similarity, abs=1e-3)


def test_vectors_come_by_id(base: KnowledgeBase) -> None:
    """The vectors of claims are those their texts were embedded as; an id that is gone is left out."""
    cited = base.claims_of_thread(RUNNERS.id)[::-1]
    expected = HashingEncoder().encode([one.claim.text for one in cited])
    ids = [one.claim.id for one in cited]
    found = base.vectors([*ids, "0123456789abcde"])
    assert set(ids) == set(found)
    assert np.allclose(expected, [found[one] for one in ids], atol=5e-3)


def test_nothing_is_found_in_an_empty_base(opened: Open) -> None:
    """An empty base answers everything with nothing."""
    base = opened()
    assert ([], [], [], []) == (
        base.near("lift", 5),
        base.near_threads("lift", 5),
        base.matching("lift", 5),
        base.threads(),
    )
    assert 0 == base.browse().total == base.browse(question="Should I lift?").total
    assert () == base.verify()


def test_a_question_and_its_negation_mirror(base: KnowledgeBase) -> None:
    """Asked the other way round, pro and con change places to the last digit, in whatever order they are asked."""
    claims = base.claims_of_thread(RUNNERS.id)
    negated = base.judge_claims("Should I not lift?", claims)
    asked = base.judge_claims("Should I lift?", claims)
    assert [one.mirrored() for one in negated] == asked
    assert {Stance.PRO, Stance.CON} < {one.stance for one in asked}


def test_what_was_judged_is_not_judged_again(base: KnowledgeBase, opened: Open) -> None:
    """Judgements are kept by question, claim and judge: another judge judges again."""
    claims = base.claims_of_thread(RUNNERS.id)
    first = base.judge_claims("Should I lift?", claims)
    again = opened()
    assert first == again.judge_claims("Should I lift?", claims)
    assert [] == again.judge.judged  # type: ignore[attr-defined]
    other = opened(judge=RuleJudge("other rules"))
    other.judge_claims("Should I lift?", claims)
    assert len(claims) == len(other.judge.judged)  # type: ignore[attr-defined]


def test_claims_are_judged_toward_their_own_question_when_added(base: KnowledgeBase) -> None:
    """Asking a thread's own question judges nothing."""
    base.judge.judged.clear()  # type: ignore[attr-defined]
    base.judge_claims(base.question_of(RUNNERS.id), base.claims_of_thread(RUNNERS.id))
    assert 2 == base.browse(stance=Stance.CON, thread_id=RUNNERS.id).total
    assert [] == base.judge.judged  # type: ignore[attr-defined]


def test_judging_a_claim_that_was_just_removed(base: KnowledgeBase) -> None:
    """A claim that went in between is judged, and nothing of it is kept."""
    claims = base.claims_of_thread(RUNNERS.id)
    base.remove_thread(RUNNERS.id)
    assert len(claims) == len(base.judge_claims("Should I lift?", claims))
    assert () == base.verify()


def test_browse_counts_each_side(base: KnowledgeBase) -> None:
    """Counts are of all that match, whatever the page shows; a filter by stance keeps the other counts visible."""
    everything = base.browse(limit=1000)
    assert sum(everything.by_stance.values()) == everything.total == len(everything.claims)
    for stance in Stance:
        page = base.browse(stance=stance, limit=1000)
        assert everything.by_stance == page.by_stance
        assert page.total == len(page.claims) == everything.by_stance[stance]
        assert all(one.judgement.stance == stance for one in page.claims)


def test_browse_pages_do_not_overlap(base: KnowledgeBase) -> None:
    """Pages of two put together are the whole list, surest first."""
    whole = base.browse(limit=1000).claims
    pages = [one for start in range(0, len(whole), 2) for one in base.browse(offset=start, limit=2).claims]
    assert list(whole) == pages
    confidences = [one.judgement.confidence for one in whole]
    assert sorted(confidences, reverse=True) == confidences


def test_browse_toward_a_typed_question(base: KnowledgeBase) -> None:
    """Toward the negation of a question the sides change places."""
    asked = base.browse(question="Should I lift?", thread_id=RUNNERS.id)
    negated = base.browse(question="Should I not lift?", thread_id=RUNNERS.id)
    assert 0 < asked.by_stance[Stance.CON]
    assert asked.by_stance[Stance.CON] == negated.by_stance[Stance.PRO]
    assert asked.by_stance[Stance.PRO] == negated.by_stance[Stance.CON]
    assert {"Should I not lift?"} == {one.question for one in negated.claims}


def test_browse_filters(base: KnowledgeBase) -> None:
    """By words, each from its beginning; by kind; by thread."""
    assert ["Yes, squats helped my hips"] == [one.cited.claim.text for one in base.browse(text="SQUAT hip").claims]
    assert 0 == base.browse(text="squat oven").total
    assert 0 == base.browse(text='!! " * AND').total
    assert {Kind.EXPERIENCE} == {one.cited.claim.kind for one in base.browse(kind=Kind.EXPERIENCE).claims}
    assert {BAKERS.id} == {one.cited.claim.thread_id for one in base.browse(thread_id=BAKERS.id).claims}


def test_browse_judges_what_another_judge_did(base: KnowledgeBase, opened: Open) -> None:
    """With a new judge the list is whole: what it has not judged, it judges when asked."""
    other = opened(judge=RuleJudge("other rules"))
    assert base.browse().by_stance == other.browse().by_stance
    assert other.stats().claims == len(other.judge.judged)  # type: ignore[attr-defined]


def test_lists_and_counts(base: KnowledgeBase) -> None:
    """Threads by words in their heading, and how much there is."""
    assert [(RUNNERS.id, 4)] == [(one.id, one.posts) for one in base.threads("LIFT")]
    assert {BAKERS.id, RUNNERS.id} == {one.id for one in base.threads()}
    stats = base.stats()
    assert (2, 7, 6) == (stats.threads, stats.posts, stats.people)
    assert ("hashing", 256, "rules") == (stats.encoder, stats.dimension, stats.judge)
    assert [("question", "post 1"), ("thanks", "post 4")] == [
        (one.reason, one.place) for one in base.skipped(RUNNERS.id)
    ]


# Opening, and what made it


def test_opened_again_it_answers_alike(base: KnowledgeBase, opened: Open) -> None:
    """Closing and opening changes no answer, and embeds nothing but the questions asked."""
    before = state(base)
    base.close()
    again = opened()
    assert before == state(again)
    assert [] == again.encoder.embedded  # type: ignore[attr-defined]


@pytest.mark.parametrize("damage", ["missing", "truncated", "foreign", "another dimension", "older", "newer"])
def test_a_bad_index_is_made_again_from_stored_vectors(
    base: KnowledgeBase, opened: Open, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever the index file is, opening gives the same answers, embeds nothing, and leaves a sound file."""
    expected = [base.near("squats", 20), base.near("overnight", 20)]
    base.close()
    path = base.folder / INDEX_NAME
    if damage == "missing":
        path.unlink()
    elif damage == "truncated":
        path.write_bytes(path.read_bytes()[:-7])
    elif damage == "foreign":
        path.write_bytes(b"hello")
    elif damage == "another dimension":
        ClaimIndex.empty(7).save(path)
    elif damage == "older":
        ClaimIndex.empty(256).save(path)
    else:
        index = ClaimIndex.open(path)
        index.add(np.array([12345], dtype=np.int64), HashingEncoder().encode(["gone since"]))
        index.save(path)
    again = opened()
    assert () == again.verify()
    assert [] == again.encoder.embedded  # type: ignore[attr-defined]
    assert expected == [again.near("squats", 20), again.near("overnight", 20)]
    corrupt = damage in {"truncated", "foreign", "another dimension"}
    assert corrupt == ("made again from the stored vectors" in caplog.text)


def test_the_manifest_says_what_made_it(base: KnowledgeBase) -> None:
    """The file can be read by people and programs."""
    said = json.loads((base.folder / "manifest.json").read_text())
    assert ("hashing", 256, "rules", SPLITTER_VERSION) == (
        said["encoder"],
        said["dimension"],
        said["judge"],
        said["splitter"],
    )


def test_another_encoder_is_refused(base: KnowledgeBase, opened: Open) -> None:
    """Both names and the mending command are in the message; the base stays usable with its own encoder."""
    with pytest.raises(ManifestMismatch, match=r"encoder was hashing, now other; .*rebuild --again vectors"):
        opened(encoder=HashingEncoder("other"))
    assert 1 == len(base.near("squats", 1))


def test_rebuilding_with_another_encoder(base: KnowledgeBase, opened: Open) -> None:
    """The mending command gives a sound base of the new encoder, with the claims it had; the old one is refused."""
    ids = [one.claim.id for one in base.claims_of_thread(RUNNERS.id)]
    other = opened(encoder=HashingEncoder("other", 64), mending=True)
    with pytest.raises(ManifestMismatch, match="encoder was hashing, now other"):
        other.rebuild()
    other.rebuild(again="vectors")
    assert () == other.verify()
    assert ids == [one.claim.id for one in other.claims_of_thread(RUNNERS.id)]
    assert [(64,)] * len(ids) == [vector.shape for vector in other.vectors(ids).values()]
    with pytest.raises(ManifestMismatch, match="encoder was other, now hashing"):
        base.near("squats", 1)
    with pytest.raises(ManifestMismatch, match="encoder was other, now hashing"):
        base.add([RUNNERS])


def test_another_splitter_is_refused_and_rebuilt(
    base: KnowledgeBase, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A base of an older splitter names the mending command, which keeps the ids of claims that stay."""
    before = state(base)
    manifest = base.folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace(f'"splitter": "{SPLITTER_VERSION}"', '"splitter": "0"'))
    with base.store.begin() as connection:
        connection.execute(text("UPDATE posts SET splitter = '0'"))
    with pytest.raises(ManifestMismatch, match=rf"splitter was 0, now {SPLITTER_VERSION}; .*rebuild --again claims"):
        opened()
    mending = opened(mending=True)
    with pytest.raises(ManifestMismatch, match="splitter was 0"):
        mending.rebuild(again="vectors")
    mending.rebuild(again="claims")
    assert () == mending.verify()
    assert before == state(opened())


def test_a_lost_manifest_is_written_again(base: KnowledgeBase, opened: Open) -> None:
    """What made the base is taken from the database, and another encoder still refused."""
    (base.folder / "manifest.json").write_text("{not json")
    with pytest.raises(ManifestMismatch, match="encoder was hashing, now other"):
        opened(encoder=HashingEncoder("other"))
    assert () == opened().verify()


@pytest.mark.parametrize("again", ["index", "vectors", "claims"])
def test_a_rebuild_changes_no_answer(base: KnowledgeBase, again: str) -> None:
    """Whatever is made again from sound parents is what it was."""
    before = state(base)
    base.rebuild(again=again)  # type: ignore[arg-type]
    assert before == state(base)
    assert () == base.verify()


def test_a_rebuild_gives_room_back(opened: Open) -> None:
    """What was removed leaves the file, too: it is as small as one that never held it."""
    base, never = opened(), opened("never")
    base.add([RUNNERS, *(long_thread(n) for n in range(8))])
    base.remove(threads=[long_thread(n).id for n in range(8)])
    never.add([RUNNERS])
    base.rebuild()
    never.rebuild()
    assert base.store.path.stat().st_size == never.store.path.stat().st_size
    assert b"Plan 3 helped me" not in base.store.path.read_bytes()


def test_a_rebuild_beside_a_writer_keeps_the_size(
    opened: Open, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The room stays where another process writes, which is said, and the rebuild counts."""
    monkeypatch.setattr("corpus.database.BUSY_SECONDS", 0.1)
    base = opened()
    base.add([RUNNERS])
    before = state(base)
    save = KnowledgeBase._save_index

    def saved(this: KnowledgeBase) -> None:
        save(this)
        writer.execute("BEGIN IMMEDIATE")

    with closing(sqlite3.connect(base.store.path, isolation_level=None, check_same_thread=False)) as writer:
        monkeypatch.setattr(KnowledgeBase, "_save_index", saved)
        base.rebuild()
    assert "the database keeps its size" in caplog.text
    assert before == state(base)


def test_a_file_is_no_knowledge_base(tmp_path: Path) -> None:
    """A file in place of the folder is named."""
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(NotAKnowledgeBase, match=r"notes\.txt is a file; a knowledge base is a folder"):
        KnowledgeBase.open(tmp_path / "notes.txt")


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    """A folder that holds other things is named with what it holds, and nothing is written into it."""
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(NotAKnowledgeBase, match=r"it holds notes\.txt"):
        KnowledgeBase.open(tmp_path)
    assert [tmp_path / "notes.txt"] == list(tmp_path.iterdir())


def test_nothing_is_made_where_that_was_not_wanted(tmp_path: Path) -> None:
    """With `create` false an absent folder is an error that says how to make one, and stays absent."""
    with pytest.raises(NotAKnowledgeBase, match=r"make one with: python -m indexer --data .* add FILE"):
        KnowledgeBase.open(tmp_path / "base", create=False)
    assert not (tmp_path / "base").exists()


def test_encoder_and_judge_are_not_loaded_to_look_around(base: KnowledgeBase) -> None:
    """Listing and counting load no model: not one of their libraries is imported."""
    script = f"""
        import sys
        from pathlib import Path
        from indexer.knowledge import KnowledgeBase
        with KnowledgeBase.open(Path({str(base.folder)!r}), create=False, mending=True) as base:
            base.threads(), base.stats(), base.thread({RUNNERS.id!r})
        print(sorted(name for name in ("torch", "transformers", "onnxruntime") if name in sys.modules))
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ("[]\n", "") == (done.stdout, done.stderr)


# Being sound


def harmed(base: KnowledgeBase, harm: str) -> None:
    """Do what a program does that does not keep to foreign keys."""
    with closing(sqlite3.connect(base.store.path)) as connection:
        connection.execute(harm)
        connection.commit()


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        ("UPDATE claims SET start = start + 1", "claim_not_in_post"),
        ("DELETE FROM vectors WHERE claim_key = (SELECT min(claim_key) FROM vectors)", "claim_without_vector"),
        ("UPDATE vectors SET vector = x'0000'", "vector_of_another_size"),
        ("DELETE FROM thread_vectors", "thread_without_vector"),
        ("UPDATE posts SET splitter = NULL WHERE position = 1", "post_not_split"),
        ("UPDATE threads SET question = NULL", "question_not_read"),
        ("INSERT INTO claims_fts(claims_fts, rowid, text) VALUES ('delete', 7, 'squats')", "full_text"),
        ("DELETE FROM claims_fts_docsize", "full_text"),
        ("INSERT INTO claims_fts(rowid, text) VALUES (7, 'squats')", "full_text"),
        ("DELETE FROM posts WHERE position = 2", "orphaned"),
        ("DELETE FROM claims WHERE key = (SELECT min(key) FROM claims)", "orphaned"),
        ("DELETE FROM posts", "thread_without_posts"),
        ("UPDATE claims SET context = 'words that were removed'", "context_is_gone"),
    ],
)
def test_verify_names_what_is_wrong(base: KnowledgeBase, harm: str, name: str) -> None:
    """Each kind of harm has a name and a command that mends it."""
    assert () == base.verify()
    harmed(base, harm)
    found = {one.name: one for one in base.verify()}
    assert name in found
    assert found[name].remedy.startswith(f"python -m indexer --data {base.folder} rebuild")


@pytest.mark.parametrize(
    ("harm", "again"),
    [
        ("DELETE FROM claims_fts_docsize", "index"),
        ("DELETE FROM vectors WHERE claim_key % 2", "vectors"),
        ("DELETE FROM thread_vectors", "vectors"),
        ("UPDATE posts SET splitter = NULL", "claims"),
        ("UPDATE claims SET start = start + 1, text = 'x' || text", "claims"),
        ("UPDATE claims SET context = 'words that were removed'", "claims"),
        ("INSERT INTO skipped (post_key, reason, text) VALUES (7, 'thanks', 'ta')", "index"),
        ("INSERT INTO judgements VALUES (7, 1, 1, 10000, 0, 0, 0)", "index"),
        ("INSERT INTO vectors VALUES (7, 1, zeroblob(512))", "index"),
        ("INSERT INTO thread_vectors VALUES (7, 1, zeroblob(512))", "index"),
        ("INSERT INTO threads (key, title, question, added_at) VALUES (7, 'x', 'x', '')", "vectors"),
    ],
)
def test_the_remedy_mends(base: KnowledgeBase, harm: str, again: str) -> None:
    """What verify names, the command it names makes as it was."""
    before = state(base)
    harmed(base, harm)
    assert base.verify()
    base.rebuild(again=again)  # type: ignore[arg-type]
    assert () == base.verify()
    assert before == state(base)


def test_verify_compares_the_vectors(base: KnowledgeBase) -> None:
    """An index with the right keys and other vectors is found out, and made again by a rebuild."""
    path = base.folder / INDEX_NAME
    index = ClaimIndex.open(path)
    keys = np.array(sorted(index.keys()), dtype=np.int64)
    swapped = index.vectors(keys)[::-1]
    index.remove(keys)
    index.add(keys, swapped)
    index.save(path)
    assert ["index_differs"] == [one.name for one in base.verify()]
    base.rebuild()
    assert () == base.verify()


def test_waiting_posts_are_found_and_finished(base: KnowledgeBase, opened: Open) -> None:
    """What stands in the store without having been split is split with the next addition."""
    before = state(base)
    other = opened("other")
    other.store.save_thread(RUNNERS)
    other.store.save_thread(BAKERS)
    assert "post_not_split" in {one.name for one in other.verify()}
    other.add([])
    assert () == other.verify()
    assert before == state(other)


ADDING = """
import sys, time
sys.path[:0] = [{tests!r}, {root!r}]
from pathlib import Path
from fakes import HashingEncoder, RuleJudge
from indexer.knowledge import KnowledgeBase
from test_knowledge import many_threads

class Slow(HashingEncoder):
    def encode(self, texts):
        time.sleep({pause})
        return super().encode(texts)

class SlowJudge(RuleJudge):
    def judge(self, pairs):
        time.sleep({pause})
        return super().judge(pairs)

with KnowledgeBase.open(Path({folder!r}), encoder=Slow(), judge=SlowJudge()) as base:
    {work}
print("done", flush=True)
"""


def many_threads(count: int = 5) -> list[Thread]:
    """Threads of 100 posts, so that each is a batch."""
    return [
        thread_of(f"Is plan {n} good?", *(f"Plan {n} {'never ' * (m % 2)}helped me in week {m}" for m in range(100)))
        for n in range(count)
    ]


def started(folder: Path, work: str, pause: float = 0.0) -> subprocess.Popen[str]:
    script = ADDING.format(tests=str(ROOT / "tests"), root=str(ROOT), folder=str(folder), work=work, pause=pause)
    return subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_until(holds: Callable[[], bool], process: subprocess.Popen[str]) -> None:
    while not holds():
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("work", "begun"),
    [
        ("base.add(many_threads())", lambda base: base.stats().threads >= 1),
        ('base.rebuild(again="vectors")', lambda base: "claim_without_vector" in {one.name for one in base.verify()}),
        ('base.rebuild(again="claims")', lambda base: "post_not_split" in {one.name for one in base.verify()}),
        ('base.remove_author("author 0")', lambda base: "post_not_split" in {one.name for one in base.verify()}),
    ],
)
def test_killed_in_the_middle_it_opens_and_goes_on(
    opened: Open, work: str, begun: Callable[[KnowledgeBase], bool]
) -> None:
    """After SIGKILL the base opens, is sound or says what waits, and ends as if nothing had been."""
    whole = opened("whole")
    whole.add(many_threads())
    base = opened("killed")
    if "add" not in work:
        base.add(many_threads())
    process = started(base.folder, work, pause=0.3)
    wait_until(lambda: begun(base), process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    base.close()
    again = opened("killed")
    waiting = {one.name for one in again.verify()}
    if "add" not in work:
        assert waiting
        assert waiting <= {"claim_without_vector", "thread_without_vector", "post_not_split", "question_not_read"}
    else:
        assert set() == waiting
        assert 1 <= again.stats().threads < 5
    again.add(many_threads())
    assert () == again.verify()
    assert state(whole) == state(again)


def test_two_processes_add_at_once(opened: Open) -> None:
    """Two writers wait for each other: nothing is lost or doubled, and the index file is sound."""
    base = opened("shared")
    halves = "base.add(many_threads()[:3])", "base.add(many_threads()[2:])"
    processes = [started(base.folder, work) for work in halves]
    for process in processes:
        assert ("done\n", "") == process.communicate()
    assert () == opened("shared").verify()
    whole = opened("whole")
    whole.add(many_threads())
    assert state(whole) == state(base)


def test_what_another_process_adds_and_removes_is_noticed(base: KnowledgeBase, opened: Open) -> None:
    """A base that serves finds at once what the command line added, and no longer what it removed."""
    assert [] == [hit for hit in base.near("kettlebells", 1) if hit.similarity > 0.5]
    other = opened()
    other.add([thread_of("Are kettlebells good?", "Are kettlebells good?", "Kettlebells helped me.")])
    assert "Kettlebells helped me" == base.cited([base.near("kettlebells helped", 1)[0].id])[0].claim.text
    other.remove_thread(RUNNERS.id)
    assert [] == [hit for hit in base.near("squats helped my hips", 50) if hit.similarity > 0.9]
    assert RUNNERS.id not in {hit.id for hit in base.near_threads("lifting", 9)}


def test_asking_while_adding_and_removing(opened: Open) -> None:
    """Threads of one process ask while others add and remove: no error, and a sound base at the end."""
    base = opened()
    base.add([RUNNERS])
    failures: list[Exception] = []
    stop = threading.Event()

    def asking() -> None:
        try:
            while not stop.is_set():
                found = base.cited([hit.id for hit in base.near("plan helped me", 20)])
                base.judge_claims("Is the plan good?", found)
                base.browse(limit=5)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)

    askers = [threading.Thread(target=asking) for _ in range(3)]
    for asker in askers:
        asker.start()
    for thread in many_threads(3):
        base.add([thread])
        base.remove_post(thread.posts[3].id)
    base.remove_thread(RUNNERS.id)
    stop.set()
    for asker in askers:
        asker.join()
    assert [] == failures
    assert () == base.verify()
    assert 3 == base.stats().threads


def test_a_full_disk_loses_nothing(
    base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """When the index file cannot be written, what was added is kept and answers go on."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched, caplog.at_level(logging.WARNING):
        patched.setattr(os, "fsync", full)
        base.add([thread_of("Are kettlebells good?", "Are kettlebells good?", "Kettlebells helped me.")])
    assert "could not be written" in caplog.text
    assert "Kettlebells helped me" == base.cited([base.near("kettlebells helped", 1)[0].id])[0].claim.text


def test_with_the_real_encoder(opened: Open) -> None:
    """A paraphrase without a shared word is found first, and the claim finds itself."""
    base = opened(encoder=SentenceTransformerEncoder.open())
    base.add(
        [
            thread_of("Should I lift?", "Should I lift?", "Lifting keeps me injury free."),
            thread_of("How to keep a starter?", "How do I keep it?", "Feed your sourdough daily."),
        ]
    )
    first, second = base.near("weights stopped my injuries", 2)
    found = base.cited([first.id, second.id])
    assert ["Lifting keeps me injury free", "Feed your sourdough daily"] == [one.claim.text for one in found]
    assert 0.68 == pytest.approx(first.similarity, abs=0.02)
    assert 1.0 == pytest.approx(base.near("Lifting keeps me injury free", 1)[0].similarity, abs=1e-3)
    assert ("all-MiniLM-L6-v2", 384) == (base.stats().encoder, base.stats().dimension)


def test_a_thread_is_near_to_its_title_as_to_its_question(base: KnowledgeBase) -> None:
    """A title that somebody gave says in short what a long question asks; a later title takes its place."""
    asked = "Does anybody here think the hill sessions would have made me any quicker over the winter?"
    thread = thread_of("Stairs for climbers", asked, "Yes, they helped me.")
    base.add([thread])
    before = base.near_threads("stairs for climbers", 1)[0]
    assert thread.id == before.id
    base.add([replace(thread, title="Hills in winter")])
    after = {hit.id: hit.similarity for hit in base.near_threads("stairs for climbers", 9)}
    assert after[thread.id] < before.similarity


# Backups


def test_a_backup_is_the_knowledge_base(base: KnowledgeBase, opened: Open, tmp_path: Path) -> None:
    """What it holds, opened in place of the other; nothing else is left beside it."""
    assert () == base.backup(tmp_path / "copy")
    assert state(base) == state(opened("copy"))
    assert {"base", "copy"} == {path.name for path in tmp_path.iterdir()}


def test_a_backup_is_of_one_moment(base: KnowledgeBase, opened: Open, tmp_path: Path) -> None:
    """While another thread adds and removes, each copy is sound: no claim without its post, no thread cut in two."""
    written = threading.Event()
    stopped = threading.Event()
    others = [thread_of(f"Is topic {number} worth it?", "Is it?", "Yes, it helped me.") for number in range(3)]
    failed: list[BaseException] = []

    def writing() -> None:
        try:
            while not stopped.is_set():
                base.add(others)
                written.set()
                for other in others:
                    base.remove_thread(other.id)
        except BaseException as error:  # noqa: BLE001 -- the test says what it was
            failed.append(error)

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        assert written.wait(30)
        copies = [base.backup(tmp_path / f"copy {number}") for number in range(5)]
    finally:
        stopped.set()
        writer.join()
    assert [] == failed
    assert [()] * 5 == copies
    for number in range(5):
        copy = opened(f"copy {number}")
        assert {RUNNERS.id, BAKERS.id} <= set(copy.store.thread_ids())
        assert all(2 == len(copy.thread(one.id).posts) for one in copy.threads() if "topic" in one.title)


def test_a_backup_replaces_nothing(base: KnowledgeBase, tmp_path: Path) -> None:
    """A folder that holds something is left alone."""
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "other").write_text("other")
    with pytest.raises(NotWritten, match="copy is there already"):
        base.backup(tmp_path / "copy")
    assert ["other"] == [path.name for path in (tmp_path / "copy").iterdir()]
