"""What decides it: conditions of both sides, for whom, amounts across people; every line rests on claims."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import CLAIMS, answered, judged_claim
from hypothesis import given
from hypothesis import strategies as st

from bot.amounts import amount_words
from bot.deciding import Deciding, deciding, deciding_of, deciding_option, factor_of
from bot.options import Option
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim

PRO, CON, MIXED, NONE = Stance.PRO, Stance.CON, Stance.MIXED, Stance.NONE


def facts(*said: tuple[str, Stance] | str) -> Deciding:
    """What decides it when each of these is said by another person."""
    named = [(one, PRO) if isinstance(one, str) else one for one in said]
    return deciding_of([judged_claim(text, side, author=f"a{n}") for n, (text, side) in enumerate(named)])


# ---------------------------------------------------------------- conditions


def test_both_sides_agree_on_a_condition() -> None:
    """Fine unless you overdo it, bad if you overdo it: one line, drawn by two people."""
    (condition,) = facts(("fine if you don't overdo it", PRO), ("it hurts if you overdo it", CON)).conditions
    assert (True, True, 2) == (condition.shared, condition.agreed, condition.people)
    assert ["if you don't overdo it", "if you overdo it"] == [told.particular.text for told in condition.told]


def test_unless_turns_a_condition() -> None:
    """Good unless injured, bad if injured: the same line."""
    (condition,) = facts(
        ("squats are good unless you are injured", PRO), ("skip it if you are injured", CON)
    ).conditions
    assert condition.agreed


def test_both_sides_may_draw_other_lines() -> None:
    """Good if injured, bad if injured: both name it, and they do not agree."""
    (condition,) = facts(("squats are good if you are injured", PRO), ("skip it if you are injured", CON)).conditions
    assert (True, False) == (condition.shared, condition.agreed)


def test_keeping_measure_is_a_condition() -> None:
    """What is said without an "if" counts too: don't go overboard, in moderation."""
    (condition,) = facts(("lift, but dont go overboard", PRO), ("it slows you down if you overdo it", CON)).conditions
    assert condition.shared


def test_what_it_depends_on_is_a_condition() -> None:
    """It depends on your stove is a condition, up to the end of its clause."""
    (condition,) = facts(("It depends on your stove, a glass top can crack", MIXED)).conditions
    assert ("It depends on your stove", False) == (condition.words, condition.shared)


def test_one_side_alone_shares_nothing() -> None:
    """Two people for it are one side."""
    assert () == facts("fine if you don't overdo it", "great if you never overdo it").shared


def test_one_person_on_both_sides_shares_nothing() -> None:
    """Somebody who argues with themselves is no agreement of sides."""
    claims = [
        judged_claim("fine if you don't overdo it", PRO, author="ann"),
        judged_claim("it hurts if you overdo it", CON, author="ann"),
    ]
    assert () == deciding_of(claims).shared


def test_a_doubtful_side_shares_nothing() -> None:
    """A claim that is less likely than not on its side makes no agreement."""
    claims = [
        judged_claim("fine if you don't overdo it", PRO, author="ann"),
        judged_claim("it hurts if you overdo it", CON, 0.45, author="bob"),
    ]
    assert () == deciding_of(claims).shared


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("if you are injured", "if you are a sprinter"),
        ("if you felt that bad", "if you felt guilty"),
        ("if you live where it is colder", "depending on where you live"),
        ("if you need the money", "if it's ok to take the money"),
        ("if it's not too far away", "if you don't overdo it"),
    ],
)
def test_other_conditions_stay_apart(one: str, other: str) -> None:
    """Conditions that only share a word are two."""
    assert {1} == {found.people for found in facts((f"fine {one}", PRO), (f"useless {other}", CON)).conditions}


@pytest.mark.parametrize("text", ["if you like it", "if that matters", "if it's right"])
def test_an_empty_condition_is_none(text: str) -> None:
    """Words that say nothing of what it depends on make no condition."""
    assert frozenset() == factor_of(text)
    assert () == facts((f"do it {text}", PRO)).conditions


def test_words_of_the_question_make_no_condition_the_same() -> None:
    """Whoever answers "should I lift?" says "lift"."""
    assert 2 == len(facts(("fine if you lift indoors", PRO), ("bad if you lift drunk", CON)).conditions)


# ---------------------------------------------------------------- for whom


def test_people_of_one_age_are_a_group() -> None:
    """Decades of age, with their sides; a person who tells it twice counts once."""
    claims = [
        judged_claim("I'm 41, and it helped", PRO, author="ann"),
        judged_claim("at age 41 it is worth it", PRO, author="ann"),
        judged_claim("I'm 46 and it did nothing", CON, author="bob"),
        judged_claim("I was 22 when it worked", PRO, author="cem"),
    ]
    groups = {group.label: group for group in deciding_of(claims).who}
    assert {"20s", "40s"} == groups.keys()
    assert (2, 1, 1) == (groups["40s"].people, groups["40s"].sides.pro, groups["40s"].sides.con)


def test_injuries_of_one_part_are_a_group() -> None:
    """Knee pain and knee problems are told by people with knees."""
    (group,) = facts("I had knee pain and squats fixed it", "squats cured my knee problems").who
    assert ("knee", 2) == (group.label, group.people)


