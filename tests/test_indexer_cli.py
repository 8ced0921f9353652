"""python -m indexer: what each command prints, writes and exits with."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fakes import BAKERS, RUNNERS, HashingEncoder, RuleJudge, thread_of

from corpus.readers.neutral import to_neutral
from corpus.samples import sample_threads
from corpus.thread import Post, make_thread
from indexer.__main__ import main
from indexer.judge import Stance
from indexer.knowledge import KnowledgeBase

ROOT = Path(__file__).parent.parent
Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command on the base in `tmp_path`; returns its exit status, output and errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        status = main(["--data", str(tmp_path / "base"), *arguments], encoder=HashingEncoder(), judge=RuleJudge())
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """Two files with a thread each."""
    paths = tmp_path / "runners.json", tmp_path / "bakers.json"
    for path, thread in zip(paths, (RUNNERS, BAKERS), strict=True):
        path.write_text(to_neutral(thread), encoding="utf-8")
    return str(paths[0]), str(paths[1])


def as_json(result: tuple[int, str, str]) -> Any:
    assert "" == result[2]
    return json.loads(result[1])


def test_add_says_what_it_did(call: Call, files: tuple[str, str]) -> None:
    """What was added, with counts and reasons; the second time, that nothing changed."""
    status, out, err = call("add", *files)
    assert (0, "") == (status, err)
    claims = as_json(call("stats", "--json"))["claims"]
    assert f"2 threads added: 7 posts, {claims} claims; skipped: question 2, thanks 1\n" == out
    assert f"2 threads unchanged: 7 posts, {claims} claims\n" == call("add", *files)[1]


def test_add_is_told_what_a_table_calls_its_columns(call: Call, tmp_path: Path) -> None:
    """Columns without usual names are named by options."""
    (tmp_path / "posts.csv").write_text("wer,was\nJo,Should I lift?\nSal,It helped my hips\n", encoding="utf-8")
    status, out, _ = call("add", str(tmp_path / "posts.csv"), "--author-column", "wer", "--text-column", "was")
    assert (0, True) == (status, out.startswith("1 thread added: 2 posts, "))


def test_add_goes_on_after_a_bad_file(call: Call, files: tuple[str, str], tmp_path: Path) -> None:
    """Each bad file is named in one line on stderr; the good ones are added; the status says that some were refused."""
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n" + bytes(100))
    (tmp_path / "empty.txt").write_text("")
    status, out, err = call("add", str(tmp_path / "picture.png"), files[0], "missing.txt", str(tmp_path / "empty.txt"))
    assert 1 == status
    assert out.startswith("1 thread added: 4 posts")
    lines = err.splitlines()
    assert 3 == len(lines)
    assert [True] * 3 == [line.startswith("indexer: ") for line in lines]
    assert ["picture.png", "missing.txt", "empty.txt"] == [
        name for line in lines for name in ("picture.png", "missing.txt", "empty.txt") if name in line
    ]


def test_add_as_json(call: Call, files: tuple[str, str]) -> None:
    """Every number of the report, and the refused files."""
    said = as_json(call("add", "--json", *files))
    assert (2, 7, 2, 0, []) == (said["threads"], said["posts"], said["added"], said["unchanged"], said["refused"])


def test_add_reads_standard_input(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash stands for what is piped in; title and forum can be given."""
    paste = b"anna wrote:\nShould I buy a cast iron pan?\n\nbert wrote:\nYes, it is the best pan I own.\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(paste)))
    assert 0 == call("add", "-", "--title", "Is cast iron worth it?", "--forum", "Cooks")[0]
    (thread,) = as_json(call("list", "--json"))
    assert ("Is cast iron worth it?", "Cooks", 2) == (thread["title"], thread["forum"], thread["posts"])


