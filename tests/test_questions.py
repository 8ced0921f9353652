import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.thread import Post, Thread
from indexer.questions import MAX_QUESTION, Form, Question, read_question, thread_question

SIDES = [
    ("should I lift for a sub-20 5k?", "Should I lift for a sub-20 5k?"),
    ("should i lift", "Should i lift?"),
    ("  Should I lift?\n", "Should I lift?"),
    ("Is it worth it", "Is it worth it?"),
    ("Does lifting help with speed or endurance?", "Does lifting help with speed or endurance?"),
    ("is 30 or 40 mpw enough?", "Is 30 or 40 mpw enough?"),
    ("Should I lift more than once or twice a week?", "Should I lift more than once or twice a week?"),
    ("Can I run a sub-20 5k without lifting?", "Can I run a sub-20 5k without lifting?"),
    ("Should I lift or not?", "Should I lift?"),
    ("is lifting a waste of time or not?", "Is lifting a waste of time?"),
    ("yes or no, should I lift", "Should I lift?"),
    ("Should I lift or is it a waste of time?", "Should I lift?"),
    ("should i or should i not lift", "Should i lift?"),
    ("Should I take the job or not take it?", "Should I take the job?"),
    ("do i need a gym or can i do it at home", "Do i need a gym?"),
    ("Hi all, just wondering, should I lift twice a week", "Should I lift twice a week?"),
    ("was curious as to whether people add in weight sessions", "Is it true that people add in weight sessions?"),
    ("I was wondering if I should lift", "Should I lift?"),
    ("I'm not sure whether to lift", "Should I lift?"),
    ("does anyone know if weights help?", "Is it true that weights help?"),
    ("I want to know whether lifting is worth it", "Is lifting worth it?"),
    ("Do you think I should lift?", "Should I lift?"),
    ("I'm 35 and have run for two years. Should I add squats? Thanks!", "Should I add squats?"),
    ("I run a lot so should I lift?", "Should I lift?"),
    ("If I'm injured, should I lift?", "Should I lift if I'm injured?"),
    ("lifting helps for 5k", "Is it true that lifting helps for 5k?"),
    ("weights will help", "Will weights help?"),
    ("Strength training is overrated", "Is strength training overrated?"),
    ("CMV: strength training is overrated", "Is strength training overrated?"),
    ("It's worth it, right?", "Is it worth it?"),
    ("weights would help right?", "Would weights help?"),
    ("is this right?", "Is this right?"),
    ("I should lift, shouldn't I?", "Should I lift?"),
    ("Surely weights help?", "Is it true that weights help?"),
    ("what do you think about adding weights?", "Is adding weights a good idea?"),
    ("thoughts on creatine?", "Thoughts on creatine?"),
    ("Any benefit to lifting?", "Any benefit to lifting?"),
    ("weights for runners", "Weights for runners?"),
    ("Weights?", "Weights?"),
    ("Ist Krafttraining sinnvoll?", "Ist Krafttraining sinnvoll?"),
    ("[Question] Is lifting worth it?", "Is lifting worth it?"),
]

NEGATED = [
    ("Should I not lift?", "Should I lift?"),
    ("Should I never lift?", "Should I lift?"),
    ("should I lift not", "Should I lift?"),
    ("is it not worth lifting?", "Is it worth lifting?"),
    ("Is lifting not worth it?", "Is lifting worth it?"),
    ("Are weights not useful?", "Are weights useful?"),
    ("Should runners not lift?", "Should runners lift?"),
    ("Does lifting weights never help runners?", "Does lifting weights help runners?"),
    ("weights don't help", "Do weights help?"),
    ("weights dont help", "Do weights help?"),
    ("weights won't help", "Will weights help?"),
    ("I should not lift", "Should I lift?"),
    ("It's not worth it", "Is it worth it?"),
    ("Lifting isn't worth it for runners", "Is lifting worth it for runners?"),
    ("you never need weights", "Is it true that you need weights?"),
    ("do you think i shouldnt lift?", "Should i lift?"),
    ("I shouldn't lift, should I?", "Should I lift?"),
    ("Don't skip leg day", "Should you skip leg day?"),
    ("should I avoid lifting", "Should I be lifting?"),
    ("Should runners avoid lifting before races?", "Should runners be lifting before races?"),
    ("Is it a bad idea to lift on rest days?", "Is it a good idea to lift on rest days?"),
    ("Would it be a terrible idea to lift?", "Would it be a good idea to lift?"),
]

