"""Short ways to make the values that tests of the bot begin with."""

from __future__ import annotations

from typing import Any

import numpy as np
from fakes import HashingEncoder
from hypothesis import settings
from hypothesis import strategies as st

from bot.answer import Answer, answer_sides
from corpus.thread import Post, content_id
from indexer.claim_store import CitedClaim
from indexer.claims import Claim, Kind
from indexer.judge import Judgement, Stance
from indexer.knowledge import JudgedClaim
from indexer.questions import read_question

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")  # a busy machine is no failure

ENCODER = HashingEncoder()


def likelihoods(stance: Stance, confidence: float = 0.9) -> Judgement:
    """A judgement of that stance and confidence; the rest goes to the other stances in equal parts."""
    rest = (1.0 - confidence) / 3
    return Judgement(**{one.value: confidence if one is stance else rest for one in Stance})


def judged_claim(
    text: str,
    stance: Stance = Stance.PRO,
    confidence: float = 0.9,
    *,
    author: str | None = None,
    post: str = "",
    position: int = 1,
    thread: str = "weights",
    kind: Kind = Kind.ADVICE,
    **of_post: Any,
) -> JudgedClaim:
    """A claim that is a whole post of its own, unless `post` names the text of the one it stands in."""
    thread_id = content_id("thread", thread)
    words = post or text
    start = words.index(text)
    author_or_place = author or str(position)
    said = Post(content_id(thread_id, author_or_place, words), thread_id, position, words, author=author, **of_post)
    claim_id = content_id(said.id, str(start), text)
    claim = Claim(claim_id, said.id, thread_id, start, start + len(text), text, kind)
    cited = CitedClaim(claim, said, thread_title=f"About {thread}", thread_question="Should I lift?")
    return JudgedClaim(cited, "Should I lift?", likelihoods(stance, confidence))


def answered(*judged: JudgedClaim, question: str = "Should I lift?") -> Answer:
    """The answer to `question` from these claims, as a hashing encoder groups them."""
    vectors = ENCODER.encode([one.cited.claim.text for one in judged]) if judged else np.zeros((0, 256), np.float32)
    return answer_sides(read_question(question), judged, vectors)


WORDS = st.sampled_from(
    [
        "lift",
        "run",
        "knee",
        "squat",
        "never",
        "not",
        "faster",
        "slower",
        "more",
        "less",
        "week",
        "worth",
        "hurt",
        "help",
    ]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
SIDES = st.sampled_from([Stance.PRO, Stance.CON, Stance.MIXED, Stance.NONE])
CLAIMS = st.lists(
    st.builds(
        lambda text, stance, author, position, confidence: judged_claim(
            text, stance, confidence, author=author, position=position
        ),
        TEXTS,
        SIDES,
        st.sampled_from([None, "ann", "bob", "cem"]),
        st.integers(1, 50),
        st.floats(0.4, 0.99),
    ),
    max_size=12,
    unique_by=lambda judged: judged.cited.claim.id,
)
