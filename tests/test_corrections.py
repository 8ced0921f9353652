"""What people say of claims counts at once, stays when all else is made again, and goes with the posts it is about."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import BAKERS, RUNNERS, RuleJudge, thread_of
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.chat import Bot
from bot.views import View
from corpus.database import engine_for, migrate
from corpus.errors import NotInStore
from corpus.personal import Shown
from corpus.schema import corrections
from corpus.store import Store
from corpus.thread import Thread
from indexer import claim_store, knowledge, pipeline, verify
from indexer.claims import Kind
from indexer.corrections import Fit, Matter, Record
from indexer.exports import Exported, export_threads, exported_in, import_threads
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim, KnowledgeBase

SQUATS = "Yes, squats helped my hips"
ASKED = "should I lift weights for a faster 5k?"
NEGATED = "should I not lift weights for a faster 5k?"
Open = Callable[..., KnowledgeBase]


@pytest.fixture
def base(opened: Open) -> KnowledgeBase:
    filled = opened()
    filled.add([RUNNERS, BAKERS])
    return filled


def id_of_claim(base: KnowledgeBase, words: str = SQUATS) -> str:
    return next(
        one.claim.id
        for thread in base.threads()
        for one in base.claims_of_thread(thread.id)
        if one.claim.text.startswith(words)
    )


def judged(base: KnowledgeBase, question: str = ASKED, words: str = SQUATS) -> JudgedClaim:
    (one,) = base.judged(question, base.cited([id_of_claim(base, words)]))
    return one


def listed(base: KnowledgeBase, question: str | None = None) -> Stance:
    """Where Browse has the claim about squats."""
    (found,) = [
        one
        for one in base.browse(question=question, thread_id=RUNNERS.id).claims
        if one.cited.claim.text.startswith(SQUATS)
    ]
    return found.judgement.stance


def edited(thread: Thread, position: int, words: str) -> Thread:
    posts = list(thread.posts)
    posts[position] = replace(posts[position], text=words)
    return replace(thread, posts=tuple(posts))


def view_with(base: KnowledgeBase, words: str) -> View:
    (view,) = [
        view
        for view in Bot(base).ask(ASKED).views
        if any(one.cited.claim.text.startswith(words) for one in view.claims)
    ]
    return view


# Counting


@pytest.mark.parametrize(("question", "other"), [(ASKED, NEGATED), (NEGATED, ASKED)])
def test_a_corrected_stance_counts_at_once(base: KnowledgeBase, question: str, other: str) -> None:
    """Surely, toward the question as it was asked; mirrored toward its negation."""
    base.correct(id_of_claim(base), Stance.CON, question=question)
    assert (Stance.CON, 1.0) == (judged(base, question).judgement.stance, judged(base, question).judgement.confidence)
    assert Stance.PRO is judged(base, other).judgement.stance


def test_a_corrected_stance_counts_in_browse(base: KnowledgeBase) -> None:
    """Toward the typed question, its negation, and the thread's own question, which asks the same."""
    assert [Stance.PRO, Stance.PRO] == [listed(base), listed(base, ASKED)]
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    assert [Stance.CON, Stance.CON, Stance.PRO] == [listed(base), listed(base, ASKED), listed(base, NEGATED)]


def test_a_thread_that_asks_in_the_negative_is_corrected(opened: Open) -> None:
    """Browse reads its own question as it was asked, and so does the correction."""
    base = opened()
    base.add([thread_of("Should I not buy a pan?", "Should I not buy a pan?", "A new pan is great for steak.")])
    claim = id_of_claim(base, "A new pan")
    base.correct(claim, Stance.CON)
    assert [Stance.CON] == [one.judgement.stance for one in base.browse(text="steak").claims]
    (toward_buying,) = base.judge_claims("should I buy a pan?", base.cited([claim]))
    assert Stance.PRO is toward_buying.stance


