"""The rules that make training labels: openers, polarity, negated questions, what says nothing."""

from __future__ import annotations

import random

import pytest

from training import forum
from training.data import ONE_HOT, Example, flip, off_topic, reply_examples, sampled
from training.questions import gerund, is_yes_no, negations, paraphrases, topic_questions


@pytest.mark.parametrize(
    ("reply", "label", "rest"),
    [
        ("Yes! Go to office hours.", "pro", "Go to office hours."),
        ("Nope, just run more", "con", "just run more"),
        ("Absolutely not. It ruins the dough.", "con", "It ruins the dough."),
        ("Not really, the GPA matters more", "con", "the GPA matters more"),
        ("Honestly? yeah, it helped me", None, None),
        ("Honestly yeah, it helped me", "pro", "it helped me"),
        ("It depends on your field.", "mixed", "It depends on your field."),
        ("Yes and no. It costs time.", "mixed", "It costs time."),
    ],
)
def test_an_opener_is_the_label_and_is_stripped(reply: str, label: str | None, rest: str | None) -> None:
    """The first words give the label; what follows is the claim."""
    opened = forum.read_opener("Is it worth doing?", reply)
    assert (label, rest) == ((opened.label, opened.rest) if opened else (None, None))


@pytest.mark.parametrize(
    "reply",
    [
        "No worries, you have time",
        "No idea, ask them",
        "Yeah, no. That fails",
        "Definitely talk to them",
        "No one cares",
    ],
)
def test_what_only_looks_like_an_answer_gives_no_label(reply: str) -> None:
    """A "no" that counts something and a "definitely" before an order answer nothing."""
    assert forum.read_opener("Is it worth doing?", reply) is None


@pytest.mark.parametrize(
    ("question", "label"),
    [
        ("Is it too late to apply?", "con"),
        ("Am I screwed?", "con"),
        ("Is it okay to skip class?", "pro"),
        ("Does it rain?", None),
    ],
)
def test_reassurance_takes_its_side_from_what_the_question_fears(question: str, label: str | None) -> None:
    """Comfort means no to "Is it too late?" and yes to "Is it okay?"."""
    opened = forum.read_opener(question, "You'll be fine, everyone does it")
    assert label == (opened.label if opened else None)


@pytest.mark.parametrize(
    ("reply", "label"), [("Go for it, you lose nothing", "pro"), ("Don't. You will regret it", "con")]
)
def test_telling_what_to_do_answers_whether_to_do_it(reply: str, label: str) -> None:
    """Encouragement is yes to "Should I ...?"."""
    opened = forum.read_opener("Should I take a gap year?", reply)
    assert opened is not None
    assert label == opened.label


@pytest.mark.parametrize(("reply", "label"), [("You can but it is slow", "pro"), ("You can't, they check", "con")])
def test_an_echo_of_the_question_is_its_answer(reply: str, label: str) -> None:
    """What echoes "Can I ...?" gives the label and stays in the claim."""
    opened = forum.read_opener("Can I submit it late?", reply)
    assert opened == forum.Opened(label, "", reply)  # type: ignore[arg-type]


def test_a_choice_is_no_yes_no_question() -> None:
    """Of two things neither is a yes; "or not" leaves one thing."""
    assert [False, True, False] == [
        is_yes_no(q) for q in ("Should I run or swim?", "Should I run or not?", "Can anyone explain the syllabus?")
    ]


@pytest.mark.parametrize(
    ("question", "negated"),
    [
        ("Should I lift for a 5k?", "Should I not lift for a 5k?"),
        ("Should I lift for a 5k?", "Is it a bad idea to lift for a 5k?"),
        ("Should I run daily?", "Should I avoid running daily?"),
        ("Is it a bad idea to email them?", "Is it a good idea to email them?"),
        ("Is it worth getting a minor?", "Is it not worth getting a minor?"),
        ("Does lifting weights help?", "Does lifting weights not help?"),
        ("Should I not lift?", "Should I lift?"),
    ],
)
def test_a_question_is_negated_by_rule(question: str, negated: str) -> None:
    """The yes of the one is the no of the other."""
    assert negated in negations(question)


@pytest.mark.parametrize("question", ["Do you like it?", "Is anyone else tired?", "Isn't it late?", "What is it?"])
def test_where_no_rule_is_safe_there_is_no_negation(question: str) -> None:
    """A negative question asks for agreement; it negates nothing."""
    assert () == negations(question)


