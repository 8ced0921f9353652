"""Doubles that tell things apart: they enter by the public seams, and never patch what is under test."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from corpus.errors import UnreadableInput
from corpus.readers import Reading
from corpus.thread import Post, Thread, make_thread
from indexer.embeddings import Vectors
from indexer.judge import Judgement, Pair

STOP_WORDS = """
    a an and are as at be but by did do does for from had has have i if in is it its me my of on or so that the their
    them they this to was we were what when which who will with would you your
"""


def words_of(text: str) -> list[str]:
    """The content words of `text` in lower case, a plural or a tense cut off."""
    words = (word for word in re.findall(r"[a-z0-9']+", text.lower()) if word not in STOP_WORDS.split())
    return [re.sub(r"(?<=\w{3})(ing|ed|es|s)$", "", word) for word in words]


class HashingEncoder:
    """Feature hashing of words (Weinberger et al., 2009): texts that share words are near, the others are not.

    `embedded` lists every text it was asked to embed, so that a test can count what was embedded again.
    """

    def __init__(self, name: str = "hashing", dimension: int = 256) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in words_of(text) or [text]:
                hashed = zlib.crc32(word.encode())
                vectors[row, hashed % self.dimension] += 1.0 if hashed & 0x10000 else -1.0
            if not vectors[row].any():
                vectors[row, zlib.crc32(text.encode()) % self.dimension] = 1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class RuleJudge:
    """Judges by the words of the claim: "never" is con, "helped" is pro, "it depends" is mixed, no such word is none.

    It does not see whether a question is negated. `judged` lists every pair it was asked about.
    """

    MIXED = re.compile(r"\b(depends?|unless|both)\b", re.IGNORECASE)
    CON = re.compile(
        r"\b(no|nope|not|never|don'?t|can'?t|won'?t|useless|waste|slow\w*|just|avoid|hurt|worse|overrated)\b",
        re.IGNORECASE,
    )
    PRO = re.compile(
        r"\b(yes|yep|helps?|helped|improve[ds]?|worth|good|great|better|best|stronger|faster|recommend|should|stopped|free"
        r"|works?|worked|faster|definitely)\b",
        re.IGNORECASE,
    )

    def __init__(self, name: str = "rules") -> None:
        self.name = name
        self.judged: list[Pair] = []

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        self.judged.extend(pairs)
        return [self._judge(pair.claim) for pair in pairs]

    def _judge(self, claim: str) -> Judgement:
        if self.MIXED.search(claim):
            return Judgement(pro=0.1, con=0.1, mixed=0.7, none=0.1)
        if self.CON.search(claim):
            return Judgement(pro=0.06, con=0.8, mixed=0.09, none=0.05)
        if self.PRO.search(claim):
            return Judgement(pro=0.85, con=0.05, mixed=0.06, none=0.04)
        return Judgement(pro=0.15, con=0.1, mixed=0.05, none=0.7)


FORUM = "https://forum.example"


def thread_of(title: str, *said: tuple[str | None, str] | str, **heading: Any) -> Thread:
    """A thread with permalinks, so that an edited post keeps its id; each post is (author, text) or a text alone."""
    link = f"{FORUM}/{'-'.join(words_of(title))}"
    named = [(f"author {number}", one) if isinstance(one, str) else one for number, one in enumerate(said)]
    posts = [
        Post(str(number), "", number, text, author=author, link=f"{link}#{number}", parent_id="0" if number else None)
        for number, (author, text) in enumerate(named)
    ]
    return make_thread(posts, title=title, link=link, **heading)


RUNNERS = thread_of(
    "Should I lift weights for a faster 5k?",
    ("Jo", "I run four times a week. Should I lift weights for a faster 5k?"),
    ("Sal", "Yes, squats helped my hips. My times improved after one winter of lifting."),
    ("Bert", "No, just run more miles. Heavy lifting never helped anyone I know."),
    ("Sal", "It depends on your injuries. Thanks for asking!"),
)
BAKERS = thread_of(
    "Is an overnight proof worth it?",
    ("Mia", "Is an overnight proof worth it for sourdough?"),
    ("Jo", "The overnight proof is worth it because the crust gets better."),
    ("Sal", "Never proof overnight in a warm kitchen."),
)
"""Two threads that share the people Jo and Sal and no subject."""


def assert_read_or_refused(read: Callable[[Any], Reading], data: object) -> None:
    """Assert that `read` makes whole threads of `data`, or refuses it in words; any other exception passes through."""
    try:
        reading = read(data)
    except UnreadableInput:
        return
    assert reading.threads
    for thread in reading.threads:
        assert list(range(len(thread.posts))) == [post.position for post in thread.posts]
        for post in thread.posts:
            assert all(0 <= quote.start < quote.end <= len(post.text) for quote in post.quotes)
