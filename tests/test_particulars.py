import csv
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.particulars import FOLDER, labels, part_of, share
from indexer.particulars import WHO, Direction, Particular, ParticularType, particulars


def only(text: str) -> Particular:
    found = particulars(text)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "kind", "span", "value"),
    [
        ("I'm 20 too", "age", "I'm 20", "20 year"),
        ("I'm a 23 year-old guy", "age", "23 year-old", "23 year"),
        ("with my 18 month old", "age", "18 month old", "1.5 year"),
        ("it changed in my early 40s", "age", "my early 40s", "40 to 49 year"),
        ("I tried at 43 and gave up", "age", "I tried at 43", "43 year"),
        ("Yes. I learned at 46 in an evening class", "age", "I learned at 46", "46 year"),
        ("we met at the age of 30", "age", "at the age of 30", "30 year"),
        ("As a beginner, rest", "level", "beginner", "beginner"),
        ("I'm still a grad student", "level", "grad student", "graduate student"),
        ("it was my sophomore year", "level", "sophomore year", "sophomore"),
        ("I'm a second-year student", "level", "second-year student", "year 2 student"),
        ("I run 40 miles a week", "volume", "40 miles a week", "40 mile per week"),
        ("people work 50 hours/week", "volume", "50 hours/week", "50 hour per week"),
        ("I had knee and ankle problems", "injury", "knee and ankle problems", "knee and ankle problems"),
        ("my shin splints", "injury", "shin splints", "shin splints"),
        ("diagnosed with asthma", "injury", "asthma", "asthma"),
        ("leave it in winter", "season", "winter", "winter"),
        ("I lift 2 x a week", "dose", "2 x a week", "2 per week"),
        ("add 5 kg", "dose", "5 kg", "5 kilogram"),
        ("boil it for 2 to 3 minutes", "dose", "2 to 3 minutes", "2 to 3 minute"),
        ("it took 40 s off", "outcome", "40 s off", "-40 second, better"),
        ("I ran 2 minutes faster", "outcome", "2 minutes faster", "-2 minute, better"),
        ("I lost 10 lb", "outcome", "lost 10 lb", "-10 pound, better"),
        ("we lost $500", "outcome", "lost $500", "-500 dollar, worse"),
        ("it saved £340 a year", "outcome", "saved £340 a year", "340 pound_sterling per year, better"),
        ("knee pain gone", "outcome", "knee pain gone", "knee pain gone, better"),
        ("My GPA dropped", "outcome", "GPA dropped", "gpa dropped, worse"),
        ("and I feel much better", "outcome", "feel much better", "feel much better, better"),
        ("it gave me shin splints", "outcome", "gave me shin splints", "gave me shin splints, worse"),
        ("disagree unless you’re injured", "condition", "unless you’re injured", "unless you're injured"),
        ("do it as long as you rest", "condition", "as long as you rest", "if you rest"),
        ("it is fine, depending on the format", "condition", "depending on the format", "depending on the format"),
        ("If the beer is old, do not drink it", "condition", "If the beer is old", "if the beer is old"),
    ],
)
def test_particular(text: str, kind: str, span: str, value: str) -> None:
    """Each type is found with its words and its normalised value."""
    one = only(text)
    assert (kind, span, value) == (one.type.value, one.text, one.value)


@pytest.mark.parametrize(
    "text",
    [
        "it was 3 years ago",
        "over the last 5 years",
        "a 35 year old beer",
        "a senior research analyst",
        "a summer ale",
        "squats prevent knee pain",
        "I hope it gets better",
        "I did not feel better",
        "I wonder if it works",
        "not sure if it works",
        "it would be great if they paid",
        "as if it mattered",
        "if I remember right",
        "If you run you should lift more than once or twice",
        "what is left is what you can do",
        "",
        "🙂",
    ],
)
def test_no_particular(text: str) -> None:
    """Points in time, things, other meanings, wishes and denials are left out."""
    assert () == particulars(text)


def test_several() -> None:
    """A condition may hold other particulars; all come in the order of the text."""
    found = particulars("In winter I run 40 km a week if I sleep 8 hours a night")
    assert ["season", "volume", "condition", "dose"] == [one.type.value for one in found]


def test_who() -> None:
    """Five types say who a claim was true for."""
    assert {"age", "level", "volume", "injury", "season"} == {kind.value for kind in WHO}


@given(st.text())
def test_any_text(text: str) -> None:
    """Any text is read, and spans are verbatim."""
    for one in particulars(text):
        assert text[one.start : one.end] == one.text
        assert one.text


WORDS = (
    "if unless you I'm a 20 year old 5 kg , . off lost knee pain gone than not week per / - 1/2 my 40s winter \n better"
)


@given(st.lists(st.sampled_from(WORDS.split(" ")), max_size=40).map(" ".join))
def test_spans(text: str) -> None:
    """Spans are verbatim, in order, never empty, and apart but for what a condition holds."""
    found = particulars(text)
    assert sorted(found, key=lambda one: one.start) == list(found)
    plain = [one for one in found if one.type is not ParticularType.CONDITION]
    assert all(before.end <= after.start for before, after in pairwise(plain))
    for one in found:
        assert text[one.start : one.end] == one.text
        assert one.text.strip()
        assert (one.direction in Direction) if one.type is ParticularType.OUTCOME else one.direction is None


@pytest.mark.parametrize("unit", ["1", "1 ", "if ", "a couple ", "5 kg ", "very very ", "pain ", "less than "])
def test_long_text(unit: str) -> None:
    """Text of many repeats is read to its end."""
    text = unit * (8000 // len(unit)) + ". My knee pain is gone"
    assert text.endswith(particulars(text)[-1].text)


# ---------------------------------------------------------------- the benchmark's labels
def test_labels_are_known() -> None:
    """At least 200 spans are labelled, none twice, with three labels."""
    assert 200 <= len(labels())
    assert {"right", "type", "wrong"} == set(labels().values())
    with (FOLDER / "spans.csv").open(encoding="utf-8", newline="") as lines:
        assert len(labels()) == len(list(csv.DictReader(lines)))


def test_labels_are_of_the_report_part() -> None:
    """No labelled span or claim is of a thread that the rules were written on."""
    for name in ("spans.csv", "claims.csv"):
        with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
            assert {"report"} == {part_of(row["thread_id"]) for row in csv.DictReader(lines)}


def test_types_of_labels() -> None:
    """Every type is labelled."""
    assert set(ParticularType) == set(Counter(key[5] for key in labels()))


def test_share() -> None:
    """The interval of a share is drawn from whole groups."""
    assert (0.5, 0.0, 1.0) == share([[True, True], [False, False]])
    assert (1.0, 1.0, 1.0) == share([[True], [True]])