def test_a_corrected_stance_counts_in_the_answer(base: KnowledgeBase) -> None:
    """Its author stands on the other side; nobody is counted twice."""
    before = Bot(base).ask(ASKED).balance.people
    for words in (SQUATS, "My times improved"):
        base.correct(id_of_claim(base, words), Stance.CON, question=ASKED)
    after = Bot(base).ask(ASKED).balance.people
    assert (before.pro - 1, before.con + 1, before.total) == (after.pro, after.con, after.total)


def test_another_question_is_not_touched(base: KnowledgeBase) -> None:
    """A stance is toward one question."""
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    assert Stance.PRO is judged(base, "do squats help hips?").judgement.stance
    assert () == judged(base, "do squats help hips?").corrections


def test_a_judge_is_not_asked_what_a_person_said(opened: Open) -> None:
    """With another judge the correction counts without judging."""
    first = opened()
    first.add([RUNNERS])
    first.correct(id_of_claim(first), Stance.CON, question=ASKED)
    judge = RuleJudge("other rules")
    other = opened(judge=judge)
    assert Stance.CON is judged(other).judgement.stance
    assert [] == judge.judged
    assert [Stance.CON, Stance.CON] == [listed(other), listed(other, ASKED)]


def test_a_corrected_kind_counts_at_once(base: KnowledgeBase) -> None:
    """In citations, in the filter of Browse and in the counts."""
    claim = id_of_claim(base)
    before = base.stats().claims_by_kind.get(Kind.STUDY, 0)
    base.correct(claim, Kind.STUDY)
    assert Kind.STUDY is base.cited([claim])[0].claim.kind
    assert [claim] == [one.cited.claim.id for one in base.browse(kind=Kind.STUDY).claims]
    assert before + 1 == base.stats().claims_by_kind[Kind.STUDY]


def test_a_claim_set_apart_has_a_view_of_its_own(opened: Open) -> None:
    """It stays on its side, for its author; the others stay together."""
    base = opened()
    said = [
        ("Ann", "Lifting helped my hips."),
        ("Bob", "Lifting helped my hips a lot."),
        ("Cem", "Lifting helped hips."),
    ]
    base.add([thread_of("Should I lift weights for a faster 5k?", ("Jo", "Should I lift weights?"), *said)])
    assert 3 == view_with(base, "Lifting helped my hips a lot").people
    base.correct(id_of_claim(base, "Lifting helped my hips a lot"), Fit.APART, question=ASKED)
    assert (1, 2) == (
        view_with(base, "Lifting helped my hips a lot").people,
        view_with(base, "Lifting helped hips").people,
    )
    assert 3 == Bot(base).ask(ASKED).balance.people.pro
    assert 1 == Bot(base).ask(NEGATED).views_on(Stance.CON)[-1].people


def test_a_claim_is_corrected_toward_an_option(base: KnowledgeBase) -> None:
    """An option is asked about as a question of its own, and what is said toward that counts for it."""
    question = "should I lift weights or just run more miles?"
    views = [view for option in Bot(base).ask(question).options for view in option.support]
    supporting = views[0].claims[0]
    base.correct(supporting.cited.claim.id, Stance.CON, question=supporting.question)
    objecting = [
        (judged.question, judged.cited.claim.id)
        for option in Bot(base).ask(question).options
        for view in option.objections
        for judged in view.claims
    ]
    assert (supporting.question, supporting.cited.claim.id) in objecting


def test_a_claim_that_is_gone_cannot_be_corrected(base: KnowledgeBase) -> None:
    with pytest.raises(NotInStore, match=r"no claim 000000000000001 in .*; it may have been removed since"):
        base.correct("000000000000001", Stance.PRO)


# Undoing and replacing


