"""Judged claims -> views: claims that say the same thing and lean the same way, with the sources behind them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indexer.claims import Kind
from indexer.embeddings import Vectors
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim

Source = tuple[str, str]
"""One person: (thread id, author), or (thread id, post id) where no author is named; see `Post.source`."""


@dataclass(frozen=True, slots=True)
class View:
    """Claims of one stance that say the same thing, strongest first.

    `headline` is one of `claims`. `agreement` is how alike they are: their mean cosine, pair by pair; 1.0 for one claim.
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
    def confidence(self) -> float:
        """The confidence of the view's strongest claim, 0 to 1."""
        return self.claims[0].judgement.confidence

    @property
    def votes(self) -> int:
        """The scores of the distinct posts behind the view, added up; a post without a score adds nothing."""
        return sum({judged.cited.post.id: judged.cited.post.score or 0 for judged in self.claims}.values())


def group(judged: Sequence[JudgedClaim], vectors: Vectors) -> list[View]:
    """Return the views of `judged`, whose unit vectors are the rows of `vectors`; every claim is in exactly one view."""
    raise NotImplementedError