def test_add_a_folder(call: Call, files: tuple[str, str], tmp_path: Path) -> None:
    """All threads in it are added; what is no thread is named on stderr, and is a problem."""
    folder = tmp_path / "dumps"
    folder.mkdir()
    (folder / "notes.md").write_text("Buy milk.\n\nAnd bread.\n")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n" + bytes(100))
    for file in map(Path, files):
        file.rename(folder / file.name)
    status, out, err = call("add", str(folder))
    assert 1 == status
    assert out.startswith("2 threads added: 7 posts")
    assert ["notes.md", "picture.png"] == [Path(line.split()[1]).name for line in err.splitlines()]


def test_a_dry_run_writes_nothing(call: Call, files: tuple[str, str], tmp_path: Path) -> None:
    """Without a knowledge base none is made; with one, it says what is new, what changes and what does not."""
    status, out, err = call("add", *files, "--dry-run")
    assert (0, "") == (status, err)
    assert not (tmp_path / "base").exists()
    would = "would add 2 threads, update 0, leave 0 unchanged: 7 posts new or edited, "
    claims = re.fullmatch(rf"{would}(\d+) new claims, in about \d+ seconds?\n", out)
    assert claims is not None
    call("add", *files)
    assert int(claims[1]) == as_json(call("stats", "--json"))["claims"]
    assert call("add", *files, "--dry-run")[1].startswith("would add 0 threads, update 0, leave 2 unchanged: 0 posts")
    said = as_json(call("add", *files, "--dry-run", "--json"))
    assert (0, 2, 0, {}, []) == tuple(said[name] for name in ("new", "unchanged", "claims", "left_out", "refused"))


def test_samples(call: Call) -> None:
    """All sample threads are added, once."""
    number = len(sample_threads())
    assert call("samples")[1].startswith(f"{number} threads added: ")
    assert call("samples")[1].startswith(f"{number} threads unchanged: ")


def test_list(call: Call, files: tuple[str, str]) -> None:
    """A line a thread: id, posts, claims, title; with a text, only those that have it in their heading."""
    call("add", *files)
    lines = call("list")[1].splitlines()
    assert {RUNNERS.id, BAKERS.id} == {line.split()[0] for line in lines}
    (line,) = call("list", "OVERNIGHT")[1].splitlines()
    assert line.startswith(f"{BAKERS.id}    3 posts")
    assert line.endswith(BAKERS.title)
    assert (0, "", "") == call("list", "nothing like it")


def test_show_a_thread(call: Call, files: tuple[str, str]) -> None:
    """Title, question, each post with its claims marked, each claim with its stance, and what was skipped."""
    call("add", files[0])
    _, out, _ = call("show", RUNNERS.id[:7])
    assert out.startswith(f"{RUNNERS.title}\nquestion: {RUNNERS.title}\n")
    assert "«Heavy lifting never helped anyone I know»." in out
    assert re.search(r"con   0\.80  \w+ +Heavy lifting never helped anyone I know", out)
    assert out.endswith("skipped: question 1, thanks 1\n")


def test_show_a_post_and_a_claim(call: Call, files: tuple[str, str]) -> None:
    """A post is shown with its own claims; a claim within its post, marked alone."""
    call("add", files[0])
    post = as_json(call("show", RUNNERS.posts[1].id, "--json"))
    assert [RUNNERS.posts[1].id] == [one["id"] for one in post["posts"]]
    first, second = post["claims"]
    assert {"pro"} == {first["stance"], second["stance"]}
    _, out, _ = call("show", second["id"])
    assert f"Yes, squats helped my hips. «{second['text']}»." in out
    assert first["id"] not in out


def test_show_what_is_not_there(call: Call, files: tuple[str, str]) -> None:
    """An id that is none, that nothing has, or that several begin with: one line that says so."""
    call("add", *files)
    for asked, said in (
        ("pizza", "'pizza' is not an id"),
        ("0000000000000", "no thread, post or claim has the id"),
        (_shared_beginning(call), "is how several ids begin"),
    ):
        status, out, err = call("show", asked)
        assert (1, "") == (status, out)
        assert said in err
        assert 1 == err.count("\n")


