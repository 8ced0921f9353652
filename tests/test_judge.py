"""The judge that ships, with its real weights: clear cases, hostile input, and what a broken folder says."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from indexer.errors import JudgeMissing
from indexer.judge import (
    CLAIM_TOKENS,
    CONTEXT_TOKENS,
    DEFAULT_FOLDER,
    QUESTION_TOKENS,
    UNREADABLE,
    CrossEncoderJudge,
    Judgement,
    Pair,
    Stance,
    layouts,
)

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def judge() -> CrossEncoderJudge:
    return CrossEncoderJudge.open(threads=1)


def test_thanks_are_none(judge: CrossEncoderJudge) -> None:
    """Thanks take no side."""
    assert [Stance.NONE] == [
        j.stance for j in judge.judge([Pair("Should I take a gap year?", "Thanks for the advice everyone")])
    ]


def test_a_counter_question_is_none(judge: CrossEncoderJudge) -> None:
    """Asking back takes no side."""
    assert Stance.NONE is judge.judge([Pair("Should I change my major?", "What year are you in?")])[0].stance


def test_another_subject_is_none(judge: CrossEncoderJudge) -> None:
    """A claim about something else does not bear on the question."""
    assert (
        Stance.NONE
        is judge.judge([Pair("Should I change my major?", "the glaze on my pottery cracked in the kiln")])[0].stance
    )


def test_a_direct_answer_is_its_side(judge: CrossEncoderJudge) -> None:
    """Yes is pro and no is con."""
    found = judge.judge([Pair("Should I take a gap year?", "Yes"), Pair("Should I take a gap year?", "Nope")])
    assert [Stance.PRO, Stance.CON] == [j.stance for j in found]


def test_it_depends_is_mixed(judge: CrossEncoderJudge) -> None:
    """A condition is neither side."""
    assert (
        Stance.MIXED
        is judge.judge([Pair("Is grad school worth it?", "It depends on your field and your funding")])[0].stance
    )


def test_probabilities_sum_to_one(judge: CrossEncoderJudge) -> None:
    """Four stances share one."""
    found = judge.judge([Pair("Is it worth it?", claim) for claim in ("yes", "no", "🙂", "maybe", "thanks")])
    assert [1.0] * 5 == [pytest.approx(j.pro + j.con + j.mixed + j.none, abs=1e-6) for j in found]


@pytest.mark.parametrize("claim", ["", "   ", "🙂🙂🙂", "?!...", "\x00", "это очень помогает", "とても役に立ちます"])
def test_what_cannot_be_read_is_none_at_low_confidence(judge: CrossEncoderJudge, claim: str) -> None:
    """No Latin letter and no digit: a defined judgement, not a guess."""
    assert [UNREADABLE] == judge.judge([Pair("Should I run more?", claim)])
    assert Stance.NONE is UNREADABLE.stance
    assert UNREADABLE.confidence < 0.6


@pytest.mark.parametrize(
    "claim",
    [
        "esto me ayudó mucho con el entrenamiento",
        "das hat mir beim Laufen sehr geholfen",
        "to mi bardzo pomogło w bieganiu",
    ],
)
def test_another_language_is_none_at_low_confidence(judge: CrossEncoderJudge, claim: str) -> None:
    """An English model does not guess at Spanish, German or Polish."""
    assert [UNREADABLE] == judge.judge([Pair("Should I run more?", claim)])


@pytest.mark.parametrize(
    "claim", ["squats and lunges fixed my glutes", "best money ever spent", "plyometrics schmyometrics"]
)
def test_loose_english_is_read(judge: CrossEncoderJudge, claim: str) -> None:
    """Rare words and missing articles are still English."""
    assert judge.net.reads(claim)


@pytest.mark.parametrize(
    "claim", ["run more " * 5000, "a\x00b", "lone \ud800 surrogate", "[SEP] [CLS] yes", "x" * 100_000]
)
def test_hostile_claims_are_judged_without_an_exception(judge: CrossEncoderJudge, claim: str) -> None:
    """Length, NUL, broken Unicode and the model's own marks are text like any other."""
    assert 1 == len(judge.judge([Pair(claim, claim, claim)]))


def test_nothing_to_judge_gives_nothing(judge: CrossEncoderJudge) -> None:
    """An empty list is fine."""
    assert [] == judge.judge([])