def test_a_paraphrase_keeps_the_polarity() -> None:
    """Forms with the same yes."""
    assert "Is it worth running more?" in paraphrases("Should I run more?")


@pytest.mark.parametrize(
    ("verb", "form"), [("run", "running"), ("take", "taking"), ("lift", "lifting"), ("lie", "lying"), ("be", "being")]
)
def test_gerund(verb: str, form: str) -> None:
    """Spelling of the -ing form."""
    assert form == gerund(verb)


@pytest.mark.parametrize(
    ("topic", "form"),
    [
        ("We should ban whaling", ("Should we ban whaling?", True)),
        ("We should ban whaling", ("Should we not ban whaling?", False)),
        ("This house would abolish zoos", ("Should we abolish zoos?", True)),
        ("Obesity is a disease", ("Is obesity a disease?", True)),
        (
            "Homeopathy brings more harm than good",
            ("Do you disagree that homeopathy brings more harm than good?", False),
        ),
    ],
)
def test_a_topic_becomes_a_question(topic: str, form: tuple[str, bool]) -> None:
    """Debate topics in question form, with the polarity of the form."""
    assert form in topic_questions(topic)


@pytest.mark.parametrize("text", ["Thanks for the help", "What is your GPA?", "lol", "Good luck!", "hope that helps"])
def test_thanks_and_counter_questions_say_nothing(text: str) -> None:
    """These are examples of `none`."""
    assert forum.says_nothing(text)


def test_a_reply_teaches_its_sentences_until_it_turns() -> None:
    """What follows "but" is not taken under the label of the opener."""
    found = reply_examples(
        "Should I go?", "Hi all.", "Yes. It made me happy. But it is very expensive. I left early.", "t", 1.0
    )
    assert [("Yes", "direct"), ("It made me happy.", "forum")] == [(e.claim, e.source) for e in found]


def test_a_conditional_is_half_mixed() -> None:
    """A condition makes the label of the opener half as sure."""
    found = reply_examples("Should I go?", "", "Yes, as long as you can pay for it", "t", 1.0)
    assert (0.5, 0.0, 0.5, 0.0) == found[-1].target


def test_a_counter_question_is_none_even_after_an_opener() -> None:
    """An answer and a counter-question teach two labels."""
    found = reply_examples("Should I go?", "", "No. Why would you want that?", "t", 1.0)
    assert [ONE_HOT["con"], ONE_HOT["none"]] == [e.target for e in found]


def test_a_negated_question_flips_the_target() -> None:
    """Sampling with negation always on asks the negation and swaps pro and con."""
    example = Example("Should I go?", "It made me happy", ONE_HOT["pro"], "forum", "t")
    form = sampled(example, random.Random(1), negated=1.0)
    assert form.question.rstrip("?") in {q.rstrip("?") for q in negations("Should I go?")}
    assert ONE_HOT["con"] == form.target


def test_flip_leaves_mixed_and_none() -> None:
    """Only pro and con change places."""
    assert (0.2, 0.1, 0.3, 0.4) == flip((0.1, 0.2, 0.3, 0.4))


def test_off_topic_pairs_cross_groups() -> None:
    """A claim of another thread is `none`."""
    examples = [Example(f"Is {n} good?", f"claim {n}", ONE_HOT["pro"], "forum", str(n)) for n in range(4)]
    found = off_topic(examples, random.Random(0), 10)
    assert 10 == len(found)
    assert all(e.question.split()[1] != e.claim.split()[1] and e.label == 3 for e in found)


def test_the_question_of_a_thread_is_in_its_title_else_the_only_one_in_its_text() -> None:
    """An open title ("How ...?") gives no yes/no question at all."""
    assert "Is it worth it?" == forum.thread_question("[US] Grad school. Is it worth it?", "Hi")
    assert "Should I drop out?" == forum.thread_question("Need advice", "I am tired. Should I drop out?")
    assert forum.thread_question("How do I drop out?", "Should I ask?") is None


def test_quoted_lines_and_markup_are_not_the_replys_words() -> None:
    """Quotes belong to whoever wrote them; links keep their text."""
    assert "see this and do it" == forum.plain("> should I?\nsee [this](http://x.org) and *do* it")
