# ruff: noqa: DTZ001 -- pages give many times without a zone
"""Saved web pages: by schema.org's words, by the engines' markup, and by what repeats."""

import gzip
from datetime import UTC, datetime, timedelta, timezone

import pytest
from fakes import assert_read_or_refused
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableInput
from corpus.readers import read_file
from corpus.readers.page import GENERAL, SCHEMA, is_page, read_page
from corpus.readers.page_details import in_english, read_times
from corpus.readers.page_engines import ENGINES
from corpus.thread import Thread

SAID = (
    "Should I lift for a sub-20 5k, or is it a waste of the little time I have?",
    "Yes, twice a week made my knees stop hurting after the long runs.",
    "No, run more miles first; the weights can wait until you hold forty.",
    "It depends on whether you are injured, as I was all of last spring.",
)
WITHOUT_ENGINES = frozenset({SCHEMA, *(engine.name for engine in ENGINES)})


def page(body: str, head: str = "<title>Lifting | Forum</title>") -> bytes:
    return f"<!DOCTYPE html><html lang='en'><head>{head}</head><body>{body}</body></html>".encode()


def xenforo(number: int, text: str) -> str:
    return (
        f'<article class="message message--post" data-author="user{number}" id="js-post-{number}">'
        f'<time class="u-dt" datetime="2020-04-2{number}T10:00:00+0200">today</time>'
        f'<div class="message-attribution-opposite"><a href="/threads/lifting.7/post-{number}">#{number}</a></div>'
        f'<div class="message-body"><div class="bbWrapper">{text}</div></div>'
        '<div class="message-signature">Never give up</div></article>'
    )


def plain_block(number: int, text: str) -> str:
    return (
        f'<div class="row r{number % 2}"><div class="side"><a href="/members/user{number}">user{number}</a></div>'
        f'<div class="top">12 Mar 2019, 10:2{number} AM</div><div class="words">{text}</div>'
        "<div><a href='#'>Reply</a></div></div>"
    )


def thread_of(data: bytes, **options: frozenset[str]) -> Thread:
    return read_page(data, "x.html", **options).threads[0]


def test_an_engine_is_known_by_its_markup() -> None:
    """The layout names the engine."""
    data = page("".join(map(xenforo, range(4), SAID)))
    assert "a saved web page, XenForo 2" == read_page(data).layout


def test_posts_in_order_with_their_words() -> None:
    """Each post is its body, without signature and buttons."""
    assert SAID == tuple(post.text for post in thread_of(page("".join(map(xenforo, range(4), SAID)))).posts)


def test_author_and_time_with_zone() -> None:
    """The time keeps the zone that the page gives."""
    post = thread_of(page("".join(map(xenforo, range(4), SAID)))).posts[1]
    assert ("user1", datetime(2020, 4, 21, 10, tzinfo=timezone(timedelta(hours=2)))) == (post.author, post.time)


def test_permalinks_are_made_whole() -> None:
    """A relative permalink is completed by the page's own address."""
    head = '<title>Lifting</title><link rel="canonical" href="https://runners.example/threads/lifting.7/">'
    posts = thread_of(page("".join(map(xenforo, range(4), SAID)), head)).posts
    assert "https://runners.example/threads/lifting.7/post-2" == posts[2].link


def test_a_relative_link_without_an_address_is_none() -> None:
    """Nothing is invented where the page does not say where it is from."""
    assert [None] * 4 == [post.link for post in thread_of(page("".join(map(xenforo, range(4), SAID)))).posts]


def test_signatures_are_named() -> None:
    """A signature inside a body is left out by name."""
    inside = f'{SAID[1]}<div class="signature">My shoes: old</div>'
    skipped = read_page(page(xenforo(0, SAID[0]) + xenforo(1, inside))).skipped
    assert [("signature", "My shoes: old")] == [(one.reason, one.text) for one in skipped]


def test_a_post_without_words_is_counted() -> None:
    """A post of a picture alone is an empty post."""
    skipped = read_page(page("".join(map(xenforo, range(3), (*SAID[:2], "<img src='a.png'>"))))).skipped
    assert ["empty_post"] == [one.reason for one in skipped]