@pytest.mark.parametrize("now", [Stance.CON, Kind.STUDY, Fit.APART])
def test_a_correction_can_be_undone(base: KnowledgeBase, now: Stance | Kind | Fit) -> None:
    """The program's own word counts again everywhere, and nothing is left."""
    before = [judged(base), listed(base), base.stats().claims_by_kind]
    made = base.correct(id_of_claim(base), now, question=ASKED)
    assert made == base.undo_correction(made.id)
    assert before == [judged(base), listed(base), base.stats().claims_by_kind]
    assert [] == base.corrections()
    assert () == base.verify()


def test_undoing_twice_is_refused(base: KnowledgeBase) -> None:
    made = base.correct(id_of_claim(base), Stance.CON)
    base.undo_correction(made.id)
    with pytest.raises(NotInStore, match=rf"no correction {made.id} in .*; it may have been undone since"):
        base.undo_correction(made.id)


@pytest.mark.parametrize("again", [ASKED, NEGATED])
def test_a_correction_replaces_the_one_before(base: KnowledgeBase, again: str) -> None:
    """What the program had said stays, also where the second one is toward the negated question."""
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    base.correct(id_of_claim(base), Stance.MIXED, question=again, who="Jo")
    (made,) = (one.toward(negated=False) for one in base.corrections())
    assert (Stance.PRO, Stance.MIXED, 0.85, "rules", "Jo") == (
        made.said,
        made.now,
        made.confidence,
        made.made_by,
        made.who,
    )


def test_a_claim_carries_what_was_said_of_it(base: KnowledgeBase) -> None:
    """Toward the question it is read toward."""
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    base.correct(id_of_claim(base), Kind.HEARSAY)
    assert [(Stance.PRO, Stance.CON), (Kind.REASON, Kind.HEARSAY)] == [
        (one.said, one.now) for one in judged(base).corrections
    ]
    assert [(Stance.CON, Stance.PRO)] == [(one.said, one.now) for one in judged(base, NEGATED).corrections[:1]]


# Surviving


@pytest.mark.parametrize("again", ["index", "vectors", "claims"])
def test_corrections_survive_a_rebuild(base: KnowledgeBase, again: str) -> None:
    claim = id_of_claim(base)
    base.correct(claim, Stance.CON, question=ASKED)
    base.correct(claim, Kind.STUDY)
    base.rebuild(again=again)  # type: ignore[arg-type]
    assert (Stance.CON, Kind.STUDY) == (judged(base).judgement.stance, judged(base).cited.claim.kind)
    assert [Stance.CON, Stance.CON] == [listed(base), listed(base, ASKED)]
    assert () == base.verify()


