"""Difficult posts: what is proposed and found in a post becomes a claim, and nothing else."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence

import pytest
from fakes import thread_of

from corpus.thread import Post, Quote, Thread
from indexer.claims import split_claims
from indexer.errors import NotProposed
from indexer.knowledge import KnowledgeBase
from indexer.proposals import Proposed, difficult_posts, is_difficult, split_with, waiting, with_proposals

FIRST = (
    "back when I was still in the army and we had that sergeant who made the whole platoon do squats with a full pack"
    " on every single morning"
)
ANECDOTE = "my knees which had hurt since school stopped hurting within about a month"
LONG = f"{FIRST} before the sun was up {ANECDOTE}"


def threads() -> list[Thread]:
    return [thread_of("Should I lift?", "Should I lift?", LONG, "Just run more miles.")]


class Proposing:
    """Proposes what it was given for every post, and keeps what it was asked about."""

    name, version = "fake:model", "split-1"

    def __init__(self, *proposed: Proposed, error: NotProposed | None = None) -> None:
        self.proposed, self.error, self.asked = proposed, error, list[str]()

    def propose(self, question: str, text: str) -> Sequence[Proposed]:
        self.asked.append(text)
        if self.error:
            raise self.error
        return self.proposed


def post(text: str, *quotes: Quote) -> Post:
    return Post("1" * 15, "2" * 15, 1, text, quotes=quotes)


def test_only_difficult_posts_are_asked_about(base: KnowledgeBase) -> None:
    """A post that the rules take apart well is left alone."""
    (thread,) = threads()
    assert [LONG] == [post.text for post, _ in difficult_posts(thread).values()]
    assert not is_difficult(thread.posts[2], split_claims(thread.posts[2]))


def test_what_is_proposed_and_found_becomes_a_claim(base: KnowledgeBase) -> None:
    """Its words are the post's own, its kind is worked out, and it is found when somebody asks."""
    base.add(threads())
    proposed = (Proposed(FIRST), Proposed(ANECDOTE.upper(), kind="reason"), Proposed("I walked on the moon"))
    report = split_with(base, Proposing(*proposed))
    assert (1, 1, 3, 2) == (report.posts, report.asked, report.proposed, report.kept)
    assert {"not_located": 1} == report.discarded
    assert 2 / 3 == pytest.approx(report.share_located)
    (thread,) = base.threads()
    claims = base.claims_of_thread(thread.id)
    assert [FIRST, ANECDOTE] == [one.claim.text for one in claims if one.post.text == LONG]
    assert all(one.post.text[one.claim.start : one.claim.end] == one.claim.text for one in claims)
    assert () == base.verify()


def test_an_anecdote_is_kept_whatever_kind_it_is_called() -> None:
    """No kind, stance or restatement of a proposal makes it kept or dropped."""
    said = post(LONG)
    for kind in ("experience", "anecdote", "joke", "", "off-topic"):
        found, counts = with_proposals(
            said, split_claims(said), [Proposed(FIRST), Proposed(ANECDOTE, "", kind, "none")]
        )
        assert ANECDOTE in {claim.text for claim in found.claims}
        assert 2 == counts["kept"]


@pytest.mark.parametrize(
    ("quotes", "why"),
    [
        (["I never wrote that at all"], "not_located"),
        (["others wrote this", "others wrote this"], "quoted"),
        (["squats are good for the knees", "good for the knees"], "overlapping"),
        (["squats are"], "too_little"),
        (["it ruins your knees"], "turned"),
        (["squats help me"], "turned"),
    ],
)
def test_what_is_not_kept_has_a_name(quotes: list[str], why: str) -> None:
    """Each discarded proposal is counted by why."""
    text = (
        "others wrote this\nsquats are good for the knees of everybody I know. I don't think it ruins your knees."
        " squats help me unless I overdo it."
    )
    said = post(text, Quote(0, 17))
    _, counts = with_proposals(said, split_claims(said), [Proposed(quote) for quote in quotes])
    assert counts[why] >= 1


