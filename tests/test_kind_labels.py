from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks.claims import Marked, by_hedged_claims, counts, macro_f1, read_half, read_segments, scores
from benchmarks.labels.kinds import FOLDER, NOTHING, LabelledClaimError, load, rows
from indexer.claims import Kind
from training.data import FORUM_FOLDER, ForumThread

DATA = Path(__file__).parents[2] / "shared" / "data"
needs_dump = pytest.mark.skipif(not (DATA / FORUM_FOLDER).is_dir(), reason="the Reddit dump is not on this machine")


def test_there_are_enough_labels() -> None:
    """At least 200 claims have a kind."""
    assert sum(row["kind"] != NOTHING for row in rows()) >= 200


def test_every_label_is_a_kind_or_nothing() -> None:
    """The labels are the kinds and "nothing"."""
    assert {*Kind, NOTHING} == {row["kind"] for row in rows()}


@pytest.mark.parametrize(("split", "held_out"), [("develop", "dev"), ("report", "test")])
def test_threads_are_held_out_of_training(split: str, held_out: str) -> None:
    """The hash of a thread's id puts development claims in the dump's dev split, reported ones in its test split."""
    ids = {row["thread_id"] for row in rows() if row["split"] == split}
    assert {held_out} == {ForumThread(one, "", "", None, {}).split for one in ids}


def test_guideline_counts_what_the_table_holds() -> None:
    """The counts printed in the guideline are those of the table."""
    text = (FOLDER / "GUIDELINE.md").read_text("utf-8")
    for split in ("develop", "report"):
        count = Counter(row["kind"] for row in rows() if row["split"] == split)
        cells = [count[kind] for kind in (*map(str, ("advice", "experience", "hearsay", "study", "reason")), NOTHING)]
        assert f"| {split} | {' | '.join(map(str, cells))} |" in text


def test_a_missing_dump_is_named(tmp_path: Path) -> None:
    """Without the dump, loading says how many claims are missing and where they were looked for."""
    with pytest.raises(LabelledClaimError, match=r"265 of 265 labelled claims are not in .*; pass the data folder"):
        load(tmp_path, "develop")


@needs_dump
def test_every_labelled_claim_is_found() -> None:
    """Every label of the report half is joined with words of its comment."""
    found = load(DATA, "report")
    assert 135 == len(found)
    assert all(claim.text == claim.text.strip() != "" for claim in found)


def test_a_thread_lies_in_one_half_and_a_post_counts_once(tmp_path: Path) -> None:
    """Two files of one thread are both developed on, and the opening post that they share is read once."""
    opening = "<claim>Weights help.</claim>"
    for name, thread, reply in (("1", "a", "No."), ("2", "b", "Yes."), ("3", "b", "Maybe."), ("4", "c", "So.")):
        text = f'<thread ID="{thread}"><OP>{opening} {thread}</OP><reply><claim>{reply}</claim></reply></thread>'
        (tmp_path / f"{name}.xml").write_text(text, "utf-8")
    halves = {half: [post.text for post in read_half(tmp_path, half)] for half in ("develop", "report")}
    assert halves == {
        "develop": ["Weights help. a", "No.", "Weights help. b", "Yes.", "Maybe."],
        "report": ["Weights help. c", "So."],
    }


def test_scores() -> None:
    """One of two gold spans found exactly, and half of the other."""
    post = Marked("one two. three four", ((0, 7), (9, 19)))
    found = scores(np.array([counts(post, lambda _: [(0, 7), (9, 14)])]))
    assert (0.857, 0.833, 0.5, 2.0) == tuple(
        round(one, 3) for one in (found.inside, found.matched, found.exact, found.spans)
    )


def test_hedges_are_put_back() -> None:
    """The words that a claim lost around it are hedges where the annotators left them in."""
    text = "But I think that it helps imo."
    assert ["I think that it helps imo"] == [text[slice(*span)] for span in by_hedged_claims(text)]


def test_segments(tmp_path: Path) -> None:
    """A segment is told from its label by the last tab; label 0 is neither claim nor premise."""
    (tmp_path / "x.tsv").write_text("it &gt; helps\t2\nbut\t0\n", "utf-8")
    texts, gold = read_segments(tmp_path / "x.tsv")
    assert (["it > helps", "but"], [True, False]) == (texts, gold.tolist())


def test_macro_f1() -> None:
    """Each kind that occurs counts the same: F1 of 0.8 and of 0."""
    guess, gold = np.array([0, 0, 0]), np.array([0, 0, 1])
    assert 0.4 == macro_f1(guess, gold)(np.arange(3))
