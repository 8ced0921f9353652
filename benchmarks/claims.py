"""Claim splitting against marked spans of ChangeMyView: `python -m benchmarks.claims --data ../shared/data`.

The rules were tuned on the files of even index (`--half tune` prints their figures) and are reported on the others. The
baseline makes a claim of every sentence. Gold spans are the outermost marked claims and premises (cmv_modes). Words are
compared, so punctuation at the edges of a span does not count.
"""

from __future__ import annotations

import argparse
import html
import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.results import table, write_section
from corpus.thread import Post
from indexer.claims import split_claims
from indexer.clauses import Span, clauses, sentences
from indexer.trimming import trimmed

POST_TAG = re.compile(r"</?(?:title|OP|reply|source|thread|\?xml)\b[^>]*>")
MARK = re.compile(r"<(?P<close>/?)(?:claim|premise)\b[^>]*>")
WORD = re.compile(r"\w+(?:['’]\w+)*")


@dataclass(frozen=True)
class Marked:
    """A post and its gold spans."""

    text: str
    spans: tuple[Span, ...]


def read_posts(path: Path) -> list[Marked]:
    """Return the marked posts of one thread; tags are scanned, as some of the files are no well-formed XML."""
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


def score(posts: Sequence[Marked], splitter: Splitter) -> Scores:
    """Return the scores of `splitter`, micro-averaged over all posts."""
    words_found = words_gold = words_both = found_total = gold_total = exact = 0
    match_found = match_gold = 0.0
    for post in posts:
        gold, found = in_words(post.text, post.spans), in_words(post.text, splitter(post.text))
        gold_words = {at for start, end in gold for at in range(start, end)}
        found_words = {at for start, end in found for at in range(start, end)}
        words_gold, words_found = words_gold + len(gold_words), words_found + len(found_words)
        words_both += len(gold_words & found_words)
        gold_total, found_total = gold_total + len(gold), found_total + len(found)
        exact += len(set(gold) & set(found))
        match_found += sum(best(span, gold) for span in found)
        match_gold += sum(best(span, found) for span in gold)
    return Scores(
        f1(words_both, words_found, words_both, words_gold),
        f1(match_found, found_total, match_gold, gold_total),
        f1(exact, found_total, exact, gold_total),
        found_total / max(len(posts), 1),
    )


def by_claims(text: str) -> list[Span]:
    """The claims of a post, as spans."""
    split = split_claims(Post(id="post", thread_id="thread", position=1, text=text))
    return [(claim.start, claim.end) for claim in split.claims]


def by_clauses(text: str) -> list[Span]:
    """The clauses that hold a claim, with the openers and hedges that claims leave out and the annotators did not."""
    found = ((sentence, clause) for sentence in sentences(text) for clause in clauses(text, sentence))
    return [clause for sentence, clause in found if trimmed(text, clause, sentence)[0]]


SPLITTERS: tuple[tuple[str, Splitter], ...] = (
    ("sentences (baseline)", sentences),
    ("split_claims", by_claims),
    ("split_claims, openers and hedges kept", by_clauses),
)


COMMAND = "python -m benchmarks.claims --data ../shared/data"
COLUMNS = ("splitter", "words in a claim, F1", "matched spans, token F1", "exact boundaries, F1", "spans a post")
NOTE = (
    "Matched spans: each span against the one on the other side that shares most words with it, averaged both ways. "
    "The annotators often left openers and hedges (`But`, `I think`) in a span, and claims leave them out: the last "
    "row shows the same cuts with them."
)


def row(name: str, scores: Scores) -> list[str]:
    """Return the table row of a splitter."""
    return [name, *(f"{one:.3f}" for one in (scores.inside, scores.matched, scores.exact)), f"{scores.spans:.1f}"]


def main() -> None:
    """Print the table of one half; the reported one is written to RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.claims", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, which holds claims/cmv_modes")
    parser.add_argument("--half", choices=("report", "tune"), default="report", help="which half of the files")
    arguments = parser.parse_args()
    files = sorted((arguments.data / "claims" / "cmv_modes").glob("*.xml"))
    if not files:
        parser.error(f"no *.xml in {arguments.data / 'claims' / 'cmv_modes'}")
    chosen = files[0::2] if arguments.half == "tune" else files[1::2]
    posts = [post for path in chosen for post in read_posts(path)]
    spans = sum(len(post.spans) for post in posts)
    measured = f"cmv_modes, {arguments.half} half: {len(chosen)} threads, {len(posts)} posts, {spans} spans."
    body = f"{measured}\n\n{table(COLUMNS, [row(name, score(posts, splitter)) for name, splitter in SPLITTERS])}"
    print(body)
    if arguments.half == "report":
        write_section("Claim splitting", f"`{COMMAND}`: {body}\n\n{NOTE}")


if __name__ == "__main__":
    main()