RHETORICAL_OR_INNER = [
    ("shouldn't I lift?", "Should I lift?"),
    ("Shouldnt I lift weights", "Should I lift weights?"),
    ("isn't it worth it?", "Is it worth it?"),
    ("Won't lifting slow me down?", "Will lifting slow me down?"),
    ("can't I just run?", "Can I just run?"),
    ("Don't you think I should lift?", "Should I lift?"),
    ("Is it ok to not lift?", "Is it ok to not lift?"),
    ("Is not lifting a mistake?", "Is not lifting a mistake?"),
    ("Should I lift if I do not run?", "Should I lift if I do not run?"),
    ("Should we not only lift but also run?", "Should we not only lift but also run?"),
    ("should I stop lifting?", "Should I stop lifting?"),
    ("Is it too late to start running at 40?", "Is it too late to start running at 40?"),
    ("Is it wrong to lift every day", "Is it wrong to lift every day?"),
    ("there is no benefit to lifting", "Is there no benefit to lifting?"),
]

OPTIONS = [
    ("How do I get under 20?", ()),
    ("what shoes should i buy", ()),
    ("When should I water my plant", ()),
    ("why should I lift", ()),
    ("Why not just run?", ()),
    ("how much can I?", ()),
    ("does anyone know how to get faster?", ()),
    ("Can anyone recommend a good plan?", ()),
    ("best shoes for flat feet", ()),
    ("Any advice for a beginner?", ()),
    ("Should I lift or just run?", ("lift", "just run")),
    ("I'm not sure whether to lift or just run", ("lift", "just run")),
    ("wondering whether I should lift or just run", ("lift", "just run")),
    ("Should I lift or should I run?", ("lift", "run")),
    ("should I lift, run or swim?", ("lift", "run", "swim")),
    ("dorm or rent a house?", ("dorm", "rent a house")),
    ("road bike vs mountain bike", ("road bike", "mountain bike")),
    ("which is better, squats or lunges?", ("squats", "lunges")),
    ("Is running or cycling better for weight loss?", ("running", "cycling")),
    ("Is it better to lift before or after running?", ("lift before", "after running")),
]


@pytest.mark.parametrize(("asked", "positive"), SIDES)
def test_reads_sides(asked: str, positive: str) -> None:
    """A yes/no question or a bare proposition has two sides, and its positive is in question form."""
    assert Question(asked.strip(), Form.SIDES, positive) == read_question(asked)


@pytest.mark.parametrize(("asked", "positive"), NEGATED)
def test_takes_a_negation_out(asked: str, positive: str) -> None:
    """A negation after the subject is taken out and remembered."""
    assert Question(asked, Form.SIDES, positive, negated=True) == read_question(asked)


@pytest.mark.parametrize(("asked", "positive"), RHETORICAL_OR_INNER)
def test_keeps_what_is_no_negation_of_the_question(asked: str, positive: str) -> None:
    """A contraction before the subject expects a yes; a negation inside what is asked about stays there."""
    assert Question(asked, Form.SIDES, positive) == read_question(asked)


@pytest.mark.parametrize(("asked", "alternatives"), OPTIONS)
def test_reads_options(asked: str, alternatives: tuple[str, ...]) -> None:
    """A question with no yes and no has options; "A or B?" names them."""
    question = read_question(asked)
    assert (Form.OPTIONS, alternatives, False) == (question.form, question.alternatives, question.negated)