def test_claims_of_the_rules_stay_where_nothing_takes_their_place() -> None:
    """A proposal adds to what was found, or takes the place of what it covers."""
    said = post("Run more miles. Squats are good for knees.")
    found, _ = with_proposals(said, split_claims(said), [Proposed("squats are good for knees")])
    assert ["Run more miles", "Squats are good for knees"] == [claim.text.rstrip(".") for claim in found.claims]


def test_a_second_run_asks_nothing(base: KnowledgeBase) -> None:
    """What was proposed is kept by post, prompt version and model; the claims stay the same."""
    base.add(threads())
    split_with(base, Proposing(Proposed(ANECDOTE)))
    before = base.stats().claims
    again = Proposing(Proposed("something else"))
    assert 1 == split_with(base, again).posts
    assert ([], before) == (again.asked, base.stats().claims)
    assert [] == list(waiting(base, again))
    other = Proposing()
    other.version = "split-2"
    assert 1 == len(list(waiting(base, other)))


def test_a_restated_claim_is_kept_beside_its_quote(base: KnowledgeBase) -> None:
    """What a program restated is never a claim's text: it is kept with the words it restates, and shown nowhere."""
    base.add(threads())
    restated = "Their knees stopped hurting."
    split_with(base, Proposing(Proposed(FIRST), Proposed(ANECDOTE, restated)))
    connection = sqlite3.connect(base.folder / "corpus.sqlite3")
    ((kept,),) = connection.execute("SELECT proposed FROM model_splits")
    connection.close()
    assert [(FIRST, ""), (ANECDOTE, restated)] == [(one["quote"], one["restated"]) for one in json.loads(kept)]
    (thread,) = base.threads()
    assert restated not in {one.claim.text for one in base.claims_of_thread(thread.id)}
    assert all(restated not in post.text for post in base.thread(thread.id).posts)


def test_adding_the_thread_again_keeps_the_claims(base: KnowledgeBase) -> None:
    """What stays word for word is not split again."""
    base.add(threads())
    split_with(base, Proposing(Proposed(FIRST), Proposed(ANECDOTE)))
    (thread,) = base.threads()
    before = [cited.claim for cited in base.claims_of_thread(thread.id)]
    base.add(threads())
    assert before == [cited.claim for cited in base.claims_of_thread(thread.id)]
    assert ANECDOTE in {claim.text for claim in before}


def test_what_is_kept_goes_with_its_post(opened: Callable[..., KnowledgeBase]) -> None:
    """A removed thread, and a post whose words change, leave nothing of what was proposed."""

    def rows(base: KnowledgeBase) -> int:
        with sqlite3.connect(base.folder / "corpus.sqlite3") as connection:
            (number,) = connection.execute("SELECT count(*) FROM model_splits").fetchone()
        connection.close()
        return int(number)

    base = opened()
    base.add(threads())
    split_with(base, Proposing(Proposed(ANECDOTE)))
    assert 1 == rows(base)
    base.add([thread_of("Should I lift?", "Should I lift?", f"{LONG} or two", "Just run more miles.")])
    assert 0 == rows(base)
    split_with(base, Proposing(Proposed(ANECDOTE)))
    base.remove_thread(base.threads()[0].id)
    assert 0 == rows(base)


def test_a_run_that_cannot_go_on_keeps_what_it_has(base: KnowledgeBase) -> None:
    """A failure is counted by name; one that holds for every post ends the asking."""
    base.add([*threads(), thread_of("Is it safe?", "Is it safe?", f"well {LONG}")])
    passing = Proposing(error=NotProposed("timeout", "too slow"))
    assert {"timeout": 2} == split_with(base, passing).failed
    final = Proposing(error=NotProposed("over_budget", "enough", final=True))
    report = split_with(base, final)
    assert (1, "enough") == (len(final.asked), report.stopped)
