"""Answers: one person one vote, both sides counted, and three different ways of having nothing to say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import CLAIMS, answered, judged_claim, likelihoods
from hypothesis import given
from hypothesis import strategies as st

from bot.answer import LIKELY, SMALL_SAMPLE, Answer, Balance, Lean, Status, Tally, lean_of, surely_few
from bot.options import proposition
from indexer.judge import Judgement, Stance
from indexer.knowledge import JudgedClaim
from indexer.questions import read_question

PRO, CON, MIXED, NONE = Stance.PRO, Stance.CON, Stance.MIXED, Stance.NONE


def people(*stances: Stance) -> Answer:
    """An answer in which one person each takes these stances."""
    return answered(*(judged_claim(f"word{n}", stance, author=f"a{n}") for n, stance in enumerate(stances)))


# ---------------------------------------------------------------- which way a person leans


def test_one_claim_is_the_lean() -> None:
    """Somebody with one claim leans its way, as surely as the claim was judged."""
    assert (CON, pytest.approx(0.7)) == lean_of([likelihoods(CON, 0.7)])


def test_the_side_with_more_evidence_wins() -> None:
    """Three reasons for it and one doubt are a lean for it."""
    assert PRO is lean_of([likelihoods(PRO)] * 3 + [likelihoods(CON, 0.6)])[0]


def test_two_sides_meant_alike_depend() -> None:
    """A sure claim for and a sure claim against say that it depends."""
    assert (MIXED, pytest.approx(0.8)) == lean_of([likelihoods(PRO, 0.9), likelihoods(CON, 0.8)])


def test_an_unsure_other_side_does_not_make_it_depend() -> None:
    """A claim against that is less likely than not leaves the lean where it was."""
    assert PRO is lean_of([likelihoods(PRO, 0.9), likelihoods(CON, 0.45)])[0]


def test_evenly_weak_evidence_depends() -> None:
    """Where both sides weigh exactly the same, neither is chosen."""
    assert MIXED is lean_of([likelihoods(PRO, 0.4), likelihoods(CON, 0.4)])[0]


JUDGEMENTS = st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4).map(
    lambda weights: Judgement(*(weight / sum(weights) for weight in weights))
)


@given(st.lists(JUDGEMENTS.filter(lambda judged: judged.pro != judged.con), min_size=1, max_size=6))
def test_a_lean_mirrors(judgements: list[Judgement]) -> None:
    """Judged the other way round, a person leans the other way, as surely."""
    swap = {PRO: CON, CON: PRO, MIXED: MIXED}
    stance, confidence = lean_of(judgements)
    assert (swap[stance], confidence) == lean_of([judgement.mirrored() for judgement in judgements])


@given(st.lists(JUDGEMENTS, min_size=1, max_size=6))
def test_a_lean_is_a_probability(judgements: list[Judgement]) -> None:
    """The confidence of a lean is between 0 and 1."""
    assert 0.0 <= lean_of(judgements)[1] <= 1.0


def test_an_unlikely_lean_is_doubtful() -> None:
    """A lean that is less likely than not is marked."""
    assert [True, False] == [Lean(("t", "a"), PRO, confidence).doubtful for confidence in (LIKELY - 0.01, LIKELY)]


# ---------------------------------------------------------------- the balance


def test_the_balance_line() -> None:
    """The balance says how many people lean which way, the most first, and warns of a small sample."""
    assert "3 of 5 people lean yes, 1 no, 1 it depends; small sample" == people(PRO, PRO, PRO, CON, MIXED).line()


@pytest.mark.parametrize(
    ("tally", "line"),
    [
        (Tally(con=3, pro=1), "3 of 4 people lean no, 1 yes; small sample"),
        (Tally(mixed=2, pro=1), "2 of 3 people say it depends, 1 yes; small sample"),
        (Tally(pro=2, con=2), "2 of 4 people lean yes, 2 no; small sample"),
        (Tally(pro=1), "1 person leans yes; small sample"),
        (Tally(mixed=1), "1 person says it depends; small sample"),
        (Tally(pro=SMALL_SAMPLE), "20 of 20 people lean yes"),
        (Tally(pro=SMALL_SAMPLE - 1), "19 of 19 people lean yes; small sample"),
    ],
)
def test_the_line_of_a_tally(tally: Tally, line: str) -> None:
    """Every shape of a balance has its words."""
    assert line == Balance(people=tally).line()


def test_doubtful_people_are_named() -> None:
    """People whose lean is less likely than not are counted, and said to be unclear."""
    answer = answered(judged_claim("squat", confidence=0.4, author="ann"), judged_claim("run", CON, author="bob"))
    assert "1 of 2 people lean yes, 1 no; 1 of them unclear; small sample" == answer.line()


def test_one_person_has_one_vote() -> None:
    """However often one person posts, they are one person."""
    loud = [judged_claim(f"word{n}", author="ann", position=n) for n in range(1, 8)]
    answer = answered(*loud, judged_claim("run", CON, author="bob"))
    assert Tally(pro=1, con=1) == answer.balance.people


def test_unnamed_posts_are_their_own_people() -> None:
    """Where nobody is named, each post is a source of its own."""
    answer = answered(judged_claim("squat", position=1), judged_claim("lunge", position=2))
    assert 2 == answer.balance.people.total


def test_posts_and_votes_are_counted_beside_people() -> None:
    """Posts are counted by where each leans, votes by the scores of those posts."""
    answer = answered(
        judged_claim("squat", author="ann", position=1, score=5),
        judged_claim("lunge", author="ann", position=2, score=7),
        judged_claim("just run", CON, author="bob", score=3),
    )
    counted = (answer.balance.people, answer.balance.posts, answer.balance.votes)
    assert (Tally(pro=1, con=1), Tally(pro=2, con=1), Tally(pro=12, con=3)) == counted


def test_a_post_voted_down_takes_no_votes_away() -> None:
    """A negative score counts as no votes."""
    answer = answered(judged_claim("squat", author="ann", score=-9), judged_claim("lunge", author="bob", score=2))
    assert 2 == answer.balance.votes.pro


def test_what_is_beside_the_question_does_not_count() -> None:
    """A claim judged `none` is no vote, no view, and does not make its author a person of the answer."""
    answer = answered(judged_claim("thanks", NONE, author="ann"), judged_claim("squat", author="bob"))
    assert (1, 1) == (answer.balance.people.total, len(answer.claims()))


# ---------------------------------------------------------------- three answers that are not one


def test_nothing_here() -> None:
    """No claim that takes a side: nobody here talked about that."""
    assert (Status.NOTHING_HERE, "Nobody here talked about that.") == (
        answered().status,
        replace(answered(), searched=9).line(),
    )


def test_an_empty_knowledge_base_says_so() -> None:
    """Where there was nothing to look through, that is what is said."""
    assert "There is nothing to look through yet." == answered().line()


def test_one_person_is_too_few() -> None:
    """One person is an opinion, not a range of views; what was said is there all the same."""
    answer = answered(judged_claim("squat", author="ann"), judged_claim("lunge", author="ann", position=2))
    assert (Status.TOO_FEW, 2) == (answer.status, len(answer.claims()))


def test_two_people_are_an_answer() -> None:
    """Two people are enough to answer, with the warning of a small sample."""
    assert (Status.ANSWERED, True) == (people(PRO, CON).status, people(PRO, CON).balance.small_sample)


# ---------------------------------------------------------------- what an answer can be asked


def test_views_on_a_side() -> None:
    """The views of one side are those of that stance."""
    assert [CON, CON] == [view.stance for view in people(PRO, CON, CON).views_on(CON)]


def test_sources_of_a_view_tell_their_lean() -> None:
    """Behind a view for it may stand somebody who says, over all, that it depends."""
    answer = answered(judged_claim("squat", author="ann"), judged_claim("lunge", CON, author="ann", position=2))
    assert [MIXED] == [lean.stance for lean in answer.sources_for(answer.views_on(PRO)[0])]


def test_a_claim_is_found_by_its_id() -> None:
    """Every claim of the answer is found by its id."""
    judged = judged_claim("squat", author="ann")
    assert judged == answered(judged).claim(judged.cited.claim.id)


def test_an_unknown_claim_is_not_found() -> None:
    """Any other id raises KeyError."""
    with pytest.raises(KeyError):
        answered(judged_claim("squat")).claim("0")


@given(CLAIMS)
def test_everybody_who_takes_a_side_is_counted_once(judged: list[JudgedClaim]) -> None:
    """The people counted are the distinct sources of the claims that take a side."""
    sources = {one.cited.post.source for one in judged if one.judgement.stance is not NONE}
    answer = answered(*judged)
    assert len(sources) == answer.balance.people.total == len(answer.leans)


@given(CLAIMS)
def test_the_negated_question_mirrors(judged: list[JudgedClaim]) -> None:
    """Asked the other way round, pro and con swap in people, posts and votes, and the views are the same."""
    asked = answered(*judged)
    mirrored = answered(*(replace(one, judgement=one.judgement.mirrored()) for one in judged))
    for counted in ("people", "posts", "votes"):
        there, here = getattr(asked.balance, counted), getattr(mirrored.balance, counted)
        assert (there.pro, there.con, there.mixed) == (here.con, here.pro, here.mixed)
    assert {view.id for view in asked.views} == {view.id for view in mirrored.views}


# ---------------------------------------------------------------- options


@pytest.mark.parametrize(
    ("question", "propositions"),
    [
        ("Should I lift or just run?", ["Should I lift?", "Should I just run?"]),
        ("Is it better to buy or rent?", ["Is it better to buy?", "Is it better to rent?"]),
        ("Which is better, a gym or a home rack?", ["Is a gym better?", "Is a home rack better?"]),
    ],
)
def test_alternatives_become_questions(question: str, propositions: list[str]) -> None:
    """Each alternative that a question names is asked about by itself."""
    read = read_question(question)
    assert propositions == [proposition(read, alternative) for alternative in read.alternatives]


# ---------------------------------------------------------------- minorities


@pytest.mark.parametrize(
    ("people", "total", "few"), [(0, 20, True), (2, 20, True), (3, 20, False), (24, 100, True), (25, 100, False)]
)
def test_a_minority_is_surely_less_than_a_third(people: int, total: int, few: bool) -> None:
    """Two of twenty are less than a third whatever chance did (Wilson's interval: 3% to 30%), three may not be."""
    assert few is surely_few(people, total)


def test_a_small_sample_has_no_minority() -> None:
    """One of nineteen is too few people to say; one of twenty is a minority."""
    assert [False, True] == [
        Balance(people=Tally(pro=total - 1, con=1)).is_minority(CON) for total in (SMALL_SAMPLE - 1, SMALL_SAMPLE)
    ]
