"""Claims about the direction of an effect, made by rule: fewer of what is bad speaks for, more of it against.

Small encoders take "resistant to rust" for bad news because of its last word. These pairs teach that the direction
decides: every harm and every good stands under words that lessen it and words that add to it, under questions of any
subject that ask whether to do something.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.data import ONE_HOT, Example
from training.questions import words

HARMS = words(
    "niggles colds illness pain soreness cramp stress burnout headaches setbacks mistakes accidents damage leaks rust "
    "mould pests breakdowns arguments complaints regrets anxiety boredom clutter waste debt fatigue stiffness wear "
    "failures faults trouble problems injury injuries infection infections"
)
GOODS = words(
    "energy progress confidence speed strength sleep focus patience savings comfort motivation results balance stamina "
    "endurance flexibility control quality enjoyment"
)
LESS = (
    "much more resistant to {x} since",
    "I'm less prone to {x} now",
    "far fewer problems with {x} since I began",
    "it protects against {x}",
    "hardly any {x} since",
    "it keeps {x} away",
    "no more {x}, touch wood",
    "I had {x} all the time until I started",
    "it cured my {x}",
    "improved my resistance to {x}",
    "helps prevent {x}",
    "cut down on {x} a lot",
    "I was plagued by {x} before",
)
MORE = (
    "far more prone to {x} since",
    "much less resistant to {x} since",
    "it brought me nothing but {x}",
    "far more {x} since I began",
    "it invites {x}",
    "constant {x} ever since",
    "it led to {x}",
    "the {x} only went away when I stopped",
    "I never had {x} until I started",
    "it lowered my resistance to {x}",
    "you are asking for {x}",
    "it adds to the {x}",
)
GAIN = (
    "my {x} has improved no end",
    "gave me more {x}",
    "I gained a lot of {x} from it",
    "it does wonders for {x}",
    "my {x} was poor until I started",
    "noticeably better {x} within weeks",
)
LOSS = (
    "my {x} went downhill",
    "it cost me my {x}",
    "it does nothing for {x}",
    "my {x} came back once I gave it up",
    "I got better {x} without it",
    "it eats into your {x}",
)
WHO = ("", "I seem to have been ", "I've been ", "I am ", "I seem to be ", "we have been ", "mine has been ", "it is ")
DEGREE = ("far ", "much ", "a lot ", "way ", "noticeably ", "")
WHEN = ("", "", " since", " now", " these days", " this year")
SAFER = (
    "more resistant to {x}",
    "less prone to {x}",
    "less vulnerable to {x}",
    "less likely to get {x}",
    "safer from {x}",
)
SORER = (
    "more prone to {x}",
    "less resistant to {x}",
    "more vulnerable to {x}",
    "more likely to get {x}",
    "more open to {x}",
)
"""What somebody became: put together with who, by how much and when, as a claim says it."""
_PLAN = re.compile(r"(?i)^(?:should (?:i|we)|is it worth|thinking of|would you|is it a good idea to|does|do) ")
_AGAINST = words("stop quit avoid skip drop ditch give sell leave cancel not never without")
LEAD_INS = ("I started last year, and", "I do it now, and", "Since I took it up", "I added it this year, and")


def _became(what: Sequence[str], rng: random.Random) -> str:
    return rng.choice(WHO) + rng.choice(DEGREE) + rng.choice(what) + rng.choice(WHEN)


def effect_examples(questions: Sequence[str], rng: random.Random, count: int) -> list[Example]:
    """Return `count` made-up claims about effects under those of `questions` that ask whether to do something."""
    asked = [q for q in questions if _PLAN.match(q) and not _AGAINST & set(re.findall(r"\w+", q.lower()))]
    found = []
    for _ in range(count):
        forms, things, side = rng.choice(
            (
                ((*LESS, _became(SAFER, rng)), sorted(HARMS), "pro"),
                ((*MORE, _became(SORER, rng)), sorted(HARMS), "con"),
                ((_became(SAFER, rng),), sorted(HARMS), "pro"),
                ((_became(SORER, rng),), sorted(HARMS), "con"),
                (GAIN, sorted(GOODS), "pro"),
                (LOSS, sorted(GOODS), "con"),
            )
        )
        claim, before = rng.choice(forms).format(x=rng.choice(things)), rng.choice(LEAD_INS)
        roll = rng.random()
        if roll < 0.25:  # noqa: PLR2004 -- a quarter says in the claim itself what was done
            claim = f"{before} {claim}"
        context = before if 0.25 <= roll < 0.5 else ""  # noqa: PLR2004 -- and a quarter in the words before it
        question = rng.choice(asked)
        found.append(Example(question, claim, ONE_HOT[side], "effect", question, context, weight=0.7))
    return found
