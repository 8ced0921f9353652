"""Mail archives: mbox and pipermail."""

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers import read_file
from corpus.readers.mail import iter_threads, read_mail
from corpus.thread import Skipped, Thread

REAL = Path(__file__).parents[2] / "shared/data/forums/mbox"


def letter(body: str, sender: str = "ann at example.org (Ann)", day: int = 1, **headers: str) -> str:
    fields = {"From": sender, "Date": f"Sat, {day:02} Aug 1998 17:00:24 -0700", "Subject": "Weights?"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "\n".join(f"{name}: {value}" for name, value in fields.items() if value)
    return f"From ann at example.org  Sat Aug {day:2} 00:00:24 1998\n{lines}\n\n{body}\n\n"


OPENING = letter("Should I lift?\n\nFrom now on, I mean.", Message_ID="<1@x>")
REPLY = letter(
    "On Sat, 1 Aug 1998, Ann wrote:\n\n> Should I lift?\n\nNo.\n\n--\nBob, Oslo",
    "Bob <bob@example.org>",
    2,
    Message_ID="<2@x>",
    In_Reply_To="<1@x>",
    Subject="Re: Weights?",
)
OTHER = letter("Is tea better?", "cem@example.org", 3, Message_ID="<3@x>", Subject="Tea")
ARCHIVE = (OPENING + OTHER + REPLY).encode()


def authors(archive: str) -> list[list[str | None]]:
    return [[post.author for post in thread.posts] for thread in read_mail(archive.encode()).threads]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_undeclared_bytes_in_headers(encoding: str) -> None:
    """Old programs wrote names as they were, without saying how."""
    archive = letter("Yes.", "Jörg <j@example.org>").encode(encoding)
    assert "Jörg" == read_mail(archive).threads[0].opening.author


def test_an_archive_is_read_by_threads() -> None:
    """Messages join the one they answer; a line that begins with From is no message."""
    reading = read_file(ARCHIVE, "1998-August.txt")
    assert ("a mail archive", ["Weights?", "Tea"]) == (reading.layout, [thread.title for thread in reading.threads])
    assert [["Ann", "Bob"], ["cem@example.org"]] == [[p.author for p in thread.posts] for thread in reading.threads]
    assert "Should I lift?\n\nFrom now on, I mean." == reading.threads[0].opening.text


def test_what_a_message_keeps() -> None:
    """Time with its zone and parent are kept; the signature is left out by name."""
    reading = read_mail(ARCHIVE)
    opening, reply = reading.threads[0].posts
    assert (datetime(1998, 8, 3, 0, 0, 24, tzinfo=UTC), timedelta(hours=-7)) == (
        reply.time,
        reply.time and reply.time.utcoffset(),
    )
    assert (opening.id, "mid:2@x") == (reply.parent_id, reply.link)
    assert ["signature"] * 2 == [one.reason for one in reading.skipped]


def test_quoted_lines_are_their_authors() -> None:
    """The line "X wrote:" is part of the quote and says whose it is."""
    opening, reply = read_mail(ARCHIVE).threads[0].posts
    (quote,) = reply.quotes
    assert ("Ann", opening.id) == (quote.author, quote.post_id)
    assert "No." == reply.text[quote.end :].strip()


def test_lines_escaped_for_the_archive_are_no_quotes() -> None:
    """A line "From ..." is kept apart by a mark that nobody typed."""
    post = read_mail(letter("I lift.\n>From there I run.").encode()).threads[0].opening
    assert ("I lift.\nFrom there I run.", ()) == (post.text, post.quotes)


def test_a_wrapped_attribution_is_one() -> None:
    """The line that names the author may be broken over two lines."""
    reply = letter("On Sat, 1 Aug 1998 at 10:00, Ann Example\n<ann@example.org> wrote:\n> Should I lift?\nNo.", "Bob")
    post = read_mail((OPENING + reply).encode()).threads[0].posts[1]
    assert "No." == post.text[post.quotes[0].end :].strip()


def test_what_follows_original_message_is_quoted() -> None:
    """Some programs put the whole message below the answer."""
    reply = letter("No.\n\n-----Original Message-----\nFrom: Ann\n\nShould I lift?", "Bob")
    post = read_mail((OPENING + reply).encode()).threads[0].posts[1]
    assert "No." == post.text[: post.quotes[0].start].strip()


def test_answers_to_one_absent_message_are_one_thread() -> None:
    """Two messages that refer to a third belong together, whatever their subjects."""
    one = letter("No.", "Bob", Message_ID="<4@x>", In_Reply_To="<gone@x>", Subject="a")
    two = letter("Yes.", "Cem", Message_ID="<5@x>", References="<gone@x> <4@x>", Subject="b")
    assert [["Bob", "Cem"]] == authors(one + two)


def test_subjects_join_where_ids_do_not() -> None:
    """Prefixes and the list's name make no other subject."""
    reply = letter("No.", "Bob", 20, Subject="[runners] Re: AW: Weights?")
    assert [["Ann", "Bob"]] == authors(letter("Should I?", Subject="[runners] Weights?") + reply)


def test_an_old_subject_is_another_thread() -> None:
    """A month later the same words open a new thread."""
    later = letter("No.", "Bob", Subject="Re: Weights?", Date="Thu, 1 Oct 1998 17:00:24 -0700")
    assert [["Ann"], ["Bob"]] == authors(OPENING + later)


def test_no_subject_joins_nothing() -> None:
    """Messages without a subject are no thread."""
    assert [["Ann"], ["Bob"]] == authors(letter("Hi", Subject="None") + letter("Ho", "Bob", Subject="Re: None"))


def test_the_same_subject_anew_is_another_thread() -> None:
    """Where answers carry "Re:", a message without it answers nothing."""
    anew = letter("Should I?", "Cem", 4, Message_ID="<9@x>")
    assert [["Ann", "Bob"], ["Cem"]] == authors(OPENING + REPLY + anew)


MULTIPART = letter(
    "--b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nTr=E8s bien"
    "\n--b\nContent-Type: text/html\n\n<p>other</p>\n--b\nContent-Type: image/png; name=x.png\n\nAAAA\n--b--",
    "=?utf-8?q?Ren=C3=A9?= <rene@example.org>",
    Content_Type="multipart/mixed; boundary=b",
    MIME_Version="1.0",
)


def test_parts_and_encodings_are_decoded() -> None:
    """The text is read, the names of what is attached are kept as left out."""
    reading = read_mail(MULTIPART.encode())
    opening = reading.threads[0].opening
    assert ("Très bien", "René") == (opening.text, opening.author)
    assert [("attachment", "x.png")] == [(one.reason, one.text) for one in reading.skipped]


def test_a_letter_in_html_alone_is_read() -> None:
    """Its tags go."""
    archive = letter("<p>Just <b>run</b></p>", Content_Type="text/html")
    assert "Just run" == read_mail(archive.encode()).threads[0].opening.text


def test_a_message_that_comes_twice_is_read_once() -> None:
    """The second is left out by name."""
    reading = read_mail((OPENING + OPENING).encode())
    assert (1, ["repeated_post"]) == (len(reading.threads[0].posts), [one.reason for one in reading.skipped])


def test_circles_of_references_end() -> None:
    """Two messages that answer each other are one thread, in order."""
    one = letter("one", Message_ID="<1@x>", In_Reply_To="<2@x>")
    two = letter("two", "Bob", Message_ID="<2@x>", In_Reply_To="<1@x>")
    first, second = read_mail((one + two).encode()).threads[0].posts
    assert (None, first.id) == (first.parent_id, second.parent_id)


def test_deep_nesting_of_parts_is_left_out_by_name() -> None:
    """A message of endless parts does not end the reading."""
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2_000))
    reading = read_mail((OPENING + letter(deep, Content_Type="multipart/mixed; boundary=b", Subject="x")).encode())
    assert "Should I lift?\n\nFrom now on, I mean." == reading.threads[0].opening.text


