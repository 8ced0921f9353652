"""The handlers of Browse as plain functions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge, thread_of

from bot.errors import BotError
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.knowledge import BROWSED, KnowledgeBase
from indexer.listing import Filters, Grouping, Order
from page.browse import FIELDS, Choice, browse, choice_of, link_of, overview, reach
from page.chart import rows_of
from page.texts import TEXTS


def test_browse_has_a_column_for_each_side(samples: KnowledgeBase) -> None:
    """Every claim stands in the column of its stance."""
    browsed = browse(samples, Choice())
    assert [Stance.PRO, Stance.CON, Stance.MIXED, Stance.NONE] == list(browsed.columns)
    for stance, column in browsed.columns.items():
        assert {stance} >= {judged.judgement.stance for judged in column.claims}


def test_browse_counts_what_matches(samples: KnowledgeBase) -> None:
    """The line counts all that match, not only those of the page."""
    browsed = browse(samples, Choice(filters=Filters(text="injury")))
    total = samples.browse(text="injury").total
    assert browsed.line().startswith(f"{total} claims: " if total != 1 else "1 claim: ")


def test_browse_pages_each_column(samples: KnowledgeBase) -> None:
    """Pages go on until the longest column ends, and no claim comes twice."""
    pages = browse(samples, Choice()).pages
    ids = [
        judged.cited.claim.id
        for page in range(pages)
        for column in browse(samples, Choice(), page).columns.values()
        for judged in column.claims
    ]
    assert samples.stats().claims == len(ids) == len(set(ids))


def test_browse_of_nothing_says_what_to_do(samples: KnowledgeBase) -> None:
    """No match is a sentence, not an empty page."""
    assert TEXTS.no_match == browse(samples, Choice(filters=Filters(text="no such words"))).line()


def test_an_unknown_stance_names_those_there_are(samples: KnowledgeBase) -> None:
    """A program that calls the endpoint learns what it may say."""
    with pytest.raises(BotError, match="'maybe' is not one of pro, con, mixed, none"):
        choice_of({"stance": "maybe"})


def test_an_unknown_thread_is_said_to_be_none(samples: KnowledgeBase) -> None:
    """What is no id is refused before the knowledge base is asked."""
    with pytest.raises(BotError, match="'weights' is not the id of a thread"):
        choice_of({"thread": "weights"})


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-05-31", date(2024, 5, 31), date(2024, 5, 31)),
        ("", None, None),
    ],
)
def test_days_are_written_whole_or_in_part(written: str, first: date | None, last: date | None) -> None:
    """A year or a month reaches from its first to its last day."""
    filters = choice_of({"since": written, "until": written}).filters
    assert (first, last) == (filters.since, filters.until)


@pytest.mark.parametrize("written", ["yesterday", "2024-13", "2024-02-30", "24", "9999"])
def test_what_is_no_day_is_refused(written: str) -> None:
    """The message says how to write one."""
    with pytest.raises(BotError, match="write it as 2024, 2024-05 or 2024-05-31"):
        choice_of({"until": written, "since": "0000" if written == "9999" else ""})


def test_votes_are_a_whole_number() -> None:
    """Negative ones too: forums have them."""
    assert -3 == choice_of({"votes": "-3"}).filters.votes
    with pytest.raises(BotError, match="'many' is no whole number"):
        choice_of({"votes": "many"})


def test_a_link_holds_the_whole_choice() -> None:
    """What a link says is what was chosen; what is usual is left out of it."""
    given = {
        "question": "should I lift & run?",
        "thread": RUNNERS.id,
        "stance": "con",
        "kind": "study",
        "forum": "a/b",
        "author": "Ümit",
        "since": "2020",
        "until": "2021-05",
        "votes": "3",
        "text": "knees",
        "sort": "votes",
    }
    assert set(FIELDS) == set(given)
    link = link_of(given, "overview")
    read = dict(part.split("=") for part in link.removeprefix("?").split("&"))
    assert ("browse", "overview", "%C3%9Cmit") == (read["tab"], read["view"], read["author"])
    assert len(given) + 2 == len(read)
    assert "?tab=browse" == link_of({"sort": "surest", "text": " "})
    assert (Stance.CON, Order.VOTES, Kind.STUDY) == (
        choice_of(given).stance,
        choice_of(given).order,
        choice_of(given).filters.kind,
    )


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    folder = tmp_path_factory.mktemp("two") / "base"
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), judge=RuleJudge()) as base:
        base.add([RUNNERS, BAKERS])
        yield base


def test_an_overview_draws_what_its_table_says(two: KnowledgeBase) -> None:
    """Each thread is a bar and a row, with the claims of its sides."""
    chart, shown = overview(two, Choice(), Grouping.THREAD)
    drawn = json.loads(chart.plot)["data"]
    pro, con = (bar for bar in drawn if bar["name"] in ("For", "Against"))
    for thread in (RUNNERS, BAKERS):
        numbers = [two.columns(Filters(thread_id=thread.id))[side].total for side in (Stance.PRO, Stance.CON)]
        at = pro["customdata"].index(thread.title if len(thread.title) < 34 else thread.title[:33] + "…")
        assert numbers == [pro["x"][at], con["x"][at]]
        cells = "".join(f"<td>{number}</td>" for number in numbers)
        assert f"<bdi>{thread.title}</bdi></th>{cells}" in shown


def test_an_overview_says_what_has_no_date(two: KnowledgeBase) -> None:
    """Nothing of it is dated: no chart, and the number of claims that are left out."""
    chart, shown = overview(two, Choice(), Grouping.MONTH)
    assert chart is None
    sides = [two.browse(stance=side).total for side in (Stance.PRO, Stance.CON, Stance.MIXED)]
    assert f"{sum(sides)} claims without a date" in shown


def test_blind_spots_need_one_question(two: KnowledgeBase) -> None:
    """Over all questions at once they would say nothing; of one thread they say how many were read."""
    assert TEXTS.spots_need_question in overview(two, Choice(), Grouping.THREAD)[1]
    one = overview(two, Choice(filters=Filters(thread_id=RUNNERS.id)), Grouping.THREAD)[1]
    assert TEXTS.spots_need_question not in one
    assert "by 2 people" in one


def test_months_have_no_gaps_and_many_become_years() -> None:
    """A quiet month is shown as quiet."""
    one = dict.fromkeys(Stance, 1)
    months = rows_of({"2020-11": one, "2021-02": one, None: one}, Grouping.MONTH)
    assert ["2020-11", "2020-12", "2021-01", "2021-02"] == [name for name, _ in months]
    assert [4, 0, 0, 4] == [sum(counts.values()) for _, counts in months]
    years = rows_of({"2015-11": one, "2020-02": one, "2020-03": one}, Grouping.MONTH)
    assert [("2015", 4), ("2016", 0), ("2020", 8)] == [(years[at][0], sum(years[at][1].values())) for at in (0, 1, 5)]


def test_browse_says_where_it_looks_at_the_nearest_claims_alone(samples: KnowledgeBase, base: KnowledgeBase) -> None:
    """Toward a typed question in a base with more claims than that; elsewhere it looks at all of them."""
    base.add([thread_of(f"Is {n} good?", "Is it?", f"Yes, {n} helped.", f"No, {n} hurt.") for n in range(BROWSED)])
    typed = Choice(question="Is it good?")
    assert TEXTS.nearest_only.format(BROWSED, BROWSED) in reach(base, typed)
    within = Choice(question="Is it good?", filters=Filters(thread_id=base.threads(limit=1)[0].id))
    assert ["", "", ""] == [reach(base, Choice()), reach(base, within), reach(samples, typed)]
