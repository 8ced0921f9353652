"""Judged claims -> views: claims that say the same thing and lean the same way, with the sources behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from bot.opposites import opposed, read
from corpus.thread import content_id
from indexer.claims import Kind
from indexer.embeddings import Vectors
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim

SIDES = (Stance.PRO, Stance.CON, Stance.MIXED)
"""The stances that take a side, in the order of the page."""

SAME_VIEW = 0.7
"""The mean cosine of the encoder of views from which two groups of claims say the same thing.

Chosen on the 43 written contrasts held out of its training, as F0.5 of joined pairs with the rules of `bot.opposites`
(precision first: a view that joins two things hides one, a view split in two is only longer to read): at 0.55 / 0.60 /
0.65 / 0.70 / 0.75 it is 0.350 / 0.371 / 0.366 / 0.370 / 0.315, and of claims that say something else on the matter
0.132 / 0.074 / 0.043 / 0.016 / 0.000 are joined. Of thresholds that do equally well the strictest: in the sample
threads both pairs joined at 0.65 and not at 0.70 were read as two things.
"""

HEADLINE_WORDS = range(4, 27)
"""Words of a readable headline: shorter ones say too little alone, longer ones do not fit two lines of a phone."""

_LEANING = "it its it's this that these those they them he she which and but so or because then also"
LEANING_WORDS = frozenset(_LEANING.split())
"""Words that a claim opens with when it leans on the sentence before it, and so reads badly alone."""

UNREADABLE = 0.5
"""What a claim that reads badly alone counts as a headline: it stands only where nothing half as good is there."""

CONFIDENCE_DIGITS = 6
"""Confidences are compared rounded so, that the last bits of a sum on another machine do not change an order."""

Source = tuple[str, str]
"""One person: (thread id, author), or (thread id, post id) where no author is named; see `Post.source`."""


@dataclass(frozen=True, slots=True)
class View:
    """Claims of one stance that say the same thing, strongest first.

    `headline` is one of `claims`: the most central, confident and readable one. `agreement` is how alike the claims
    are: their mean cosine, pair by pair; 1.0 for a single claim.
    """

    id: str
    stance: Stance
    headline: JudgedClaim
    claims: tuple[JudgedClaim, ...]
    agreement: float = 1.0

    @property
    def sources(self) -> tuple[Source, ...]:
        """The distinct people behind the view, in the order of their strongest claims."""
        return tuple(dict.fromkeys(judged.cited.post.source for judged in self.claims))

    @property
    def people(self) -> int:
        """How many distinct people stand behind the view."""
        return len(self.sources)

    @property
    def kinds(self) -> Mapping[Kind, int]:
        """How many claims of each kind, the most frequent first."""
        return dict(Counter(judged.cited.claim.kind for judged in self.claims).most_common())

    @property
    def evidence(self) -> Mapping[Kind, int]:
        """How many distinct people made a claim of each kind, the most frequent first."""
        made = {(judged.cited.claim.kind, judged.cited.post.source): None for judged in self.claims}
        return dict(Counter(kind for kind, _ in made).most_common())

    @property
    def confidence(self) -> float:
        """The confidence of the view's strongest claim, 0 to 1."""
        return self.claims[0].judgement.confidence

    @property
    def votes(self) -> int:
        """The scores of the distinct posts behind the view, added up; a post without a score adds nothing."""
        return sum({judged.cited.post.id: judged.cited.post.score or 0 for judged in self.claims}.values())


