"""What a sentence may say that cites claims; each test is something that a model might try."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from builders import judged_claim
from hypothesis import given
from hypothesis import strategies as st

from bot.prose import Line
from bot.support import WRONG, can_be_restated, is_plain, supported
from indexer.claims import Claim
from indexer.judge import Judgement, Stance
from indexer.knowledge import JudgedClaim

INJURY = judged_claim("I added weights this year, and I seem to have been far more resistant to injury", author="ann")
HIPS = judged_claim("squats really helped my hips", author="bob")
MILES = judged_claim("just run more miles", Stance.CON, author="cem")
CONDITION = judged_claim("weights help unless you go over the top", author="dot")
NOT = judged_claim("I don't lift heavy, I run 3 easy miles in 40 minutes", Stance.CON, author="eve")


def agreeing(asked: Sequence[tuple[str, Claim]]) -> list[Judgement]:
    """A judge that finds everything for it."""
    return [Judgement(pro=1.0, con=0.0, mixed=0.0, none=0.0) for _ in asked]


def disagreeing(asked: Sequence[tuple[str, Claim]]) -> list[Judgement]:
    """A judge that finds everything against it."""
    return [Judgement(pro=0.0, con=1.0, mixed=0.0, none=0.0) for _ in asked]


def check(text: str, *cited: JudgedClaim | None, judging: object = agreeing) -> Line | str:
    found = supported(text, cited, judging)  # type: ignore[arg-type]
    assert isinstance(found, Line) or found in WRONG
    return found


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("They added weights this year, and they seem to have been far more resistant to injury.", [INJURY]),
        ("They've been injured since they can't squat", [judged_claim("I've been injured since I cant squat")]),
        ("Squats helped their hips.", [HIPS]),
        ("Squats helped their hips, and weights help unless you go over the top.", [HIPS, CONDITION]),
        ("Weights help unless you go over the top, while squats helped their hips.", [HIPS, CONDITION]),
        ("Unless you go over the top, weights help.", [CONDITION]),
        (
            "They say that squats helped their hips, and the poster notes weights help unless you go over the top.",
            [HIPS, CONDITION],
        ),
        ("According to them, squats helped their hips.", [HIPS]),
        ("They say to just run more miles.", [judged_claim("just run more miles")]),
        ("They recommend just running more miles.", [judged_claim("just run more miles")]),
        ("They advise against buying cheap tubes.", [judged_claim("don't buy cheap tubes")]),
        ("They suggest not to use cheap tubes.", [judged_claim("you shouldn't use cheap tubes")]),
        ("They would keep lifting 2 times a week.", [judged_claim("I'd keep lifting twice per week")]),
        ("They lift for thirty minutes three times a week.", [judged_claim("I lift for 30min 3x/week")]),
        ("They think it is kind of useless.", [judged_claim("imo it's kinda useless")]),
        ("They tried it for a winter.", [judged_claim("Tried it for a winter")]),
        ("It's cheap and easy to use.", [judged_claim("Plus it's cheap and easy to use")]),
    ],
)
def test_a_restatement_is_let_through(text: str, claims: list[JudgedClaim]) -> None:
    """Persons, articles and auxiliaries may change, fillers may go, and two claims may be joined."""
    found = check(text, *claims)
    assert isinstance(found, Line)
    assert {one.cited.claim.id for one in claims} == {one.cited.claim.id for one in found.claims}
    assert not found.verbatim


def test_a_copy_is_a_quotation_in_the_words_of_its_claim() -> None:
    """What is word for word the claim is shown as the claim wrote it, also in the first person."""
    found = check("i added weights this year and I seem to have been far more resistant to injury!", INJURY)
    assert Line(INJURY.cited.claim.text, (INJURY,), verbatim=True) == found


@pytest.mark.parametrize(
    ("text", "claims", "wrong"),
    [
        ("Squats helped their hips.", [], "no_citation"),
        ("Squats helped their hips.", [None], "unknown_citation"),
        ("Squats helped their hips.", [HIPS, None], "unknown_citation"),
        ("Squats helped their hips.", [HIPS, MILES], "several_sides"),
        ("Squats helped their hips.", [MILES], "other_words"),  # the right words, the wrong claim
        ("Squats helped my hips a lot.", [HIPS], "first_person"),
        ("Squats helped their knees.", [HIPS], "other_words"),
        ("Squats helped their hips and their marriage.", [HIPS], "other_words"),
        ("Squats helped their hips, and they live longer.", [HIPS], "other_words"),
        ("Squats helped their hips, so everyone should squat.", [HIPS], "leans"),
        ("Squats did not help their hips.", [HIPS], "other_words"),
        ("Squats never helped their hips.", [HIPS], "other_words"),
        ("Squats always helped their hips.", [HIPS], "other_words"),
        ("Squats absolutely helped their hips.", [HIPS], "other_words"),  # a filler that is not in the claim
        ("Most people say squats helped their hips.", [HIPS], "other_words"),
        ("3 of 5 say squats helped their hips.", [HIPS], "number"),
        ("Forty runners' hips were helped by squats.", [HIPS], "number"),
        ("Their hips helped squats.", [HIPS], "other_words"),  # turned around
        ("Squats.", [HIPS], "other_words"),
        ("Weights help.", [CONDITION], "other_words"),  # without its condition
        ("Weights help if you go over the top.", [CONDITION], "other_words"),
        ("They lift heavy, they do not run 3 easy miles in 40 minutes.", [NOT], "other_words"),  # "not" moved
        ("They don't lift heavy, they run 40 easy miles in 3 minutes.", [NOT], "other_words"),  # numbers exchanged
        ("They don't lift heavy, they run 30 easy miles in 40 minutes.", [NOT], "number"),
        ("They added weights this year, and seem to be far more resistant to injury", [INJURY], "other_words"),
        ("They do not think it is helpful", [judged_claim("I don't really think it's helpful")], "other_words"),
        ("They have run every day", [judged_claim("I have to run every day")], "other_words"),
        ("Few runners lift heavy", [judged_claim("a few runners lift heavy")], "other_words"),
        ("They are like a fraud in the gym", [judged_claim("I feel like a fraud in the gym")], "other_words"),
        ("They run easy miles", [judged_claim("I just run easy miles")], "other_words"),
        ("No weights help the hips.", [judged_claim("No, my weights help the hips")], "other_words"),
        ("No weights help the hips.", [judged_claim("No - my weights help the hips")], "other_words"),
        ("They lift not, run miles.", [judged_claim("I lift, not run miles")], "other_words"),
        ("They lost -5 pounds in a month", [judged_claim("I lost 5 pounds in a month")], "other_words"),
        ("They were adding weights this year, and had been more resistant to injury.", [INJURY], "other_words"),
        ("Weights help unless you go over the top squats helped their hips.", [HIPS, CONDITION], "other_words"),
        ("Squats helped their hips.", [HIPS, CONDITION], "other_words"),  # the second claim is not told
        ("Running hurts knees.", [judged_claim("running hurts my knees")], "other_words"),  # everybody's
        ("They told someone weights help.", [judged_claim("someone told me weights help")], "other_words"),
        (
            "They run easy miles every day.",
            [judged_claim("run easy miles every day")],
            "other_words",
        ),  # advice, not told
        (
            "They recommend lifting twice a week.",
            [judged_claim("I lift twice a week")],
            "other_words",
        ),  # told, not advice
        ("They recommend using it daily.", [judged_claim("Use it daily, no problems")], "other_words"),
        ("They recommend using it daily, no problems.", [judged_claim("Use it daily, no problems")], "other_words"),
        ("They advise taking their bike to work.", [judged_claim("take my bike to work")], "other_words"),
        ("They advise against going there anymore.", [judged_claim("don't go there anymore")], "other_words"),
        ("They advise always taking the bus.", [judged_claim("always take the bus")], "other_words"),
        ("No, it depends on the tubes.", [judged_claim("yes and no, it depends on the tubes")], "other_words"),
        ("It only helps the sprinters.", [judged_claim("Yes, but it only helps the sprinters")], "other_words"),
        ("Their knees hurt at night.", [judged_claim("my knee hurts at night")], "other_words"),
        ("They advise being fine without it.", [judged_claim("you should be fine without it")], "other_words"),
        ("They ruined their knees for months.", [judged_claim("ruined my knees for months")], "other_words"),  # it did
        ("They advise against thinking it helps.", [judged_claim("Don't think it helps")], "other_words"),
        ("They think squats never helped their hips.", [HIPS], "other_words"),
        ("They deny squats helped their hips.", [HIPS], "other_words"),
        ("Experts say squats helped their hips.", [HIPS], "other_words"),
        ("If the tubes leak, check.", [judged_claim("check if the tubes leak")], "other_words"),
        (
            "When they run, their coach says squats hurt.",
            [judged_claim("my coach says squats hurt when I run")],
            "other_words",
        ),
        ("Because it was hard, they didn't quit.", [judged_claim("I didn't quit because it was hard")], "other_words"),
        ("If weights help, you go over the top.", [judged_claim("weights help if you go over the top")], "other_words"),
        ("The most expensive bikes break.", [judged_claim("most expensive bikes break")], "other_words"),
        ("It is useless for runners.", [judged_claim("it's basically useless for runners")], "other_words"),
        ("They are running heavy miles.", [judged_claim("I am okay running heavy miles")], "other_words"),
        ("They had run heavy miles.", [judged_claim("I'd run heavy miles")], "other_words"),  # or they would
        ("Squats helped their hips: https://evil.example", [HIPS], "not_plain"),
        ("Squats helped their hips, see evil.example", [HIPS], "not_plain"),
        ("Squats helped their **hips**", [HIPS], "not_plain"),
        ("Squats helped their <b>hips</b>", [HIPS], "not_plain"),
        ("![hips](//evil.example/x.png)", [HIPS], "not_plain"),
        ("Squats helped their hips [1]", [HIPS], "not_plain"),
        ("Squats helped their hips\u200b", [HIPS], "not_plain"),
        ("Squаts helped their hips", [HIPS], "not_plain"),  # a Cyrillic a
        ("Ｓquats helped their hips", [HIPS], "not_plain"),
        ("\u202eSquats helped their hips", [HIPS], "not_plain"),
        ("Приседания помогли", [HIPS], "not_plain"),
        ("Les squats ont aidé leurs hanches", [HIPS], "other_words"),
        ("Did squats help their hips?", [HIPS], "not_plain"),
        ("Squats helped their hips. " * 40, [HIPS], "too_long"),
        ("", [HIPS], "other_words"),
    ],
)
def test_what_is_not_in_the_claims_is_found(text: str, claims: list[JudgedClaim | None], wrong: str) -> None:
    """Each has a name for what is wrong, which the model is told."""
    assert wrong == check(text, *claims)


def test_a_second_half_that_points_back_is_found() -> None:
    """The "it" of one claim would stand for something of the other, wherever it is."""
    loved = judged_claim("my knees love it so far", author="gil")
    assert "leans" == check("Squats helped their hips, and their knees love it so far.", HIPS, loved)
    assert isinstance(check("Their knees love it so far, and squats helped their hips.", HIPS, loved), Line)
    ruined = judged_claim("it ruined my knees completely", author="fay")
    assert "leans" == check("Squats helped their hips, and it ruined their knees completely.", HIPS, ruined)


def test_the_judge_decides_on_the_side_of_a_restatement() -> None:
    """What the judge finds on the other side is not shown; a quotation was judged already."""
    assert "judged_otherwise" == check("Squats helped their hips.", HIPS, judging=disagreeing)
    assert isinstance(check("squats really helped my hips", HIPS, judging=disagreeing), Line)


@pytest.mark.parametrize(
    ("text", "usable"),
    [
        ("squats helped my hips", True),
        ("a café near the gym helped me recover", True),
        ("why would you lift then?", False),
        ("do it", False),
        ("see www.example.com for the plan that helped", False),
        ("squats helped 👍 my hips", False),
    ],
)
def test_which_claims_can_stand_behind_a_sentence(text: str, usable: bool) -> None:
    """Plain words, enough of them, and no question."""
    assert usable is can_be_restated(text)


WORDS = st.sampled_from(
    [
        "squats",
        "weights",
        "helped",
        "hurt",
        "my",
        "their",
        "hips",
        "not",
        "never",
        "unless",
        "and",
        ",",
        "the",
        "3",
        "40",
    ]
)


@given(st.lists(WORDS, min_size=1, max_size=8), st.lists(WORDS, min_size=4, max_size=8))
def test_nothing_of_meaning_is_ever_added(said: list[str], claimed: list[str]) -> None:
    """Whatever is let through has no word of meaning that its claim lacks, and lacks none that its claim has."""
    claim = judged_claim(" ".join(claimed))
    found = check(" ".join(said), claim)
    if isinstance(found, Line) and not found.verbatim:
        free = {"my", "their", "and", ",", "the"}
        assert [word for word in claimed if word not in free] == [word for word in said if word not in free]


@given(st.text(max_size=60))
def test_any_text_at_all_has_an_outcome(text: str) -> None:
    """No text makes the check fail, and what is plain holds no mark of markup."""
    check(text, HIPS)
    assert not is_plain(text) or not set("<>[]`|") & set(text)
