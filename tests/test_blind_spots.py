"""Blind spots: said only where enough people tell of such things, and each with its counts."""

from __future__ import annotations

from collections.abc import Iterable

from builders import judged_claim

from bot.blind_spots import blind_spots, in_words
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim


def said(texts: Iterable[str], stance: Stance = Stance.PRO, kind: Kind = Kind.REASON) -> list[JudgedClaim]:
    """Each text by an author of their own."""
    return [judged_claim(text, stance, author=f"{stance} {number}", kind=kind) for number, text in enumerate(texts)]


WASTED = ("time", "money", "effort", "sleep", "youth", "sweat")


def words(judged: list[JudgedClaim]) -> list[str]:
    return [in_words(spot) for spot in blind_spots(judged)]


def test_nobody_old() -> None:
    """Five people tell their age, none of them is fifty: said with the range."""
    young = said(f"I'm {age} and it helped" for age in (19, 24, 31, 38, 43))
    assert ["No age of 50 or more is told: 5 people tell an age, between 19 and 43."] == words(young)


def test_four_ages_say_nothing() -> None:
    """Too few tell an age."""
    assert [] == words(said(f"I'm {age} and it helped" for age in (19, 24, 31, 38)))


def test_one_person_counts_once() -> None:
    """Five ages by one person are no five people."""
    claims = [judged_claim(f"I was {age} when it helped", author="Jo", position=age) for age in (19, 24, 31, 38, 43)]
    assert [] == words(claims)


def test_somebody_old_is_no_blind_spot() -> None:
    """One person of over fifty is enough; under twenty nobody is then said to be missing but those."""
    told = said(f"I'm {age} and it helped" for age in (24, 31, 38, 43, 61))
    assert ["No age under 20 is told: 5 people tell an age, between 24 and 61."] == words(told)


def test_nobody_against_gives_a_number() -> None:
    """Six of seven for do, none of six against."""
    pro = said([*(f"I lift {times} times a week" for times in range(2, 8)), "it is fun"])
    con = said(
        (f"it is a waste of {thing}" for thing in ("time", "money", "effort", "sleep", "youth", "sweat")), Stance.CON
    )
    assert "Nobody against gives a number: none of 6 people; for, 6 of 7 give one." in words(pro + con)


def test_what_may_be_chance_is_not_said() -> None:
    """Three of nine for against none of five is no contrast."""
    pro = said(
        [*(f"I lift {times} times a week" for times in range(2, 5)), *(f"fun number {word}" for word in "abcdef")]
    )
    con = said((f"it is a waste of {thing}" for thing in WASTED[:5]), Stance.CON)
    assert [] == [one for one in words(pro + con) if "against" in one]


def test_nobody_did_it_for_long() -> None:
    """Months are told as weeks; the longest is named."""
    told = said((f"I did it for {n} months and felt better" for n in (1, 2, 3, 4, 6)), kind=Kind.EXPERIENCE)
    assert ["Nobody tells of doing it for a year: 5 people say how long, at most 26 weeks."] == words(told)
    long = said(["I did it for 2 years and felt better"], Stance.CON, Kind.EXPERIENCE)
    assert [] == words(told + long)


def test_nobody_tried() -> None:
    """Ten people with reasons and no experience."""
    assert ["Nobody tells of doing it themselves: none of 10 people."] == words(
        said(f"reason {word}" for word in "abcdefghij")
    )
    assert [] == words(said(f"reason {word}" for word in "abcdefghi"))


def test_claims_about_something_else_do_not_count() -> None:
    """Whoever is not about the question is neither here nor missing."""
    assert [] == words(said((f"I'm {age}" for age in (19, 24, 31, 38, 43)), Stance.NONE))
