"""Claims of real replies, labelled by reading, and the sheets they are read on.

`sample` writes sheets of claims of training threads, to be read and labelled under `benchmarks/labels/GUIDELINE.md`;
`collect` turns the answers beside them ("sheet-01.labels": a number and a label a line) into the table
`training/labelled/claims.csv`, which holds ids, spans and labels alone. `labelled_claims` joins it with the dump.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from corpus.thread import Post
from indexer.claims import Claim, split_claims
from training import forum
from training.data import ONE_HOT, Example, ForumThread, Target, forum_threads

TABLE = Path(__file__).parent / "labelled" / "claims.csv"
Key = tuple[str, str, int, int]
"""Which words a number of a sheet stands for: thread id, comment id, start and end."""
FIELDS = ("thread_id", "comment_id", "start", "end", "label")
LABELS = {"p": "pro", "c": "con", "m": "mixed", "n": "none"}
"""What a sheet's answers say; a second letter is the label that would come next ("pm")."""
POSTS_A_THREAD, CLAIMS_A_POST, CLAIMS_A_THREAD = 8, 5, 16
FEWEST_POSTS = 4
SHEET = 160
"""Claims of one sheet: what one sitting reads with care."""
INVERTED = re.compile(
    r"(?i)\b(?:too (?:late|old|early|much|many)|bad|weird|strange|wrong|stupid|mistake|hurt|rude|waste|overrated|crazy|"
    r"pointless|inappropriate|dumb|unprofessional|regret|screwed|worry|worried|not|hard|difficult)\b"
)


def posts(thread: ForumThread) -> Iterator[tuple[Post, Post]]:
    """Yield (comment, the post it answers) in reading order, the asker's own comments left out."""
    opening = Post(thread.id, thread.id, 0, f"{thread.title}\n\n{thread.text}".strip(), thread.author)
    place = 0

    def walk(comments: dict[str, Any], parent: Post) -> Iterator[tuple[Post, Post]]:
        nonlocal place
        for identifier, comment in comments.items():
            text = forum.plain(comment.get("text"))
            if not text:
                continue
            place += 1
            post = Post(identifier, thread.id, place, text, comment.get("author"), parent_id=parent.id)
            if post.author != thread.author:
                yield post, parent
            yield from walk(comment.get("replies") or {}, post)

    yield from walk(thread.comments, opening)


def claims_of(post: Post, parent: Post, question: str) -> tuple[Claim, ...]:
    """Return the claims of `post` as the index would hold them."""
    return split_claims(post, question=question, answers=parent).claims


def sample(data: Path, out: Path, count: int, seed: int = 5) -> int:
    """Write sheets with `count` claims below `out`, half of them under inverted questions; return how many sheets."""
    rng = random.Random(seed)
    pools: dict[bool, list[tuple[ForumThread, str]]] = defaultdict(list)
    for thread in forum_threads(data):
        question = forum.thread_question(thread.title, thread.text)
        if thread.split == "train" and question and len(thread.comments) >= FEWEST_POSTS:
            pools[bool(INVERTED.search(question))].append((thread, question))
    for pool in pools.values():
        rng.shuffle(pool)
    turns = [item for pair in zip_longest(pools[True], pools[False]) for item in pair if item]
    out.mkdir(parents=True, exist_ok=True)
    sheets, left = 0, count
    lines: list[str] = []
    keys: list[Key] = []
    for at, (thread, question) in enumerate(turns, 1):
        told, held = _told(thread, question, len(keys))
        if len(held) >= FEWEST_POSTS:
            lines += told
            keys += held
        if keys and (len(keys) >= min(SHEET, left) or at == len(turns)):
            sheets, left = sheets + 1, left - len(keys)
            (out / f"sheet-{sheets:02}.txt").write_text("\n".join(lines) + "\n", "utf-8")
            (out / f"sheet-{sheets:02}.json").write_text(json.dumps(keys), "utf-8")
            lines, keys = [], []
        if left <= 0:
            break
    return sheets