def test_corrections_survive_another_splitter(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim of the same words is the same one, whatever id and punctuation another splitter gives it."""
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    base.correct(id_of_claim(base), Kind.STUDY)
    split_claims = pipeline.split_claims

    def with_full_stops(post: object, **given: object) -> object:
        split = split_claims(post, **given)  # type: ignore[arg-type]
        return replace(
            split,
            claims=tuple(
                replace(one, id=one.id[::-1], end=one.end + 1, text=f"{one.text}.")
                if one.text.startswith(SQUATS)
                else one
                for one in split.claims
            ),
        )

    monkeypatch.setattr(pipeline, "split_claims", with_full_stops)
    for module in (knowledge, claim_store, verify):
        monkeypatch.setattr(module, "SPLITTER_VERSION", "another")
    base.rebuild(again="claims")
    assert f"{SQUATS}." == judged(base).cited.claim.text
    assert (Stance.CON, Kind.STUDY) == (judged(base).judgement.stance, judged(base).cited.claim.kind)
    assert {f"{SQUATS}."} == {one.text for one in base.corrections()}


def test_corrections_survive_an_edit_around_the_words(base: KnowledgeBase) -> None:
    """The claim moved within its post."""
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    base.add([edited(RUNNERS, 1, f"Sorry for the late reply. {SQUATS}. It was hard.")])
    assert Stance.CON is judged(base).judgement.stance
    (made,) = base.corrections()
    assert SQUATS == base.store.post(made.post_id).text[made.start : made.end]


def test_corrections_survive_a_thread_added_again(base: KnowledgeBase) -> None:
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    base.add([RUNNERS, thread_of("Should I run?", "Should I run?", "No.")])
    assert Stance.CON is judged(base).judgement.stance


def test_words_that_are_no_claim_wait(base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    """A splitter that drops a claim keeps what was said of it, for one that finds it again."""
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    with monkeypatch.context() as patch:
        split_claims = pipeline.split_claims
        patch.setattr(pipeline, "split_claims", lambda post, **given: replace(split_claims(post, **given), claims=()))
        base.rebuild(again="claims")
        assert [None] == [one.claim_id for one in base.corrections()]
    base.rebuild(again="claims")
    assert Stance.CON is judged(base).judgement.stance


def test_of_equal_words_the_right_ones_are_found(opened: Open) -> None:
    """Two claims of the same words in one post keep apart what was said of each."""
    base = opened()
    twice = "Lifting helped me. I ran more for a year and slept well too. Lifting helped me."
    base.add([thread_of("Should I lift?", "Should I lift?", twice)])
    first, second = [
        one for one in base.claims_of_thread(base.threads()[0].id) if one.claim.text == "Lifting helped me"
    ]
    base.correct(second.claim.id, Stance.CON, question="should I lift?")
    base.rebuild(again="claims")
    judgements = base.judge_claims("should I lift?", base.cited([first.claim.id, second.claim.id]))
    assert [Stance.PRO, Stance.CON] == [one.stance for one in judgements]


# Going with what they are about


def test_words_that_were_edited_away_take_their_correction(base: KnowledgeBase) -> None:
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    base.add([edited(RUNNERS, 1, "I was wrong about all of it. My times improved after one winter of lifting.")])
    assert [] == base.corrections()


@pytest.mark.parametrize("removal", ["post", "thread", "author"])
def test_what_is_removed_takes_its_corrections(base: KnowledgeBase, removal: str) -> None:
    """Nothing is left of them in the database."""
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    base.correct(id_of_claim(base), Kind.STUDY)
    if removal == "post":
        base.remove_post(RUNNERS.posts[1].id)
    elif removal == "thread":
        base.remove_thread(RUNNERS.id)
    else:
        base.remove_author("Sal")
    with base.store.reading() as connection:
        assert [] == connection.execute(select(corrections)).all()


def test_an_emptied_opening_takes_its_corrections(opened: Open) -> None:
    """An opening post stays for its replies, without a word, and without what was said of its words."""
    base = opened()
    base.add([thread_of("Pans", "Cast iron is worth it. Should I buy one?", "No, it never worked.")])
    made = base.correct(id_of_claim(base, "Cast iron is worth it"), Stance.CON, question="is cast iron worth it?")
    base.remove_post(made.post_id)
    assert [] == base.corrections()


def test_a_question_in_removed_words_is_forgotten_and_still_counts(base: KnowledgeBase) -> None:
    """The words of the opening post go, also as a question; whoever asks it again finds the correction."""
    base.correct(id_of_claim(base), Stance.CON)
    base.remove_post(RUNNERS.posts[0].id)
    assert [""] == [one.question for one in base.corrections()]
    assert Stance.CON is judged(base).judgement.stance


# Leaving and coming back


def test_a_backup_holds_corrections(base: KnowledgeBase, opened: Open, tmp_path: Path) -> None:
    made = base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    assert () == base.backup(tmp_path / "copy")
    assert [made] == opened("copy").corrections()


def exported(base: KnowledgeBase, shown: Shown) -> str:
    return "".join(f"{one.line()}\n" for one in export_threads(base, base.store.thread_ids(), shown))


def read(text: str) -> Iterator[Exported]:
    return exported_in(io.BytesIO(text.encode()), "all.jsonl")


@pytest.mark.parametrize("masked", [True, False])
def test_an_export_carries_corrections(base: KnowledgeBase, opened: Open, *, masked: bool) -> None:
    """They come back as they were, and count."""
    base.correct(id_of_claim(base), Stance.CON, question=NEGATED, who="Jo")
    base.correct(id_of_claim(base), Kind.STUDY)
    other = opened("other")
    import_threads(other, read(exported(base, Shown(masked=masked))))
    assert base.corrections() == other.corrections()
    assert (Stance.CON, Kind.STUDY) == (judged(other, NEGATED).judgement.stance, judged(other).cited.claim.kind)
    assert listed(base) == listed(other)


def test_an_import_brings_corrections_to_threads_that_are_here(base: KnowledgeBase, opened: Open) -> None:
    """Of two on the same, the later one stays; importing again changes nothing."""
    other = opened("other")
    other.add([RUNNERS, BAKERS])
    base.correct(id_of_claim(base), Stance.CON, question=ASKED)
    early = exported(base, Shown(masked=False))
    import_threads(other, read(early))
    assert [Stance.CON, Stance.CON] == [listed(other), listed(other, ASKED)]
    other.correct(id_of_claim(other), Stance.MIXED, question=ASKED)
    import_threads(other, read(early))
    assert Stance.MIXED is judged(other).judgement.stance


def test_masked_words_are_masked_in_exported_corrections(opened: Open) -> None:
    """Of the claim, of the question and of names; the spans stay in the posts as they are exported."""
    base = opened()
    base.add(
        [thread_of("Should I mail a@example.com?", "Should I mail a@example.com?", "Yes, b@example.com is great.")]
    )
    base.correct(id_of_claim(base, "Yes, b"), Stance.CON, who="c@example.com")
    text = exported(base, Shown())
    assert "example.com" not in json.dumps(json.loads(text)["corrections"])
    (one,) = read(text)
    assert "[e-mail address]" in one.corrections[0].text
    other = opened("other")
    import_threads(other, read(text))
    assert [Stance.CON] == [one.judgement.stance for one in other.browse(stance=Stance.CON).claims]


# How often the program was right


def test_right_and_wrong_are_counted(base: KnowledgeBase) -> None:
    """To mark a claim as the program has it is to find it right; sides and kinds are counted apart, views are not."""
    base.correct(id_of_claim(base), Stance.PRO, question=ASKED)
    base.correct(id_of_claim(base, "My times"), Stance.CON, question=ASKED)
    base.correct(id_of_claim(base), Kind.STUDY)
    base.correct(id_of_claim(base), Fit.APART, question=ASKED)
    assert {Matter.STANCE: Record(1, 2), Matter.KIND: Record(0, 1)} == base.records()


@pytest.mark.parametrize(
    ("record", "interval"),
    [
        (Record(), (0.0, 1.0)),
        (Record(9, 10), (0.596, 0.982)),
        (Record(0, 5), (0.0, 0.434)),
        (Record(5, 5), (0.566, 1.0)),
    ],
)
def test_the_interval_is_wilsons(record: Record, interval: tuple[float, float]) -> None:
    """Values as statsmodels' proportion_confint(method="wilson") gives them."""
    assert interval == pytest.approx(record.interval, abs=0.001)


@given(st.integers(0, 200), st.integers(0, 200))
def test_the_interval_holds_the_share(right: int, wrong: int) -> None:
    low, high = Record(right, right + wrong).interval
    assert 0.0 <= low <= (right / (right + wrong) if right + wrong else 0.5) <= high <= 1.0


# Migrating


def test_from_0003_there_are_no_corrections(tmp_path: Path) -> None:
    """A database of the version before opens with an empty table."""
    engine = engine_for(tmp_path / "old.sqlite3").execution_options(begin="IMMEDIATE")
    with engine.begin() as connection:
        migrate(connection, "0003")
    engine.dispose()
    with Store.open(tmp_path / "old.sqlite3") as store, store.reading() as connection:
        assert [] == connection.execute(select(corrections)).all()