def test_a_quote_refers_to_the_post_it_quotes() -> None:
    """Quoted words count for whoever wrote them."""
    quote = f'<blockquote class="bbCodeBlock--quote" data-quote="user1">{SAID[1]}</blockquote>So did mine.'
    posts = thread_of(page("".join(map(xenforo, range(3), (*SAID[:2], quote))))).posts
    (found,) = posts[2].quotes
    assert (SAID[1], "user1", posts[1].id) == (posts[2].text[found.start : found.end], found.author, found.post_id)


def test_repeated_blocks_of_an_unknown_site() -> None:
    """Without any rule the words of each block are found."""
    thread = thread_of(page("<h1>Lifting</h1>" + "".join(map(plain_block, range(4), SAID))), without=WITHOUT_ENGINES)
    assert SAID == tuple(post.text for post in thread.posts)


def test_names_and_times_of_an_unknown_site() -> None:
    """Without any rule names and times are found outside of the words."""
    post = thread_of(page("".join(map(plain_block, range(4), SAID)))).posts[3]
    assert ("user3", datetime(2019, 3, 12, 10, 23)) == (post.author, post.time)


def test_an_unknown_site_is_said_to_be_one() -> None:
    """The layout says that blocks were found by repetition."""
    assert f"a saved web page, {GENERAL}" == read_page(page("".join(map(plain_block, range(4), SAID)))).layout


def test_json_ld() -> None:
    """Posts told in JSON-LD are read with author, time, score and what they answer."""
    data = (
        '{"@context": "https://schema.org", "@type": "QAPage", "mainEntity": {"@type": "Question", "name": "Lift?",'
        f' "text": "{SAID[0]}", "author": {{"@type": "Person", "name": "Sal"}}, "acceptedAnswer":'
        f' {{"@type": "Answer", "text": "<p>{SAID[1]}</p>", "upvoteCount": 7, "datePublished": "2020-01-02T03:04:05Z",'
        ' "author": {"name": "Bob"}}}}'
    )
    question, answer = thread_of(page("", f'<script type="application/ld+json">{data}</script>')).posts
    assert ("Sal", SAID[0]) == (question.author, question.text)
    assert ("Bob", SAID[1], 7, question.id) == (answer.author, answer.text, answer.score, answer.parent_id)
    assert datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC) == answer.time


def test_microdata() -> None:
    """Posts marked by attributes are read."""
    blocks = "".join(
        f'<div itemscope itemtype="https://schema.org/Comment"><span itemprop="author">user{number}</span>'
        f'<time itemprop="datePublished" datetime="2020-04-01T00:00:0{number}Z">then</time>'
        f'<div itemprop="text">{text}</div></div>'
        for number, text in enumerate(SAID)
    )
    assert list(enumerate(SAID)) == [
        (int(str(post.author)[-1]), post.text) for post in thread_of(page(blocks)).posts if post.time
    ]


def test_replies_inside_of_posts() -> None:
    """A comment that stands in another answers it; each keeps its own words and author."""
    inner = (
        '<div class="thing comment" data-author="b" data-permalink="/r/x/2"><div class="usertext-body">'
        f'<div class="md"><p>{SAID[1]}</p></div></div></div>'
    )
    outer = (
        '<div class="thing link" data-author="a"><div class="usertext-body"><div class="md">'
        f"{SAID[0]}</div></div>{inner}</div>"
    )
    first, second = thread_of(page(outer)).posts
    assert ("a", SAID[0], "b", SAID[1], first.id) == (
        first.author,
        first.text,
        second.author,
        second.text,
        second.parent_id,
    )


def test_depth_in_numbers() -> None:
    """Hacker News indents by a number."""
    rows = "".join(
        f'<tr class="athing comtr"><td class="ind" indent="{depth}"></td><td><a class="hnuser">u{number}</a>'
        f'<span class="age" title="2020-01-02T03:04:0{number}"></span><div class="commtext">{text}</div></td></tr>'
        for number, (depth, text) in enumerate(zip((0, 1, 2, 1), SAID, strict=True))
    )
    posts = thread_of(page(f"<table>{rows}</table>")).posts
    assert [None, posts[0].id, posts[1].id, posts[0].id] == [post.parent_id for post in posts]


