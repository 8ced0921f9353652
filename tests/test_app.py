"""The page's handlers as plain functions, its endpoints as another program calls them, and how it starts."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import app
from bot.chat import Bot
from bot.errors import BotError
from corpus.errors import CounterpointError, UnreadableInput
from corpus.readers.neutral import to_neutral
from corpus.samples import sample_threads
from corpus.thread import Post, make_thread
from indexer.judge import Stance
from indexer.knowledge import KnowledgeBase
from indexer.pipeline import IndexReport
from tests.fakes import HashingEncoder, RuleJudge, thread_of

QUESTION = "should I lift for a sub-20 5k?"
PASTE = """\
anna wrote:
Should I buy a cast iron pan?

bert wrote:
Yes, it is the best pan I own.

cleo wrote:
No, never again, it was too heavy.
"""


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(tmp_path / "base", encoder=HashingEncoder(), judge=RuleJudge()) as base:
        yield base


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The sample knowledge base, which the tests of this module only read."""
    folder = tmp_path_factory.mktemp("samples") / "base"
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), judge=RuleJudge()) as base:
        base.add(sample_threads())
        yield base


class BrokenBot(Bot):
    """A bot whose machine fails at the first step."""

    def stages(self, question: str, history: Any = ()) -> Iterator[Any]:
        raise RuntimeError("secret detail")
        yield


# Ask


def test_an_answer_comes_in_stages(samples: KnowledgeBase) -> None:
    """Each stage replaces the one before it; the answer comes last and ends the run."""
    *stages, last = app.ask(Bot(samples), QUESTION, ())
    assert [1] * len(stages) == [len(talk) for talk in stages]
    assert all(talk[-1].running for talk in stages)
    assert "cp-answer" in last[-1].shown
    assert not last[-1].running


def test_an_answer_is_remembered_for_the_next_question(samples: KnowledgeBase) -> None:
    """The turn of the last question travels in the conversation, and nowhere else."""
    *_, first = app.ask(Bot(samples), QUESTION, ())
    *_, both = app.ask(Bot(samples), "is tubeless worth it?", first)
    assert [QUESTION, "is tubeless worth it?"] == [exchange.turn.asked for exchange in both if exchange.turn]


def test_what_is_no_question_is_said_in_words(samples: KnowledgeBase) -> None:
    """An empty question is a problem that the user can mend, and no turn of the conversation."""
    *_, talk = app.ask(Bot(samples), "  ", ())
    assert "page-problem" in talk[-1].shown
    assert talk[-1].turn is None


def test_a_failure_is_another_answer_than_no_evidence(samples: KnowledgeBase, caplog: pytest.LogCaptureFixture) -> None:
    """The reader is told that something broke, without the detail, which goes to the terminal."""
    *_, talk = app.ask(BrokenBot(samples), QUESTION, ())
    assert "page-broke" in talk[-1].shown
    assert "secret detail" not in talk[-1].shown
    assert "secret detail" in caplog.text


def test_a_stopped_question_says_so() -> None:
    """Stopping ends the running question and leaves the others."""
    done, running = app.Exchange("one?", "<p>1</p>"), app.Exchange("two?", "<p>…</p>", running=True)
    assert (done, app.Exchange("two?", app.notice("stage", "Stopped."))) == app.stop((done, running))
    assert (done,) == app.stop((done,))


def test_starters_are_questions_of_the_threads(samples: KnowledgeBase) -> None:
    """There are a few, each once, and each was asked by a thread."""
    questions = [thread.question for thread in samples.threads()]
    assert app.starters(samples) == questions[: app.STARTERS]


def test_lists_of_threads_are_masked(base: KnowledgeBase) -> None:
    """A question to begin with, and the name of a thread in a list, show no telephone number."""
    base.add(
        [thread_of("Should I ring 303-860-5604?", "Should I ring 303-860-5604?", "No, they rang me from 303-860-5604.")]
    )
    shown = [*app.starters(base), *map(app._thread_label, base.threads())]
    assert "Should I ring [phone number]?" in shown
    assert [] == [one for one in shown if "303" in one]


def test_words_of_the_program_are_escaped() -> None:
    """A message may name what a forum or file said, and so is escaped too."""
    assert '<p class="page-notice page-problem" role="status">&lt;b&gt; is empty</p>' == app.explained(
        CounterpointError("<b> is empty")
    )


# The source panel


def test_a_claim_opens_its_post(samples: KnowledgeBase) -> None:
    """The claim's own words stand out in its post."""
    claim = samples.browse(text="resistant to injury").claims[0].cited.claim
    shown = app.source_html(samples, {"claim": claim.id})
    assert re.search(rf'<mark class="[^"]*cp-focus"[^>]*>{re.escape(claim.text)}</mark>', shown)


