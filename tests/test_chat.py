"""Chat: one turn from question to answer, follow-ups made whole, and what is no question refused by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge, thread_of
from scripted import draft, scripted

from bot.answer import Answer, Status
from bot.chat import LONGEST_QUESTION, Bot, Stage, Turn, checked
from bot.errors import QuestionError
from bot.followups import FollowUp, understand
from bot.narrowing import REASONS, Focus, Narrowing, told_in, who_of
from bot.wording import narrowing
from bot.writer import offered
from corpus.thread import Post, Quote
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.knowledge import KnowledgeBase
from indexer.questions import Form

BAKERS_QUESTION = "Is an overnight proof worth it?"
LIFT = "Should I lift weights for a faster 5k?"
SWAPPED = {Stance.PRO: Stance.CON, Stance.CON: Stance.PRO, Stance.MIXED: Stance.MIXED}


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(tmp_path, encoder=HashingEncoder(), judge=RuleJudge()) as filled:
        filled.add([RUNNERS, BAKERS])
        yield filled


@pytest.fixture
def bot(base: KnowledgeBase) -> Bot:
    return Bot(base)


def said(answer: Answer, stance: Stance) -> str:
    return " / ".join(judged.cited.claim.text for view in answer.views_on(stance) for judged in view.claims)


# ---------------------------------------------------------------- from question to answer


def test_both_sides_are_answered(bot: Bot) -> None:
    """What helped stands for it, what was never seen to help against it."""
    answer = bot.ask(LIFT)
    assert "squats helped my hips" in said(answer, Stance.PRO)
    assert "just run more miles" in said(answer, Stance.CON)


def test_people_are_counted(bot: Bot) -> None:
    """Two people answer the runners' question: the asker is none of them, and Sal counts once."""
    assert "1 of 2 people lean yes, 1 no; small sample" == bot.ask(LIFT).line()


def test_the_asker_has_no_vote_by_asking(bot: Bot) -> None:
    """Nothing that the opening post says is in the answer."""
    assert 0 not in {judged.cited.post.position for judged in bot.ask(LIFT).claims()}


def test_the_asker_who_reports_later_is_counted(bot: Bot) -> None:
    """When the asker comes back with a report, that counts like anybody's."""
    later = replace(
        thread_of(RUNNERS.title, ("Jo", LIFT), ("Jo", "Update: squats helped, my times improved.")), id="5" * 15
    )
    bot.base.add([thread_of("Should I lift weights to run a 5k faster?", *[(p.author, p.text) for p in later.posts])])
    assert "Jo" in {judged.cited.post.author for judged in bot.ask(LIFT).claims()}


def test_the_negated_question_mirrors(bot: Bot) -> None:
    """Asked whether not to, the same views stand on the other side and the counts swap."""
    asked, negated = bot.ask(LIFT), bot.ask("Should I not lift weights for a faster 5k?")
    assert {(SWAPPED[view.stance], view.id) for view in asked.views} == {
        (view.stance, view.id) for view in negated.views
    }
    there, here = asked.balance.people, negated.balance.people
    assert (there.pro, there.con, there.mixed) == (here.con, here.pro, here.mixed)


def test_an_unrelated_question_has_no_answer(bot: Bot) -> None:
    """Nobody here talked about the moon."""
    assert Status.NOTHING_HERE is bot.ask("Is the moon made of cheese?").status


def test_an_empty_knowledge_base_says_so(tmp_path: Path) -> None:
    """Before anything was added, that is what is said."""
    with KnowledgeBase.open(tmp_path / "new", encoder=HashingEncoder(), judge=RuleJudge()) as empty:
        assert "There is nothing to look through yet." == Bot(empty).ask(LIFT).line()


def test_a_removed_thread_is_gone_from_answers(bot: Bot) -> None:
    """After its thread was removed, nothing of it is said."""
    bot.base.remove_thread(RUNNERS.id)
    assert Status.NOTHING_HERE is bot.ask(LIFT).status


def test_the_same_question_has_the_same_answer(bot: Bot) -> None:
    """Asking twice gives equal answers."""
    assert bot.ask(LIFT) == bot.ask(LIFT)


