"""What split_claims finds, against people's marks: `python -m benchmarks.claims --data ../shared/data`.

Three measures: the spans of claims in ChangeMyView posts (cmv_modes), which of their segments are kept at all
(ampersand), and the kinds of claims of advice threads (labels/kinds). The rules were tuned on the develop halves
(`--half develop` prints their figures) and are reported on the others. Several files of cmv_modes hold branches of one
thread, so whole threads are parted and a post counts once. Intervals are 95%, of 1,000 bootstrap draws of threads.
"""

from __future__ import annotations

import argparse
import html
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.labels.kinds import NOTHING, Half, LabelledClaim, load
from benchmarks.quality import accuracy, interval
from benchmarks.results import table, write_section
from corpus.thread import Post
from indexer.claims import Kind, kind_of, split_claims
from indexer.clauses import Span, sentences
from indexer.trimming import HEDGE

THREAD_ID = re.compile(r"<thread[^>]*\bID=\"([^\"]+)\"")
POST_TAG = re.compile(r"</?(?:title|OP|reply|source|thread|\?xml)\b[^>]*>")
MARK = re.compile(r"<(?P<close>/?)(?:claim|premise)\b[^>]*>")
WORD = re.compile(r"\w+(?:['’]\w+)*")
COMMAND = "python -m benchmarks.claims --data ../shared/data"


# ---------------------------------------------------------------- the spans of claims
@dataclass(frozen=True)
class Marked:
    """A post and its gold spans."""

    text: str
    spans: tuple[Span, ...]
    thread: str = ""


def read_half(folder: Path, half: Half) -> list[Marked]:
    """Return the marked posts of a half, each once: threads with a file of even index are developed on."""
    files = sorted(folder.glob("*.xml"))
    threads = {path: _thread(path) for path in files}
    developed = {threads[path] for path in files[0::2]}
    chosen = [path for path in files if (threads[path] in developed) == (half == "develop")]
    unique: dict[str, Marked] = {}
    for path in chosen:
        for post in read_posts(path):
            unique.setdefault(" ".join(WORD.findall(post.text)), Marked(post.text, post.spans, threads[path]))
    return list(unique.values())


def _thread(path: Path) -> str:
    found = THREAD_ID.search(path.read_text(encoding="utf-8", errors="replace"))
    return found[1] if found else path.stem


def read_posts(path: Path) -> list[Marked]:
    """Return the marked posts of one file; tags are scanned, as some of the files are no well-formed XML."""
    chunks = POST_TAG.split(path.read_text(encoding="utf-8", errors="replace"))
    return [post for post in map(read_post, chunks) if post.spans]


def read_post(chunk: str) -> Marked:
    """Return the text of a post and its outermost marked spans."""
    text = ""
    spans: list[Span] = []
    done = depth = begin = 0
    for mark in MARK.finditer(chunk):
        text += html.unescape(chunk[done : mark.start()])
        done = mark.end()
        if not mark["close"]:
            begin = begin if depth else len(text)
            depth += 1
        elif depth:
            depth -= 1
            spans += [(begin, len(text))] if not depth else []
    return Marked(text + html.unescape(chunk[done:]), tuple(spans))


def in_words(text: str, spans: Iterable[Span]) -> list[Span]:
    """Return `spans` as first word and end word; spans without a word are dropped."""
    begins = [match.start() for match in WORD.finditer(text)]
    counted = ((bisect_left(begins, start), bisect_left(begins, end)) for start, end in spans)
    return [(start, end) for start, end in counted if start < end]


@dataclass(frozen=True)
class Scores:
    """F1 of words in a claim, of the best-matching spans' words, and of exact boundaries; and spans a post."""

    inside: float
    matched: float
    exact: float
    spans: float


def f1(hits_found: float, found: float, hits_gold: float, gold: float) -> float:
    """Return the harmonic mean of precision (`hits_found` of `found`) and recall (`hits_gold` of `gold`)."""
    precision, recall = hits_found / max(found, 1), hits_gold / max(gold, 1)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def overlap(one: Span, other: Span) -> float:
    """Return the F1 of the words that two spans share."""
    shared = min(one[1], other[1]) - max(one[0], other[0])
    return 2 * max(shared, 0) / (one[1] - one[0] + other[1] - other[0])


def best(span: Span, others: Sequence[Span]) -> float:
    """Return the highest overlap of `span` with any of `others`."""
    return max((overlap(span, other) for other in others), default=0.0)


Splitter = Callable[[str], Iterable[Span]]
Counts = NDArray[np.float64]


