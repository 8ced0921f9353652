"""Stance and relevance of a claim toward a question: the Judge protocol, and the cross-encoder that ships.

The cross-encoder reads question, claim and context as one sequence: `[CLS] question [SEP] claim [SEP] context [SEP]`.
Importing this module loads no model library; `CrossEncoderJudge.open` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from indexer.errors import JudgeMissing
from indexer.network import Network, Row, check_weights, configuration, encodings, name_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer


class Stance(StrEnum):
    """On which side of a question, read as "yes", a claim or a source stands."""

    PRO = "pro"
    CON = "con"
    MIXED = "mixed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Pair:
    """What a judge reads: the asked question, a claim, and the words that stood before the claim (may be empty)."""

    question: str
    claim: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Calibrated probabilities of the four stances; they sum to 1, but for rounding."""

    pro: float
    con: float
    mixed: float
    none: float

    @property
    def stance(self) -> Stance:
        """The most probable stance; `none` wins a tie, and pro against con is `mixed`, so that negation mirrors."""
        best = max((Stance.NONE, Stance.MIXED, Stance.CON, Stance.PRO), key=lambda stance: getattr(self, stance))
        return Stance.MIXED if best is Stance.CON and self.pro == self.con else best

    @property
    def confidence(self) -> float:
        """The probability of `stance`, 0 to 1."""
        return float(getattr(self, self.stance))

    @property
    def relevance(self) -> float:
        """The probability that the claim bears on the question at all, 0 to 1."""
        return 1.0 - self.none

    def rounded(self) -> Judgement:
        """The same in ten-thousandths, as it is kept: what was just judged equals what is read again."""
        return Judgement(round(self.pro, 4), round(self.con, 4), round(self.mixed, 4), round(self.none, 4))

    def mirrored(self) -> Judgement:
        """The same judgement toward the negated question."""
        return Judgement(pro=self.con, con=self.pro, mixed=self.mixed, none=self.none)


class Judge(Protocol):
    """Judges pairs. `name` identifies the weights: judgements are cached under it."""

    @property
    def name(self) -> str: ...

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """Return one Judgement a pair, in order. Never raises for what a pair says: nonsense is `none`."""
        ...


LABELS = (Stance.PRO, Stance.CON, Stance.MIXED, Stance.NONE)
"""The order of the model's outputs."""
QUESTION_TOKENS = 40
"""Room for the question: 99 in 100 questions of the training threads fit."""
CLAIM_TOKENS = 96
"""Room for the claim: claims are clauses; the first words of a longer one say its side."""
CONTEXT_TOKENS = 24
"""Room for the context: its last words, which stand next to the claim."""
MAX_CHARACTERS = 2000
"""Text beyond this is not even tokenised: `CLAIM_TOKENS` tokens never reach so far, save in runs of spaces."""
UNREADABLE = Judgement(pro=0.15, con=0.15, mixed=0.15, none=0.55)
"""What a claim is judged that is empty, holds no Latin letter or digit, or is not English: `none`, unsurely."""
_ENGLISH = (
    "the it you my for that and of with have they are your this be not i so if at do get just but can from by will "
    "over because than more aren hasn our their"
)
ENGLISH = frozenset(_ENGLISH.split())
"""Words of which an English claim of `LANGUAGE_WORDS` words nearly always holds one, and other languages seldom do."""
LANGUAGE_WORDS = 5
"""Shorter claims are not told apart by language."""
BROKEN, FAR_BROKEN = 1.4, 2.0
"""Word pieces a word: in 99 of 100 English forum claims 1.4 at most, in other languages mostly 1.5 to 2.5.
Above the first a claim must hold an English word, above the second it is another language in any case."""
REMEDY = "python -m training.stance --data DATA --out indexer/models/stance"
DEFAULT_FOLDER = Path(__file__).parent / "models" / "stance"


