import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.clauses import clauses, sentences
from indexer.words import phrases, rule


def sentences_of(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It helps. It hurts! Why?", ["It helps.", "It hurts!", "Why?"]),
        ("Use e.g. 5 kg vs. 10 kg for Dr. No.", ["Use e.g. 5 kg vs. 10 kg for Dr. No."]),
        ("I ran 5.2 k in 20 min. so yeah", ["I ran 5.2 k in 20 min. so yeah"]),
        ("Do squats, lunges, etc. Then rest.", ["Do squats, lunges, etc.", "Then rest."]),
        ("No. Not me. See No. 5 there", ["No.", "Not me.", "See No. 5 there"]),
        ("so yeah... it helped... Really", ["so yeah... it helped...", "Really"]),
        ("it works (for whom?) and lasts", ["it works (for whom?) and lasts"]),
        ("I can't. You can", ["I can't.", "You can"]),
        ("one line\nanother line\n\n  third", ["one line", "another line", "third"]),
        ("  • Lift\n 2. Run. Rest.", ["Lift", "Run.", "Rest."]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Sentences end at end marks and lines, not at abbreviations."""
    assert expected == sentences_of(text)


@given(st.text(alphabet=st.sampled_from("ab AB.!?\n,-*>1)\"'…。 and but")))
def test_clauses_lie_in_their_sentence(text: str) -> None:
    """Sentences are in order and apart, and so are the clauses of each."""
    done = 0
    for sentence in sentences(text):
        assert done <= sentence[0] < sentence[1] <= len(text)
        done = sentence[0]
        for start, end in clauses(text, sentence):
            assert done <= start <= end <= sentence[1]
            done = end
        done = sentence[1]


def test_phrases() -> None:
    """Lines are alternatives; spaces, apostrophes and groups are loose; names stand for patterns."""
    assert r"(?:do(?:es)?n['’]?t\s{1,3}(?:x|y)|z)" == phrases("do(es)?n't <name>\n  z\n", name="(?:x|y)")
    assert rule("don't stop").fullmatch("DONT\xa0stop")