def test_a_post_in_two_rows() -> None:
    """In phpBB's subsilver style the name stands in one row and the words in the next."""
    rows = "".join(
        f'<tr class="row1"><td><a name="p{number}"></a><span class="postauthor">u{number}</span></td><td></td></tr>'
        f'<tr class="row1"><td></td><td><div class="postbody">{text}</div></td></tr>'
        for number, text in enumerate(SAID)
    )
    posts = thread_of(page(f"<table>{rows}</table>")).posts
    assert [(f"u{number}", text) for number, text in enumerate(SAID)] == [(post.author, post.text) for post in posts]


def test_missing_pages_are_named() -> None:
    """Each page of the thread that is not here is told by its number."""
    data = page("".join(map(xenforo, range(4), SAID)) + "<div>Page 2 of 3</div>")
    assert [("page_not_here", "page 1 of 3 is not here"), ("page_not_here", "page 3 of 3 is not here")] == [
        (one.reason, one.text) for one in read_page(data).skipped
    ]


def test_a_next_page_is_named() -> None:
    """A link to a next page is told where pages are not counted."""
    data = page("".join(map(xenforo, range(4), SAID)) + '<a rel="next" href="https://a.example/p2">2</a>')
    assert ["the next page is not here: https://a.example/p2"] == [one.text for one in read_page(data).skipped]


def test_hidden_parts_and_scripts_are_no_words() -> None:
    """What nobody sees is left out."""
    text = f'{SAID[1]}<script>alert(1)</script><span style="display:none">x</span><p hidden>y</p>'
    assert SAID[1] == thread_of(page(xenforo(0, SAID[0]) + xenforo(1, text))).posts[1].text


def test_the_title_is_the_heading() -> None:
    """The heading that the title repeats names the thread."""
    data = page("<h1>Lifting</h1><h2>Forum</h2>" + "".join(map(xenforo, range(4), SAID)))
    assert "Lifting" == thread_of(data).title


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252", "utf-8", "shift_jis", "koi8-r"])
def test_declared_encodings(encoding: str) -> None:
    """The page's own declaration is believed."""
    words = {"shift_jis": "二回で十分です", "koi8-r": "Дважды в неделю"}.get(encoding, "zweimal wöchentlich genügt")
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    data = page("".join(map(xenforo, range(2), (SAID[0], words))), head).decode().encode(encoding)
    assert words == thread_of(data).posts[1].text


def test_utf8_under_a_wrong_declaration() -> None:
    """What a program saved as UTF-8 is read so, whatever the page still declares."""
    head = '<meta charset="iso-8859-1">'
    assert "genügt völlig" == thread_of(page(xenforo(0, SAID[0]) + xenforo(1, "genügt völlig"), head)).posts[1].text


def test_byte_order_mark() -> None:
    """UTF-16 is known by its mark."""
    data = page("".join(map(xenforo, range(4), SAID))).decode().encode("utf-16")
    assert (True, 4) == (is_page(data), len(thread_of(data).posts))


def test_a_packed_page() -> None:
    """A gzipped page is unpacked."""
    assert 4 == len(read_file(gzip.compress(page("".join(map(xenforo, range(4), SAID)))), "x.html.gz").threads[0].posts)


def test_a_web_archive() -> None:
    """MHTML gives the page, where it came from, and the day that relative dates count back from."""
    block = (
        '<article class=3D"message message--post" data-author=3D"u{0}"><time class=3D"u-dt">{0} days ago</time>'
        '<div class=3D"message-body"><div class=3D"bbWrapper">{1}</div></div></article>'
    )
    data = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/t/1\r\nSubject: Lifting\r\n"
        "Date: Sun, 10 May 2020 12:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/related; type="text/html"; boundary="xx"\r\n\r\n'
        "--xx\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"<html><body>{block.format(2, SAID[0])}{block.format(1, SAID[1])}</body></html>\r\n--xx--\r\n"
    ).encode()
    thread = read_file(data, "x.mhtml").threads[0]
    assert ("https://a.example/t/1", 2) == (thread.link, len(thread.posts))
    assert ["2020-05-08", "2020-05-09"] == [str(post.time)[:10] for post in thread.posts]