def layouts(tokenizer: Tokenizer, pairs: Sequence[Pair], marks: tuple[str, str] = ("[CLS]", "[SEP]")) -> list[Row]:
    """Return (token ids, type ids) of each pair: type 1 for the claim, 0 for the rest. Training uses it too."""
    texts = [
        text
        for p in pairs
        for text in (p.question[:MAX_CHARACTERS], p.claim[:MAX_CHARACTERS], p.context[-MAX_CHARACTERS:])
    ]
    ids = [encoding.ids for encoding in encodings(tokenizer, texts)]
    cls, sep = (tokenizer.token_to_id(mark) or 0 for mark in marks)
    found = []
    for question, claim, context in zip(ids[::3], ids[1::3], ids[2::3], strict=True):
        head = [cls, *question[:QUESTION_TOKENS], sep]
        body = [*claim[:CLAIM_TOKENS], sep]
        tail = [*context[-CONTEXT_TOKENS:], sep] if context else []
        found.append((head + body + tail, [0] * len(head) + [1] * len(body) + [0] * len(tail)))
    return found


def is_readable(claim: str) -> bool:
    """Return whether `claim` holds a Latin letter or a digit, the least that an English model can read."""
    return any(c.isascii() and c.isalnum() for c in claim[:MAX_CHARACTERS])


def is_english(pieces: Sequence[str]) -> bool:
    """Return whether the word pieces of a claim look English; a short claim always does."""
    letters = [piece for piece in pieces if piece.startswith("##") or piece[0].isalpha()]
    words = [piece for piece in letters if not piece.startswith("##")]
    if len(words) < LANGUAGE_WORDS:
        return True
    broken = len(letters) / len(words)
    return broken <= BROKEN or (broken <= FAR_BROKEN and not ENGLISH.isdisjoint(words))


class StanceNet:
    """The network alone: pairs in, raw logits out."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self.tokenizer = network.tokenizer

    def reads(self, claims: Sequence[str]) -> list[bool]:
        """Return for each claim whether it looks like the language of the model, English."""
        return [is_english(one.tokens) for one in encodings(self.tokenizer, [text[:MAX_CHARACTERS] for text in claims])]

    def logits(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        """Return float32 logits, shape (len(pairs), 4), in the order of `LABELS`."""
        return self._network.run(layouts(self.tokenizer, pairs))


@dataclass(frozen=True, slots=True)
class CrossEncoderJudge:
    """The judge that ships: int8 MiniLM cross-encoder, calibrated; deterministic, order of pairs does not matter."""

    name: str
    net: StanceNet
    temperature: float
    bias: tuple[float, ...]

    @classmethod
    def open(cls, folder: Path | None = None, threads: int | None = None) -> CrossEncoderJudge:
        """Return the judge whose files lie in `folder` (default: the shipped ones); `threads` None takes every core.

        Raises `JudgeMissing` where a file is absent, damaged or not the one that the configuration names.
        """
        folder = folder or DEFAULT_FOLDER
        config = configuration(folder, {"temperature", "bias"}, _damaged)
        check_weights(folder, _damaged)
        net = StanceNet(Network.open(folder, _damaged, threads))
        bias = tuple(float(b) for b in config["bias"])
        return cls(name_of(folder, config, _damaged), net, float(config["temperature"]), bias)

    def judge(self, pairs: Sequence[Pair]) -> list[Judgement]:
        """Return one Judgement a pair, in order. What cannot be read is `UNREADABLE`."""
        import numpy as np

        read = self.net.reads([pair.claim for pair in pairs])
        readable = [at for at, pair in enumerate(pairs) if is_readable(pair.claim) and read[at]]
        found = [UNREADABLE] * len(pairs)
        if readable:
            scores = self.net.logits([pairs[at] for at in readable]).astype(np.float64) / self.temperature + self.bias
            scores = np.exp(scores - scores.max(axis=1, keepdims=True))
            for at, row in zip(readable, (scores / scores.sum(axis=1, keepdims=True)).tolist(), strict=True):
                found[at] = Judgement(*row)
        return found


def _damaged(path: Path, reason: str) -> JudgeMissing:
    return JudgeMissing(
        f"the judge's weights cannot be read: {path}: {reason}; "
        f"install Counterpoint again, or make them again with: {REMEDY}"
    )
