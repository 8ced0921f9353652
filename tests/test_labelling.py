"""Labelled claims: sheets are written, answers collected, and joined with the dump again."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from training import labelling
from training.data import FORUM_FOLDER, ForumThread

REPLIES = {
    "c1": ("ann", "I went last year. Best decision of my life."),
    "c2": ("bob", "No, save your money. The library is free."),
    "c3": ("op", "Thanks all, I will sleep on it tonight."),
    "c4": ("cat", "It depends on the course. Mine was dreadful in the end."),
    "c5": ("dan", "I am in my second year now. My room is quite small."),
}


def dump(folder: Path, identifier: str) -> ForumThread:
    """Write a dump of one thread, and return that thread."""
    comments = {key: {"author": author, "text": text, "replies": {}} for key, (author, text) in REPLIES.items()}
    row = {
        "sid": identifier,
        "title:": "Should I go to summer school?",
        "text": "It costs a lot.",
        "author": "op",
        "comments": comments,
    }
    path = folder / FORUM_FOLDER / "College.jsonl.gz"
    path.parent.mkdir(parents=True)
    with gzip.open(path, "wt", encoding="utf-8") as out:
        out.write(json.dumps(row) + "\n")
    return ForumThread(identifier, row["title:"], row["text"], "op", comments)  # type: ignore[arg-type]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose dump holds one thread of the training split."""
    identifier = next(i for i in map(str, range(99)) if ForumThread(i, "", "", None, {}).split == "train")
    dump(tmp_path, identifier)
    return tmp_path


def answered(data: Path, answers: str) -> Path:
    """Write one sheet and its answers, and return the folder."""
    sheets = data / "sheets"
    assert 1 == labelling.sample(data, sheets, count=4)
    (sheets / "sheet-01.labels").write_text(answers, "utf-8")
    return sheets


def test_a_sheet_shows_the_question_and_numbered_claims_without_the_asker(data: Path) -> None:
    """What an annotator reads: the question, then every claim of the replies of others."""
    text = (answered(data, "") / "sheet-01.txt").read_text("utf-8")
    assert "=== QUESTION: Should I go to summer school?" in text
    assert "[1] I went last year" in text
    assert "sleep on it" not in text


def test_collected_labels_come_back_with_the_claims_own_words(data: Path) -> None:
    """A label given to a number is a label of that claim, with its question and its context."""
    table = data / "claims.csv"
    assert 2 == labelling.collect(answered(data, "1 p\n2 pn\n"), table)
    found = labelling.labelled_claims(data, "train", table) + labelling.labelled_claims(data, "dev", table)
    assert [("I went last year", (1.0, 0.0, 0.0, 0.0))] == [(e.claim, e.target) for e in found[:1]]
    assert "Should I go to summer school?" == found[0].question
    assert found[1].context.startswith("I went last year")


def test_collecting_again_keeps_what_the_table_held(data: Path) -> None:
    """A second sheet adds to the first, and a label given again replaces the old one."""
    table = data / "claims.csv"
    sheets = answered(data, "1 p\n2 p\n")
    labelling.collect(sheets, table)
    (sheets / "sheet-01.labels").write_text("2 n\n3 c\n", "utf-8")
    assert 3 == labelling.collect(sheets, table)
    assert ["p", "n", "c"] == [line.rpartition(",")[2] for line in table.read_text("utf-8").splitlines()[1:]]


@pytest.mark.parametrize("answers", ["1 x\n", "99 p\n", "p\n", "0 p\n"])
def test_an_answer_of_another_sheet_is_refused_with_its_place(data: Path, answers: str) -> None:
    """A slip of the annotator is named by file and line, and the table stays unwritten."""
    table = data / "claims.csv"
    with pytest.raises(ValueError, match=r"sheet-01\.labels, line 1"):
        labelling.collect(answered(data, answers), table)
    assert not table.exists()


def test_a_torn_annotator_counts_for_both_labels() -> None:
    """Two to one for the label that came first."""
    assert pytest.approx((2 / 3, 0.0, 0.0, 1 / 3)) == labelling.target_of("pn")
    assert (0.0, 1.0, 0.0, 0.0) == labelling.target_of("c")


def test_the_table_that_is_kept_holds_no_words() -> None:
    """Only ids, spans and known labels stand in the repository."""
    header, *rows = labelling.TABLE.read_text("utf-8").splitlines()
    assert ",".join(labelling.FIELDS) == header
    for row in rows:
        thread_id, comment_id, start, end, label = row.split(",")
        assert thread_id.isalnum()
        assert comment_id.isalnum()
        assert int(start) < int(end)
        assert set(label) <= set(labelling.LABELS)