def counts(post: Marked, splitter: Splitter) -> list[float]:
    """Return what the scores of `splitter` need of one post: words, matches, exact spans and spans, found and gold."""
    gold, found = in_words(post.text, post.spans), in_words(post.text, splitter(post.text))
    gold_words = {at for start, end in gold for at in range(start, end)}
    found_words = {at for start, end in found for at in range(start, end)}
    words = [len(gold_words & found_words), len(found_words), len(gold_words)]
    matches = [sum(best(span, gold) for span in found), sum(best(span, found) for span in gold)]
    return [*words, *matches, len(set(gold) & set(found)), len(found), len(gold)]


def scores(counted: Counts) -> Scores:
    """Return the scores over the posts that `counted` has a row for, micro-averaged."""
    both, words_found, words_gold, match_found, match_gold, exact, found, gold = map(float, counted.sum(axis=0))
    return Scores(
        f1(both, words_found, both, words_gold),
        f1(match_found, found, match_gold, gold),
        f1(exact, found, exact, gold),
        found / max(len(counted), 1),
    )


def by_claims(text: str) -> list[Span]:
    """The claims of a post, as spans."""
    split = split_claims(Post(id="post", thread_id="thread", position=1, text=text))
    return [(claim.start, claim.end) for claim in split.claims]


HEDGE_BEFORE = re.compile(rf"\b{HEDGE}[\s,:;.–-]*(?:that\s)?\Z", re.IGNORECASE)
HEDGE_AFTER = re.compile(rf"[\s,.–-]{{0,3}}{HEDGE}\b", re.IGNORECASE)
HEDGE_LENGTH = 60
"""Characters before a claim that are searched for the hedge it lost."""


def by_hedged_claims(text: str) -> Iterator[Span]:
    """The claims of a post with the hedges beside them, which the annotators left in: "I think", "imo"."""
    for start, end in by_claims(text):
        ahead = max(0, start - HEDGE_LENGTH)
        before, after = HEDGE_BEFORE.search(text[ahead:start]), HEDGE_AFTER.match(text, end)
        yield ahead + before.start() if before else start, after.end() if after else end


BASELINE = "sentences (baseline)"
SPLITTERS: dict[str, Splitter] = {
    BASELINE: sentences,
    "split_claims": by_claims,
    "split_claims, hedges kept": by_hedged_claims,
}
SPAN_COLUMNS = ("splitter", "words in a claim, F1", "matched spans, token F1", "exact boundaries, F1", "spans a post")
SPAN_NOTE = (
    "Matched spans: each span against the one on the other side that shares most words with it, averaged both ways. "
    "The annotators often left hedges (`I think`) in a span, and claims leave them out: the last row puts them back."
)


def spans_section(data: Path, half: Half) -> str:
    """Return the table of the splitters on cmv_modes."""
    posts = read_half(data / "claims" / "cmv_modes", half)
    threads = [post.thread for post in posts]
    counted = {name: np.array([counts(post, splitter) for post in posts]) for name, splitter in SPLITTERS.items()}
    rows = [_span_row(name, each, threads) for name, each in counted.items()]
    gain = interval(
        lambda at: scores(counted["split_claims"][at]).matched - scores(counted[BASELINE][at]).matched, threads
    )
    spans = sum(len(post.spans) for post in posts)
    measured = f"cmv_modes, {half} half: {len(set(threads))} threads, {len(posts)} posts, {spans} spans."
    return (
        f"{measured}\n\n{table(SPAN_COLUMNS, rows)}\n\nMatched spans, gain of split_claims over sentences: {gain}. "
        f"{SPAN_NOTE}"
    )


def _span_row(name: str, counted: Counts, threads: Sequence[str]) -> list[str]:
    found = scores(counted)
    matched = interval(lambda at: scores(counted[at]).matched, threads)
    return [name, f"{found.inside:.3f}", matched, f"{found.exact:.3f}", f"{found.spans:.1f}"]


# ---------------------------------------------------------------- kept or not
Flags = NDArray[np.bool_]


