from collections import Counter
from pathlib import Path

import pytest

from benchmarks.labels import FOLDER, LabelledReply, LabelledReplyError, load, rows
from indexer.judge import Stance
from training.data import FORUM_FOLDER, ForumThread

DATA = Path(__file__).parents[2] / "shared" / "data"
needs_dump = pytest.mark.skipif(not (DATA / FORUM_FOLDER).is_dir(), reason="the Reddit dump is not on this machine")


@pytest.fixture(scope="module")
def report() -> list[LabelledReply]:
    return load(DATA, "report")


def key(row: dict[str, str]) -> tuple[str, str]:
    return row["thread_id"], row["comment_id"]


def test_there_are_enough_labels() -> None:
    """At least 300 replies are labelled."""
    assert len(rows("replies")) >= 300


def test_no_reply_is_labelled_twice() -> None:
    """Every labelled reply stands in one row."""
    assert Counter(map(key, rows("replies"))).most_common(1)[0][1] == 1


def test_every_label_is_a_stance() -> None:
    """The labels of both passes are the four stances, each of them used."""
    assert set(Stance) == {row["label"] for row in rows("replies")}
    assert set(Stance) >= {row["label"] for row in rows("second_pass")}


def test_notes_are_known() -> None:
    """A note is empty or "unsure"."""
    assert {"", "unsure"} == {row["note"] for row in rows("replies")}


def test_each_split_has_ten_threads() -> None:
    """Ten threads serve development and ten other ones the report."""
    threads = {row["thread_id"]: row["split"] for row in rows("threads")}
    assert Counter(threads.values()) == {"develop": 10, "report": 10}
    assert len(rows("threads")) == 20


def test_replies_follow_the_split_of_their_thread() -> None:
    """A reply is in the split of its thread, and each thread has 15 labelled replies or more."""
    split = {row["thread_id"]: row["split"] for row in rows("threads")}
    assert all(row["split"] == split[row["thread_id"]] for row in rows("replies"))
    assert min(Counter(row["thread_id"] for row in rows("replies")).values()) >= 15
    assert set(split) == {row["thread_id"] for row in rows("replies")}


@pytest.mark.parametrize(("split", "held_out"), [("develop", "dev"), ("report", "test")])
def test_threads_are_held_out_of_training(split: str, held_out: str) -> None:
    """The hash of a thread's id puts development threads in the dump's dev split, reported ones in its test split."""
    ids = [row["thread_id"] for row in rows("threads") if row["split"] == split]
    assert {held_out} == {ForumThread(i, "", "", None, {}).split for i in ids}


def test_threads_say_whether_they_are_inverted_or_edited() -> None:
    """Both marks are yes or no, and inverted questions are in both splits."""
    threads = rows("threads")
    assert {"yes", "no"} == {row["inverted"] for row in threads} == {row["edited"] for row in threads}
    assert Counter(row["split"] for row in threads if row["inverted"] == "yes") == {"develop": 4, "report": 4}


def test_guideline_counts_what_the_table_holds() -> None:
    """The counts printed in the guideline are those of the table."""
    text = (FOLDER / "GUIDELINE.md").read_text("utf-8")
    for split in ("develop", "report"):
        count = Counter(row["label"] for row in rows("replies") if row["split"] == split)
        cells = [*(count[label] for label in ("pro", "con", "mixed", "none")), count.total()]
        assert f"| {split} | {' | '.join(map(str, cells))} |" in text


def test_guideline_prints_the_agreement_of_the_two_passes() -> None:
    """Cohen's kappa of the second pass with the first is the one in the guideline."""
    first = {key(row): row["label"] for row in rows("replies")}
    pairs = [(first[key(row)], row["label"]) for row in rows("second_pass")]
    ones, twos = (Counter(side) for side in zip(*pairs, strict=True))
    chance = sum(ones[label] * twos[label] for label in Stance) / len(pairs) ** 2
    agreed = sum(one == two for one, two in pairs) / len(pairs)
    assert len(set(map(key, rows("second_pass")))) == 60
    assert f"Cohen's kappa {(agreed - chance) / (1 - chance):.2f}," in (FOLDER / "GUIDELINE.md").read_text("utf-8")


def test_a_missing_dump_is_named(tmp_path: Path) -> None:
    """Without the dump, loading says how many replies are missing, which, and where they were looked for."""
    with pytest.raises(LabelledReplyError, match=r"178 of 178 labelled .* is gkrncf6 of thread l50qyi; pass"):
        load(tmp_path, "develop")


@needs_dump
def test_every_labelled_reply_is_found(report: list[LabelledReply]) -> None:
    """Every reported label is joined with its reply, in the order of the table."""
    assert [key(row) for row in rows("replies") if row["split"] == "report"] == [
        (r.thread_id, r.comment_id) for r in report
    ]
    assert all(reply.text and reply.question for reply in report)


@needs_dump
def test_every_label_to_develop_on_is_found() -> None:
    """Every development label is joined with its reply."""
    assert len(load(DATA, "develop")) == 178


@needs_dump
def test_a_nested_reply_comes_with_the_post_it_answers(report: list[LabelledReply]) -> None:
    """A reply under another reply has that reply's text as its parent."""
    text = {reply.comment_id: reply.text for reply in report}
    parent = {reply.comment_id: reply.parent for reply in report}
    assert text["hhvlz1j"] == parent["hhw07nr"]


@needs_dump
def test_inverted_questions_are_marked(report: list[LabelledReply]) -> None:
    """Exactly the replies of inverted questions are marked so."""
    inverted = {row["thread_id"] for row in rows("threads") if row["inverted"] == "yes" and row["split"] == "report"}
    assert inverted == {reply.thread_id for reply in report if reply.inverted}
