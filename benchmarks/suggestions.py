"""How near the question of a thread must be to be offered as "did you mean": `python -m benchmarks.suggestions`.

Prints, for each threshold, how many questions about the matters of the sample threads, which find nothing of their own
there, are offered the right thread's question, and how many questions about other matters are offered any.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from bot.retrieval import NEAR
from corpus.samples import sample_threads
from indexer.knowledge import KnowledgeBase

THRESHOLDS = (0.20, 0.25, 0.30, 0.35, 0.40)

ABOUT: dict[str, str] = {
    "weights": """
        how many miles a week for a fast 5k?|should I join a gym?|is cross training useful?|what shoes for a 5k race?
        how do I get faster at running?|are hill sprints a good idea?|do I need rest days when training for a race?
    """,
    "sourdough": """
        how do I bake sourdough?|can I keep dough in the fridge for two days?|what flour for bread?
        is a longer rise better for flavour?|why is my loaf dense?|how warm should dough be?
    """,
    "houseplant": """
        when should I water a new plant?|how big a pot for a monstera?|is fertilizer needed after buying a plant?
        my houseplant leaves are yellow, what now?|how often to change soil?|do plants need a bigger pot every year?
    """,
    "loan": """
        should I pay extra on my mortgage?|is it smart to be debt free?|invest or pay off debt?
        should I lease or buy a car?|is an emergency fund more important than loans?|how do I lower my interest rate?
    """,
    "touch type": """
        does a mechanical keyboard help typing?|best way to learn keyboard shortcuts|how fast should I type at work?
        which typing course is good?|am I too old to learn a new skill?
    """,
    "tubeless": """
        which tyres for winter commuting?|how do I stop punctures on my bike?|is sealant messy?
        are puncture proof tyres worth it?|wide tyres for city bikes?|what pressure for a commuter bike?
    """,
}
"""Questions by a word of the question of the thread that is near them."""

OTHER = """
    is the dark side of the moon made of cheese?|who won the world cup in 1998?|how do I install python on windows?
    should I get a cat or a dog?|what is the capital of peru?|is nuclear power safe?|should I vote for the socialists?
    how do I train my dog to sit?|is the new batman film good?|best restaurants in lisbon?
    should I break up with my boyfriend?|can I take ibuprofen with alcohol?|is homeopathy effective?
    how do magnets work?|should children have phones?|should I learn rust or go?|is it legal to record a phone call?
    how long to boil an egg?|should I use a vpn?|should I buy bitcoin?|do vaccines cause autism?|is god real?
    how do I get a visa for japan?|should I quit my job?|is college worth it?|what telescope for beginners?
    how to remove wine stains?|should I shave my beard?|is coffee bad for you?|does melatonin help sleep?
    how many planets are there?|should we colonise mars?|should I adopt a minimalist lifestyle?|is it ok to lie?
    should I marry her?
"""


def main() -> int:
    """Print the counts for each threshold."""
    with tempfile.TemporaryDirectory() as folder, KnowledgeBase.open(Path(folder) / "base") as base:
        base.add(sample_threads())
        about = [(word, *_nearest(base, text)) for word, texts in ABOUT.items() for text in _lines(texts)]
        unanswered = [one for one in about if one[2] < NEAR]
        other = [_nearest(base, text) for text in _lines(OTHER)]
    print(
        f"{len(unanswered)} of {len(about)} questions near the samples find no thread of their own; {len(other)} others"
    )
    for threshold in THRESHOLDS:
        right = sum(similarity >= threshold and word in question for word, question, similarity in unanswered)
        wrong = sum(similarity >= threshold for _, similarity in other)
        print(f"from {threshold:.2f}: {right} are offered the right question, {wrong} of the others are offered one")
    return 0


def _lines(texts: str) -> list[str]:
    return [text.strip() for line in texts.strip().splitlines() for text in line.split("|")]


def _nearest(base: KnowledgeBase, text: str) -> tuple[str, float]:
    (hit,) = base.near_threads(text, 1)
    return base.question_of(hit.id).lower() + base.thread(hit.id).title.lower(), hit.similarity


if __name__ == "__main__":
    sys.exit(main())
