"""Views: same thing and same side in one view, opposites never, and nobody counted twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from builders import CLAIMS, ENCODER, TEXTS, answered, judged_claim
from hypothesis import given
from hypothesis import strategies as st

from bot.opposites import opposed, read
from bot.views import SAME_VIEW, View, group, headline_of
from indexer.claims import Kind
from indexer.embeddings import Vectors
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim

OPPOSITES = [
    ("lift twice a week", "never lift"),
    ("it works", "it doesn't work"),
    ("lifting makes you faster", "lifting makes you slower"),
    ("do more mileage", "do less mileage"),
    ("stretch before the run", "stretch after the run"),
    ("squats helped my knees", "squats hurt my knees"),
    ("squats fixed my knees", "squats wrecked my knees"),
    ("weights are worth it", "weights are not worth it"),
    ("weights are worth it", "weights are pointless"),
    ("I would do it", "I wouldnt do it"),
    ("you should lift", "you shouldn’t lift"),
    ("strength transfers to running", "strength hardly transfers to running"),
    ("it prevents injuries", "it causes injuries"),
    ("it prevented injuries", "it didn't prevent injuries"),
    ("you need a coach", "you can do it without a coach"),
    ("use heavy weights", "use light weights"),
    ("heavier weights are better", "lighter weights are better"),
    ("train in the morning", "train in the evening"),
    ("run long and slow", "run short and slow"),
    ("eat before training", "eat after training"),
    ("water it every week", "never water it"),
    ("keep the soil wet", "keep the soil dry"),
    ("put it in a warm room", "put it in a cold room"),
    ("repotting saved mine", "I lost mine to repotting, it did not survive"),
    ("use more flour", "use less flour"),
    ("the crust got harder", "the crust got easier to cut"),
    ("a high hydration is best", "a low hydration is best"),
    ("knead it longer", "knead it a shorter time"),
    ("buy new", "buy used, not new"),
    ("buy a bike", "sell the bike"),
    ("the cheap one is fine", "the expensive one is fine"),
    ("budgets save money", "budgets waste money"),
    ("I always track spending", "I never track spending"),
    ("I like the app", "I hate the app"),
    ("keep the old job", "leave the old job"),
    ("e-bikes are safe", "e-bikes are dangerous"),
    ("allow phones in class", "ban phones in class"),
    ("I agree with the plan", "I disagree with the plan"),
    ("the doctor was right", "the doctor was wrong"),
    ("it increases the risk", "it reduces the risk"),
    ("strong legs", "weak legs"),
    ("everyone does it", "nobody does it"),
    ("start stretching", "stop stretching"),
    ("it is necessary", "it is unnecessary"),
    ("with a rest day", "without a rest day"),
    ("It's overrated", "It's underrated"),
    ("avoid squats", "do squats"),
    ("skip the warm up", "do the warm up"),
    ("most people improve", "few people improve, fewer stay"),
    ("I regret buying it", "I love having bought it"),
    ("stretching twice a day fixed my calves", "stretching twice a month fixed my calves"),
    ("80% hydration is the sweet spot", "60% hydration is the sweet spot"),
    ("the grinder matters more than the machine", "the machine matters more than the grinder"),
    ("paint the ceiling before the walls", "paint the walls before the ceiling"),
    ("he told her to see a doctor", "she told him to see a doctor"),
    ("two coats of oil do", "a board takes ten coats of that oil"),
    ("rinse it after every use", "I rinse it after one use in ten"),
]

REPLACED = [
    ("retinol cleared my skin in two months", "retinol wrecked my skin in two months"),
    ("my monstera thrived in the north window", "my monstera sulked in the north window"),
    ("wash towels at 60 degrees", "wash towels at 20 degrees"),
    ("one cup of water to one cup of basmati", "three cups of water to one cup of basmati"),
    ("grind finer if it tastes sour", "grind coarser if it tastes sour"),
]
"""Opposites, or at least other things, that no list of antonyms and no unit tells apart."""
ALIKE = [
    ("lift twice a week", "lifting two times a week is enough"),
    ("weights improved my injury resistance", "I get injured less often since weights, more resistant"),
    ("it doesn't work", "it never works for anyone"),
    ("I would not do it", "I wouldn't"),
    ("just run more", "running more is the way"),
    ("squats helped my knees", "my knees got better with squats"),
    ("it took 40 seconds off my 5k", "it took 35 seconds off"),
    ("lift for 2 or 3 hours a week", "lift for 2 hours a week"),
    ("I lift for 30 minutes, at 60 kg", "30 minutes with 100 kg or 60 kg"),
    ("run inside if it rains", "if it rains run inside"),
    ("run and lift", "lift and run"),
    ("he slept better on it", "she slept better on it"),
    ("three or four coats will do", "four coats were enough for me"),
    ("proofing overnight gave me a better crust", "an overnight proof gave me a better crust"),
    ("it makes you a faster runner over time", "it makes you a quicker runner over time"),
]


def vectors_of(*judged: JudgedClaim) -> Vectors:
    return ENCODER.encode([one.cited.claim.text for one in judged]).reshape(len(judged), ENCODER.dimension)


def grouped(*judged: JudgedClaim) -> list[View]:
    return group(judged, vectors_of(*judged))


def same_place(count: int) -> Vectors:
    """Vectors of an encoder that finds everything the same."""
    return np.tile(np.eye(1, 8, dtype=np.float32), (count, 1))


@pytest.mark.parametrize(("one", "other"), OPPOSITES + REPLACED)
def test_opposites_never_share_a_view(one: str, other: str) -> None:
    """Two opposite claims are two views even where the judge and the encoder take them for the same."""
    judged = [judged_claim(one, position=1), judged_claim(other, position=2)]
    assert 2 == len(group(judged, same_place(2)))


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_says_the_same_is_not_opposed(one: str, other: str) -> None:
    """Two ways to say one thing are not taken for opposites."""
    assert not opposed(read(one), read(other))


@given(TEXTS, TEXTS)
def test_opposition_is_mutual(one: str, other: str) -> None:
    """It makes no difference which of two claims comes first."""
    assert opposed(read(one), read(other)) == opposed(read(other), read(one))


@given(TEXTS)
def test_nothing_opposes_itself(text: str) -> None:
    """A claim is not the opposite of its own words."""
    assert not opposed(read(text), read(text))


def test_opposites_do_not_meet_through_a_third() -> None:
    """Two opposites stay apart where a third claim is near to both."""
    judged = [judged_claim(text, position=n) for n, text in enumerate(["lift", "lift twice a week", "never lift"])]
    assert [["lift", "lift twice a week"], ["never lift"]] == sorted(
        sorted(claim.cited.claim.text for claim in view.claims) for view in group(judged, same_place(3))
    )


def test_same_thing_same_side_is_one_view() -> None:
    """Two people who say the same make one view of two people."""
    one, other = "lift twice a week", "lift twice a week too"
    (view,) = grouped(judged_claim(one, author="ann"), judged_claim(other, author="bob"))
    assert 2 == view.people


def test_same_words_on_two_sides_are_two_views() -> None:
    """The same words that the judge puts on two sides never share a view."""
    views = grouped(judged_claim("it depends", Stance.PRO, author="ann"), judged_claim("it depends", Stance.CON))
    assert [Stance.CON, Stance.PRO] == sorted(view.stance for view in views)


def test_a_claim_of_no_side_is_in_no_view() -> None:
    """What is judged `none` is not shown as a side."""
    assert [] == grouped(judged_claim("thanks all", Stance.NONE))


def test_no_claims_no_views() -> None:
    """An empty list gives an empty list."""
    assert [] == grouped()


def test_one_person_counts_once_in_a_view() -> None:
    """Somebody who says it twice is one person."""
    (view,) = grouped(
        judged_claim("lift twice a week", author="ann", position=1),
        judged_claim("lift twice a week, really", author="ann", position=2),
    )
    assert (1, 2) == (view.people, len(view.claims))


def test_namesakes_in_two_threads_are_two_people() -> None:
    """The same name in another thread is another source."""
    (view,) = grouped(
        judged_claim("lift twice a week", author="ann", thread="weights"),
        judged_claim("lift twice a week", author="ann", thread="gym"),
    )
    assert 2 == view.people


def test_claims_come_strongest_first() -> None:
    """Within a view the most confident claim is first, whatever the order they came in."""
    (view,) = grouped(judged_claim("lift", confidence=0.6, author="ann"), judged_claim("lift", author="bob"))
    assert [0.9, 0.6] == [round(claim.judgement.confidence, 2) for claim in view.claims]


def test_views_with_more_people_come_first() -> None:
    """A view of two people stands before a surer one of one person."""
    views = grouped(
        judged_claim("run more", confidence=0.95, author="ann"),
        judged_claim("squats strengthen knees", confidence=0.7, author="bob"),
        judged_claim("squats strengthen knees", confidence=0.7, author="cem"),
    )
    assert [2, 1] == [view.people for view in views]


def test_votes_settle_what_people_and_confidence_leave_even() -> None:
    """Between two equal views the one with more votes is first."""
    views = grouped(judged_claim("run more", author="ann", score=2), judged_claim("squat deep", author="bob", score=9))
    assert [9, 2] == [view.votes for view in views]


def test_votes_count_a_post_once() -> None:
    """Two claims of one post do not double its score."""
    post = "lift twice a week. lift twice a week too."
    (view,) = grouped(
        judged_claim("lift twice a week", post=post, author="ann", score=5),
        judged_claim("lift twice a week too", post=post, author="ann", score=5),
    )
    assert 5 == view.votes


def test_kinds_are_counted() -> None:
    """A view knows how many of its claims are of which kind."""
    (view,) = grouped(
        judged_claim("lift twice a week", author="ann", kind=Kind.EXPERIENCE),
        judged_claim("lift twice a week", author="bob", kind=Kind.EXPERIENCE),
        judged_claim("lift twice a week", author="cem", kind=Kind.ADVICE),
    )
    assert [(Kind.EXPERIENCE, 2), (Kind.ADVICE, 1)] == list(view.kinds.items())


def test_agreement_is_the_mean_cosine() -> None:
    """Two claims at a right angle to a half have that cosine as their agreement."""
    judged = [judged_claim("one thing", author="ann"), judged_claim("same thing", author="bob")]
    cosine = 0.8
    vectors = np.array([[1.0, 0.0], [cosine, (1 - cosine**2) ** 0.5]], dtype=np.float32)
    (view,) = group(judged, vectors)
    assert cosine == pytest.approx(view.agreement, abs=1e-6)


def test_claims_below_the_threshold_stay_apart() -> None:
    """Two claims a little less alike than the threshold are two views."""
    judged = [judged_claim("one thing", author="ann"), judged_claim("other thing", author="bob")]
    cosine = SAME_VIEW - 0.01
    vectors = np.array([[1.0, 0.0], [cosine, (1 - cosine**2) ** 0.5]], dtype=np.float32)
    assert 2 == len(group(judged, vectors))


def test_the_headline_reads_alone() -> None:
    """A claim that leans on the sentence before it, or is too short, gives way to one that reads by itself."""
    texts = ["it helps a lot with injuries", "Lifting kept me free of injuries", "helps"]
    assert 1 == headline_of(texts, same_place(3), [0.9, 0.8, 0.9])


def test_a_sure_claim_is_the_headline() -> None:
    """Between two readable claims the more confident one stands above."""
    texts = ["Lifting kept me free of injuries", "Weights kept my knees healthy"]
    assert 1 == headline_of(texts, same_place(2), [0.6, 0.9])


@given(CLAIMS)
def test_no_claim_is_lost_or_doubled(judged: list[JudgedClaim]) -> None:
    """Every claim that takes a side is in exactly one view, of its own stance."""
    sided = Counter(one.cited.claim.id for one in judged if one.judgement.stance is not Stance.NONE)
    views = grouped(*judged)
    assert sided == Counter(claim.cited.claim.id for view in views for claim in view.claims)
    assert all(claim.judgement.stance is view.stance for view in views for claim in view.claims)


@given(CLAIMS)
def test_nobody_is_counted_twice_in_a_view(judged: list[JudgedClaim]) -> None:
    """A view's people are its distinct sources."""
    for view in grouped(*judged):
        assert len({claim.cited.post.source for claim in view.claims}) == view.people