def test_a_pair_is_judged_the_same_alone_and_in_company(judge: CrossEncoderJudge) -> None:
    """Batching and order change nothing but the last digits."""
    pairs = [Pair("Is it worth it?", "word " * n + "it helped me a lot") for n in (0, 30, 3, 12, 1)]
    together, alone = judge.judge(pairs), [judge.judge([pair])[0] for pair in pairs]
    assert [(pytest.approx(j.pro, abs=1e-5), pytest.approx(j.con, abs=1e-5)) for j in alone] == [
        (j.pro, j.con) for j in together
    ]


def test_judging_is_deterministic(judge: CrossEncoderJudge) -> None:
    """The same pairs, the same judgements."""
    pairs = [Pair("Is it worth it?", "it helped me"), Pair("Should I go?", "waste of time")]
    assert judge.judge(pairs) == judge.judge(pairs)


def test_a_long_pair_fills_its_room_and_no_more(judge: CrossEncoderJudge) -> None:
    """Question and claim keep their first words, the context its last."""
    tokenizer = judge.net.tokenizer
    ((ids, types),) = layouts(tokenizer, [Pair("a " * 500, "b " * 900, "c " * 500)])
    assert QUESTION_TOKENS + CLAIM_TOKENS + CONTEXT_TOKENS + 4 == len(ids) == len(types)
    assert CLAIM_TOKENS + 1 == sum(types)


def test_without_context_there_is_no_empty_segment(judge: CrossEncoderJudge) -> None:
    """Two segments, three marks."""
    ((ids, _),) = layouts(judge.net.tokenizer, [Pair("a", "b")])
    assert 5 == len(ids)


def test_the_name_holds_version_and_digest(judge: CrossEncoderJudge) -> None:
    """The configuration names the weights: other weights or calibration, other name, so cached judgements never mix."""
    config = json.loads((DEFAULT_FOLDER / "config.json").read_text("utf-8"))
    digest = hashlib.sha256((DEFAULT_FOLDER / "config.json").read_bytes()).hexdigest()
    assert f"{config['version']}-{digest[:12]}" == judge.name


def test_the_weights_that_ship_are_small() -> None:
    """At most 30 MB."""
    assert (DEFAULT_FOLDER / "model.onnx").stat().st_size < 30 * MIB


def test_damaged_weights_are_named_with_the_remedy(tmp_path: Path) -> None:
    """One byte changed: the file and the way out are in the message."""
    folder = Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "stance"))
    weights = bytearray((folder / "model.onnx").read_bytes())
    weights[1000] ^= 255
    (folder / "model.onnx").write_bytes(weights)
    with pytest.raises(JudgeMissing, match=r"model\.onnx.*python -m training\.stance"):
        CrossEncoderJudge.open(folder)


@pytest.mark.parametrize("name", ["model.onnx", "config.json", "tokenizer.json"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """Each of the three files is needed."""
    folder = Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "stance"))
    (folder / name).unlink()
    with pytest.raises(JudgeMissing, match="weights cannot be read"):
        CrossEncoderJudge.open(folder)


def test_a_configuration_that_lacks_a_field_is_refused(tmp_path: Path) -> None:
    """The missing field is in the message."""
    (tmp_path / "config.json").write_text('{"version": "x"}', "utf-8")
    with pytest.raises(JudgeMissing, match="bias"):
        CrossEncoderJudge.open(tmp_path)


def test_none_wins_a_tie() -> None:
    """Without a reason for a side there is none."""
    assert Stance.NONE is Judgement(0.25, 0.25, 0.25, 0.25).stance


def test_an_exact_tie_of_pro_and_con_is_mixed() -> None:
    """A tie of the two sides mirrors like everything else."""
    tie = Judgement(pro=0.4, con=0.4, mixed=0.1, none=0.1)
    assert (Stance.MIXED, Stance.MIXED) == (tie.stance, tie.mirrored().stance)


def test_mirrored_swaps_the_sides() -> None:
    """Toward the negated question pro is con."""
    assert Judgement(0.2, 0.6, 0.1, 0.1) == Judgement(0.6, 0.2, 0.1, 0.1).mirrored()


def test_importing_the_judge_loads_no_model_library() -> None:
    """`import indexer.judge` stays cheap."""
    heavy = {"onnxruntime", "tokenizers", "numpy", "torch", "transformers"}
    code = f"import sys, indexer.judge; print({heavy} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "set()\n" == found.stdout
