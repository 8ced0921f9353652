from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.thread import Post, Quote, content_id
from indexer.claims import CONTEXT_LENGTH, Claim, Kind, Split, kind_of, split_claims
from indexer.clauses import MAX_CLAUSE
from indexer.trimming import REASONS

SAMPLE = Path(__file__).parent.parent / "corpus" / "samples" / "weights-for-runners.txt"


def post(text: str, *quotes: Quote, position: int = 1) -> Post:
    return Post("post", "thread", position, text, quotes=quotes)


def claims_of(text: str) -> list[str]:
    return [claim.text for claim in split_claims(post(text)).claims]


def skipped_of(text: str) -> list[tuple[str, str]]:
    return [(skipped.reason, skipped.text.strip()) for skipped in split_claims(post(text)).skipped]


# ---------------------------------------------------------------- where clauses part
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "But a lot say they just run i suppose the more weights you do would eventually slow your times down.",
            ["a lot say they just run", "the more weights you do would eventually slow your times down"],
        ),
        (
            "There is some benefit, and I try to get to the gym, but the best way to get faster is to run more.",
            ["There is some benefit", "I try to get to the gym", "the best way to get faster is to run more"],
        ),
        ("I cant condone weights more, but dont go overboard.", ["I cant condone weights more", "dont go overboard"]),
        ("im sure weights help elites - look up Mo", ["weights help elites", "look up Mo"]),
        ("Lifting helps; running more helps too", ["Lifting helps", "running more helps too"]),
        ("The hills hurt, it was the mileage.", ["The hills hurt", "it was the mileage"]),
        ("It helped me a lot It also made me slower", ["It helped me a lot", "It also made me slower"]),
        ("It helped a lot... you should try it", ["It helped a lot", "you should try it"]),
        ("It helped a lot 😀 you should try it", ["It helped a lot", "you should try it"]),
        ("You should lift because weak legs are slow", ["You should lift", "weak legs are slow"]),
        ("Do squats, since you're weak there", ["Do squats", "you're weak there"]),
        ("The coach was strict, so we lifted twice a week", ["The coach was strict", "we lifted twice a week"]),
        ("i see mixed responses some say they do squats", ["i see mixed responses", "some say they do squats"]),
        ("Although it hurts, lifting makes you faster", ["it hurts", "lifting makes you faster"]),
        ("The result was clear: I ran slower", ["The result was clear", "I ran slower"]),
        ("Lifting is slow, but at some point it pays off", ["Lifting is slow", "at some point it pays off"]),
        ("I got hurt, so what should I do?", ["I got hurt"]),
        ("squats are good\nlunges are better", ["squats are good", "lunges are better"]),
        ("- Do squats\n- Run more\n2) Sleep well", ["Do squats", "Run more", "Sleep well"]),
        ("it is fine.I would do it", ["it is fine", "I would do it"]),
        ("No. I wouldn't do it. Not for me.", ["No", "I wouldn't do it", "Not for me"]),
    ],
)  # fmt: skip
def test_parts_clauses(text: str, expected: list[str]) -> None:
    """A new subject after a conjunction, a dash, a hedge or nothing at all starts a new claim."""
    assert expected == claims_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "I added weights this year, and I seem to have been far more resistant to injury",
        "I had knee and ankle problems until I added squats and lunges to my program",
        "I got hurt so I stopped",
        "Suffered a hamstring injury so had to stop doing them to recover",
        "It certainly doesn't do any harm unless you go over-the-top and use excessive weights",
        "If you are tired, you should rest",
        "You'll be fine if you sleep well and you eat enough",
        "if you lift and you run, you will get faster",
        "The more you run, the faster you get",
        "They do squats and lunges with core work",
        "Stats and data science are good options",
        "Deaths, homicides, and suicides would increase",
        "The coach who trains us says that it helps",
        "You should lift because it helps",
        "I didn't stop because my knees hurt",
        "Do it so you don't get hurt",
        "It is so easy",
        "It would cost not only resources, but it would also cause issues",
        "It's not the weights but the mileage",
        "He said, you should lift",
        "Use light weights, e.g. 5 kg, for 20 min. a day",
        "so yeah... it helped",
        "I wish I skipped it and not have to suffer",
        "This is what I did: I ran more",
        "Had I known, I would have stopped",
        "The pages you have yet to read, don't count",
        "It was her who said it, who's my coach",
        "Species (dogs, but they are small) differ",
    ],
)
def test_keeps_whole(text: str) -> None:
    """Conditions, outcomes, lists, relative clauses and what is denied stay with what they belong to."""
    assert [text.removeprefix("so ").strip()] == claims_of(text)


