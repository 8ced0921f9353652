"""Safety notes: health, medicines, fasting, danger and self-harm are noticed, figures of speech are not."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from builders import answered, judged_claim

from bot.narrowing import Narrowing
from bot.safety import Concern, alone, notes_beside, safety_notes, touches
from indexer.judge import Stance


@pytest.mark.parametrize(
    "text",
    [
        "shock the yeast with cold water",
        "kill the process and restart it",
        "switching was painless",
        "no pain, no gain",
        "No pain no gain!",
        "a pain au chocolat for breakfast",
        "parking there is a pain in the neck",
        "it is a pain to set up",
        "the main pain point of the app",
        "it pains me to say so",
        "that would be career suicide",
        "we ran suicides on the track",
        "a killer workout",
        "I killed myself laughing",
        "you'll kill yourself with that mileage",
        "cut myself some slack",
        "I cut myself shaving",
        "I don't want to live in Texas",
        "I want to die laughing",
        "gas mileage is better",
        "fill up at the gas station",
        "climb the career ladder",
        "a live wire of a teacher",
        "rewire your brain",
        "run fast and eat breakfast",
        "the shop is next to the drug store",
        "infected with malware",
        "the Great Depression",
        "a fever pitch",
        "a rash decision",
        "this sub on steroids",
        "a pure function has no side effects",
        "hurt my chances",
        "burn calories",
        "the electric bike",
        "the knee of the curve",
        "back up the drive",
        "he went back home",
    ],
)
def test_figures_of_speech_touch_nothing(text: str) -> None:
    """A false alarm teaches readers to pass over the note."""
    assert () == touches(text)


@pytest.mark.parametrize(
    ("text", "concern"),
    [
        ("Should I run with knee pain?", Concern.HEALTH),
        ("I had knee and ankle problems until I squatted", Concern.HEALTH),
        ("far more resistant to injury", Concern.HEALTH),
        ("my back hurts after deadlifts", Concern.HEALTH),
        ("see a doctor first", Concern.HEALTH),
        ("I was diagnosed with ADHD", Concern.HEALTH),
        ("Is it safe when pregnant?", Concern.HEALTH),
        ("400mg ibuprofen before the race", Concern.MEDICINE),
        ("can I stop taking my meds?", Concern.MEDICINE),
        ("he overdosed on caffeine", Concern.MEDICINE),
        ("should I take Adderall to study", Concern.MEDICINE),
        ("Should I try intermittent fasting?", Concern.EATING),
        ("a 72-hour fast", Concern.EATING),
        ("Should I replace the light switch myself?", Concern.SAFETY),
        ("I got an electric shock", Concern.SAFETY),
        ("there was a gas leak", Concern.SAFETY),
        ("he fell off the ladder", Concern.SAFETY),
        ("never mix bleach and ammonia", Concern.SAFETY),
        ("Should I kill myself?", Concern.SELF_HARM),
        ("I want to die", Concern.SELF_HARM),
        ("I have been thinking about suicide", Concern.SELF_HARM),
        ("she used to self-harm", Concern.SELF_HARM),
        ("I don’t want to be alive", Concern.SELF_HARM),
        ("thinking of hurting myself", Concern.SELF_HARM),
    ],
)
def test_what_is_meant_is_noticed(text: str, concern: Concern) -> None:
    """Each concern in the words people use, straight and curly apostrophes alike."""
    assert concern in touches(text)


def test_the_most_urgent_note_comes_first() -> None:
    """Self-harm stands before everything else."""
    answer = answered(judged_claim("knee pain made me want to die", author="ann"))
    assert [Concern.SELF_HARM, Concern.HEALTH] == [note.concern for note in safety_notes(answer)]


def test_a_note_names_its_claims() -> None:
    """A note says whether the question asked for it, and which claims did."""
    answer = answered(judged_claim("squats cured my knee pain"), judged_claim("just run", Stance.CON, author="bob"))
    (note,) = safety_notes(answer)
    assert (False, ["squats cured my knee pain"]) == (note.asked, [one.cited.claim.text for one in note.claims])


def test_a_question_alone_is_enough() -> None:
    """Where nobody answered, the question still gets its note; also where a follow-up was typed."""
    assert safety_notes(answered(question="Should I run with knee pain?"))[0].asked
    assert safety_notes(replace(answered(), asked="and with knee pain?"))[0].asked


def test_a_side_that_is_not_shown_brings_no_note() -> None:
    """Narrowed to one side, only its claims count."""
    answer = answered(judged_claim("it cured my knee pain"), judged_claim("just run", Stance.CON, author="bob"))
    assert () == safety_notes(replace(answer, narrowing=Narrowing(side=Stance.CON)))


def test_only_a_question_about_self_harm_stands_alone() -> None:
    """Not one about health, nor a claim that touches it; its other notes stand with the answer."""
    claim = judged_claim("knee pain made me want to die", author="ann")
    asked = answered(claim, question="Should I kill myself?")
    note = alone(asked)
    assert note is not None
    assert (Concern.SELF_HARM, True) == (note.concern, note.asked)
    assert [Concern.HEALTH] == [one.concern for one in notes_beside(asked)]
    assert alone(answered(claim)) is None
    assert alone(answered(question="Should I run with knee pain?")) is None


@pytest.mark.parametrize("words", ["pain ", "want to ", "cut myself ", "gas ", "2 mg", "a light "])
def test_time_grows_with_the_text_only(words: str) -> None:
    """A hostile post cannot make the page wait."""
    started = time.perf_counter()
    touches(words * 20_000)
    assert 20 > time.perf_counter() - started