def test_text_that_begins_with_from_is_no_archive() -> None:
    """Headers must follow the "From " line."""
    assert "a mail archive" != read_file(b"From my point of view at 10:00 in 1998\n\nNo.\n\nYes.\n").layout


HEADERS = st.sampled_from(
    ["From", "Date", "Subject", "Message-ID", "References", "Content-Type", "Content-Transfer-Encoding"]
)
VALUES = st.text(st.characters(max_codepoint=255), max_size=20) | st.sampled_from(
    [
        "=?utf-8?b?x?=",
        "=?x?q?=ff?=",
        "<1@x>",
        "text/html; charset=nonsense",
        "multipart/mixed; boundary=b",
        "base64",
        "uuencode",
    ]
)


@settings(deadline=None)
@given(st.lists(st.tuples(HEADERS, VALUES), max_size=6), st.binary(max_size=60))
def test_any_message_is_read_or_refused(headers: list[tuple[str, str]], body: bytes) -> None:
    """No headers and no bytes bring another exception."""
    lines = "".join(f"{name}: {value}\n" for name, value in headers)
    data = b"From x at y  Sat Aug  1 00:00:24 1998\n" + lines.encode("latin-1") + b"\n" + body
    assert_read_or_refused(read_mail, data)


@pytest.mark.skipif(not REAL.is_dir(), reason="the archives of ../shared/data are not here")
@pytest.mark.parametrize("path", sorted(REAL.glob("*.gz")), ids=lambda path: path.name[:-7])
def test_every_message_of_real_archives_is_read(path: Path) -> None:
    """Each message is a post once, with an author, a time and words."""
    messages = len(re.findall(rb"^From \S+ at \S+ .*\d{4}$", gzip.decompress(path.read_bytes()), re.MULTILINE))
    found = list(iter_threads(path))
    posts = [post for one in found if isinstance(one, Thread) for post in one.posts]
    repeated = sum(isinstance(one, Skipped) and one.reason == "repeated_post" for one in found)
    assert messages == len(posts) + repeated == len({post.id for post in posts}) + repeated
    assert len(posts) == sum(bool(post.author and post.time and post.text) for post in posts)