def test_unwraps_hard_wrapped_text() -> None:
    """Lines that a mail program wrapped are one sentence."""
    text = (
        "I lifted weights twice a week for the whole of the last winter, which\n"
        "made a difference in the hills. My times in the flat races have stayed\n"
        "the same."
    )
    assert [text.partition(".")[0], text.partition(". ")[2].rstrip(".")] == claims_of(text)


# ---------------------------------------------------------------- what is taken off
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dropping a bit of mileage has paid off imho.", "Dropping a bit of mileage has paid off"),
        ("But im sure athletes from team GB did weights if im right. ", "athletes from team GB did weights"),
        ("I think that you should lift", "you should lift"),
        ("Personally, I'd say weights help tbh", "weights help"),
        ("Well, I'm pretty sure weights help :)", "weights help"),
        ("I don't think weights help", "I don't think weights help"),
        ("I think so", "I think so"),
        ("That's what I think", "That's what I think"),
        ("Also, for example, squats are good, though!", "squats are good"),
        ("Hey, this sounds hard", "this sounds hard"),
        ("Cheers guys i see a lot of mixed responses", "i see a lot of mixed responses"),
        ("No, you will be fine", "No, you will be fine"),
        ("Yep, did it", "Yep, did it"),
        ("**Go outside!** ", "Go outside"),
        ("(I was 25 then)", "I was 25 then"),
        ('"Run more" is bad advice', '"Run more" is bad advice'),
        ("I have an A-", "I have an A-"),
    ],
)
def test_trims(text: str, expected: str) -> None:
    """Openers, hedges and marks stay out where what is left is whole; a denial and an answer stay in."""
    assert [expected] == claims_of(text)


@pytest.mark.parametrize(
    "text", ["No.", "Yes!", "Nope", "This.", "Agreed", "Not really", "Same here", "Of course not.", "+1"]
)
def test_a_direct_answer_is_a_claim(text: str) -> None:
    """A bare answer is a claim: its stance comes from what it answers."""
    assert [text.strip(".!")] == claims_of(text)


def test_a_word_alone_answers() -> None:
    """One word is a claim where it is the whole post, and not beside others."""
    assert ["Squats"] == claims_of("Squats!")
    assert ["Try them"] == claims_of("Squats! Try them.")


def test_a_claim_beside_a_question() -> None:
    """What is asserted before a question in the same sentence is kept."""
    assert ["Weights helped me"] == claims_of("Weights helped me, but what do you want to know?")