# ---------------------------------------------------------------- amounts


def test_doses_of_several_people_are_a_range() -> None:
    """Two and three times a week of lifting: one row with its range."""
    (amount,) = facts("lift twice a week", "you should lift three times a week").amounts
    assert ("lift: 2 to 3 times a week", 2) == (amount_words(amount), amount.people)


def test_units_are_converted() -> None:
    """Every other day is a frequency of its own unit, and comparable."""
    (amount,) = facts("lift twice a week", "I lift every other day and it works").amounts
    assert "lift: 2 to 3.5 times a week" == amount_words(amount)


def test_amounts_of_other_things_are_no_range() -> None:
    """Lifting twice and running five times a week are two rows."""
    assert ["2 times a week", "5 times a week"] == sorted(
        amount_words(one) for one in facts("lift twice a week", "run five times a week").amounts
    )


def test_amounts_of_other_sides_are_no_range() -> None:
    """What is advised and what is warned of never share a row."""
    amounts = facts(("lift twice a week", PRO), ("lift three times a week and you get slow", CON)).amounts
    assert [{PRO}, {CON}] == [
        {told.stance for told in one.told} for one in sorted(amounts, key=lambda one: one.stance != PRO)
    ]


def test_amounts_of_another_size_are_no_range() -> None:
    """Eight minutes and two years of the same thing are told apart."""
    assert 2 == len(facts("a tube takes 8 minutes", "a tube lasts two years").amounts)


def test_open_amounts_are_no_range() -> None:
    """At least eight hours and six hours: the range of both would say what neither said."""
    assert 2 == len(facts("sleep at least 8 hours", "sleep 6 hours").amounts)


def test_one_person_is_no_range() -> None:
    """Two amounts of one person stay what that person named."""
    claims = [judged_claim(f"lift {often} a week", author="ann") for often in ("twice", "three times")]
    assert ["", ""] == [one.subject for one in deciding_of(claims).amounts]


def test_outcomes_have_a_range_and_a_direction() -> None:
    """Forty and twenty-five seconds off a 5k: a range of changes for the better."""
    (amount,) = facts("lifting took 40 s off my 5k", "I took 25 seconds off my 5k").amounts
    assert ("25 to 40 seconds less (better)", 2) == (amount_words(amount).split(": ")[1], amount.people)


def test_outcomes_without_numbers_are_counted() -> None:
    """Who got better is counted in people."""
    (amount,) = facts("my sleep improved a lot", "my mood improved").amounts
    assert ("it got better", 2) == (amount_words(amount), amount.people)


# ---------------------------------------------------------------- of an answer


def test_a_narrowed_answer_tells_of_the_side_it_shows() -> None:
    """Asked for one side, only its claims decide."""
    answer = answered(
        judged_claim("fine if you don't overdo it", PRO, author="ann"),
        judged_claim("it hurts if you overdo it", CON, author="bob"),
    )
    (condition,) = deciding(replace(answer, narrowed=CON)).conditions
    assert [CON] == [told.stance for told in condition.told]


def test_an_option_has_facts_of_its_own() -> None:
    """What decides an option is read from the claims for and against it."""
    answer = answered(
        judged_claim("fine if you don't overdo it", PRO, author="ann"),
        judged_claim("it hurts if you overdo it", CON, author="bob"),
    )
    assert 1 == len(deciding_option(Option("o", "lift", None, answer.views_on(PRO), answer.views_on(CON))).shared)


PHRASES = st.sampled_from(
    [
        "lift twice a week",
        "lift 3 times a week",
        "fine if you don't overdo it",
        "bad if you overdo it",
        "I'm 45 and it helped",
        "it took 40 s off my 5k",
        "I had knee pain",
        "depends on your stove",
    ]
)
SAID = st.lists(
    st.builds(
        lambda text, side, author: judged_claim(text, side, author=author),
        PHRASES,
        st.sampled_from([PRO, CON, MIXED, NONE]),
        st.sampled_from(["ann", "bob", "cem"]),
    ),
    max_size=10,
    unique_by=lambda judged: judged.cited.claim.id,
)


@given(st.one_of(CLAIMS, SAID))
def test_every_line_rests_on_claims_of_the_answer(claims: list[JudgedClaim]) -> None:
    """Whatever was said: each line cites claims of its own side, and a span of each; nobody counts twice."""
    answer = answered(*claims)
    shown = {judged.cited.claim.id: judged for judged in answer.claims()}
    found = deciding(answer)
    for line in (*found.conditions, *found.who, *found.amounts):
        assert 1 <= line.people <= len({told.source for told in line.told})
        for told in line.told:
            claim = told.judged.cited.claim
            assert shown[claim.id].judgement.stance is told.stance
            assert claim.text[told.particular.start : told.particular.end] == told.particular.text
    assert all(told.stance is amount.stance for amount in found.amounts for told in amount.told)


@given(SAID, st.randoms())
def test_the_order_makes_no_difference(claims: list[JudgedClaim], random: object) -> None:
    """What decides it is the same however the claims come."""
    shuffled = list(claims)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert deciding_of(claims) == deciding_of(shuffled)