def read_segments(path: Path) -> tuple[list[str], Flags]:
    """Return the segments of a file of ampersand, and whether each is a claim or a premise (a label other than 0)."""
    pairs = [line.rpartition("\t")[::2] for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [html.unescape(text) for text, _ in pairs], np.array([label != "0" for _, label in pairs])


def hits(guess: Flags, gold: Flags) -> tuple[float, float, float]:
    """Return precision, recall and F1 of `guess`."""
    both = float((guess & gold).sum())
    precision, recall = both / max(guess.sum(), 1), both / max(gold.sum(), 1)
    return precision, recall, f1(both, float(guess.sum()), both, float(gold.sum()))


KEPT_COLUMNS = ("what is kept", "claim or premise: precision", "recall", "F1", "neither: precision", "recall", "F1")
KEPT_NOTE = (
    "A segment is kept where split_claims finds a claim in it. Segments are pieces of sentences: `but` or a quoted "
    "line is neither, and a rhetorical question, which split_claims skips, is often a claim. Its threads are those of "
    "cmv_modes."
)


def kept_section(data: Path, half: Half) -> str:
    """Return the table of what is kept of ampersand: claimdev to report on, claimtrain to develop on."""
    name = "claimdev" if half == "report" else "claimtrain"
    texts, gold = read_segments(data / "claims" / "ampersand" / f"{name}.tsv")
    keeps = {
        "everything (baseline)": np.ones(len(texts), dtype=bool),
        "split_claims": np.array([bool(by_claims(text)) for text in texts]),
    }
    rows = [[name, *(f"{one:.3f}" for one in (*hits(keep, gold), *hits(~keep, ~gold)))] for name, keep in keeps.items()]
    measured = f"ampersand, {name}: {len(texts)} segments, {int((~gold).sum())} of them neither claim nor premise."
    return f"{measured}\n\n{table(KEPT_COLUMNS, rows)}\n\n{KEPT_NOTE}"


# ---------------------------------------------------------------- kinds
CODES = {kind.value: code for code, kind in enumerate(Kind)}
Codes = NDArray[np.int64]


def macro_f1(guess: Codes, gold: Codes) -> Callable[[Codes], float]:
    """Return the mean F1 of the kinds that occur in `gold`, over given positions."""

    def measure(at: Codes) -> float:
        return float(np.mean([hits(guess[at] == kind, gold[at] == kind)[2] for kind in np.unique(gold[at])]))

    return measure


KIND_COLUMNS = ("claims", "measure", "kind_of", "always the commonest kind (baseline)")


def kinds_section(data: Path, half: Half) -> str:
    """Return the table of kinds, and the share of claims that assert nothing."""
    found = load(data, half)
    claims = [claim for claim in found if claim.label != NOTHING]
    drawn = [claim for claim in claims if claim.part == "random"]
    rows = [*_kind_rows("drawn at random", drawn), *_kind_rows("all, hearsay and studies sought out", claims)]
    at_random = [claim.label == NOTHING for claim in found if claim.part == "random"]
    held = Counter(claim.label for claim in claims)
    measured = (
        f"Advice threads, {half} half: {len(claims)} claims ("
        + ", ".join(f"{held[kind]} {kind.value}" for kind in Kind)
        + f"), labelled under benchmarks/labels/kinds/GUIDELINE.md. Of {len(at_random)} claims drawn at random, "
        f"{sum(at_random)} assert nothing and should have been skipped; they have no kind and are not counted below."
    )
    return f"{measured}\n\n{table(KIND_COLUMNS, rows)}"


def _kind_rows(name: str, claims: Sequence[LabelledClaim]) -> list[list[str]]:
    gold = np.array([CODES[claim.label] for claim in claims])
    guess = np.array([CODES[kind_of(claim.text)] for claim in claims])
    commonest = np.full(len(gold), np.bincount(gold).argmax())
    threads = [claim.thread_id for claim in claims]
    return [
        [f"{name} (n={len(claims)})", title, interval(measure(guess, gold), threads), f"{base:.3f}"]
        for title, measure in (("accuracy", accuracy), ("macro F1", macro_f1))
        for base in (measure(commonest, gold)(np.arange(len(gold))),)
    ]


SECTIONS: dict[str, Callable[[Path, Half], str]] = {
    "Claim splitting": spans_section,
    "Claims kept": kept_section,
    "Kinds of claims": kinds_section,
}


def main() -> None:
    """Print the tables of one half; the reported ones are written to RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.claims", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, which holds claims and forums")
    parser.add_argument("--half", choices=("report", "develop"), default="report", help="which half of the threads")
    arguments = parser.parse_args()
    if not (folder := arguments.data / "claims" / "cmv_modes").is_dir():
        parser.error(f"no folder {folder}; pass the data folder that holds claims/cmv_modes")
    for title, section in SECTIONS.items():
        body = section(arguments.data, arguments.half)
        print(f"## {title}\n\n{body}\n")
        if arguments.half == "report":
            write_section(title, f"`{COMMAND}`: {body}")


if __name__ == "__main__":
    main()
