"""Replies whose stance toward their thread's question was labelled by reading: what the judge is measured by.

Only ids and labels stand beside this module; `load` joins them with the dump. GUIDELINE.md says what the labels mean.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from indexer.judge import Stance
from training.data import FORUM_FOLDER, forum_threads
from training.forum import plain

FOLDER = Path(__file__).parent

Split = Literal["develop", "report"]


class LabelledReplyError(LookupError):
    """A labelled reply is not in the dump."""


@dataclass(frozen=True, slots=True)
class LabelledReply:
    """A reply with its stance toward the thread's question; `parent` is the text of the post that it answers.

    `inverted` marks a question whose "yes" is the bad news ("Is it too late ...?"), `unsure` a label that was hard to
    give.
    """

    thread_id: str
    comment_id: str
    question: str
    text: str
    parent: str
    label: Stance
    inverted: bool
    unsure: bool


def rows(name: str) -> list[dict[str, str]]:
    """Return the rows of the table `name` ("threads", "replies", "second_pass") in this folder."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def load(data: Path, split: Split) -> list[LabelledReply]:
    """Return the labelled replies of `split` in the order of the table, their texts from the dump below `data`.

    Raises `LabelledReplyError`, naming the ids, where the dump lacks a labelled reply.
    """
    labelled = [row for row in rows("replies") if row["split"] == split]
    asked = {row["thread_id"]: row for row in rows("threads")}
    found = posts_of(data, frozenset(asked))
    if missing := [key for row in labelled if (key := (row["thread_id"], row["comment_id"])) not in found]:
        thread_id, comment_id = missing[0]
        raise LabelledReplyError(
            f"{len(missing)} of {len(labelled)} labelled replies are not in {data / FORUM_FOLDER}, the first is "
            f"{comment_id} of thread {thread_id}; pass the data folder that holds the whole dump"
        )
    return [
        LabelledReply(
            thread_id=row["thread_id"],
            comment_id=row["comment_id"],
            question=asked[row["thread_id"]]["question"],
            text=found[row["thread_id"], row["comment_id"]][0],
            parent=found[row["thread_id"], row["comment_id"]][1],
            label=Stance(row["label"]),
            inverted=asked[row["thread_id"]]["inverted"] == "yes",
            unsure=row["note"] == "unsure",
        )
        for row in labelled
    ]


@cache
def posts_of(data: Path, thread_ids: frozenset[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (thread id, comment id) -> (text, text of the post it answers). Read once: it takes seconds."""
    return {
        (thread.id, comment_id): (text, parent)
        for thread in forum_threads(data)
        if thread.id in thread_ids
        for comment_id, text, parent in _posts(thread.comments, thread.text or thread.title)
    }


def _posts(comments: Mapping[str, Any], parent: str) -> Iterator[tuple[str, str, str]]:
    """Yield (id, text, text of the post it answers) of every comment that says something, in reading order."""
    for comment_id, comment in comments.items():
        text = plain(comment.get("text"))
        if text:
            yield comment_id, text, parent
        yield from _posts(comment.get("replies") or {}, text)