def test_elements_closed_at_once() -> None:
    """`<iframe/>` as programs write it hides nothing of what follows."""
    assert 4 == len(thread_of(page('<iframe src="a"/>' + "".join(map(xenforo, range(4), SAID)))).posts)


def test_a_page_without_posts_is_refused() -> None:
    """The message names the page and the remedy."""
    with pytest.raises(UnreadableInput, match=r"no posts found in x\.html; .* copy its text and paste that"):
        read_page(page("<p>Welcome</p>"), "x.html")


def test_replies_three_thousand_deep() -> None:
    """Deep nesting loses no words."""
    depth = 3_000
    opens = "".join(
        f'<div class="thing comment" data-author="u{n}"><div class="usertext-body"><p class="md">words {n}</p></div>'
        for n in range(depth)
    )
    assert depth == len(thread_of(page(opens + "</div>" * depth)).posts)


def test_nesting_beyond_measure_is_refused() -> None:
    """A page of nothing but opened elements is a defined error."""
    with pytest.raises(UnreadableInput, match=r"nests more than 20,000 elements"):
        read_page(page("<div>" * 20_001))


def test_nul_and_surrogates_do_no_harm() -> None:
    """Bytes that are no characters are dropped."""
    data = page(xenforo(0, SAID[0]) + xenforo(1, "Ye\x00s, twice&#xD800;"))
    assert "Yes, twice" == thread_of(data).posts[1].text.replace("\ufffd", "")


@pytest.mark.parametrize(
    ("said", "language", "expected"),
    [
        ("5. Januar 2019 um 03:32", "de", datetime(2019, 1, 5, 3, 32)),
        ("29/07/2004, 19h46", "fr", datetime(2004, 7, 29, 19, 46)),
        ("10-August-2011 20:18", "es", datetime(2011, 8, 10, 20, 18)),
        ("Tue 16-Jun-20 16:12:14", "en", datetime(2020, 6, 16, 16, 12, 14)),
        ("Sat, 05/04/2014 - 14:57", "en", datetime(2014, 4, 5, 14, 57)),
        ("03/04/2019", "en", None),
        ("03/04/2019", "en-gb", datetime(2019, 4, 3)),
        ("2019年3月12日 10:22", "ja", datetime(2019, 3, 12, 10, 22)),
    ],
)
def test_dates_in_the_languages_of_forums(said: str, language: str, expected: datetime | None) -> None:
    """A date is read where nothing has to be guessed."""
    assert [expected] == read_times([said], language)


def test_the_month_stays_while_days_go_by() -> None:
    """In 04-06, 04-07, 04-08 the month is the number that stays."""
    times = read_times(["04-06-2019", "04-07-2019", "04-08-2019"], "en")
    assert [(4, 6), (4, 7), (4, 8)] == [(one.month, one.day) for one in times if one]


def test_months_in_english() -> None:
    """Names of months are put into English."""
    assert "7 Mar 2020 23:20" == in_english("7. März 2020 um 23:20")


MARKUP = """<div class='post'>|</div>|<p>|<table><tr><td>|<blockquote>|12 Mar 2019|<time datetime=x>|words |<script>
&#0;|<a href='#p1'>|<article class=message data-author=a>|<li id='post-1'>|]]>|<div class=message-body>|<b>|</table>
<!--|\x00|<svg>|<template>|<script type="application/ld+json">[{"""
PIECES = st.sampled_from(MARKUP.replace("\n", "|").split("|"))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES | st.text(max_size=5), max_size=60).map("".join))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    """No markup brings another exception."""
    assert_read_or_refused(read_page, f"<html>{markup}".encode("utf-8", "replace"))


@settings(deadline=None)
@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """No bytes bring another exception."""
    assert_read_or_refused(read_page, data)
