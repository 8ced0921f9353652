"""KnowledgeBase: a folder that holds the corpus, its claims, the index over them and a manifest of what made them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Literal, Self

from corpus import store as corpus_store
from corpus.errors import NotInStore, StoreError
from corpus.store import Store
from corpus.thread import Post, Skipped, Thread, id_of, key_of
from indexer import pipeline
from indexer.adding import Adding
from indexer.claim_store import VECTORS_WAIT, CitedClaim, ClaimStore, Told, question_key
from indexer.claims import SPLITTER_VERSION, Claim, Kind, Split
from indexer.corrections import MATTERS, Correction, Fit, Mark, Matter, Record, correction_id
from indexer.embeddings import Encoder, Vectors, open_encoder
from indexer.errors import EncoderMissing, IndexerError, NotAKnowledgeBase
from indexer.files import new_folder
from indexer.judge import Judge, Judgement, Stance
from indexer.listing import EVERYTHING, Filters, Grouping, Listing, Order, ThreadSummary, Wanted
from indexer.live_index import NAMES, LiveIndex
from indexer.manifest import Manifest, program_version
from indexer.pipeline import Draft, Heard, IndexReport, Progress
from indexer.plan import Plan, plan
from indexer.questions import read_question
from indexer.shipped_encoder import VIEWS, shipped
from indexer.topics import Topics, TopicsPage
from indexer.verify import Problem, problems

__all__ = ["BrowsePage", "CitedClaim", "Hit", "IndexReport", "JudgedClaim", "KnowledgeBase", "Plan", "Preview"]
__all__ += ["Problem", "Progress", "Removed", "Stats", "ThreadSummary"]

logger = logging.getLogger(__name__)

INDEX_NAME = NAMES[0]

BROWSED = 300
"""Claims nearest to a typed question that Browse judges, and as many that share words: a second of judging at most."""


MENDED: Mapping[str, dict[str, Any]] = {
    "index": {},
    "vectors": {"encoder": None, "dimension": None},
    "claims": {"encoder": None, "dimension": None, "splitter": SPLITTER_VERSION},
}
"""What of an old manifest no longer counts once this much is made again."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A neighbour: the id of a claim or a thread, and its cosine similarity to what was asked, -1 to 1."""

    id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A claim with its post, and where it stands toward `question`; `corrections` are what people said of that."""

    cited: CitedClaim
    question: str
    judgement: Judgement
    corrections: tuple[Correction, ...] = ()

    @property
    def apart(self) -> bool:
        """Whether somebody said that it does not say the same as the claims it was put together with."""
        return any(one.now is Fit.APART for one in self.corrections)


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
class Removed:
    """What a removal took away."""

    threads: int
    posts: int
    claims: int


@dataclass(frozen=True, slots=True)
class Stats:
    """How much a knowledge base holds, and what made it.

    `people` counts sources: one author in one thread. Encoder and judge are None until something was added. `bytes` is
    the size on disk.
    """

    threads: int
    posts: int
    people: int
    claims: int
    claims_by_kind: Mapping[Kind, int]
    skipped_by_reason: Mapping[str, int]
    encoder: str | None
    dimension: int | None
    judge: str | None
    splitter: str
    bytes: int


class KnowledgeBase:
    """A knowledge base, open for asking and for changing. Safe to call from several threads of one process.

    `store` is the truth; what other processes change in it shows in the next answer.
    """

    def __init__(
        self,
        folder: Path,
        store: Store,
        manifest: Manifest,
        *,
        encoder: Encoder | None,
        judge: Judge | None,
        view_encoder: Encoder | None,
    ):
        self.folder = folder
        self.store = store
        self._claims = ClaimStore(store)
        self._lists = Listing(store)
        self._topics = Topics(store)
        self._manifest = manifest
        self._encoder = encoder
        self._judge = judge
        self._view_encoder = view_encoder
        self._live: LiveIndex | None = None
        self._asked: tuple[str, Vectors] | None = None
        self._counted: tuple[tuple[int, int], int] | None = None
        self._lock = threading.RLock()
        self._finished = False

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        encoder: Encoder | None = None,
        judge: Judge | None = None,
        view_encoder: Encoder | None = None,
        create: bool = True,
        mending: bool = False,
    ) -> KnowledgeBase:
        """Open the knowledge base in `folder`, made first where it is absent and `create` is true.

        `encoder`, `judge` and `view_encoder` default to the shipped ones, loaded on first use. Raises NotAKnowledgeBase
        for a folder that holds something else, NewerStore for one of a newer program, and, unless it is opened for
        `mending`, ManifestMismatch for one made with another encoder or splitter.
        """
        folder = Path(folder)
        _check_folder(folder, create=create)
        store = Store.open(folder / corpus_store.FILE_NAME)
        try:
            encoder = encoder or _installed_encoder()
            manifest = Manifest.read(folder)
            if manifest is None:
                manifest = ClaimStore(store).manifest()
                manifest.write(folder)
            if not mending:
                manifest.check(folder, encoder=encoder.name if encoder else None)
        except BaseException:
            store.close()
            raise
        return cls(folder, store, manifest, encoder=encoder, judge=judge, view_encoder=view_encoder)

    def close(self) -> None:
        """Release the files, once an index that is being built is. Calling it twice does no harm."""
        if self._live is not None:
            self._live.close()
        self.store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def encoder(self) -> Encoder:
        """The encoder; its weights are loaded on first use. Raises EncoderMissing."""
        with self._lock:
            if self._encoder is None:
                self._encoder = open_encoder()
            return self._encoder

    @property
    def judge(self) -> Judge:
        """The judge, loaded on first use. Raises JudgeMissing."""
        with self._lock:
            if self._judge is None:
                from indexer.judge import CrossEncoderJudge

                self._judge = CrossEncoderJudge.open()
            return self._judge

    @property
    def view_encoder(self) -> Encoder:
        """The encoder that tells which claims say the same, loaded on first use. Raises EncoderMissing."""
        with self._lock:
            if self._view_encoder is None:
                self._view_encoder = shipped(VIEWS)
            return self._view_encoder

    # Changing

    def add(self, threads: Iterable[Thread], *, progress: Callable[[Progress], None] | None = None) -> IndexReport:
        """Store `threads` with all that is derived from them; a thread that is here already is brought up to date.

        A batch of threads is kept at a time: whoever is killed in between finds the batches before, and adding the same
        threads again passes over them and goes on from there. Of `threads`, two batches at most are held in memory.
        """
        started = perf_counter()
        self._finish(progress)
        heard = pipeline.telling(progress, len(threads) if isinstance(threads, Sized) else None)
        report = Adding(self._claims, self._run, heard).run(threads)
        self._save_index()
        return replace(report, seconds=perf_counter() - started)

    def finish(self, *, progress: Callable[[Progress], None] | None = None) -> IndexReport:
        """Derive what the store waits for, such as what a killed run or an import left."""
        self._finished = False
        report = self._finish(progress, thorough=True)
        self._save_index()
        return report

    def replace_splits(self, thread_id: str, splits: Mapping[str, Split]) -> IndexReport:
        """Make `splits`, by post id, the claims of posts of a thread, until those are edited. Raises NotInStore."""
        draft = pipeline.split(replace(pipeline.compare(None, thread_id, self._claims), splits=splits))
        report = self._run([draft], pipeline.telling(None, 1), 0)
        self._save_index()
        return report

    def plan(self, threads: Iterable[Thread], *, progress: Callable[[Progress], None] | None = None) -> Plan:
        """Return what `add` would do with `threads`, and how long it would take; nothing is saved."""

        def draft(thread: Thread) -> Draft | None:
            if pipeline.unchanged(thread, self._claims) is not None:
                return None
            return pipeline.compare(thread, thread.id, self._claims)

        return plan(map(draft, threads), self._claims, self.encoder, self.judge, progress)

    def preview(self, thread: Thread) -> Preview:
        """Return what adding `thread` would do; nothing is saved."""
        draft = pipeline.compare(thread, thread.id, self._claims)
        known = draft.known is not None
        draft = pipeline.split(replace(draft, stale=draft.thread.posts))
        written = {post.id: post for post in draft.thread.posts}
        judged = pipeline.judge_pairs(self.judge, [(draft.question, claim) for claim in draft.claims])
        return Preview(
            thread=draft.thread,
            question=draft.question,
            claims=tuple(
                JudgedClaim(_cited(draft, claim, written[claim.post_id]), draft.question, judgement)
                for claim, judgement in zip(draft.claims, judged, strict=True)
            ),
            skipped=tuple(
                replace(one, place=f"post {post.position + 1}")
                for post in draft.thread.posts
                for one in draft.splits[post.id].skipped
            ),
            known=known,
        )

    def remove_thread(self, thread_id: str) -> Removed:
        """Remove a thread and everything derived from it. Raises NotInStore."""
        return self.remove(threads=[thread_id])

    def remove_post(self, post_id: str) -> Removed:
        """Remove a post and everything derived from it. Raises NotInStore."""
        return self.remove(posts=[post_id])

    def remove_author(self, author: str) -> Removed:
        """Remove every post of `author`, in all threads, and everything derived; nothing for an unknown name."""
        return self.remove(authors=[author])

    def remove(
        self,
        *,
        threads: Iterable[str] = (),
        posts: Iterable[str] = (),
        authors: Iterable[str] = (),
        rehearse: bool = False,
    ) -> Removed:
        """Remove threads and posts by id and all posts of authors, with everything derived: all of it, or nothing.

        Raises NotInStore for an id that is not here. With `rehearse` nothing is removed: the result says what would be.
        """
        with self.store.begin() as connection:
            parts = chain(
                (self.store.remove_thread(one, connection) for one in threads),
                (self.store.remove_post(one, connection) for one in posts),
                (self.store.remove_author(one, connection) for one in authors),
            )
            removed = sum(parts, corpus_store.Removed())
            touched = self._claims.forget_words_of(connection, removed.posts)
            self._claims.bump(connection)
            if rehearse:
                connection.rollback()
        if not rehearse:
            self._after_change(touched)
        return Removed(len(removed.threads), len(removed.posts), len(removed.claims))

    def rebuild(
        self,
        *,
        again: Literal["index", "vectors", "claims"] = "index",
        progress: Callable[[Progress], None] | None = None,
    ) -> IndexReport:
        """Make again what is derived: the index from vectors, the vectors from claims, or the claims from posts.

        Room in the database that nothing fills is given back.
        Claims whose words stay keep their ids and, with the same encoder, their vectors. The next `add` finishes what a
        killed rebuild left. Raises ManifestMismatch where more has to be made again than was asked.
        """
        started = perf_counter()
        replace(self._manifest, **MENDED[again]).check(self.folder, encoder=self.encoder.name)
        other_encoder = self._manifest.encoder not in (None, self.encoder.name)
        with self._lock:
            self._drop_index()
            if again != "index":
                self._adopt()
            with self.store.begin() as connection:
                self._claims.forget_orphans(connection)
                self._claims.rebuild_full_text(connection)
                if again == "claims":
                    self._claims.forget_splits(connection)
                if again == "vectors" or other_encoder:
                    self._claims.forget_vectors(connection)
            self._drop_index()  # another process may have written it in between, from the vectors that were
        self._finished = False
        report = self._finish(progress, thorough=True)
        self._save_index()
        try:
            self.store.compact()
        except StoreError as error:
            logger.warning("the database keeps its size (%s)", error)
        return replace(report, seconds=perf_counter() - started)

    def backup(self, folder: Path) -> tuple[Problem, ...]:
        """Copy the knowledge base, as it is at one moment, into a new `folder`; return what is wrong with the copy.

        It may be served and written meanwhile. Raises NotWritten, also for a folder that is there already.
        """
        with new_folder(Path(folder)) as copied:
            self.store.backup(copied / corpus_store.FILE_NAME)
            (Manifest.read(self.folder) or self._manifest).write(copied)
        with KnowledgeBase.open(folder, encoder=self._encoder, create=False, mending=True) as copy:
            return copy.verify()  # makes the index

    def verify(self) -> tuple[Problem, ...]:
        """Return what is wrong with the knowledge base; empty when it is sound.

        The index file is first brought in step with the store, as it is before any answer.
        """
        live = self._live_index(checked=False)
        if live is not None:
            live.catch_up()
        encoder = self._encoder.name if self._encoder else None
        return tuple(problems(self.folder, self.store, self._manifest, self.folder / INDEX_NAME, encoder))

    # Asking

    def embedded(self, text: str) -> Vectors:
        """Return the unit vector of `text`; that of the last one is remembered. Raises EncoderMissing."""
        last = self._asked
        if last is None or last[0] != text:
            self._asked = last = (text, self.encoder.encode([text])[0])
        return last[1]

    def near(self, text: str, k: int, filters: Filters = EVERYTHING) -> list[Hit]:
        """Return the `k` claims nearest to `text` of those that fit, nearest first; `Hit.id` is a claim id."""
        live = self._live_index()
        if live is None:
            return []
        among = None
        if filters != EVERYTHING:
            self._make_complete(Wanted(self.judge.name))
            among = self._lists.fitting(filters)
        return _hits(live.near(self.embedded(text), k, among))

    def near_threads(self, text: str, k: int) -> list[Hit]:
        """Return the `k` threads whose question is nearest to `text`, nearest first; `Hit.id` is a thread id."""
        live = self._live_index()
        return [] if live is None else _hits(live.near_questions(self.embedded(text), k))

    def matching(self, text: str, k: int) -> list[str]:
        """Return the ids of the `k` claims that share words with `text`, best first by bm25."""
        return self._lists.matching(text, k)

    def cited(self, claim_ids: Sequence[str]) -> list[CitedClaim]:
        """Return the claims with their posts, in the order asked; ids that are gone are left out."""
        return self._claims.cited(claim_ids)

    def claims_of_thread(self, thread_id: str) -> list[CitedClaim]:
        """Return the claims of a thread, in reading order; none for a thread that is not here."""
        return self._claims.of_threads([thread_id])

    def told_in(self, thread_ids: Sequence[str]) -> list[Told]:
        """Return where the claims of threads stand, without their words; none for a thread that is not here."""
        return self._claims.told_in(thread_ids)

    def vectors(self, claim_ids: Sequence[str]) -> dict[str, Vectors]:
        """Return the unit vectors of claims by id; ids that are gone are left out."""
        live = self._live_index()
        return {} if live is None else {id_of(key): one for key, one in live.vectors(map(key_of, claim_ids)).items()}

    def judge_claims(self, question: str, claims: Sequence[CitedClaim]) -> list[Judgement]:
        """Return one judgement a claim toward `question`, in order; what was judged before is not judged again.

        A question and its negation mirror exactly: the positive form is judged, and the negated one reads it mirrored.
        """
        by_id = {cited.claim.id: cited.claim for cited in claims}
        judged = self._claims.judgements(question, self.judge.name, by_id)
        if len(judged) < len(by_id):
            new = self._claims.stances(question, by_id.keys() - judged.keys())
            missing = [claim for one, claim in by_id.items() if one not in judged and one not in new]
            made = pipeline.judge_pairs(self.judge, [(question, claim) for claim in missing])
            new |= {claim.id: judgement for claim, judgement in zip(missing, made, strict=True)}
            self._keep_judgements(question, new)
            judged |= new
        return [judged[cited.claim.id] for cited in claims]

    def judged(self, question: str, claims: Sequence[CitedClaim]) -> list[JudgedClaim]:
        """Return the claims, in order, each with where it stands toward `question` and what people said of that."""
        judgements = self.judge_claims(question, claims)
        return self._with_corrections(
            [JudgedClaim(cited, question, judgement) for cited, judgement in zip(claims, judgements, strict=True)]
        )

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
        """Return a page of judged claims, surest first, toward `question` or each toward its own thread's question.

        A question asked without a thread looks at the BROWSED nearest claims and as many that share its words.
        """
        filters = Filters(thread_id=thread_id, kind=kind, text=text)
        return self.columns(filters, question=question, sides=[stance], offset=offset, limit=limit)[stance]

    def columns(
        self,
        filters: Filters = EVERYTHING,
        *,
        question: str | None = None,
        sides: Sequence[Stance | None] = tuple(Stance),
        order: Order = Order.SUREST,
        offset: int = 0,
        limit: int = 50,
    ) -> dict[Stance | None, BrowsePage]:
        """Return a page of judged claims for each of `sides` (None: of any stance); see `browse`."""
        wanted = self._wanted(filters, question)
        listed, by_stance = self._lists.listed(wanted, sides, order, offset, limit)
        cited = {one.claim.id: one for one in self.cited([one.claim_id for page in listed.values() for one in page])}
        shown = {
            side: [
                JudgedClaim(cited[one.claim_id], one.question, one.judgement) for one in page if one.claim_id in cited
            ]
            for side, page in listed.items()
        }
        return {
            side: BrowsePage(
                claims=tuple(self._with_corrections(shown[side])),
                total=sum(by_stance.values()) if side is None else by_stance[side],
                by_stance=by_stance,
                offset=offset,
                limit=limit,
            )
            for side in listed
        }

    def counted(
        self, by: Grouping, filters: Filters = EVERYTHING, *, question: str | None = None
    ) -> dict[str | None, dict[Stance, int]]:
        """Return how many claims `columns` lists, of each stance by month, forum or thread id; None: without one."""
        return self._lists.counted(self._wanted(filters, question), by)

    def topics(self, text: str = "", forum: str | None = None, offset: int = 0, limit: int = 50) -> TopicsPage:
        """Return a page of threads by forum, with their claims counted by stance toward their own question."""
        self._wanted(EVERYTHING, None)
        return self._topics.page(text, forum, offset, limit)

    def forums(self) -> dict[str, int]:
        """Return how many threads each forum that is named has, most first."""
        return self._topics.forums()

    def titles(self, thread_ids: Iterable[str]) -> dict[str, str]:
        """Return the title of each thread that is here, by its id."""
        return self._topics.titles(thread_ids)

    def frequent_authors(self, limit: int) -> dict[str, int]:
        """Return how many posts the `limit` authors with most posts wrote, most first."""
        return self._topics.authors(limit)

    def _wanted(self, filters: Filters, question: str | None) -> Wanted:
        """What to list, once all that it lists is judged."""
        wanted = Wanted(self.judge.name, question, filters)
        if question is not None:
            about = (
                self._about(question, filters)
                if filters.thread_id is None
                else self.claims_of_thread(filters.thread_id)
            )
            self.judge_claims(question, about)
            return replace(wanted, among=frozenset(cited.claim.id for cited in about))
        self._make_complete(wanted)
        return wanted

    def _make_complete(self, wanted: Wanted) -> None:
        if not self._lists.is_complete(wanted.judge):
            self._complete(wanted)

    def _complete(self, wanted: Wanted) -> None:
        """Write down where claims stand that lists lack, judging those of them that are wanted and were not judged."""
        try:
            self._lists.complete(wanted.judge)
            if not self._lists.is_complete(wanted.judge):
                self._judge_own(self._lists.unjudged(wanted))
                self._lists.complete(wanted.judge)
        except StoreError as error:
            logger.warning("lists may lack claims that are new or were changed (%s)", error)

    def thread(self, thread_id: str) -> Thread:
        """Return a thread. Raises NotInStore."""
        return self.store.thread(thread_id)

    def threads(self, text: str = "", *, offset: int = 0, limit: int | None = None) -> list[ThreadSummary]:
        """Return a line a thread, newest first; with `text`, of those with it in their title, question or forum."""
        return self._lists.summaries(text, offset, limit)

    def number_of_threads(self, text: str = "") -> int:
        """Return how many threads there are; with `text`, of those with it in their title, question or forum."""
        return self._lists.number_of_threads(text)

    def number_of_claims(self) -> int:
        """Return how many claims there are; they are counted anew where some changed."""
        now = self._claims.generation()
        if self._counted is None or self._counted[0] != now:
            self._counted = now, self._lists.number_of_claims()
        return self._counted[1]

    def threads_like(self, pattern: str) -> list[ThreadSummary]:
        """Return a line for each thread whose title fits a shell's pattern (`*`, `?`, `[abc]`), newest first."""
        return [one for one in self._lists.summaries() if fnmatchcase(one.title, pattern)]

    def authors_like(self, pattern: str) -> dict[str, int]:
        """Return the posts of each author whose name fits a shell's pattern (`*`, `?`, `[abc]`), by name in order."""
        return {name: number for name, number in self._lists.authors().items() if fnmatchcase(name, pattern)}

    def skipped(self, thread_id: str) -> list[Skipped]:
        """Return what the splitter did not keep of a thread, with its reasons."""
        return self._claims.skipped(thread_id)

    def question_of(self, thread_id: str) -> str:
        """Return the question a thread opened with. Raises NotInStore."""
        return self._claims.question_of(thread_id)

    def starting_with(self, prefix: str) -> list[str]:
        """Return the ids of threads, posts and claims that begin with `prefix`, ten at most."""
        return self._lists.starting_with(prefix)

    def stats(self) -> Stats:
        """Return how much the knowledge base holds, and what made it."""
        held = self.store.counts()
        by_kind = self._lists.claims_by_kind()
        return Stats(
            threads=held.threads,
            posts=held.posts,
            people=self._lists.people(),
            claims=sum(by_kind.values()),
            claims_by_kind=by_kind,
            skipped_by_reason=self._lists.skipped_by_reason(),
            encoder=self._manifest.encoder,
            dimension=self._manifest.dimension,
            judge=self._manifest.judge,
            splitter=self._manifest.splitter,
            bytes=sum(map(_size, self.folder.iterdir())),
        )

    # Correcting

    def correct(self, claim_id: str, now: Mark, *, question: str = "", who: str | None = None) -> Correction:
        """Keep that a claim stands so toward `question` (a Stance), is of that kind (a Kind), or is not in its view.

        Without `question` its thread's own is meant. It counts at once, for the negated question mirrored, and stays
        when what the program says is made again. To give what the program says is to find it right. What was said of
        the same before is replaced. Raises NotInStore for a claim that is gone.
        """
        found = self.cited([claim_id])
        if not found:
            raise NotInStore(f"no claim {claim_id} in {self.folder}; it may have been removed since")
        (cited,) = found
        claim, matter = cited.claim, MATTERS[type(now)]
        asked = "" if matter is Matter.KIND else question.strip() or cited.thread_question
        read = read_question(asked)
        about = "" if matter is Matter.KIND else id_of(question_key(read.positive))
        judgement = self.judge_claims(asked, [cited])[0] if matter is Matter.STANCE else None
        made = Correction(
            id=correction_id(claim_id, matter, about),
            post_id=claim.post_id,
            thread_id=claim.thread_id,
            claim_id=claim_id,
            text=claim.text,
            start=claim.start,
            end=claim.end,
            matter=matter,
            said=judgement.stance if judgement else claim.kind if matter is Matter.KIND else Fit.TOGETHER,
            now=now,
            question=asked,
            about=about,
            negated=read.negated,
            confidence=judgement.confidence if judgement else None,
            made_by=self.judge.name if judgement else SPLITTER_VERSION if matter is Matter.KIND else "",
            who=who,
            at=datetime.now(UTC),
        )
        with self.store.begin() as connection:
            return self._claims.save_correction(connection, made)

    def undo_correction(self, correction_id: str) -> Correction:
        """Take a correction back, so that the program's own word counts again; return it. Raises NotInStore."""
        with self.store.begin() as connection:
            made = self._claims.undo_correction(connection, correction_id)
        if made.matter is Matter.KIND:
            self._after_change([made.thread_id])
        return made

    def restore_corrections(self, restored: Sequence[Correction]) -> None:
        """Keep corrections of another knowledge base whose posts are here; the later one of two on the same stays."""
        with self.store.begin() as connection:
            self._claims.restore_corrections(connection, restored)

    def corrections(self) -> list[Correction]:
        """Return what people corrected or found right, the latest first."""
        return self._claims.corrections()

    def corrections_of_thread(self, thread_id: str) -> list[Correction]:
        """Return what people corrected or found right in a thread, in reading order."""
        return self._claims.corrections_of_thread(thread_id)

    def records(self) -> Mapping[Matter, Record]:
        """Return how often the program had been right about sides and kinds, of those that somebody marked."""
        return self._claims.records()

    # How it is done

    def _with_corrections(self, judged: Sequence[JudgedClaim]) -> list[JudgedClaim]:
        """Return `judged` with what people said of each, as it reads toward its question."""
        found = self._claims.corrections_of({one.cited.claim.id for one in judged})
        if not found:
            return list(judged)
        return [replace(one, corrections=_that_fit(found.get(one.cited.claim.id, ()), one.question)) for one in judged]

    def _run(
        self,
        drafts: Sequence[Draft],
        heard: Heard,
        done: int,
    ) -> IndexReport:
        """Take a batch that is split through the further steps."""
        self._settle()
        report = pipeline.run(drafts, self._claims, self.encoder, self.judge, lambda step: heard(step, done))
        heard("writing", done + len(drafts))
        return report

    def _finish(
        self,
        progress: Callable[[Progress], None] | None = None,
        thread_ids: Sequence[str] | None = None,
        *,
        thorough: bool = False,
    ) -> IndexReport:
        """Bring up to date what waits in the store, such as what a killed rebuild left; see `ClaimStore.unfinished`."""
        everything = thread_ids is None
        if thread_ids is None:
            if self._finished:
                return IndexReport()
            thread_ids = self._claims.unfinished(self.encoder.name, thorough=thorough)
        report = IndexReport()
        heard = pipeline.telling(progress, len(thread_ids))
        for waiting in pipeline.batches(self._here(thread_ids)):
            heard("splitting", report.threads)
            drafts = [pipeline.split(pipeline.compare(None, thread.id, self._claims)) for thread in waiting]
            report += self._run(drafts, heard, report.threads)
        if everything and not self._finished:
            self._finished = True
            if self.store.setting(VECTORS_WAIT):
                self.store.set_setting(VECTORS_WAIT, "")
        return report

    def _here(self, thread_ids: Iterable[str]) -> Iterator[Thread]:
        for thread_id in thread_ids:
            with suppress(NotInStore):  # removed meanwhile
                yield self.store.thread(thread_id)

    def _after_change(self, touched: Sequence[str]) -> None:
        try:
            self._finish(thread_ids=touched)
        except IndexerError as error:
            self._finished = False
            logger.warning("kept, but %d threads wait to be brought up to date (%s)", len(touched), error)
        self._save_index()

    def _settle(self) -> None:
        """Write down what makes the knowledge base, or raise ManifestMismatch where another process made it anew."""
        with self._lock:
            manifest = Manifest.read(self.folder) or self._manifest
            manifest.check(self.folder, encoder=self.encoder.name)
            if manifest.encoder is None or manifest.judge != self.judge.name:
                self._adopt()
            else:
                self._manifest = manifest

    def _adopt(self) -> None:
        """Make this program's encoder, judge and splitter those of the knowledge base."""
        self._manifest = Manifest(
            encoder=self.encoder.name,
            dimension=self.encoder.dimension,
            judge=self.judge.name,
            program=program_version(),
        )
        self._manifest.write(self.folder)

    def _live_index(self, *, checked: bool = True) -> LiveIndex | None:
        """The index; None while nothing was added. Raises ManifestMismatch where the vectors are of another encoder."""
        with self._lock:
            made = Manifest.read(self.folder) or self._manifest
            if made.encoder is None or made.dimension is None:
                return None
            if checked:
                made.check(self.folder, encoder=self._encoder.name if self._encoder else None)
            if self._live is None:
                self._live = LiveIndex(self.folder, self.store, made.encoder, made.dimension)
            return self._live

    def _drop_index(self) -> None:
        if self._live is not None:
            self._live.close()
        for name in NAMES:
            (self.folder / name).unlink(missing_ok=True)
        self._live = None

    def _save_index(self) -> None:
        live = self._live_index()
        if live is not None:
            live.save()

    def _about(self, question: str, filters: Filters) -> list[CitedClaim]:
        near = [hit.id for hit in self.near(question, BROWSED, filters)]
        return self.cited(list(dict.fromkeys(chain(near, self._lists.matching(question, BROWSED, filters)))))

    def _judge_own(self, claim_ids: Sequence[str]) -> None:
        """Judge claims toward their own threads' questions, where another judge did it before."""
        asked: dict[str, list[CitedClaim]] = {}
        for cited in self.cited(claim_ids):
            asked.setdefault(cited.thread_question, []).append(cited)
        for question, claims in asked.items():
            self.judge_claims(question, claims)

    def _keep_judgements(self, question: str, judged: Mapping[str, Judgement]) -> None:
        try:
            with self.store.begin() as connection:
                self._claims.save_judgements(connection, question, self.judge.name, judged)
        except StoreError as error:  # the answer does not depend on it; the next one judges again
            logger.warning("%d judgements are not kept (%s)", len(judged), error)