def test_what_breaks_is_an_error_and_no_answer(base: KnowledgeBase) -> None:
    """An error of the judge comes through: it is never shown as having found nothing."""

    class BrokenJudge(RuleJudge):
        def judge(self, pairs: object) -> list[object]:  # type: ignore[override]
            raise MemoryError("no memory left for the judge")

    folder = base.folder
    base.close()
    with (
        KnowledgeBase.open(folder, encoder=HashingEncoder(), judge=BrokenJudge("broken")) as broken,
        pytest.raises(MemoryError),
    ):
        Bot(broken).ask(LIFT)


# ---------------------------------------------------------------- stages


def test_the_stages_say_what_is_done(bot: Bot) -> None:
    """The reader sees what is looked through, how much is judged, and that it is grouped."""
    *stages, answer = bot.stages(LIFT)
    considered = answer.considered if isinstance(answer, Answer) else 0
    claims = bot.base.stats().claims
    expected = [
        f"Looking through {claims} claims of 2 threads",
        f"Judging {considered} claims",
        "Grouping what says the same",
    ]
    assert expected == [stage.text for stage in stages if isinstance(stage, Stage)]


def test_the_last_stage_is_the_answer(bot: Bot) -> None:
    """The staged form ends with what the single form returns."""
    assert bot.ask(LIFT) == list(bot.stages(LIFT))[-1]


# ---------------------------------------------------------------- options


def test_alternatives_are_options(bot: Bot) -> None:
    """Which of two is no yes or no: each alternative is an option, and no side is counted."""
    answer = bot.ask("Should I lift weights or run more miles for a faster 5k?")
    assert (Form.OPTIONS, {"lift weights", "run more miles for a faster 5k"}) == (
        answer.question.form,
        {option.label for option in answer.options},
    )
    assert 0 == answer.balance.people.total


def test_an_open_question_gets_what_people_propose(bot: Bot) -> None:
    """The options of "how" are claims of people, each with its own words as label."""
    answer = bot.ask("How do I get a faster 5k with weights?")
    assert answer.options
    assert all(option.headline and option.label == option.headline.cited.claim.text for option in answer.options)


def test_support_and_objections_are_judged_toward_the_option(bot: Bot) -> None:
    """Support for an option is pro toward it, objections are not."""
    for option in bot.ask("How do I get a faster 5k with weights?").options:
        assert {Stance.PRO} >= {view.stance for view in option.support}
        assert Stance.PRO not in {view.stance for view in option.objections}


# ---------------------------------------------------------------- what is no question


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("?", "no_words"),
        ("🏃‍♀️💪❓", "no_words"),
        ("a?", "too_short"),
        ("x" * (LONGEST_QUESTION + 1), "too_long"),
    ],
)
def test_what_is_no_question_is_refused_by_name(bot: Bot, text: str, reason: str) -> None:
    """Each has a reason to count by, before anything is looked up."""
    with pytest.raises(QuestionError) as refused:
        bot.ask(text)
    assert reason == refused.value.reason


def test_a_refusal_names_both_numbers_and_the_remedy() -> None:
    """Too long a question is told its length, the limit and what to do."""
    with pytest.raises(
        QuestionError, match=r"1,234 characters, 1,000 are read\. Ask it in a sentence, or add the text"
    ):
        checked("x" * 1234)


def test_the_longest_question_is_read() -> None:
    """A question of just the limit passes."""
    assert LONGEST_QUESTION == len(checked("x" * LONGEST_QUESTION))


def test_a_question_is_read_on_one_line() -> None:
    """Line breaks and runs of blanks are one blank."""
    assert "should I lift?" == checked(" should\nI   lift? ")


# ---------------------------------------------------------------- follow-ups