@pytest.mark.parametrize(
    ("asked", "negation"),
    [
        ("Should I lift?", "Should I not lift?"),
        ("Is it worth it?", "Is it not worth it?"),
        ("Do weights help?", "Do weights not help?"),
        ("Will lifting slow me down?", "Will lifting not slow me down?"),
        ("Is it a good idea to lift?", "Is it a bad idea to lift?"),
    ],
)
def test_a_question_and_its_negation_share_their_positive(asked: str, negation: str) -> None:
    """Asked the other way round, the positive is the same, so the answer mirrors exactly."""
    one, other = read_question(asked), read_question(negation)
    assert (one.positive, not one.negated) == (other.positive, other.negated)


def test_empty_question() -> None:
    """Nothing asked has empty sides."""
    assert Question("", Form.SIDES, "") == read_question(" \n ")


@given(st.text())
def test_any_text_reads(text: str) -> None:
    """Whatever is typed, the text stays as asked, and alternatives come with options only."""
    question = read_question(text)
    assert text.strip() == question.text
    assert question.form is Form.OPTIONS or not question.alternatives


TOKENS = [
    "should",
    "i",
    "not",
    "lift",
    "or",
    "run",
    "if",
    "never",
    "is",
    "it",
    "a",
    "bad",
    "idea",
    "to",
    "avoid",
    ",",
    "?",
]


@given(st.lists(st.sampled_from(TOKENS)))
def test_any_words_read(drawn: list[str]) -> None:
    """The words that the rules look for, in any order, do not break them, and options are never negated."""
    question = read_question(" ".join(drawn))
    assert question.form is Form.SIDES or not question.negated


def thread(title: str, text: str) -> Thread:
    return Thread("t", title, (Post("p", "t", 0, text),))


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Should I lift?", "I run. Is it raining?", "Should I lift?"),
        ("Re: Should I lift?", "", "Should I lift?"),
        ("Hi all, is lifting worth it", "", "is lifting worth it"),
        ("Weights for runners", "I run a lot. Is lifting worth it? Thanks", "Is lifting worth it?"),
        ("Advice needed!", "Hi. Any thoughts? I was wondering if weights help.", "I was wondering if weights help."),
        ("Any advice?", "Should I stay or go?", "Should I stay or go?"),
        ("Need help", "What is this? Should I add squats?", "Should I add squats?"),
        ("Weights for runners", "I run a lot.", "Weights for runners"),
        ("", "I run a lot. It is fun.", "I run a lot."),
        ("", "", ""),
    ],
)
def test_thread_question(title: str, text: str, expected: str) -> None:
    """The title where it asks, else the sentence that asks most, else the title, else the first sentence."""
    assert expected == thread_question(thread(title, text))


def test_thread_question_of_a_run_on_opening() -> None:
    """Of an opening without a title or full stops, the part that holds the proposition is the question."""
    opening = (
        "Hi all was curious as to whether people add in weight sessions to the running program \xa0if you were pushing "
        "for a sub40 10k or sub20 5k surly the weight sessions would help strengthen up the legs which i assume would "
        "make you faster right?."
    )
    question = thread_question(thread("", opening))
    assert opening.partition("\xa0")[2] == question
    assert (
        "Would the weight sessions help strengthen up the legs which i assume would make you faster?"
    ) == read_question(question).positive


def test_thread_question_is_short() -> None:
    """A long question is cut between words."""
    question = thread_question(thread("", "Should I lift " + "very " * 200 + "often?"))
    assert len(question) <= MAX_QUESTION
    assert question.endswith("very")


@given(st.text(), st.text())
def test_thread_question_of_any_text(title: str, text: str) -> None:
    """Whatever a thread holds, its question is on one line and not too long."""
    question = thread_question(thread(title, text))
    assert len(question) <= MAX_QUESTION
    assert " ".join(question.split()) == question