def _that_fit(made: Iterable[Correction], question: str) -> tuple[Correction, ...]:
    """Those of a claim's corrections that are of its kind, or toward `question`, as they read toward that."""
    read = read_question(question)
    about = id_of(question_key(read.positive))
    return tuple(one.toward(negated=read.negated) for one in made if one.matter is Matter.KIND or one.about == about)


def _check_folder(folder: Path, *, create: bool) -> None:
    """Raise NotAKnowledgeBase unless `folder` is one, or may become one."""
    if folder.exists() and not folder.is_dir():
        raise NotAKnowledgeBase(f"{folder} is a file; a knowledge base is a folder: choose one with --data")
    if (folder / corpus_store.FILE_NAME).exists():
        return
    names = sorted(file.name for file in folder.iterdir() if not file.name.startswith(".")) if folder.exists() else []
    if names:
        raise NotAKnowledgeBase(
            f"{folder} is no knowledge base (it holds {', '.join(names[:3])}); choose an empty folder with --data"
        )
    if not create:
        raise NotAKnowledgeBase(
            f"{folder} holds no knowledge base yet; make one with: python -m indexer --data {folder} add FILE..."
        )


def _installed_encoder() -> Encoder | None:
    """The shipped encoder; None where its weights are not here, which only matters to what embeds."""
    try:
        return open_encoder()
    except EncoderMissing:
        return None


def _size(file: Path) -> int:
    """Bytes of a file; 0 where it was put in another's place meanwhile."""
    with suppress(FileNotFoundError):
        return file.stat().st_size
    return 0


def _hits(found: Iterable[tuple[int, float]]) -> list[Hit]:
    return [Hit(id_of(key), similarity) for key, similarity in found]


def _cited(draft: Draft, claim: Claim, post: Post) -> CitedClaim:
    thread = draft.thread
    return CitedClaim(claim, post, thread.title, draft.question, thread.forum, thread.invented)