@pytest.mark.parametrize(
    ("follow_up", "last", "question"),
    [
        ("and for a marathon?", "Should I lift for a sub-20 5k?", "Should I lift for a marathon?"),
        ("for a marathon?", "Should I lift?", "Should I lift for a marathon?"),
        ("in winter?", "Should I repot my monstera?", "Should I repot my monstera in winter?"),
        ("and what about in summer?", "Should I repot it in spring?", "Should I repot it in summer?"),
        ("what about bikes?", "Should I buy shoes for commuting?", "What about bikes for commuting?"),
        ("how about swimming?", "Should I lift?", "What about swimming: Should I lift?"),
        ("without a coach?", "Should I lift for a 5k?", "Should I lift for a 5k without a coach?"),
        ("if it is the off season?", "Should I lift?", "Should I lift if it is the off season?"),
        ("only twice a week?", "Should I lift?", "Should I lift only twice a week?"),
        ("is it safe for beginners?", "Should I lift?", "Is it safe to lift for beginners?"),
        ("does it help?", "Should I not lift?", "Does it help to lift?"),
        ("should I do it twice a week?", "should I lift for a 5k?", "Should I lift for a 5k twice a week?"),
        ("is it safe?", "Is tubeless worth it for commuting?", "Is tubeless safe for commuting?"),
        ("is it safe?", "Is it worth learning to type at 40?", "Is learning to type at 40 safe?"),
        ("how often?", "Should I lift?", "How often: Should I lift?"),
    ],
)
def test_short_follow_ups_become_whole_questions(follow_up: str, last: str, question: str) -> None:
    """What a follow-up leaves out is taken from the last question."""
    assert question == understand(follow_up, last).question


@pytest.mark.parametrize(
    ("follow_up", "side"),
    [
        ("what do the ones against say?", Stance.CON),
        ("who is against it?", Stance.CON),
        ("and what do those who disagree say?", Stance.CON),
        ("why not?", Stance.CON),
        ("what do people who are for it say?", Stance.PRO),
        ("what say the ones in favour?", Stance.PRO),
        ("who says it depends?", Stance.MIXED),
    ],
)
def test_asking_for_a_side_narrows(follow_up: str, side: Stance) -> None:
    """A follow-up about one side is the last question again, narrowed to that side."""
    assert ("Should I lift?", side) == (
        understand(follow_up, "Should I lift?").question,
        understand(follow_up, "Should I lift?").narrowing.side,
    )


@pytest.mark.parametrize(
    ("follow_up", "params"),
    [
        ("why?", {"kinds": "experience,reason,study"}),
        ("but why do people disagree?", {"kinds": "experience,reason,study"}),
        ("why not?", {"side": "con", "kinds": "experience,reason,study"}),
        ("any studies?", {"kinds": "study"}),
        ("has anyone actually done it?", {"kinds": "experience"}),
        ("who says so?", {"show": "people"}),
        ("who disagrees?", {"side": "con", "show": "people"}),
        ("how sure?", {"show": "certainty"}),
        ("can I trust that?", {"show": "certainty"}),
        ("only people over 40", {"who": "people over 40"}),
        ("what do people with knee pain say?", {"who": "people with knee pain"}),
        ("the cons?", {"side": "con"}),
    ],
)
def test_a_follow_up_narrows_to_what_it_asks_for(follow_up: str, params: dict[str, str]) -> None:
    """Reasons, kinds, people or how sure it is: of the same question, and the same is in its link."""
    understood = understand(follow_up, "Should I lift?")
    assert ("Should I lift?", params) == (understood.question, understood.narrowing.params())
    assert understood.narrowing == Narrowing.of_params(params)


def test_what_is_narrowed_stays_narrowed() -> None:
    """Asked why after people over 40, their reasons are asked for; everybody's again with "everybody"."""
    over_40 = understand("only people over 40", "Should I lift?").narrowing
    why = understand("why?", "Should I lift?", over_40).narrowing
    assert (over_40.who, REASONS) == (why.who, why.kinds)
    assert Narrowing() == understand("and everybody?", "Should I lift?", why).narrowing


def test_how_sure_asks_of_the_whole_balance() -> None:
    """How sure the answer is does not hang on the side or the kinds that were shown last; its people stay."""
    why = replace(understand("why not?", "Should I lift?").narrowing, who=who_of("people over 40"))
    sure = understand("how sure?", "Should I lift?", why).narrowing
    assert Narrowing(who=why.who, focus=Focus.CERTAINTY) == sure


def test_another_question_keeps_the_people_alone() -> None:
    """What one side said of 5k is no side of the marathon."""
    narrowed = understand("only people over 40", "Should I lift?", Narrowing(side=Stance.CON)).narrowing
    assert Narrowing(who=narrowed.who) == understand("and for a marathon?", "Should I lift?", narrowed).narrowing


def test_people_who_cannot_be_told_apart_are_refused_by_name() -> None:
    """Posts do not tell who is a woman: that is said, with what can be asked."""
    with pytest.raises(QuestionError, match=r"“women”.*such as “only people over 40”") as refused:
        understand("only women", "Should I lift?")
    assert "not_told" == refused.value.reason