def _shared_beginning(call: Call) -> str:
    """A digit that more than one id begins with."""
    shown = as_json(call("show", RUNNERS.id, "--json"))
    digits = [one["id"][0] for one in (*shown["posts"], *shown["claims"])]
    return next(digit for digit in digits if digits.count(digit) > 1)


def test_hostile_text_does_not_reach_the_terminal(call: Call, tmp_path: Path) -> None:
    """Escape sequences in forum text are not printed as such."""
    posts = [
        Post("0", "", 0, "Should I lift?", author="\x1b]0;owned\x07"),
        Post("1", "", 1, "Squats \x1b[2Jhelped me.\r\x9b31m", author="Sal"),
    ]
    (tmp_path / "hostile.json").write_text(to_neutral(make_thread(posts, title="Lift\x1b[1m?")), encoding="utf-8")
    call("add", str(tmp_path / "hostile.json"))
    shown = call("list")[1]
    shown += call("show", shown.split()[0])[1]
    assert "Squats" in shown
    assert not {"\x1b", "\x07", "\x9b", "\r"} & set(shown)


def test_remove(call: Call, files: tuple[str, str]) -> None:
    """By author, post and thread, ids also by how they begin; what went is counted."""
    call("add", *files)
    assert (0, "removed 0 threads, 3 posts, 4 claims\n", "") == call("remove", "--author", "Sal")
    assert "removed 0 threads, 1 post, " in call("remove", "--post", BAKERS.posts[1].id[:9])[1]
    assert "removed 1 thread, 2 posts, 3 claims\n" == call("remove", "--thread", RUNNERS.id)[1]
    assert [BAKERS.id] == [one["id"] for one in as_json(call("list", "--json"))]
    assert (0, "sound\n", "") == call("verify")


def test_remove_nobody(call: Call, files: tuple[str, str]) -> None:
    """A name that nobody has is a problem, and removes nothing."""
    call("add", *files)
    status, out, err = call("remove", "--author", "sal")
    assert (1, "removed 0 threads, 0 posts, 0 claims\n") == (status, out)
    assert "no post by sal" in err


def test_a_dry_run_of_remove(call: Call, files: tuple[str, str]) -> None:
    """What would go is listed and counted, and stays."""
    call("add", *files)
    listed = "Jo  2 posts\nSal  3 posts\nwould remove 0 threads, 5 posts, 7 claims\n"
    assert (0, listed, "") == call("remove", "--author-like", "[JS]*", "--dry-run")
    title = f"{BAKERS.id}  {BAKERS.title}\nwould remove 1 thread, 3 posts, "
    assert call("remove", "--thread-like", "*overnight*", "--dry-run")[1].startswith(title)
    assert 7 == as_json(call("stats", "--json"))["posts"]


def test_remove_by_pattern(call: Call, files: tuple[str, str]) -> None:
    """Where nobody can be asked, --yes is needed; a pattern that fits nothing is a problem."""
    call("add", *files)
    status, out, err = call("remove", "--author-like", "[JS]*")
    assert (1, "") == (status, out)
    assert "nothing was removed; --yes removes without asking" in err
    assert (0, "removed 0 threads, 5 posts, 7 claims\n", "") == call("remove", "--author-like", "[JS]*", "--yes")
    assert "[JS]* fits no name here" in call("remove", "--author-like", "[JS]*", "--yes")[2]
    assert "removed 1 thread, 1 post, 0 claims" in call("remove", "--thread-like", "*overnight*", "--yes")[1]
    assert (0, "sound\n", "") == call("verify")