# ---------------------------------------------------------------- what is skipped
@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("greeting", "Hi all"),
        ("greeting", "Welcome to the forum!"),
        ("thanks", "Thanks so much for the advice, guys!"),
        ("thanks", "Any help is appreciated"),
        ("courtesy", "Good luck with your race!"),
        ("courtesy", "Hope this helps"),
        ("acknowledgement", "I'll look into that"),
        ("acknowledgement", "Good to know!"),
        ("lead_in", "Here's what I would do:"),
        ("lead_in", "Some tips:"),
        ("question", "What is your weekly mileage?"),
        ("question", "Surely weights would help to run faster right?."),
        ("question", "Have you tried squats"),
        ("question", "I was wondering if anybody does squats"),
        ("joke", "lol"),
        ("joke", "Sure, lift on one leg only /s"),
        ("too_short", "Wow! It works"),
        ("emoji_only", "😂😂 !!!"),
        ("emoji_only", "***"),
        ("link_only", "https://example.org/a?b=c"),
        ("hedge_only", "I don't know"),
        ("hedge_only", "just my 2 cents"),
        ("hedge_only", "I'm not sure how often you lift"),
        ("signature", "Cheers, Bob"),
        ("signature", "Sent from my iPhone"),
        ("signature", "--\nBob, sub-3 marathoner"),
        ("quoted", "> you should lift"),
        ("edit_note", "Edit: spelling"),
        ("deleted", "[deleted]"),
        ("addressing", "Bob wrote:"),
        ("not_prose", "q" * 70),
    ],
)  # fmt: skip
def test_skips(reason: str, text: str) -> None:
    """What asserts nothing is skipped for a named reason."""
    assert reason == skipped_of(text)[0][0]
    assert claims_of(text) in ([], ["It works"])


def test_every_reason_is_tested() -> None:
    """The reasons above are all there are."""
    marks = test_skips.pytestmark  # type: ignore[attr-defined]
    assert {case[0] for mark in marks for case in mark.args[1]} == REASONS


def test_a_skip_says_where() -> None:
    """A skipped stretch keeps its words and its place."""
    skipped = split_claims(post("It works. Thanks!")).skipped
    assert [("thanks", "Thanks!", "characters 10 to 17")] == [(one.reason, one.text, one.place) for one in skipped]


def test_quotes_are_not_the_posters_words() -> None:
    """Quoted words make no claim, and are the context of the first one."""
    text = "You should lift. No, it is useless."
    split = split_claims(post(text, Quote(0, 16, "ann")), question="Should I lift?")
    assert ["No, it is useless"] == [claim.text for claim in split.claims]
    assert [("quoted", "You should lift.")] == [(one.reason, one.text) for one in split.skipped]
    assert "You should lift." == split.claims[0].context


# ---------------------------------------------------------------- kinds
@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.ADVICE, "look up the strengthening routines of Mo"),
        (Kind.ADVICE, "dont go overboard"),
        (Kind.ADVICE, "You should lift"),
        (Kind.ADVICE, "I'd recommend squats"),
        (Kind.ADVICE, "I would definitely take a year off"),
        (Kind.ADVICE, "If you're injured, stop running"),
        (Kind.ADVICE, "No, don't do it"),
        (Kind.ADVICE, "go for it"),
        (Kind.ADVICE, "I would proceed with caution"),
        (Kind.ADVICE, "Also, as long as you sleep, try to lift"),
        (Kind.ADVICE, "it's okay to rest"),
        (Kind.ADVICE, "I say go for a run"),
        (Kind.ADVICE, "Look up the research that shows it helps"),
        (Kind.ADVICE, "maybe your coach could help"),
        (Kind.EXPERIENCE, "I added weights this year, and I seem to have been far more resistant to injury"),
        (Kind.EXPERIENCE, "I had knee problems until I added squats"),
        (Kind.EXPERIENCE, "Dropping a bit of mileage to address this has paid off"),
        (Kind.EXPERIENCE, "Suffered a hamstring injury so had to stop"),
        (Kind.EXPERIENCE, "I try to get to the gym most weeks"),
        (Kind.EXPERIENCE, "it worked for me"),
        (Kind.EXPERIENCE, "my times have improved since I started lifting"),
        (Kind.EXPERIENCE, "been there"),
        (Kind.EXPERIENCE, "Had to borrow from my mum to fix the clutch on the very car I'd just paid off"),
        (Kind.EXPERIENCE, "I'm lucky with my knees"),
        (Kind.EXPERIENCE, "As a coach I see it a lot"),
        (Kind.REASON, "It would matter if I were faster"),
        (Kind.REASON, "I'm pretty sure of it"),
        (Kind.EXPERIENCE, "Because of this, I lift at home"),
        (Kind.EXPERIENCE, "at my club we all lift"),
        (Kind.EXPERIENCE, "I read the title and was getting mad"),
        (Kind.HEARSAY, "a lot say they just run"),
        (Kind.HEARSAY, "I've heard it slows you down"),
        (Kind.HEARSAY, "my coach says it helps"),
        (Kind.HEARSAY, "my brother lifts twice a week"),
        (Kind.HEARSAY, "a bunch of runners said that it helps"),
        (Kind.HEARSAY, "apparently it helps"),
        (Kind.HEARSAY, "even Mo Farah does squats"),
        (Kind.STUDY, "A recent study found that lifting helps"),
        (Kind.STUDY, "research shows it helps"),
        (Kind.STUDY, "there is a meta-analysis on it"),
        (Kind.STUDY, "no evidence that it helps"),
        (Kind.REASON, "weights feature for many elites"),
        (Kind.REASON, "I don't think strength transfers well"),
        (Kind.REASON, "the best way to get faster is usually to run more"),
        (Kind.REASON, "your work is what counts"),
        (Kind.REASON, "it depends"),
    ],
)
def test_kinds(kind: Kind, text: str) -> None:
    """A claim's words tell its kind."""
    assert kind == kind_of(text)