def test_a_source_leans_toward_the_question_it_was_opened_from(samples: KnowledgeBase) -> None:
    """What speaks for lifting speaks against not lifting, in the source as in the answer."""
    (cited,) = (one.cited for one in samples.browse(text="lot say they just run", question="should I lift?").claims)
    link = {"claim": cited.claim.id}
    assert 'class="cp-mark cp-con cp-focus"' in app.source_html(samples, link, "should I lift?")
    assert 'class="cp-mark cp-pro cp-focus"' in app.source_html(samples, link, "should I not lift?")


def test_an_answer_is_known_by_its_place(samples: KnowledgeBase) -> None:
    """Exchanges without an answer are not counted; no answer has no question."""
    *_, talk = app.ask(Bot(samples), QUESTION, (app.Exchange("", "<p>empty</p>"),))
    assert [QUESTION, "", ""] == [app.question_of_answer(talk, number) for number in (0, 1, -1)]


def test_a_post_opens_with_its_neighbours(samples: KnowledgeBase) -> None:
    """The post before and the one after stand around it, and no other."""
    thread = next(thread for thread in sample_threads() if thread.title == "Weights for runners")
    shown = app.source_html(samples, {"post": thread.posts[2].id})
    assert [post.id for post in thread.posts[1:4]] == re.findall(r'id="post-(\w+)"', shown)


def test_a_thread_opens_whole(samples: KnowledgeBase) -> None:
    """Every post of the thread is there, in order."""
    thread = sample_threads()[0]
    shown = app.source_html(samples, {"thread": thread.id})
    assert [post.id for post in thread.posts] == re.findall(r'id="post-(\w+)"', shown)


@pytest.mark.parametrize("kind", app.LINKS)
@pytest.mark.parametrize("id_", ["000000000000001", "nonsense", "<script>"])
def test_a_link_to_what_is_gone_says_so(samples: KnowledgeBase, kind: str, id_: str) -> None:
    """An id that is unknown, or is none, is not a failure."""
    assert app.notice("problem", app.TEXTS.gone) == app.source_html(samples, {kind: id_})


def test_no_link_opens_nothing(samples: KnowledgeBase) -> None:
    """The page without parameters leaves the panel as it is."""
    assert "" == app.source_html(samples, {"theme": "dark"})


# Browse


def test_browse_has_a_column_for_each_side(samples: KnowledgeBase) -> None:
    """Every claim stands in the column of its stance."""
    browsed = app.browse(samples, app.Filters())
    assert [Stance.PRO, Stance.CON, Stance.MIXED, Stance.NONE] == list(browsed.columns)
    for stance, column in browsed.columns.items():
        assert {stance} >= {judged.judgement.stance for judged in column.claims}


def test_browse_counts_what_matches(samples: KnowledgeBase) -> None:
    """The line counts all that match, not only those of the page."""
    browsed = app.browse(samples, app.Filters(text="injury"))
    total = samples.browse(text="injury").total
    assert browsed.line().startswith(f"{total} claims: " if total != 1 else "1 claim: ")


def test_browse_pages_each_column(samples: KnowledgeBase) -> None:
    """Pages go on until the longest column ends, and no claim comes twice."""
    pages = app.browse(samples, app.Filters()).pages
    ids = [
        judged.cited.claim.id
        for page in range(pages)
        for column in app.browse(samples, app.Filters(), page).columns.values()
        for judged in column.claims
    ]
    assert samples.stats().claims == len(ids) == len(set(ids))


def test_browse_of_nothing_says_what_to_do(samples: KnowledgeBase) -> None:
    """No match is a sentence, not an empty page."""
    assert app.TEXTS.no_match == app.browse(samples, app.Filters(text="no such words")).line()


def test_an_unknown_stance_names_those_there_are(samples: KnowledgeBase) -> None:
    """A program that calls the endpoint learns what it may say."""
    with pytest.raises(BotError, match="'maybe' is not one of pro, con, mixed, none"):
        app.filters_of(stance="maybe")


def test_an_unknown_thread_is_said_to_be_none(samples: KnowledgeBase) -> None:
    """What is no id is refused before the knowledge base is asked."""
    with pytest.raises(BotError, match="'weights' is not the id of a thread"):
        app.filters_of(thread_id="weights")


# Add


def test_a_paste_is_saved_with_its_heading(base: KnowledgeBase) -> None:
    """Title, forum and link are what the user says; empty ones are left to the paste."""
    app.save(base, app.look(PASTE), app.Heading("Pans", "Cooks", "https://cooks.example/1"))
    (thread,) = base.threads()
    assert ("Pans", "Cooks", "https://cooks.example/1", 3) == (thread.title, thread.forum, thread.link, thread.posts)


def test_a_preview_saves_nothing(base: KnowledgeBase) -> None:
    """Looking is not saving."""
    shown = app.preview_html(base, app.look(PASTE), app.Heading())
    assert "bert" in shown
    assert [] == base.threads()