@given(CLAIMS)
def test_no_view_holds_opposites(judged: list[JudgedClaim]) -> None:
    """Whatever is grouped, no two claims of a view are opposed."""
    for view in grouped(*judged):
        readings = [read(claim.cited.claim.text) for claim in view.claims]
        assert not any(opposed(one, other) for one in readings for other in readings)


@given(CLAIMS, st.randoms(use_true_random=False))
def test_the_order_of_claims_makes_no_difference(judged: list[JudgedClaim], random: object) -> None:
    """The same claims in another order give the same views."""
    shuffled = list(judged)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert grouped(*judged) == grouped(*shuffled)


@given(CLAIMS)
def test_mirrored_judgements_give_the_same_views_on_the_other_side(judged: list[JudgedClaim]) -> None:
    """Mirroring every judgement swaps pro and con, and changes nothing else."""
    mirrored = [replace(one, judgement=one.judgement.mirrored()) for one in judged]
    swap = {Stance.PRO: Stance.CON, Stance.CON: Stance.PRO, Stance.MIXED: Stance.MIXED}
    expected = {(swap[view.stance], view.id, view.headline.cited.claim.id) for view in grouped(*judged)}
    assert expected == {(view.stance, view.id, view.headline.cited.claim.id) for view in grouped(*mirrored)}


def test_evidence_counts_people() -> None:
    """Two experiences of one person are one person who did it."""
    said = [
        judged_claim("lift when rested", author="ann", kind=Kind.EXPERIENCE),
        judged_claim("lift when rested", author="ann", position=2, post="so: lift when rested", kind=Kind.EXPERIENCE),
        judged_claim("lift when rested", author="bob", kind=Kind.STUDY),
    ]
    (view,) = answered(*said).views
    assert ({Kind.EXPERIENCE: 2, Kind.STUDY: 1}, {Kind.EXPERIENCE: 1, Kind.STUDY: 1}) == (view.kinds, view.evidence)
