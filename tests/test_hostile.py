"""What anybody could feed a reader, in every format: depth, bombs, odd characters, the ends of time."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from test_discourse_reader import post, topic
from test_hackernews_reader import item
from test_mail_reader import letter
from test_page_reader import SAID, page, xenforo
from test_parquet_reader import parquet
from test_reddit_reader import comment, listing, submission, thing
from test_stackexchange_reader import row, xml
from test_workbook_reader import workbook

from corpus.errors import UnreadableInput
from corpus.readers import read_file
from corpus.readers.neutral import to_neutral
from corpus.store import Store

DEEP = 10_000


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


def one_in_another(innermost: str, opening: str, closing: str) -> bytes:
    """JSON too deep for the library to write."""
    return (opening * DEEP + innermost + closing * DEEP).encode()


# Depth


def dump() -> bytes:
    comments = (comment(f"c{n}", f"words {n}", f"t1_c{n - 1}" if n > 1 else "t3_abc") for n in range(1, DEEP))
    return "\n".join(map(json.dumps, (submission(), *comments))).encode()


def neutral() -> bytes:
    posts = [{"id": str(n), "text": f"words {n}", "parent": str(n - 1)} for n in range(DEEP)]
    return as_json({"counterpoint": 1, "posts": posts})


def table() -> bytes:
    return ("id,text,parent\n" + "".join(f"{n},words {n},{n - 1}\n" for n in range(DEEP))).encode()


def discourse() -> bytes:
    return as_json(topic(*(post(n, f"words {n}", reply_to_post_number=n - 1 or None) for n in range(1, DEEP + 1))))


def mail() -> bytes:
    return "".join(
        letter(f"words {n}", Message_ID=f"<{n}@x>", In_Reply_To=f"<{n - 1}@x>") for n in range(DEEP)
    ).encode()


@pytest.mark.parametrize("form", [dump, neutral, table, discourse, mail])
def test_answers_ten_thousand_deep(form: Callable[[], bytes]) -> None:
    """Where posts stand side by side each is read, and answers the one before."""
    posts = read_file(form(), "deep").threads[0].posts
    assert DEEP == len(posts)
    assert all(below.parent_id == above.id for above, below in pairwise(posts))


REDDIT = json.dumps([listing(thing("t3", **submission())), "REPLIES"])
NESTED = {
    "reddit.json": REDDIT.encode().replace(
        b'"REPLIES"',
        one_in_another('""', '{"kind": "Listing", "data": {"children": [{"kind": "t1", "data": {"replies": ', "}}]}}"),
    ),
    "item.json": one_in_another("", '{"id": 1, "author": "a", "children": [', "]}"),
    "nested.jsonl": b'{"sid": "x", "title": "Lift?", "comments": '
    + one_in_another("{}", '{"c": {"text": "words", "replies": ', "}}")
    + b"}",
    "thread.json": one_in_another("", '{"posts": [', "]}"),
}


@pytest.mark.parametrize("name", NESTED)
def test_answers_in_answers_ten_thousand_deep(name: str) -> None:
    """Where posts stand in one another such a depth is refused by name, with the file and why."""
    with pytest.raises(UnreadableInput, match=rf"{name}.*(?:nested too deep|recursion)"):
        read_file(NESTED[name], name)


def test_a_page_ten_thousand_deep() -> None:
    """Posts of a page that stand in one another are read, as deep as elements may stand."""
    comment = '<div class="thing comment"><div class="usertext-body"><p class="md">words</p></div><div class="child">'
    posts = read_file(page(comment * DEEP + "</div></div>" * DEEP), "x.html").threads[0].posts
    assert DEEP == len(posts)
    assert posts[-2].id == posts[-1].parent_id


@pytest.mark.parametrize(
    "form",
    [
        lambda quotes: as_json(topic(post(1), post(2, "<blockquote>" * quotes + "deep"))),
        lambda quotes: as_json({"body": ">" * quotes + " deep", "link_id": "t3_abc", "id": "c1"}),
        lambda quotes: letter(">" * quotes + " deep\n\nNo.").encode(),
        lambda quotes: page(xenforo(0, SAID[0]) + xenforo(1, "<blockquote>" * quotes + "deep")),
        lambda quotes: f"author,text\nann,Should I?\nbob,{'<blockquote>' * quotes}deep\n".encode(),
    ],
)
def test_quotes_in_quotes_ten_thousand_deep(form: Callable[[int], bytes]) -> None:
    """Words are found however many times they are quoted."""
    assert "deep" in read_file(form(DEEP), "deep").threads[0].posts[-1].text


# Characters


NAME, SHOWN = "\u202eשרה\u202c 😀\x00", "שרה 😀"
TEXT = "words\x00 of \u202emine\u202c 👩\u200d🌾 نعم"
PLAIN = "words of mine 👩\u200d🌾 نعم"

ODD: dict[str, Callable[[], bytes]] = {
    "Reddit": lambda: as_json([listing(thing("t3", **submission(author=NAME, selftext=TEXT)))]),
    "Discourse": lambda: as_json(topic(post(1, TEXT, username=NAME))),
    "Hacker News": lambda: as_json(item(1, TEXT, author=NAME)),
    "CSV": f"author,text\n{NAME},{TEXT}\n".encode,
    "Parquet": lambda: parquet(author=[NAME], text=[TEXT]),
    "XLSX": lambda: workbook(Posts=(("author", "text"), (NAME.strip("\0"), TEXT.replace("\0", "")))),
    "mail": lambda: letter(TEXT, f"{NAME.strip(chr(0))} <a@example.org>").encode(),
    "page": lambda: page("".join(xenforo(n, TEXT + str(n)).replace(f'"user{n}"', f'"{NAME}"') for n in range(2))),
    "Stack Exchange": lambda: xml("posts", row(1, 1, TEXT.replace("\0", ""), "", OwnerDisplayName=NAME.strip("\0"))),
}  # XML and headers of mail hold no NUL


@pytest.mark.parametrize("form", ODD)
def test_odd_characters(form: str) -> None:
    """Names of any script and emoji stay; NULs and marks that would turn a page's text around go."""
    opening = read_file(ODD[form](), "odd").threads[0].opening
    assert (SHOWN, PLAIN) == (opening.author, opening.text.removesuffix("0"))