def test_a_preview_says_how_the_paste_was_read(base: KnowledgeBase) -> None:
    """The layout comes first, in words."""
    found = app.look(PASTE)
    assert found.draft
    assert app.preview_html(base, found, app.Heading()).startswith(
        app.notice("stage", f"Read as: {found.draft.layout}.")
    )


def test_saving_again_is_nothing_new(base: KnowledgeBase) -> None:
    """The same thread twice changes nothing and says so."""
    app.save(base, app.look(PASTE), app.Heading())
    assert app.TEXTS.nothing_new == app.save(base, app.look(PASTE), app.Heading())


def test_a_report_counts_what_was_kept_and_skipped() -> None:
    """The most frequent reason comes first."""
    report = IndexReport(1, 5, 12, added=1, skipped_by_reason={"greeting": 1, "link_only": 2})
    expected = "Saved: 5 posts, 12 claims. Skipped: link only × 2, greeting × 1. You can ask about it now."
    assert expected == app.saved_line(report)


@pytest.mark.parametrize(
    ("paste", "message"),
    [
        ("", "is empty"),
        ("one line", "no replies"),
        ("•", "no words"),
        ("\x00\x01\x02\x03", "not text"),
        ("a " * 3_000_000, "at most"),
    ],
    ids=["empty", "one line", "bullet", "binary", "too large"],
)
def test_a_bad_paste_is_refused_in_words(paste: str, message: str) -> None:
    """Each is refused before anything is saved, with what was expected."""
    with pytest.raises(UnreadableInput, match=message):
        app.look(paste)


def test_a_refused_paste_offers_nothing_to_save(base: KnowledgeBase) -> None:
    """The message takes the place of the preview, and the state is empty."""
    found, shown, offered, *_ = app.offer(base, lambda: app.look("one line"), app.Heading())
    assert found is None
    assert "page-problem" in shown
    assert offered["visible"] is False


def test_a_refused_correction_leaves_the_draft_as_it_was(base: KnowledgeBase) -> None:
    """The first post has none before it to be joined with; the reader is told, and loses nothing."""
    found = app.look(PASTE)
    held, shown, *_ = app.corrected(
        base, lambda draft, post, *_: draft.merged(post), found, 0, "", None, None, "", "", ""
    )
    assert found == held
    assert "no post before it" in shown
    assert "bert" in shown


def test_a_file_of_threads_is_read_whole(base: KnowledgeBase, tmp_path: Path) -> None:
    """The neutral form may hold several threads; each is shown and saved."""
    threads = [
        make_thread([Post("0", "", 0, f"Is {thing} good?"), Post("1", "", 1, "Yes, it is great.")]) for thing in "ab"
    ]
    (tmp_path / "two.jsonl").write_text("\n".join(map(to_neutral, threads)), encoding="utf-8")
    found = app.look_into(tmp_path / "two.jsonl")
    app.save(base, found, app.Heading())
    assert {thread.id for thread in threads} == {thread.id for thread in base.threads()}


def test_an_export_is_read_by_its_own_reader(base: KnowledgeBase, tmp_path: Path) -> None:
    """A table, or any other format than copied text, gives threads and no draft to correct."""
    (tmp_path / "posts.csv").write_text("author,text\nJo,Should I lift?\nSal,Yes it helps a lot\n", encoding="utf-8")
    found = app.look_into(tmp_path / "posts.csv")
    assert found.draft is None
    assert [["Jo", "Sal"]] == [[post.author for post in thread.posts] for thread in found.threads]


def test_a_removed_thread_is_counted(base: KnowledgeBase) -> None:
    """Removing says what went, and it is gone."""
    app.save(base, app.look(PASTE), app.Heading())
    assert app.remove(base, base.threads()[0].id).startswith("Removed: 3 posts, ")
    assert [] == base.threads()


# Starting


def test_a_port_in_use_is_one_clear_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is built before the port is known to be free; the remedy is named."""
    with socket.socket() as taken:
        taken.bind((app.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert 1 == app.main(["--data", str(tmp_path / "base"), "--port", str(port)])
    assert f"{app.HOST}:{port} cannot be listened on; choose another with --port\n" == capsys.readouterr().err
    assert not (tmp_path / "base").exists()


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The message comes without a traceback, and the folder is left alone."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    assert 1 == app.main(["--data", str(tmp_path), "--port", "0"])
    assert str(tmp_path) in capsys.readouterr().err
    assert ["notes.txt"] == [path.name for path in tmp_path.iterdir()]


def test_the_first_start_adds_the_samples(base: KnowledgeBase) -> None:
    """Every new user has something to ask about."""
    app.add_samples(base)
    assert {thread.id for thread in sample_threads()} == {thread.id for thread in base.threads()}


def test_the_help_says_how_to_start(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` names every option and the address that is used without one."""
    with pytest.raises(SystemExit) as stopped:
        app.main(["--help"])
    assert 0 == stopped.value.code
    assert {"--data", "--host", "--port"} <= set(re.findall(r"--\w+", shown := capsys.readouterr().out))
    assert "127.0.0.1" in shown
