"""The handlers of Browse as plain functions."""

from __future__ import annotations

import pytest

from bot.errors import BotError
from indexer.judge import Stance
from indexer.knowledge import KnowledgeBase
from page.browse import Filters, browse, filters_of
from page.texts import TEXTS


def test_browse_has_a_column_for_each_side(samples: KnowledgeBase) -> None:
    """Every claim stands in the column of its stance."""
    browsed = browse(samples, Filters())
    assert [Stance.PRO, Stance.CON, Stance.MIXED, Stance.NONE] == list(browsed.columns)
    for stance, column in browsed.columns.items():
        assert {stance} >= {judged.judgement.stance for judged in column.claims}


def test_browse_counts_what_matches(samples: KnowledgeBase) -> None:
    """The line counts all that match, not only those of the page."""
    browsed = browse(samples, Filters(text="injury"))
    total = samples.browse(text="injury").total
    assert browsed.line().startswith(f"{total} claims: " if total != 1 else "1 claim: ")


def test_browse_pages_each_column(samples: KnowledgeBase) -> None:
    """Pages go on until the longest column ends, and no claim comes twice."""
    pages = browse(samples, Filters()).pages
    ids = [
        judged.cited.claim.id
        for page in range(pages)
        for column in browse(samples, Filters(), page).columns.values()
        for judged in column.claims
    ]
    assert samples.stats().claims == len(ids) == len(set(ids))


def test_browse_of_nothing_says_what_to_do(samples: KnowledgeBase) -> None:
    """No match is a sentence, not an empty page."""
    assert TEXTS.no_match == browse(samples, Filters(text="no such words")).line()


def test_an_unknown_stance_names_those_there_are(samples: KnowledgeBase) -> None:
    """A program that calls the endpoint learns what it may say."""
    with pytest.raises(BotError, match="'maybe' is not one of pro, con, mixed, none"):
        filters_of(stance="maybe")


def test_an_unknown_thread_is_said_to_be_none(samples: KnowledgeBase) -> None:
    """What is no id is refused before the knowledge base is asked."""
    with pytest.raises(BotError, match="'weights' is not the id of a thread"):
        filters_of(thread_id="weights")