def group(judged: Sequence[JudgedClaim], vectors: Vectors, same_view: float = SAME_VIEW) -> list[View]:
    """Return the views of `judged`, whose unit vectors are the rows of `vectors`; every claim is in exactly one view.

    Average-link clustering, stance by stance, that never joins claims of which two are `opposed`, nor any claim that
    somebody set apart. Claims judged `none` take no side and are in no view. The views come strongest first: by people,
    then confidence, then votes. The order of `judged` makes no difference.
    """
    order = sorted(range(len(judged)), key=lambda row: judged[row].cited.claim.id)
    views = []
    for stance in SIDES:
        rows = [row for row in order if judged[row].judgement.stance is stance]
        texts = [judged[row].cited.claim.text for row in rows]
        forbidden = opposed_pairs(texts)
        alone = [place for place, row in enumerate(rows) if judged[row].apart]
        forbidden[alone, :] = forbidden[:, alone] = True
        groups = clusters(vectors[rows], forbidden, same_view)
        for members in ([rows[member] for member in members] for members in groups):
            views.append(_view(stance, [judged[row] for row in members], vectors[members]))  # noqa: PERF401
    return sorted(views, key=strength)


def strength(view: View) -> tuple[int, float, int, str]:
    """What views are sorted by, strongest first: people, confidence, votes, and the id to settle the rest."""
    return (-view.people, -round(view.confidence, CONFIDENCE_DIGITS), -view.votes, view.id)


def opposed_pairs(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Return, for each pair of `texts`, whether the two say opposite things."""
    readings = [read(text) for text in texts]
    opposite = np.zeros((len(texts), len(texts)), dtype=bool)
    for one, other in combinations(range(len(texts)), 2):
        opposite[one, other] = opposite[other, one] = opposed(readings[one], readings[other])
    return opposite


def clusters(vectors: Vectors, forbidden: NDArray[np.bool_], same_view: float = SAME_VIEW) -> list[list[int]]:
    """Average-link clusters of unit vectors, the closest joined first, down to `same_view`; never a forbidden pair.

    The mean cosine of two clusters is the product of their vectors' sums over the product of their sizes.
    """
    members = [[row] for row in range(len(vectors))]
    sums, forbidden = vectors.astype(np.float64), forbidden.copy()
    while len(members) > 1:
        sizes = np.array([len(rows) for rows in members])
        cosines = sums @ sums.T / np.outer(sizes, sizes)
        cosines[forbidden] = -np.inf
        cosines[np.tril_indices(len(members))] = -np.inf
        kept, joined = np.unravel_index(int(np.argmax(cosines)), cosines.shape)
        if cosines[kept, joined] < same_view:
            break
        members[kept] += members.pop(joined)
        sums[kept] += sums[joined]
        forbidden[kept] |= forbidden[joined]
        forbidden[:, kept] |= forbidden[:, joined]
        sums = np.delete(sums, joined, axis=0)
        forbidden = np.delete(np.delete(forbidden, joined, axis=0), joined, axis=1)
    return members


def headline_of(texts: Sequence[str], vectors: Vectors, weights: Sequence[float]) -> int:
    """Return which of `texts`, claims that say the same thing, would stand best for them all.

    The most central one, times its weight, times `UNREADABLE` where it is too short, too long or leans on other words.
    """
    centrality = vectors @ vectors.mean(axis=0)
    readable = [1.0 if _is_readable(text) else UNREADABLE for text in texts]
    return int(np.argmax(centrality * np.array(weights) * np.array(readable)))


def _is_readable(text: str) -> bool:
    words = text.lower().split()
    return len(words) in HEADLINE_WORDS and words[0].strip(".,") not in LEANING_WORDS


def _view(stance: Stance, claims: list[JudgedClaim], vectors: Vectors) -> View:
    texts = [judged.cited.claim.text for judged in claims]
    pairs = len(claims) * (len(claims) - 1)
    total = float(np.sum(vectors @ vectors.T)) - len(claims)
    return View(
        id=content_id(*sorted(judged.cited.claim.id for judged in claims)),
        stance=stance,
        headline=claims[headline_of(texts, vectors, [judged.judgement.confidence for judged in claims])],
        claims=tuple(sorted(claims, key=_claim_strength)),
        agreement=total / pairs if pairs else 1.0,
    )


def _claim_strength(judged: JudgedClaim) -> tuple[float, int, str]:
    confidence = round(judged.judgement.confidence, CONFIDENCE_DIGITS)
    return (-confidence, -(judged.cited.post.score or 0), judged.cited.claim.id)