@pytest.mark.parametrize(("answer", "posts"), [("y\n", 4), ("\n", 7), ("no\n", 7), ("", 7)])
def test_a_terminal_is_asked(
    call: Call, files: tuple[str, str], monkeypatch: pytest.MonkeyPatch, answer: str, posts: int
) -> None:
    """Only a yes removes; without one, that nothing was removed is said."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    call("add", *files)
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    status, _, err = call("remove", "--author", "Sal")
    assert (0 if posts == 4 else 1) == status
    assert err.startswith("Sal\nremove 0 threads, 3 posts, 4 claims? [y/N] ")
    assert (posts == 7) == ("nothing was removed" in err)
    assert posts == as_json(call("stats", "--json"))["posts"]


def test_show_says_what_vanished(call: Call, tmp_path: Path) -> None:
    """A post that its thread no longer has is shown, and marked."""
    comment = {"kind": "t1", "data": {"id": "c1", "link_id": "t3_abc", "parent_id": "t3_abc"}}
    submission = {"kind": "t3", "data": {"id": "abc", "title": "Should I lift?", "selftext": "", "num_comments": 1}}

    def exported(body: str) -> str:
        comment["data"]["body"] = body
        listings = [{"kind": "Listing", "data": {"children": [one]}} for one in (submission, comment)]
        (tmp_path / "thread.json").write_text(json.dumps(listings))
        return str(tmp_path / "thread.json")

    call("add", exported("Squats helped me."))
    claims = as_json(call("stats", "--json"))["claims"]
    assert "1 thread updated: 2 posts, " in call("add", exported("[deleted]"))[1]
    (thread,) = as_json(call("list", "--json"))
    shown = call("show", thread["id"])[1]
    assert re.search(r"no longer in the thread https://www.reddit.com/comments/abc/_/c1/\n«Squats helped me»", shown)
    assert claims == as_json(call("stats", "--json"))["claims"]


@pytest.mark.parametrize("again", ["index", "vectors", "claims"])
def test_rebuild(call: Call, files: tuple[str, str], again: str) -> None:
    """Says what was made again, and how much that is."""
    call("add", *files)
    claims = as_json(call("stats", "--json"))["claims"]
    assert (0, f"made the {again} again: {claims} claims\n", "") == call("rebuild", "--again", again)


def test_verify(call: Call, files: tuple[str, str], tmp_path: Path) -> None:
    """Sound is 0; harm is 1, with its name and a command that mends it."""
    call("add", *files)
    assert (0, "sound\n", "") == call("verify")
    with KnowledgeBase.open(tmp_path / "base", encoder=HashingEncoder()) as base, base.store.begin() as connection:
        connection.exec_driver_sql("DELETE FROM thread_vectors")
    status, out, _ = call("verify")
    assert 1 == status
    assert out.startswith("thread_without_vector: 2 threads have no vector of their question: ")
    assert f"\n  mend it with: python -m indexer --data {tmp_path / 'base'} rebuild --again vectors\n" in out
    assert ["thread_without_vector"] == [one["name"] for one in as_json(call("verify", "--json"))]
    call("rebuild", "--again", "vectors")
    assert (0, "sound\n", "") == call("verify")


def test_stats(call: Call, files: tuple[str, str], tmp_path: Path) -> None:
    """How much there is and what made it, as lines and as JSON."""
    call("add", *files)
    lines = dict(line.split(maxsplit=1) for line in call("stats")[1].splitlines())
    assert (str(tmp_path / "base"), "2", "7", "6") == tuple(
        lines[name] for name in ("folder", "threads", "posts", "people")
    )
    assert "hashing (256 dimensions)" == lines["encoder"]
    assert {"question": 2, "thanks": 1} == as_json(call("stats", "--json"))["skipped_by_reason"]


@pytest.mark.parametrize("command", ["list", "verify", "stats", "rebuild", "show 12", "remove --author Jo"])
def test_no_knowledge_base(call: Call, command: str, tmp_path: Path) -> None:
    """What only looks makes nothing, and says how to make one."""
    status, out, err = call(*command.split())
    assert (1, "") == (status, out)
    assert err.startswith(f"indexer: {tmp_path / 'base'} holds no knowledge base yet; make one with: python -m indexer")
    assert not (tmp_path / "base").exists()


@pytest.mark.parametrize(
    "arguments", ["", "fly", "add", "remove", "remove --thread 1 --author Jo", "rebuild --again all", "list a b"]
)
def test_a_command_that_is_not_understood(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Usage on stderr and status 2."""
    with pytest.raises(SystemExit) as ended:
        main(arguments.split())
    assert 2 == ended.value.code
    assert capsys.readouterr().err.startswith("usage: python -m indexer")


