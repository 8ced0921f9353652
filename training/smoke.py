"""A short list to look at after training: `python -m training.smoke`. Never trained on, never tuned to.

The first lines are of the sample thread that ships; the rest is in the same tone about other things.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from indexer.judge import CrossEncoderJudge, Pair

LIFT = "should I lift for a sub-20 5k?"
EXPECTED: tuple[tuple[str, str, str, str], ...] = (
    (LIFT, "I work on the principle that it probably helps", "", "pro"),
    (LIFT, "certainly doesn't do any harm unless you go over-the-top", "", "pro mixed"),
    (LIFT, "the best way to get faster is usually to run more", "", "con"),
    (LIFT, "I don't think strength in the weights room transfers very well into leg strength in running", "", "con"),
    (LIFT, "a lot say they just run", "", "con"),
    (LIFT, "i suppose the more weights you do would eventually slow your times down in the long run", "", "con"),
    (LIFT, "I seem to have been far more resistant to injury", "I added weights this year", "pro"),
    (LIFT, "I had knee and ankle problems until I added squats and lunges to my program", "", "pro"),
    (LIFT, "dont go overboard", "I cant condone weights more", "mixed con"),
    (
        "Is it a bad idea to let the dough proof overnight?",
        "mine tastes far better after a night in the fridge",
        "",
        "con",
    ),
    ("Is it a bad idea to let the dough proof overnight?", "it went flat and sour on me every time", "", "pro"),
    ("Should I buy a dutch oven for bread?", "best money I ever spent in the kitchen", "", "pro"),
    ("Should I buy a dutch oven for bread?", "a baking tray and some steam does the same job", "", "con"),
    ("Do I need a torque wrench for my bike?", "you can do without, just dont crank it", "", "con"),
    ("Do I need a torque wrench for my bike?", "I cracked a carbon seatpost by guessing", "", "pro"),
    ("Is it too late to repot my monstera in october?", "did mine in november and it was fine", "", "con"),
    ("Is it too late to repot my monstera in october?", "they barely root once the light goes", "", "pro"),
    ("Should I water my succulents every week?", "thats how I killed three of them", "", "con"),
    ("Should I water my succulents every week?", "depends how much light they get", "", "mixed"),
    ("is a credit card worth it for a student", "builds your score for when you rent", "", "pro"),
    ("is a credit card worth it for a student", "I ended up 2k in debt by christmas", "", "con"),
    ("is a credit card worth it for a student", "only if you pay it off in full every month", "", "mixed pro"),
    ("Should I pay off my loan before investing?", "at 7 percent interest I'd clear the debt first", "", "pro"),
    ("Should I pay off my loan before investing?", "you would miss the employer match, thats free money", "", "con"),
    ("Should I commute by bike in winter?", "never regretted it, studded tyres and good gloves", "", "pro"),
    ("Should I commute by bike in winter?", "black ice put me in hospital", "", "con"),
    ("Should I commute by bike in winter?", "thanks everyone, really helpful", "", "none"),
    ("Should I commute by bike in winter?", "how far is it?", "", "none"),
    ("Should I commute by bike in winter?", "my sourdough starter smells of acetone", "", "none"),
    ("lifting helps for 5k", "it made me quicker over the last mile", "", "pro"),
)


def main() -> None:
    """Print each line with what the judge says, and how many are as expected."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=None)
    judge = CrossEncoderJudge.open(parser.parse_args().model, threads=1)
    right = 0
    judgements = judge.judge([Pair(question, claim, context) for question, claim, context, _ in EXPECTED])
    for (question, claim, _, expected), judgement in zip(EXPECTED, judgements, strict=True):
        hit = str(judgement.stance) in expected.split()
        right += hit
        said = f"{judgement.stance:5} {judgement.confidence:.2f} ({expected})"
        print(f"{'ok ' if hit else '-- '} {said} {question} | {claim}")
    print(f"{judge.name}: {right} of {len(EXPECTED)}")


if __name__ == "__main__":
    main()
