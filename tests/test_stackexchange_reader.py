"""Stack Exchange's Posts.xml, with comments and users beside it."""

import gzip
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from corpus.errors import UnreadableInput
from corpus.readers import iter_file, read_file
from corpus.readers.stackexchange import iter_threads, read_stackexchange
from corpus.thread import Skipped, Thread

REAL = Path(__file__).parents[2] / "shared/data/forums/stackexchange_xml"


def xml(kind: str, *rows: dict[str, str]) -> bytes:
    lines = ["  <row " + " ".join(f"{name}={quoteattr(value)}" for name, value in row.items()) + " />" for row in rows]
    return "\n".join(['\ufeff<?xml version="1.0" encoding="utf-8"?>', f"<{kind}>", *lines, f"</{kind}>"]).encode()


def row(id_: int, kind: int, body: str, user: str = "4", **other: str) -> dict[str, str]:
    time = f"2015-01-27T20:{id_:02}:32.720"
    fields = {
        "Id": str(id_),
        "PostTypeId": str(kind),
        "CreationDate": time,
        "Score": "3",
        "Body": body,
        "OwnerUserId": user,
    }
    return fields | other


POSTS = xml(
    "posts",
    row(3, 2, "<blockquote><p>store beans</p></blockquote><p>In a jar.</p>", "8", ParentId="1"),
    row(1, 1, "<p>How do I <em>store</em> beans?</p>\n", Title="Storing & keeping", Tags="<beans>"),
    row(2, 2, "<p>Freeze them.</p>", "9", ParentId="1"),
    row(4, 5, "about beans"),
    row(5, 1, "<p>Is tea better?</p>", Title="Tea?"),
)
COMMENTS = xml(
    "comments",
    {
        "Id": "70",
        "PostId": "2",
        "Score": "1",
        "Text": "No, *never* freeze.",
        "CreationDate": "2015-02-01T00:00:00.000",
        "UserId": "4",
    },
)
USERS = xml(
    "users", {"Id": "4", "DisplayName": "Ann"}, {"Id": "8", "DisplayName": "Bob"}, {"Id": "9", "DisplayName": "Bob"}
)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    folder = tmp_path / "coffee.stackexchange.com"
    folder.mkdir()
    for name, data in (("Posts.xml", POSTS), ("Comments.xml", COMMENTS), ("Users.xml", USERS)):
        (folder / name).write_bytes(data)
    return folder


def test_answers_join_their_question() -> None:
    """Answers come by date, wherever they stand in the file."""
    first, second = read_file(POSTS, "Posts.xml").threads
    assert ["How do I store beans?", "Freeze them.", "store beans\n\nIn a jar."] == [post.text for post in first.posts]
    assert ("Storing & keeping", "Tea?", 1) == (first.title, second.title, len(second.posts))


def test_what_a_post_keeps() -> None:
    """Time in UTC, score, parent and source are kept."""
    question, answer, _ = read_stackexchange(POSTS).threads[0].posts
    assert (datetime(2015, 1, 27, 20, 2, 32, 720_000, UTC), 3, question.id) == (
        answer.time,
        answer.score,
        answer.parent_id,
    )
    assert ("<p>Freeze them.</p>", "user9") == (answer.raw, answer.author)


def test_quoted_words_are_the_questions() -> None:
    """A block quote is traced to the question."""
    question, _, answer = read_stackexchange(POSTS).threads[0].posts
    assert (question.id, "user4") == (answer.quotes[0].post_id, answer.quotes[0].author)


def test_what_is_no_post_is_left_out_by_name() -> None:
    """Wikis of tags are no part of a thread."""
    assert [("tag_wiki", "row 4")] == [(one.reason, one.place) for one in read_stackexchange(POSTS).skipped]


def test_comments_and_names_are_read_beside_it(dump: Path) -> None:
    """A comment stands under what it is on; two users of one name are told apart."""
    for path in (dump, dump / "Posts.xml"):
        thread = read_file(path).threads[0]
        assert ["Ann", "Bob (user 9)", "Ann", "Bob (user 8)"] == [post.author for post in thread.posts]
        assert ("No, never freeze.", thread.posts[1].id) == (thread.posts[2].text, thread.posts[2].parent_id)


def test_a_folder_named_for_its_site_gives_links(dump: Path) -> None:
    """Links need the site, which the XML does not name."""
    thread = read_file(dump).threads[0]
    assert "https://coffee.stackexchange.com/q/1" == thread.link
    assert "https://coffee.stackexchange.com/posts/comments/70" == thread.posts[2].link
    assert None is read_stackexchange(POSTS).threads[0].link


def test_a_packed_file_streams(tmp_path: Path) -> None:
    """Threads come one by one from a packed file."""
    path = tmp_path / "Posts.xml.gz"
    path.write_bytes(gzip.compress(POSTS))
    assert ["Skipped", "Thread", "Thread"] == [type(one).__name__ for one in iter_file(path)]


def test_answers_without_their_question_say_so() -> None:
    """An extract may hold answers alone."""
    reading = read_stackexchange(xml("posts", row(2, 2, "<p>Freeze them.</p>", ParentId="1")))
    assert (1, [Skipped("opening_post_absent", "", "question 1")]) == (len(reading.threads), list(reading.skipped))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (POSTS[:-40], r"Posts\.xml is damaged XML at line \d+, column \d+"),
        (POSTS.replace(b"<posts>", b"<posts><row Id='1' Body='&bomb;'/>"), r"damaged XML .*undefined entity"),
        (xml("posts"), r"Posts\.xml holds no threads"),
    ],
)
def test_damaged_xml_is_named(data: bytes, said: str) -> None:
    """A refusal names the file and the place in it."""
    with pytest.raises(UnreadableInput, match=said):
        read_file(data, "Posts.xml")


def test_entities_are_never_declared() -> None:
    """A document type, where XML bombs begin, is refused."""
    bomb = b'<!DOCTYPE posts [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><posts><row Id="1" Body="&b;"/></posts>'
    with pytest.raises(UnreadableInput, match=r"Posts\.xml declares a document type"):
        read_stackexchange(bomb, place="Posts.xml")


@pytest.mark.skipif(not REAL.is_dir(), reason="the dumps of ../shared/data are not here")
@pytest.mark.parametrize("site", ["beer", "coffee"])
def test_every_post_of_real_dumps_is_read(site: str) -> None:
    """Each question is a thread, and each answer stands in one, once."""
    kinds = Counter(re.findall(rb'PostTypeId="(\d+)"', (REAL / site / "Posts.xml").read_bytes()))
    found = list(iter_threads(REAL / site))
    threads = [one for one in found if isinstance(one, Thread)]
    posts = [post.id for thread in threads for post in thread.posts]
    assert kinds[b"1"] == len(threads)
    assert kinds[b"1"] + kinds[b"2"] == len(posts) == len(set(posts))
    assert sum(kinds.values()) - len(posts) == sum(isinstance(one, Skipped) for one in found)