def test_the_folder_may_stand_after_the_command(files: tuple[str, str], tmp_path: Path) -> None:
    """--data is understood before the command and after it."""
    after = ["add", files[0], "--data", str(tmp_path / "after")]
    assert 0 == main(after, encoder=HashingEncoder(), judge=RuleJudge())
    assert (tmp_path / "after" / "manifest.json").is_file()


def test_the_folder_of_the_environment(files: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without --data, $COUNTERPOINT_DATA says where."""
    monkeypatch.setenv("COUNTERPOINT_DATA", str(tmp_path / "from environment"))
    assert 0 == main(["add", files[0]], encoder=HashingEncoder(), judge=RuleJudge())
    assert (tmp_path / "from environment" / "manifest.json").is_file()


def test_in_a_pipe(tmp_path: Path) -> None:
    """As a program of its own: no bar, no traceback, and a reader that leaves early is no error."""
    KnowledgeBase.open(tmp_path / "base").close()
    command = [sys.executable, "-m", "indexer", "--data", str(tmp_path / "base")]
    verified = subprocess.run([*command, "verify"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (0, "sound\n", "") == (verified.returncode, verified.stdout, verified.stderr)
    piped = f"{' '.join(command)} stats --json | true; echo ${{PIPESTATUS[0]}}"
    cut = subprocess.run(["bash", "-c", piped], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ("0\n", "") == (cut.stdout, cut.stderr)


SLOWLY = f"""
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # which a shell's background jobs ignore
sys.path[:0] = [{str(ROOT / "tests")!r}, {str(ROOT)!r}]
from fakes import HashingEncoder, RuleJudge
from indexer.__main__ import main

class Slow(HashingEncoder):
    def encode(self, texts):
        time.sleep(0.3)
        return super().encode(texts)

sys.exit(main(sys.argv[1:], encoder=Slow(), judge=RuleJudge()))
"""


@pytest.fixture
def dump(tmp_path: Path) -> str:
    """A file of six threads, each a batch."""
    threads = [
        thread_of(f"Is plan {n} good?", *(f"Plan {n} {'never ' * (m % 2)}helped me in week {m}" for m in range(100)))
        for n in range(6)
    ]
    path = tmp_path / "dump.jsonl"
    path.write_text("".join(f"{to_neutral(thread)}\n" for thread in threads), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("number", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_the_same_command_goes_on(call: Call, dump: str, tmp_path: Path, number: int, status: int) -> None:
    """Killed or interrupted, what was added is sound; again, it is passed over and the rest is added, nothing twice."""
    command = [sys.executable, "-c", SLOWLY, "--data", str(tmp_path / "base"), "add", dump]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "base" / "manifest.json").exists() or not as_json(call("stats", "--json"))["threads"]:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(number)
    out, err = process.communicate()
    assert (status, "") == (process.returncode, out)
    assert (number == signal.SIGINT) == ("the same command goes on from there" in err)
    there = as_json(call("stats", "--json"))["threads"]
    assert 1 <= there < 6
    assert (0, "sound\n", "") == call("verify")
    said = as_json(call("add", "--json", dump))
    assert (6, there, 6 - there) == (said["threads"], said["unchanged"], said["added"])
    assert (6, 600) == tuple(as_json(call("stats", "--json"))[name] for name in ("threads", "posts"))
    assert (0, "sound\n", "") == call("verify")


def test_a_bar_on_a_terminal(dump: str, tmp_path: Path) -> None:
    """How many threads of all, how long it takes and will take, and the rate; on a terminal alone."""
    controller, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (24, 100))
    command = [sys.executable, "-c", SLOWLY, "--data", str(tmp_path / "base"), "add", dump]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, text=True)
    os.close(terminal)
    shown = b""
    with suppress(OSError):  # what a terminal says when nobody writes to it any more
        while piece := os.read(controller, 65536):
            shown += piece
    os.close(controller)
    out, _ = process.communicate()
    assert out.startswith("6 threads added: 600 posts")
    assert b"counting" in shown
    assert re.search(rb"\| [1-5]/6 \[\d\d:\d\d<\d\d:\d\d, +[\d.]+(?:s/thread|thread/s)\]", shown)


def test_verify_with_another_encoder(call: Call, files: tuple[str, str], tmp_path: Path) -> None:
    """A base made otherwise is a problem that verify names, and an error for what asks."""
    call("add", *files)
    command = ["--data", str(tmp_path / "base")]
    assert 1 == main([*command, "verify"], encoder=HashingEncoder("other"))
    assert 1 == main([*command, "list"], encoder=HashingEncoder("other"))


MAILED = replace(
    thread_of(
        "Should I ring them?",
        ("Jo", "Should I ring 303-860-5604?"),
        ("Sal", "It is worth it. Squats helped sal@example.com and me."),
    ),
    title="Should I ring 303-860-5604?",
)


@pytest.fixture
def mailed(call: Call, tmp_path: Path) -> None:
    """The base holds a thread with personal data, and one without."""
    for name, thread in (("mailed.json", MAILED), ("bakers.json", BAKERS)):
        (tmp_path / name).write_text(to_neutral(thread), encoding="utf-8")
        assert 0 == call("add", str(tmp_path / name))[0]


@pytest.mark.usefixtures("mailed")
def test_personal_data_are_masked_where_they_are_shown(call: Call) -> None:
    """In lists, threads, claims and JSON, unless they are asked for; claims are still marked where they stand."""
    shown = (
        call("list")[1] + call("list", "--json")[1] + call("show", MAILED.id)[1] + call("show", MAILED.id, "--json")[1]
    )
    assert [] == [hidden for hidden in ("303-860", "sal@example.com") if hidden in shown]
    assert "Should I ring [phone number]?" in shown
    assert "«Squats helped [e-mail address] and me»." in shown
    assert "«Squats helped sal@example.com and me»." in call("show", MAILED.id, "--unmasked")[1]
    assert "Should I ring 303-860-5604?" in call("list", "--unmasked")[1]
    said = as_json(call("show", MAILED.id, "--json"))
    texts = {post["id"]: post["text"] for post in said["posts"]}
    assert [one["text"] for one in said["claims"]] == [
        texts[one["post_id"]][one["start"] : one["end"]] for one in said["claims"]
    ]


@pytest.mark.usefixtures("mailed")
def test_show_with_pseudonyms(call: Call) -> None:
    """The same names as in an export, and no others."""
    out = call("show", BAKERS.id, "--pseudonyms")[1]
    names = re.findall(r"person [0-9a-f]{10}", out)
    assert 3 == len(set(names))
    exported = call("export", "-", "--pseudonyms", "--thread", BAKERS.id)[1]
    assert names == [post["author"] for post in json.loads(exported)["posts"]]
    assert "Mia" not in out + exported


@pytest.mark.usefixtures("mailed")
def test_export_and_import(call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is written packed, with nothing masked, is the same base elsewhere."""
    file = str(tmp_path / "all.jsonl.gz")
    assert (0, f"wrote 2 threads to {file}\n", "") == call("export", file, "--unmasked")
    other = ["--data", str(tmp_path / "other")]
    assert 0 == main([*other, "import", file], encoder=HashingEncoder(), judge=RuleJudge())
    assert capsys.readouterr().out.startswith("2 threads added: 5 posts, ")
    for asked in (["list", "--json"], ["show", MAILED.id], ["show", BAKERS.id]):
        assert 0 == main([*other, *asked], encoder=HashingEncoder(), judge=RuleJudge())
        shown = capsys.readouterr().out
        assert call(*asked)[1] == shown


@pytest.mark.usefixtures("mailed")
def test_export_of_some_threads_masked(call: Call) -> None:
    """To standard output, and nothing but the thread that was asked for."""
    status, out, err = call("export", "-", "--thread", MAILED.id[:9])
    (line,) = out.splitlines()
    assert (0, "", "Should I ring [phone number]?") == (status, err, json.loads(line)["title"])


@pytest.mark.usefixtures("mailed")
@pytest.mark.parametrize(
    ("name", "options"), [("c.csv", []), ("c.jsonl", []), ("c.parquet", []), ("c", ["--format", "csv"])]
)
def test_export_of_claims(call: Call, tmp_path: Path, name: str, options: list[str]) -> None:
    """The format is that of the file's name, or the one that is given."""
    file = tmp_path / name
    said = call("export", str(file), "--claims", *options)
    assert (0, f"wrote the claims of 2 threads to {file}\n", "") == said
    begins = {"c.csv": b"id,text,start,", "c.jsonl": b'{"id": "', "c.parquet": b"PAR1", "c": b"id,text,start,"}
    assert file.read_bytes().startswith(begins[name])
    assert b"sal@example.com" not in file.read_bytes()


@pytest.mark.usefixtures("mailed")
def test_export_of_claims_toward_a_question(call: Call) -> None:
    """Every row says the question that its stance is toward."""
    out = call("export", "-", "--claims", "--question", "should I not lift?")[1]
    assert {"should I not lift?"} == {json.loads(line)["question"] for line in out.splitlines()}


@pytest.mark.usefixtures("mailed")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["there.jsonl"], "there.jsonl is there already; choose another file, or replace a file with --force"),
        (["claims.csv"], "for claims add --claims"),
        (["all.jsonl", "--question", "should I lift?"], "for claims add --claims"),
        (["all.jsonl", "--thread", "0000000"], "no thread, post or claim has the id 0000000"),
        (["missing/all.jsonl"], "all.jsonl cannot be written (No such file or directory)"),
    ],
)
def test_export_refuses(call: Call, tmp_path: Path, arguments: list[str], said: str) -> None:
    """One line that says why; no file is written or touched."""
    (tmp_path / "there.jsonl").write_text("there")
    before = sorted(tmp_path.iterdir())
    status, out, err = call("export", str(tmp_path / arguments[0]), *arguments[1:])
    assert (1, "", 1) == (status, out, err.count("\n"))
    assert said in err
    assert (before, "there") == (sorted(tmp_path.iterdir()), (tmp_path / "there.jsonl").read_text())
    assert 0 == call("export", str(tmp_path / "there.jsonl"), "--force")[0]