# ---------------------------------------------------------------- context and identity
def test_context_of_the_first_claim_is_the_threads_question() -> None:
    """A post that answers the opening post, or nobody, is read beside the thread's question."""
    opening = Post("opening", "thread", 0, "Hi. I want to run faster.")
    for answers in (None, opening):
        split = split_claims(post("It helped me."), question="Should I lift?", answers=answers)
        assert ["Should I lift?"] == [claim.context for claim in split.claims]


def test_context_of_the_first_claim_is_the_post_it_answers() -> None:
    """A post that answers a reply is read beside the end of that reply."""
    answers = Post("other", "thread", 3, "much " * 60 + "You should lift.")
    context = split_claims(post("I disagree."), question="Should I lift?", answers=answers).claims[0].context
    assert context.endswith("much You should lift.")
    assert context.startswith("much ")
    assert CONTEXT_LENGTH - len("much ") < len(context) <= CONTEXT_LENGTH


def test_context_of_later_claims_is_what_stands_before() -> None:
    """A later claim is read beside the sentence before it, even a skipped one, or the start of its own sentence."""
    claims = split_claims(post("It helped. Why not? You should lift, but it hurts."), question="Q?").claims
    assert ["Q?", "Why not?", "You should lift, but"] == [claim.context for claim in claims]


def test_a_claim_knows_where_it_stands() -> None:
    """A claim is a verbatim span with ids made from its place."""
    text = "Hi! Weights help."
    expected = Claim(
        content_id("post", "4", "16", "Weights help"), "post", "thread", 4, 16, "Weights help", Kind.REASON, "Q"
    )
    assert Split((expected,), split_claims(post(text)).skipped) == split_claims(post(text), question="Q")


# ---------------------------------------------------------------- the sample thread
def test_sample_thread() -> None:
    """The real thread gives the claims that a reader would name."""
    text = SAMPLE.read_text(encoding="utf-8")
    split = split_claims(post(text))
    kinds = {claim.text: claim.kind for claim in split.claims}
    assert {
        "the best way to get faster is usually to run more": Kind.REASON,
        "a lot say they just run": Kind.HEARSAY,
        "the more weights you do would eventually slow your times down in the long run": Kind.REASON,
        "I added weights this year, and I seem to have been far more resistant to injury": Kind.EXPERIENCE,
        "Dropping a bit of mileage to address this has paid off": Kind.EXPERIENCE,
        "I had knee and ankle problems until I added squats and lunges to my program": Kind.EXPERIENCE,
        "look up the strengthening routines of Mo for example": Kind.ADVICE,
        "dont go overboard": Kind.ADVICE,
    }.items() <= kinds.items()
    assert {"greeting": 1, "question": 1, "thanks": 1} == Counter(one.reason for one in split.skipped)