@pytest.mark.parametrize(
    "question",
    [
        "Should I stretch before a run?",
        "Is it worth buying a power meter for commuting?",
        "For a marathon, would you lift weights the whole winter or only until the race season?",
        "What about the doctor who said that lifting is no good for people with knee pain like mine?",
        "how do I get under 20?",
        "when should I lift?",
        "In winter should I repot my monstera?",
        "In Paris is the metro safe?",
        "for bread what flour is best?",
        "before buying a bike, is a test ride needed?",
        "what shoes protect against knee pain?",
        "who is against the new law?",
        "how do I vaccinate against flu?",
        "why do my knees hurt?",
        "who won the race?",
        "is it safe to run?",
        "is it too late at 29 to start investing?",
        "how sure can one be of a sub-20 5k?",
        "At last, I am finished with it",
        "just run more?",
        "",
    ],
)
def test_a_whole_question_is_left_alone(question: str) -> None:
    """What says by itself what it asks is not rewritten."""
    assert FollowUp(question) == understand(question, "Should I lift?")


def test_the_first_question_is_left_alone() -> None:
    """Without a question before it nothing is a follow-up."""
    assert "and for a marathon?" == understand("and for a marathon?", None).question


def test_a_follow_up_is_answered_in_context(bot: Bot) -> None:
    """The last turn gives a follow-up its question; the answer shows both."""
    turn = Turn.of(bot.ask("Should I lift weights for a marathon?"))
    answer = bot.ask("and for a faster 5k?", [turn])
    assert ("and for a faster 5k?", LIFT) == (answer.asked, answer.question.text)


def test_a_narrowed_answer_keeps_the_balance(bot: Bot) -> None:
    """Asked what those against say, only their side is shown, and everybody is counted."""
    answer = bot.ask("what do the ones against say?", [Turn.of(bot.ask(LIFT))])
    assert ((Stance.CON,), 2) == (answer.sides, answer.balance.people.total)


# ---------------------------------------------------------------- narrowed answers

AGES = thread_of(
    "Should I lift weights for a faster 5k?",
    ("Jo", "Should I lift weights for a faster 5k?"),
    ("Sal", "I'm 45. Yes, lifting weights helped my 5k."),
    ("Bert", "I'm 25. No, never lift weights for a 5k."),
    ("Mia", "Lifting weights improved my 5k."),
)
"""Somebody over 40, somebody younger, and somebody who does not say."""


@pytest.fixture
def ages(tmp_path: Path) -> Iterator[Bot]:
    with KnowledgeBase.open(tmp_path / "ages", encoder=HashingEncoder(), judge=RuleJudge()) as filled:
        filled.add([AGES])
        yield Bot(filled)


def authors(answer: Answer) -> set[str | None]:
    return {judged.cited.post.author for judged in answer.claims()}


def test_only_people_who_tell_it_are_counted(ages: Bot) -> None:
    """Of people over 40 there is one; how many claims are by others, or by nobody who says, is told."""
    answer = ages.ask("only people over 40", [Turn.of(ages.ask(LIFT))])
    assert ({"Sal"}, 1) == (authors(answer), answer.balance.people.total)
    told = answer.told
    assert told
    assert ["I'm 45"] == [words for _, words in told.telling] or ["45"] == [words for _, words in told.telling]
    assert min(told.claims, told.others, told.silent) >= 1
    assert f"{told.silent} nobody says" in narrowing(answer)


def test_nobody_who_tells_it_is_no_matter_nobody_talked_about(ages: Bot) -> None:
    """Where nobody tells to be so, that is said, and the whole question is offered."""
    answer = ages.ask("only people over 60", [Turn.of(ages.ask(LIFT))])
    assert ("Nobody here tells that of themselves.", LIFT) == (answer.line(), answer.suggestions[0])


def test_what_is_quoted_tells_nothing_of_the_one_who_quotes() -> None:
    """Somebody who quotes "I'm 45" is not 45."""
    text = "I'm 45 and slow. So am I."
    quoting = Post("p", "t", 1, text, author="Mia", quotes=(Quote(0, 16, "Sal"),))
    assert ((), 1) == (told_in(quoting), len(told_in(replace(quoting, quotes=()))))