def test_a_nul_in_xml_is_named() -> None:
    """XML cannot hold it: the place is told."""
    with pytest.raises(UnreadableInput, match=r"Posts\.xml is damaged XML at line 3"):
        read_file(xml("posts", row(1, 1, "a\x00b")), "Posts.xml")


# Times

TIMES = [datetime(1970, 1, 1, tzinfo=UTC), datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC)]


TWO_POSTS = page("".join(map(xenforo, range(2), SAID)))


def dated(form: str, time: datetime) -> bytes:
    seconds, iso = int(time.timestamp()), time.isoformat().replace("+00:00", "Z")
    forms: dict[str, Callable[[], bytes]] = {
        "Reddit": lambda: as_json([listing(thing("t3", **submission(created_utc=seconds)))]),
        "Discourse": lambda: as_json(topic(post(1, created_at=iso))),
        "Hacker News": lambda: as_json(item(1, "words", created_at_i=seconds)),
        "CSV": f"text,time\nwords,{seconds}\n".encode,
        "Parquet": lambda: parquet(text=["words"], time=[time]),
        "XLSX": lambda: workbook(Posts=(("text", "time"), ("words", iso))),
        "mail": lambda: letter("words", Date=time.strftime("%a, %d %b %Y %H:%M:%S +0000")).encode(),
        "page": lambda: TWO_POSTS.replace(b"2020-04-20T10:00:00+0200", iso.encode()),
        "Stack Exchange": lambda: xml("posts", row(1, 1, "words", CreationDate=iso.removesuffix("Z") + ".000")),
        "neutral": lambda: as_json({"posts": [{"text": "words", "time": iso}]}),
    }
    return forms[form]()


FORMS = ["Reddit", "Discourse", "Hacker News", "CSV", "Parquet", "XLSX", "mail", "page", "Stack Exchange", "neutral"]


@pytest.mark.parametrize("time", TIMES, ids=["1970", "2100"])
@pytest.mark.parametrize("form", FORMS)
def test_the_ends_of_time(form: str, time: datetime) -> None:
    """The first second of 1970 and the last of 2100 are times like any other."""
    assert time == read_file(dated(form, time), "dated").threads[0].opening.time


@pytest.mark.parametrize(("said", "year"), [("1 January 1970", 1970), ("31 December 2100", 2100)])
def test_the_ends_of_time_in_words(said: str, year: int) -> None:
    """Dates that pages show are read to 2199."""
    data = TWO_POSTS.replace(b'datetime="2020-04-20T10:00:00+0200">today', f">{said}".encode())
    time = read_file(data, "dated").threads[0].opening.time
    assert time is not None
    assert year == time.year


# All together


def test_what_was_read_is_kept_and_comes_back(tmp_path: Any) -> None:
    """The store and the neutral form hold whatever the readers give."""
    threads = [read_file(form(), "odd").threads[0] for form in ODD.values()]
    threads += [read_file(dated(form, time), "dated").threads[0] for form in ("mail", "page") for time in TIMES]
    with Store.open(tmp_path / "corpus.sqlite3") as store:
        for thread in threads:
            saved = store.save_thread(thread)  # the same words in another form are the thread that is here
            assert thread.posts[0].text == store.thread(saved.thread_id).posts[0].text
            assert (thread,) == read_file(to_neutral(thread).encode(), "kept.json").threads
