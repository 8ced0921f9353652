"""The benchmark of views: each measure on values worked out by hand, and the pairs it is measured on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from builders import ENCODER

from benchmarks import views
from benchmarks.labels.opposites import ClaimPair, load
from benchmarks.views import Contender, Matched, Pairs
from training.data import Perspective
from training.views import KeyPoints


def flags(*values: int) -> views.Flags:
    return np.array(values, dtype=bool)


# What the pairs are
def test_there_are_two_hundred_opposites_and_one_hundred_paraphrases() -> None:
    """The set has the size that the figures are asked for on."""
    every = load("develop") + load("report")
    assert {"opposite": 200, "paraphrase": 100} == Counter(pair.label for pair in every)


@pytest.mark.parametrize("label", ["opposite", "paraphrase"])
def test_half_of_the_pairs_are_to_report_on(label: str) -> None:
    """Both labels are halved."""
    counts = [sum(pair.label == label for pair in load(half)) for half in ("develop", "report")]
    assert counts[0] == counts[1]


def test_no_subject_is_in_both_halves() -> None:
    """What is developed on says nothing of the subjects reported on."""
    assert not {pair.subject for pair in load("develop")} & {pair.subject for pair in load("report")}


def test_no_text_stands_twice() -> None:
    """Each of the 600 claims is its own."""
    every = load("develop") + load("report")
    assert 600 == len({text for pair in every for text in (pair.one, pair.other)})


def test_opposites_have_a_kind_and_paraphrases_none() -> None:
    """The kind says what makes two claims opposite."""
    every = load("develop") + load("report")
    assert all(bool(pair.kind) == (pair.label == "opposite") for pair in every)


# Measures
def test_f1_counts_what_is_found_and_what_is_missed() -> None:
    """One of two true pairs is found, with one false: precision and recall of one half."""
    assert 0.5 == views.f1(flags(1, 1, 0, 0), flags(1, 0, 1, 0))


def test_f1_of_nothing_found_is_zero() -> None:
    """Saying that nothing is the same earns nothing."""
    assert 0.0 == views.f1(flags(0, 0), flags(1, 0))


def test_mean_f1_counts_both_classes() -> None:
    """F1 of "same" is 1/2 and that of "not the same" is 1/2."""
    assert 0.5 == views.mean_f1(flags(1, 1, 0, 0), flags(1, 0, 1, 0))


def test_the_threshold_as_precise_is_the_lowest() -> None:
    """From 0.6 upward three of four pairs are the same; lower down fewer are."""
    cosines, same = np.array([0.9, 0.8, 0.7, 0.6, 0.5, 0.4]), flags(1, 0, 1, 1, 0, 0)
    assert 0.6 == views.as_precise(cosines, same, 0.75)


def test_a_precision_out_of_reach_gives_the_highest_cosine() -> None:
    """Where the surest pair is false already, no threshold is as precise."""
    assert 0.9 == views.as_precise(np.array([0.4, 0.9]), flags(1, 0), 0.9)


def test_precision_counts_the_pairs_from_the_threshold_on() -> None:
    """Of two pairs at 0.5 or more one is the same."""
    assert 0.5 == views.precision_at(np.array([0.5, 0.9, 0.1]), flags(1, 0, 1), 0.5)


def test_only_the_more_confident_half_is_scored() -> None:
    """The two matches of lower score do not count, right or wrong."""
    matches = [Matched(0.9, 1), Matched(0.8, 1), Matched(0.2, 0), Matched(0.1, 0)]
    assert 1.0 == views.average_precision(matches, undecided=0)


def test_average_precision_is_that_of_the_ranking() -> None:
    """Right at the first and third of three places: (1/1 + 2/3) / 2."""
    matches = [Matched(0.9, 1), Matched(0.8, 0), Matched(0.7, 1), *[Matched(0.1, 0)] * 3]
    assert pytest.approx(5 / 6) == views.average_precision(matches, undecided=0)


@pytest.mark.parametrize(("undecided", "expected"), [(0, 0.5), (1, 1.0)])
def test_a_pair_without_decision_counts_against_or_for(undecided: int, expected: float) -> None:
    """Strict takes it for no match, relaxed for a match."""
    matches = [Matched(0.9, None), Matched(0.8, 1), Matched(0.1, 0), Matched(0.0, 0)]
    assert expected == views.average_precision(matches, undecided)


def test_no_match_at_all_is_zero() -> None:
    """Where the better half holds no match, the average precision is 0."""
    assert 0.0 == views.average_precision([Matched(0.9, 0), Matched(0.8, 0)], undecided=0)


def test_each_argument_goes_to_its_nearest_key_point() -> None:
    """The score is that of the nearest key point, the label that of this pair alone."""
    vectors = {"k": [1.0, 0.0], "l": [0.0, 1.0], "a": [0.6, 0.8], "b": [1.0, 0.0]}
    side = KeyPoints("t", "1", {"K": "k", "L": "l"}, {"A": "a", "B": "b"}, {("A", "L"): 1, ("B", "L"): 0})
    found = views.best_matches(side, {text: np.array(row, dtype=np.float32) for text, row in vectors.items()})
    assert [(0.8, 1), (1.0, None)] == [(round(match.score, 6), match.label) for match in found]


def test_paraphrases_are_compared_within_a_claim_and_stance() -> None:
    """Another stance or another claim gives no pair; equal words give none either."""
    rows = [("t", "pro", "1", "a"), ("t", "pro", "1", "b"), ("t", "pro", "2", "c"), ("t", "con", "3", "d")]
    said = [Perspective(*row) for row in [*rows, ("u", "pro", "4", "e"), ("t", "pro", "2", "a")]]
    pairs = views.perspective_pairs(said)
    found = set(zip(pairs.one, pairs.other, pairs.same.tolist(), strict=True))
    assert {("a", "b", True), ("a", "c", False), ("b", "c", False), ("b", "a", False), ("c", "a", True)} == found


def test_cosines_are_those_of_each_pair() -> None:
    """A text is nearer to itself than to another, whatever the order of the pairs."""
    pairs = Pairs.of([("lift more", "run more", False, "t"), ("run more", "run more", True, "t")])
    found = pairs.cosines(ENCODER.encode)
    assert pytest.approx(1.0) == found[1]
    assert found[0] < 0.9


# Grouping
def contender(same_view: float) -> Contender:
    """An encoder that finds everything the same."""
    return Contender("one", lambda texts: np.tile(np.eye(1, 8, dtype=np.float32), (len(texts), 1)), same_view)


def test_grouping_is_that_of_the_program() -> None:
    """Rules part "helped" from "hurt" where the vectors do not; they do not part a paraphrase."""
    pairs = [
        ClaimPair("report", "s", "opposite", "antonym", "squats helped my knees", "squats hurt my knees"),
        ClaimPair("report", "s", "paraphrase", "", "squats helped my knees", "my knees got better with squats"),
    ]
    assert [False, True] == views.in_one_view(pairs, contender(0.65)).tolist()


def test_the_threshold_of_a_contender_is_used() -> None:
    """No pair reaches a cosine of 1.1."""
    assert not views.in_one_view(load("develop")[:20], contender(1.1)).any()


def test_kinds_are_counted_one_by_one() -> None:
    """The line names each kind with how many pairs share a view."""
    pairs = [ClaimPair("report", "s", "opposite", kind, "a", "b") for kind in ("number", "order", "number")]
    assert "number 1 of 2, order 1 of 1" == views.by_kind(pairs, flags(1, 1, 0))


def test_word_counts_give_unit_vectors() -> None:
    """The baseline's cosines lie between 0 and 1: 1 for the same words, 0 for none in common."""
    vectors = views.tfidf(["lift heavy", "heavy lift", "run far"])
    assert pytest.approx(1.0) == float(vectors[0] @ vectors[1])
    assert 0.0 == float(vectors[0] @ vectors[2])
