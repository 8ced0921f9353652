"""KnowledgeBase: a folder that holds the corpus, its claims, the index over them and a manifest of what made them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from corpus.thread import Skipped, Thread
from indexer.claim_store import CitedClaim
from indexer.claims import Kind
from indexer.embeddings import Encoder, Vectors
from indexer.judge import Judge, Judgement, Stance
from indexer.pipeline import IndexReport, Progress


@dataclass(frozen=True, slots=True)
class Hit:
    """A neighbour: the id of a claim or a thread, and its cosine similarity to what was asked, -1 to 1."""

    id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim with its post, and where it stands toward `question`."""

    cited: CitedClaim
    question: str
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Preview:
    """What adding a thread would do: nothing of it is saved. `known` says that the thread is here already."""

    thread: Thread
    question: str
    claims: tuple[JudgedClaim, ...]
    skipped: tuple[Skipped, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """One page of judged claims. `total` and `by_stance` count all that match, whatever the page shows.

    `by_stance` counts before the filter by stance is applied, so that a page can show what the other sides hold.
    """

    claims: tuple[JudgedClaim, ...]
    total: int
    by_stance: Mapping[Stance, int]
    offset: int
    limit: int


@dataclass(frozen=True, slots=True)
class ThreadSummary:
    """One line of a list of threads."""

    id: str
    title: str
    question: str
    posts: int
    claims: int
    forum: str | None
    link: str | None
    invented: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """What a removal took away."""

    threads: int
    posts: int
    claims: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something `verify` found: a name to count and test by, what is wrong and where, and the command that mends it."""

    name: str
    detail: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Stats:
    """How much a knowledge base holds, and what made it. `bytes` is its size on disk."""

    threads: int
    posts: int
    authors: int
    claims: int
    claims_by_kind: Mapping[Kind, int]
    skipped_by_reason: Mapping[str, int]
    encoder: str
    dimension: int
    judge: str
    splitter: str
    bytes: int


class KnowledgeBase:
    """A knowledge base, open for asking and for changing. Safe to call from several threads of one process."""

    @classmethod
    def open(
        cls, folder: Path, *, encoder: Encoder | None = None, judge: Judge | None = None, create: bool = True
    ) -> KnowledgeBase:
        """Open the knowledge base in `folder`, made first where it is absent and `create` is true.

        `encoder` and `judge` default to the shipped ones, loaded on first use. Raises `NotAKnowledgeBase` for a folder
        that holds something else, `ManifestMismatch` for one made with another encoder or a newer program.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Release the files. Calling it twice does no harm."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def encoder(self) -> Encoder:
        """The encoder, loaded on first use. Raises `EncoderMissing`."""
        raise NotImplementedError

    @property
    def judge(self) -> Judge:
        """The judge, loaded on first use. Raises `JudgeMissing`."""
        raise NotImplementedError

    # Changing

    def add(self, threads: Iterable[Thread], *, progress: Callable[[Progress], None] | None = None) -> IndexReport:
        """Store `threads` with all that is derived from them; a thread that is here already is brought up to date."""
        raise NotImplementedError

    def preview(self, thread: Thread) -> Preview:
        """Return what adding `thread` would do; nothing is saved."""
        raise NotImplementedError

    def remove_thread(self, thread_id: str) -> Removed:
        """Remove a thread and everything derived from it. Raises `UnknownId`."""
        raise NotImplementedError

    def remove_post(self, post_id: str) -> Removed:
        """Remove a post and everything derived from it. Raises `UnknownId`."""
        raise NotImplementedError

    def remove_author(self, author: str) -> Removed:
        """Remove every post of `author`, in all threads, and everything derived from them. Raises `UnknownId`."""
        raise NotImplementedError

    def rebuild(
        self,
        *,
        again: Literal["index", "vectors", "claims"] = "index",
        progress: Callable[[Progress], None] | None = None,
    ) -> IndexReport:
        """Make again what is derived: the index from vectors, the vectors from claims, or the claims from posts."""
        raise NotImplementedError

    def verify(self) -> tuple[Problem, ...]:
        """Return what is wrong with the knowledge base; empty when it is sound."""
        raise NotImplementedError

    # Asking

    def near(self, text: str, k: int) -> list[Hit]:
        """Return the `k` claims nearest to `text` in meaning, nearest first; `Hit.id` is a claim id."""
        raise NotImplementedError

    def near_threads(self, text: str, k: int) -> list[Hit]:
        """Return the `k` threads whose question is nearest to `text`, nearest first; `Hit.id` is a thread id."""
        raise NotImplementedError

    def matching(self, text: str, k: int) -> list[str]:
        """Return the ids of the `k` claims that share words with `text`, best first by bm25."""
        raise NotImplementedError

    def cited(self, claim_ids: Sequence[str]) -> list[CitedClaim]:
        """Return the claims with their posts, in the order asked; ids that are gone are left out."""
        raise NotImplementedError

    def claims_of_thread(self, thread_id: str) -> list[CitedClaim]:
        """Return the claims of a thread, in reading order. Raises `UnknownId`."""
        raise NotImplementedError

    def vectors(self, claim_ids: Sequence[str]) -> Vectors:
        """Return the unit vectors of the claims, in the order asked. Raises `UnknownId`."""
        raise NotImplementedError

    def judge_claims(self, question: str, claims: Sequence[CitedClaim]) -> list[Judgement]:
        """Return one judgement a claim toward `question`, in order; what was judged before is not judged again.

        A question and its negation mirror exactly: the positive form is judged, and the negated one reads it mirrored.
        """
        raise NotImplementedError

    def browse(
        self,
        *,
        question: str | None = None,
        thread_id: str | None = None,
        stance: Stance | None = None,
        kind: Kind | None = None,
        text: str = "",
        offset: int = 0,
        limit: int = 50,
    ) -> BrowsePage:
        """Return a page of judged claims, toward `question` or, without one, each toward its own thread's question."""
        raise NotImplementedError

    def thread(self, thread_id: str) -> Thread:
        """Return a thread. Raises `UnknownId`."""
        raise NotImplementedError

    def threads(self, text: str = "") -> list[ThreadSummary]:
        """Return a line a thread, newest first; with `text`, those whose title or question contains it."""
        raise NotImplementedError

    def skipped(self, thread_id: str) -> list[Skipped]:
        """Return what the splitter did not keep of a thread, with its reasons."""
        raise NotImplementedError

    def question_of(self, thread_id: str) -> str:
        """Return the question a thread opened with. Raises `UnknownId`."""
        raise NotImplementedError

    def stats(self) -> Stats:
        """Return how much the knowledge base holds, and what made it."""
        raise NotImplementedError