def test_import_refuses_what_is_no_export(call: Call, files: tuple[str, str]) -> None:
    """Neutral JSON of another hand is for `add`."""
    status, out, err = call("import", *files)
    assert (1, "", 2) == (status, out, err.count("\n"))
    assert "line 1 is not of an export of Counterpoint; read other files with `add`" in err


@pytest.mark.usefixtures("mailed")
def test_backup(call: Call, tmp_path: Path) -> None:
    """The copy opens with --data and is sound."""
    assert (0, "sound\n", "") == call("backup", str(tmp_path / "copy"))
    assert (0, "sound\n", "") == call("verify", "--data", str(tmp_path / "copy"))
    assert call("list", "--json")[1] == call("list", "--json", "--data", str(tmp_path / "copy"))[1]
    assert "copy is there already" in call("backup", str(tmp_path / "copy"))[2]


def test_help_shows_examples(capsys: pytest.CaptureFixture[str]) -> None:
    """--help names every command and shows how it is used."""
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert 0 == ended.value.code
    out = capsys.readouterr().out
    assert "python -m indexer add thread.txt" in out
    assert all(
        f"\n    {name}" in out
        for name in (
            "add",
            "samples",
            "list",
            "show",
            "remove",
            "rebuild",
            "export",
            "import",
            "backup",
            "verify",
            "stats",
        )
    )