def _told(thread: ForumThread, question: str, number: int) -> tuple[list[str], list[Key]]:
    """Return a thread's lines of a sheet and the spans that its numbers, counted on from `number`, stand for."""
    lines = [f"\n=== QUESTION: {question}", f"asker: {' '.join(thread.text.split())[:500]}"]
    held: list[Key] = []
    for post, parent in islice(posts(thread), POSTS_A_THREAD):
        found = claims_of(post, parent, question)[:CLAIMS_A_POST]
        if not found or len(held) >= CLAIMS_A_THREAD:
            continue
        lines.append("- reply:" if parent.position == 0 else f"- reply to «{' '.join(parent.text.split())[-200:]}»:")
        for claim in found:
            held.append((thread.id, post.id, claim.start, claim.end))
            lines.append(f"[{number + len(held)}] {' '.join(claim.text.split())}")
    return lines, held


def labelled_claims(data: Path, split: str, table: Path = TABLE) -> list[Example]:
    """Return the labelled claims of `split`: "train", or "dev" (the threads of one bucket in ten, by their id's hash).

    A claim whose annotator was torn counts for both labels, two to one.
    """
    answers: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    with table.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            answers[row["thread_id"], row["comment_id"]].append(row)
    asked = {thread_id for thread_id, _ in answers}
    found = []
    for thread in forum_threads(data):
        held = hashlib.sha256(f"labelled {thread.id}".encode()).digest()[0] % 10 == 0
        question = forum.thread_question(thread.title, thread.text)
        if thread.id not in asked or question is None or held is not (split == "dev"):
            continue
        for post, parent in posts(thread):
            contexts = {(c.start, c.end): c.context for c in claims_of(post, parent, question)}
            for row in answers.get((thread.id, post.id), ()):
                start, end = int(row["start"]), int(row["end"])
                target = target_of(row["label"])
                before = contexts.get((start, end), "")
                found.append(Example(question, post.text[start:end], target, "labelled", thread.id, before))
    return found


def target_of(label: str) -> Target:
    """Return the target of a label as a sheet gives it: "p", or "pn" where the annotator was torn."""
    first, second = ONE_HOT[LABELS[label[0]]], ONE_HOT[LABELS[label[-1]]]
    pro, con, mixed, none = ((2 * a + b) / 3 for a, b in zip(first, second, strict=True))
    return (pro, con, mixed, none)


def collect(sheets: Path, table: Path = TABLE) -> int:
    """Write the answered claims of `sheets` into `table`, those that it held already kept; return how many it holds.

    Raises ValueError, naming file and line, for an answer that is no number and label of its sheet.
    """
    rows = {}
    if table.exists():
        with table.open(encoding="utf-8", newline="") as lines:
            rows = {tuple(row[f] for f in FIELDS[:4]): row["label"] for row in csv.DictReader(lines)}
    for answers in sorted(sheets.glob("*.labels")):
        keys = json.loads(answers.with_suffix(".json").read_text("utf-8"))
        for at, line in enumerate(answers.read_text("utf-8").splitlines(), 1):
            match = re.fullmatch(r"\s*(\d+)[\s:]+([pcmn])([pcmn]?)\s*", line)
            if not line.strip():
                continue
            if not match or not 1 <= int(match[1]) <= len(keys):
                raise ValueError(f"{answers}, line {at}: expected 'number label' of this sheet, found {line!r}")
            rows[tuple(map(str, keys[int(match[1]) - 1]))] = match[2] + match[3]
    table.parent.mkdir(exist_ok=True)
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows((*key, label) for key, label in sorted(rows.items()))
    return len(rows)


def main() -> None:
    """Write sheets, or collect what was answered."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    sampling = commands.add_parser("sample", help="write sheets of claims to label")
    sampling.add_argument("--data", type=Path, required=True)
    sampling.add_argument("--out", type=Path, required=True)
    sampling.add_argument("--count", type=int, default=6000)
    collecting = commands.add_parser("collect", help="read answered sheets into the table")
    collecting.add_argument("sheets", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "sample":
        print(sample(arguments.data, arguments.out, arguments.count), "sheets")
    else:
        print(collect(arguments.sheets), "claims")


if __name__ == "__main__":
    main()