def test_kinds_narrow_the_views_and_not_the_balance(bot: Bot) -> None:
    """Asked why, views hold reasons, studies and experiences alone, and everybody is still counted."""
    whole = bot.ask(LIFT)
    answer = bot.ask("why?", [Turn.of(whole)])
    assert {Kind.ADVICE} <= {judged.cited.claim.kind for judged in whole.claims()}
    assert set(REASONS) >= {judged.cited.claim.kind for judged in answer.claims()}
    assert whole.balance == answer.balance


def test_a_turn_is_asked_again_as_it_was_understood(bot: Bot) -> None:
    """Its link, and the turn itself, give the same answer without the conversation."""
    answer = bot.ask("what do the ones against say?", [Turn.of(bot.ask(LIFT))])
    turn = Turn.of(answer)
    assert answer == bot.again(turn)
    given = dict(parse_qsl(turn.link().removeprefix("?")))
    assert ({"q": LIFT, "side": "con"}, turn) == (given, replace(Turn.of_params(given), asked=turn.asked))


def test_a_link_from_anywhere_asks_nothing_unknown() -> None:
    """What a link narrows to that does not exist is left out; no question is an error in words."""
    given = {"q": "Should I lift?", "side": "none", "kinds": "x,study", "who": "<b>", "show": "all"}
    assert Narrowing(kinds=(Kind.STUDY,)) == Turn.of_params(given).narrowing
    with pytest.raises(QuestionError):
        Turn.of_params({"side": "con"})


# ---------------------------------------------------------------- near questions


def test_a_near_question_is_offered_where_nothing_answers(bot: Bot) -> None:
    """The bakers' question is near another one about proofing, which nobody answered."""
    answer = bot.ask("Is an overnight train cheap?")
    assert (Status.NOTHING_HERE, (BAKERS_QUESTION,)) == (answer.status, answer.suggestions)


def test_nothing_is_offered_where_nothing_is_near(bot: Bot) -> None:
    """The moon is near to nothing here."""
    assert () == bot.ask("Is the moon made of cheese?").suggestions


# ---------------------------------------------------------------- with a chat model
def test_an_answer_comes_before_its_prose(base: KnowledgeBase) -> None:
    """The answer stands while the model writes, and comes again with what held; asked again, it is the same."""
    plain = Bot(base).ask(LIFT)
    copies = [(one.cited.claim.text, [name]) for name, one in offered(plain).items()]
    bot = Bot(base, scripted(draft(*copies)))
    *_, first, stage, last = bot.stages(LIFT)
    assert (plain, Stage("Writing it as prose with fake:script")) == (first, stage)
    assert isinstance(last, Answer)
    assert last.prose
    assert {text for text, _ in copies} == {line.text for line in last.prose.lines}
    assert plain == replace(last, prose=None)
    assert bot.again(Turn.of(last)) == last


def test_a_model_that_fails_leaves_the_answer(base: KnowledgeBase) -> None:
    """Whatever the model does, the answer is the one without it."""
    answer = Bot(base, scripted(*[TimeoutError()] * 9, retries=0)).ask(LIFT)
    assert answer.prose
    assert () == answer.prose.lines
    assert Bot(base).ask(LIFT) == replace(answer, prose=None)


VAGUE = "kitchen uncle zebra overnight banana table proof window worth carpet"


def test_a_vague_question_is_read_once_more(base: KnowledgeBase) -> None:
    """Where the rules' reading finds nothing, the model's is asked, and what was typed is still known."""
    assert Status.NOTHING_HERE is Bot(base).ask(VAGUE).status
    model = scripted({"question": "Is overnight proof worth it?"}, *[""] * 9)
    answer = Bot(base, model).ask(VAGUE)
    assert ("Is overnight proof worth it?", VAGUE) == (answer.question.text, answer.asked)


@pytest.mark.parametrize(
    "reading", ["Is overnight proof worth the money?", "Is overnight proof not worth it?", "uncle?"]
)
def test_a_reading_that_does_not_hold_is_not_asked(base: KnowledgeBase, reading: str) -> None:
    """Other words, a turned question, or one that finds nothing either, leave what was typed."""
    answer = Bot(base, scripted({"question": reading}, *[""] * 9)).ask(VAGUE)
    assert (VAGUE, Status.NOTHING_HERE) == (answer.question.text, answer.status)