def corrected(tmp_path: Path, *, who: str | None = None) -> tuple[str, str]:
    """Two corrections in the base: a side that was right, and one that was wrong; their ids."""
    with KnowledgeBase.open(tmp_path / "base", encoder=HashingEncoder(), judge=RuleJudge()) as base:
        claims = {one.cited.claim.text: one.cited.claim.id for one in base.browse(thread_id=RUNNERS.id).claims}
        right = base.correct(claims["Yes, squats helped my hips"], Stance.PRO, who=who)
        wrong = base.correct(claims["Heavy lifting never helped anyone I know"], Stance.PRO)
    return right.id, wrong.id


def test_corrections_are_listed_with_how_often_the_program_was_right(
    call: Call, files: tuple[str, str], tmp_path: Path
) -> None:
    """The latest first: what is right, what had been said, the words, and toward which question."""
    call("add", *files)
    right, wrong = corrected(tmp_path, who="Jo")
    status, out, err = call("corrections")
    assert (0, "") == (status, err)
    lines = [re.sub(r"\d{4}-\d\d-\d\d", "DAY", line) for line in out.splitlines()]
    assert [
        f"{wrong}  DAY  stance  pro         was con         Heavy lifting never helped anyone I know",
        "    toward: Should I lift weights for a faster 5k?",
        f"{right}  DAY  stance  pro         as was said     Yes, squats helped my hips",
        "    toward: Should I lift weights for a faster 5k?",
        "    by: Jo",
        "stances: 1 of 2 marked had been right (95% interval 9% to 91%; people mark wrong ones more often)",
        "kinds: none marked",
    ] == lines