# ---------------------------------------------------------------- whatever the text
FORUM_WORDS = [
    "i", "I", "think", "but", "and", "so", "because", "if", "not", "No.", "lift", "weights", "help", "is", "was", "you",
    "should", ",", ".", "?", "...", "(", ")", '"', "“", "”", "- ", "\n", "\n\n", "> ", "--", "thanks", "hi", "😀", ";",
    "it's", "don’t", "https://a.b", "lol", "/s", "*", "\xa0", "\u202e", "x" * 450, "سلام", "。",
]  # fmt: skip
FORUM_TEXT = st.one_of(st.text(), st.lists(st.sampled_from(FORUM_WORDS), max_size=60).map(" ".join))


@st.composite
def posts(draw: st.DrawFn) -> Post:
    text = draw(FORUM_TEXT)
    bounds = st.integers(0, len(text))
    quotes = tuple(Quote(*sorted((draw(bounds), draw(bounds)))) for _ in range(draw(st.integers(0, 2))))
    return Post("post", "thread", 1, text, quotes=quotes)


@given(posts())
def test_claims_are_spans(drawn: Post) -> None:
    """Every claim is found in its post: in order, apart, with words in it, outside of quotes."""
    done = 0
    for claim in split_claims(drawn).claims:
        assert drawn.text[claim.start : claim.end] == claim.text
        assert done <= claim.start < claim.end
        assert any(character.isalnum() for character in claim.text)
        assert all(
            claim.end <= quote.start or quote.end <= claim.start or quote.start == quote.end for quote in drawn.quotes
        )
        assert len(claim.context) <= CONTEXT_LENGTH
        done = claim.end


@given(posts())
def test_splitting_is_deterministic(drawn: Post) -> None:
    """The same post splits the same way, and every reason is a named one."""
    split = split_claims(drawn, question="Q?")
    assert split == split_claims(drawn, question="Q?")
    assert {skipped.reason for skipped in split.skipped} <= REASONS


@given(FORUM_TEXT)
def test_no_word_is_cut(text: str) -> None:
    """A claim neither starts nor ends inside a word."""
    for claim in split_claims(post(text)).claims:
        before, after = text[claim.start - 1 : claim.start], text[claim.end : claim.end + 1]
        assert not (before.isalnum() and claim.text[0].isalnum())
        assert not (after.isalnum() and claim.text[-1].isalnum())


def test_a_megabyte_without_a_mark_is_cut_between_words() -> None:
    """A post of a megabyte without punctuation becomes claims of a sane length that hold every word."""
    text = " ".join(f"word{at}" for at in range(100_000))
    claims = claims_of(text)
    assert text == " ".join(claims)
    assert max(map(len, claims)) <= MAX_CLAUSE


def test_a_long_run_on_is_parted_all_along() -> None:
    """Clauses are found in the last sentence of a long line as in the first."""
    text = "i lift weights, but my knees are worse now. " * 1_000
    assert ["i lift weights", "my knees are worse now"] * 1_000 == claims_of(text)


@pytest.mark.parametrize("text", ["", " \n\t", "😀", "\x00\x00", "?!?!", "((((", "“" * 50, "\u202e\u202d"])
def test_text_without_words_has_no_claims(text: str) -> None:
    """Nothing said, nothing claimed."""
    assert [] == claims_of(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Krafttraining hilft. Ich laufe schneller.", ["Krafttraining hilft", "Ich laufe schneller"]),
        ("力量训练有帮助。我跑得更快。", ["力量训练有帮助。", "我跑得更快。"]),
        ("התרגיל עוזר. אני רץ מהר", ["התרגיל עוזר", "אני רץ מהר"]),
        ("It helps\x00me a lot", ["It helps\x00me a lot"]),
    ],
)
def test_other_languages_and_bytes(text: str, expected: list[str]) -> None:
    """Other languages are read as sentences; nothing breaks on odd characters."""
    assert expected == claims_of(text)
