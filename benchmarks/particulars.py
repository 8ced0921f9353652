"""Precision and recall of particulars: `python -m benchmarks.particulars --data ../shared/data`.

Claims of real forum text are sampled in a fixed order; threads fall by a hash of their id into a part to develop on and
a part to report on. The extractor's first spans on the report part were labelled by reading, and so were all spans of
some claims; `labels/particulars/` holds the labels (ids, spans, values), GUIDELINE.md there what they mean.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

from benchmarks.results import table, write_section
from corpus.cleaning import clean
from corpus.samples import sample_threads
from corpus.thread import Post
from indexer.claims import split_claims
from indexer.particulars import Particular, ParticularType, particulars
from training.data import forum_threads
from training.labelling import posts

Part = Literal["develop", "report"]

REDDIT_SHARE = 100
"""One thread of the dump in so many is sampled: enough for every label, and the benchmark stays quick."""
STACKEXCHANGE_SHARE = 8
FOREIGN = (
    "blog.angelman-asa.org",
    "forum.glamour.de",
    "forum.ubuntuusers.de",
    "forum.worldofplayers.de",
    "forums.futura-sciences.com",
    "www.android-hilfe.de",
    "www.computerbase.de",
    "www.hifi-forum.de",
)
"""Sites of webforum52 that are not in English, which the rules are written for."""
CLAIMS_A_THREAD = 25
"""At most so many claims of a thread, so that no long thread makes the figure."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A claim with what names it: source, thread and post, and where in the post it starts."""

    source: str
    thread_id: str
    post_id: str
    start: int
    text: str

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What a label names the claim by."""
        return (self.source, self.thread_id, self.post_id, self.start)


def hashed(*parts: object) -> int:
    """Return a number that depends on nothing but `parts`."""
    return int.from_bytes(hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()[:8])


def part_of(thread_id: str) -> Part:
    """Return which part a thread belongs to."""
    return "report" if hashed("particulars", thread_id) % 2 else "develop"


# ---------------------------------------------------------------- sources
def reddit(data: Path) -> Iterator[Post]:
    """Yield replies of one thread in REDDIT_SHARE of the dump."""
    for thread in forum_threads(data):
        if hashed("particulars sample", thread.id) % REDDIT_SHARE == 0:
            for post, _ in posts(thread):
                yield post


def pages(data: Path) -> Iterator[Post]:
    """Yield the gold posts of the English thread pages."""
    for path in sorted((data / "forums/webforum52").glob("*.json")):
        if path.name.startswith(FOREIGN):
            continue
        for at, gold in enumerate(json.loads(path.read_text("utf-8"))["gold_standard_annotation"]):
            yield Post(str(at), path.stem, at, clean(gold["post_text"]["surface_form"]).text)


def stackexchange(data: Path) -> Iterator[Post]:
    """Yield the answers to one question in STACKEXCHANGE_SHARE of the coffee and beer sites."""
    for path in sorted((data / "forums/stackexchange_xml").glob("*/Posts.xml")):
        for row in ElementTree.parse(path).getroot():  # noqa: S314 - the data folder's own files
            thread_id = f"{path.parent.name}/{row.get('ParentId')}"
            if row.get("ParentId") and hashed("particulars sample", thread_id) % STACKEXCHANGE_SHARE == 0:
                text = clean(re.sub(r"<[^<>]*>", "", row.get("Body", ""))).text
                yield Post(str(row.get("Id")), thread_id, 1, text)


def samples(_: Path) -> Iterator[Post]:
    """Yield the posts of the sample threads."""
    return chain.from_iterable(thread.posts for thread in sample_threads())


SOURCES = {"reddit": reddit, "pages": pages, "stackexchange": stackexchange, "samples": samples}


def sampled(data: Path, part: Part) -> list[Sampled]:
    """Return the claims of `part` in the order of a hash, the sources taking turns."""
    return [claim for turn in zip_longest(*(_of(data, part, name) for name in SOURCES)) for claim in turn if claim]


def _of(data: Path, part: Part, source: str) -> list[Sampled]:
    by_thread: dict[str, list[Sampled]] = defaultdict(list)
    for post in SOURCES[source](data):
        if part_of(post.thread_id) == part:
            by_thread[post.thread_id] += _claims(source, post)
    return _shuffled(chain.from_iterable(_shuffled(found)[:CLAIMS_A_THREAD] for found in by_thread.values()))


def _claims(source: str, post: Post) -> Iterator[Sampled]:
    for claim in split_claims(post).claims:
        yield Sampled(source, post.thread_id, post.id, claim.start, claim.text)


def _shuffled(claims: Iterable[Sampled]) -> list[Sampled]:
    return sorted(claims, key=lambda claim: hashed(*claim.key))


# ---------------------------------------------------------------- labels
FOLDER = Path(__file__).parent / "labels" / "particulars"
LABELLED = 200
"""The first spans of the report part, which the figure is about."""
READ = 100
"""Claims of the report part that were read fully, for recall."""
COMMON = frozenset((ParticularType.DOSE, ParticularType.CONDITION))
"""Types that the first spans hold plenty of; of the others every span of the sample is labelled too."""
SPAN_FIELDS = ("source", "thread_id", "post_id", "start", "end", "type", "value")
CLAIM_FIELDS = ("source", "thread_id", "post_id", "claim_start")
"""Offsets are all into the post."""
NAMED = frozenset((ParticularType.LEVEL, ParticularType.SEASON))
"""Types whose name is from a closed list; of the others it is the span's own words, which stay with the dump."""

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A particular that the extractor finds, and the claim it finds it in."""

    claim: Sampled
    particular: Particular

    @property
    def key(self) -> Key:
        """What a label names the span by: a change of its place, type or value makes it another span."""
        one = self.particular
        told = (str(one.quantity or ""), one.name if one.type in NAMED else "", str(one.direction or ""))
        value = ", ".join(part for part in told if part)
        *post, first = self.claim.key
        return (*map(str, (*post, first + one.start, first + one.end)), one.type.value, value)


def spans_of(claims: Iterable[Sampled]) -> list[FoundSpan]:
    """Return what the extractor finds in `claims`, in their order."""
    return [FoundSpan(claim, one) for claim in claims for one in particulars(claim.text)]


def to_label(spans: Sequence[FoundSpan]) -> list[FoundSpan]:
    """Return the spans that need a label: the first ones, and all of the rarer types."""
    return [span for at, span in enumerate(spans) if at < LABELLED or span.particular.type not in COMMON]


def labels(path: Path = FOLDER / "spans.csv") -> dict[Key, str]:
    """Return the labels by the key of their span: "right", "type" (right type, wrong value or ends) or "wrong"."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {tuple(row[field] for field in SPAN_FIELDS): row["label"] for row in csv.DictReader(lines)}