def test_corrections_are_exported(call: Call, files: tuple[str, str], tmp_path: Path) -> None:
    """As a table for a spreadsheet, or as JSON lines; a file that is here is not replaced."""
    call("add", *files)
    corrected(tmp_path)
    table, lines = str(tmp_path / "out.csv"), str(tmp_path / "out.jsonl")
    assert (0, f"wrote 2 corrections to {table}\n", "") == call("corrections", "--export", table)
    assert "id,at,who,matter,question,said,now,right," in Path(table).read_text(encoding="utf-8").splitlines()[0]
    call("corrections", "--export", lines)
    values = [json.loads(line) for line in Path(lines).read_text(encoding="utf-8").splitlines()]
    assert [("con", "pro", False, "rules"), ("pro", "pro", True, "rules")] == [
        (one["said"], one["now"], one["right"], one["made_by"]) for one in values
    ]
    assert 1 == call("corrections", "--export", table)[0]


def test_a_correction_is_undone_by_how_its_id_begins(call: Call, files: tuple[str, str], tmp_path: Path) -> None:
    """What the program says counts again; an unknown id is refused."""
    call("add", *files)
    _, wrong = corrected(tmp_path)
    assert (0, "undone: stance pro, con again\n", "") == call("corrections", "--undo", wrong[:8])
    status, out, err = call("corrections", "--undo", wrong[:8])
    assert (1, "", f"indexer: no correction has the id {wrong[:8]}; `corrections` lists them\n") == (status, out, err)
    assert 1 == len(as_json(call("corrections", "--json"))["corrections"])