def gold(path: Path = FOLDER / "claims.csv") -> dict[Key, list[tuple[int, int, str]]]:
    """Return the claims that were read fully, each with its spans (start, end, type) by the key of the claim."""
    found: dict[Key, list[tuple[int, int, str]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            spans = found[tuple(row[field] for field in CLAIM_FIELDS)]
            if row["type"]:
                spans.append((int(row["start"]), int(row["end"]), row["type"]))
    return dict(found)


# ---------------------------------------------------------------- figures
def share(groups: Sequence[Sequence[bool]], draws: int = 1000, seed: int = 1) -> tuple[float, float, float]:
    """Return the share of True and its 95% interval over bootstrap draws of whole groups."""
    rng = random.Random(seed)
    shares = []
    for _ in range(draws):
        drawn = [one for group in rng.choices(groups, k=len(groups)) for one in group]
        shares.append(sum(drawn) / max(len(drawn), 1))
    shares.sort()
    every = [one for group in groups for one in group]
    return sum(every) / max(len(every), 1), shares[int(draws * 0.025)], shares[int(draws * 0.975)]


def grouped(spans: Iterable[FoundSpan], known: Mapping[Key, str], good: frozenset[str]) -> list[list[bool]]:
    """Return, thread by thread, whether each span has a good label; one without a label has none."""
    groups: dict[str, list[bool]] = defaultdict(list)
    for span in spans:
        groups[span.claim.thread_id].append(known.get(span.key, "") in good)
    return list(groups.values())


def precision_row(name: str, spans: Sequence[FoundSpan], known: Mapping[Key, str]) -> list[str]:
    """Return the table row of `spans`: how many, precision by type and value, by type, and how many have no label."""
    right, low, high = share(grouped(spans, known, frozenset(("right",))))
    of_type, *_ = share(grouped(spans, known, frozenset(("right", "type"))))
    missing = sum(span.key not in known for span in spans)
    return [name, str(len(spans)), f"{right:.3f} ({low:.3f} to {high:.3f})", f"{of_type:.3f}", str(missing)]


def recall(claims: Iterable[Sampled], read: Mapping[Key, list[tuple[int, int, str]]]) -> tuple[int, int, int]:
    """Return how many spans of the claims read in full were found (same type, overlapping), of how many, and claims."""
    found = total = seen = 0
    for claim in claims:
        spans = read.get(tuple(map(str, claim.key)))
        if spans is None:
            continue
        seen += 1
        had = [(claim.start + one.start, claim.start + one.end, one.type) for one in particulars(claim.text)]
        total += len(spans)
        found += sum(any(t == kind and s < end and start < e for s, e, t in had) for start, end, kind in spans)
    return found, total, seen


def report(claims: Sequence[Sampled]) -> str:
    """Return the section: precision of the first spans, of every type, and recall."""
    known, spans = labels(), spans_of(claims)
    first = spans[:LABELLED]
    rows = [precision_row(f"**the first {LABELLED} spans**", first, known)]
    rows += [
        precision_row(f"of these: {name}", [s for s in first if s.claim.source == name], known) for name in SOURCES
    ]
    for kind in ParticularType:
        pool = first if kind in COMMON else spans
        name = f"{kind}{'' if kind in COMMON else ', the whole sample'}"
        rows.append(precision_row(name, [span for span in pool if span.particular.type is kind], known))
    found, total, seen = recall(claims, gold())
    head = f"`{COMMAND}`: {len(claims)} claims of {len({c.thread_id for c in claims})} threads, {len(spans)} spans."
    return (
        f"{head}\n\n{table(COLUMNS, rows)}\n\n{NOTE}\n\nRecall, on {seen} claims read fully: {found} of {total} spans "
        f"found with their type ({found / max(total, 1):.2f})."
    )


COMMAND = "python -m benchmarks.particulars --data ../shared/data"
COLUMNS = ("spans", "how many", "right type and value (95% interval)", "right type", "no label")
NOTE = (
    "Precision on the report half of the threads, labelled by one reader after the rules were fixed on the other half; "
    "intervals are from 1,000 bootstrap draws of whole threads. A span without a label counts as not right. Claims "
    "come from the Reddit dump, the English pages of webforum52, the coffee and beer sites of Stack Exchange and the "
    "sample threads in turn."
)


def sheet(claims: Sequence[Sampled]) -> str:
    """Return what is still to be labelled: spans with the words around them, then the claims to be read fully.

    The claims to be read are chosen by another hash than the order of the sample.
    """
    known, read = labels(), gold()
    lines = []
    for span in to_label(spans_of(claims)):
        if span.key not in known:
            text, one = span.claim.text, span.particular
            around = f"{text[max(0, one.start - 150) : one.start]}[[{one.text}]]{text[one.end : one.end + 100]}"
            lines.append(f"{','.join(span.key)}: {one.value} | {' '.join(around.split())}")
    chosen = sorted(claims, key=lambda claim: hashed("recall", *claim.key))[:READ]
    keyed = ((tuple(map(str, claim.key)), claim) for claim in chosen)
    lines += [f"{','.join(key)}: {' '.join(claim.text.split())}" for key, claim in keyed if key not in read]
    return "\n".join(lines)


def main() -> None:
    """Print the figures of the report part and write them to RESULTS.md, or print what is to be labelled."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.particulars", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--sheet", action="store_true", help="print the spans that have no label yet")
    arguments = parser.parse_args()
    claims = sampled(arguments.data, "report")
    if arguments.sheet:
        print(sheet(claims))
        return
    body = report(claims)
    print(body)
    write_section("Particulars", body)


if __name__ == "__main__":
    main()
