"""Markup of posts as plain text with quotes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.readers.markup import from_html, from_markdown
from corpus.readers.quoting import Said, traced
from corpus.thread import Post, Quote


def quoted(said: Said) -> list[tuple[str, str | None, str | None]]:
    return [(said.text[quote.start : quote.end], quote.author, quote.post_id) for quote in said.quotes]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>Lift <b>twice</b>\na  week.</p>\n\n<p>Really.</p>", "Lift twice a week.\n\nReally."),
        ("<p>one<br>\ntwo</p>", "one\ntwo"),
        ("<ul>\n<li>one</li>\n<li>two</li>\n</ul>", "one\ntwo"),
        ("<pre><code>a\nb</code></pre>", "a\nb"),
        ("a<p>b<p>c", "a\n\nb\n\nc"),
        ("5 &lt; 6 &amp;amp; 7", "5 < 6 &amp; 7"),
        ("<script>alert(1)</script>safe", "safe"),
        ('<p>pic: <img src="x" alt="screen"> <img class="emoji" alt=":smile:"></p>', "pic: :smile:"),
        ("</div></p>still <div>here", "still\nhere"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
    ],
)
def test_html_is_said_in_words(source: str, text: str) -> None:
    """Paragraphs, lines and cells stay apart; tags, scripts and pictures go."""
    assert text == from_html(source).text


def test_a_block_quote_is_a_quote() -> None:
    """Its words are marked as somebody else's."""
    said = from_html("<blockquote><p>just run more</p></blockquote><p>No.</p>")
    assert ("just run more\n\nNo.", [("just run more", None, None)]) == (said.text, quoted(said))


DISCOURSE = (
    '<aside class="quote" data-username="sal" data-post="2" data-topic="7"><div class="title">'
    '<div class="quote-controls"></div> sal:</div><blockquote><p>just run more</p></blockquote></aside><p>No.</p>'
)


def test_a_quote_of_discourse_names_author_and_post() -> None:
    """The title line goes; author and post number are kept where the topic is this one."""
    assert [("just run more", "sal", "2")] == quoted(from_html(DISCOURSE, topic="7"))
    assert [("just run more", "sal", None)] == quoted(from_html(DISCOURSE, topic="8"))


def test_a_preview_of_a_link_is_a_quote() -> None:
    """What Discourse fetched from another page is nobody's words here."""
    said = from_html('<p>See</p><aside class="onebox"><article><h3>Buy shoes</h3></article></aside><p>this</p>')
    assert ("See\n\nBuy shoes\n\nthis", [("Buy shoes", None, None)]) == (said.text, quoted(said))


def test_lines_marked_in_html_are_quotes() -> None:
    """Hacker News people quote with ">"."""
    said = from_html("&gt; just run more<p>No, &gt; 5 times.", marked=True)
    assert ("just run more\n\nNo, > 5 times.", [("just run more", None, None)]) == (said.text, quoted(said))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("**Lift** *twice* a __week__, _really_ ~~not~~ `now`", "Lift twice a week, really not now"),
        ("see [this study](https://x.org/a_(b)) and [](/smile)![gif](giphy|x)", "see this study and"),
        ("# Plan\n\n* squat\n* run\n\n---\n\nend", "Plan\n\n* squat\n* run\n\nend"),
        ("snake_case_name 5*3*2 10^5 ^(small) 2 * 3 * 4", "snake_case_name 5*3*2 10^5 (small) 2 * 3 * 4"),
        (r"\*not bold\* \_", "*not bold* _"),
        (">!spoiler!< here", "spoiler here"),
        ("a &amp; b &gt; c&#x200B;", "a & b > c"),
        ("```\n> code\n```\nend", "> code\n\nend"),
        ("plain\n\n\n\ntext", "plain\n\ntext"),
    ],
)
def test_markdown_is_said_in_words(source: str, text: str) -> None:
    """Marks go where Reddit shows none; arithmetic and names keep their signs."""
    assert text == from_markdown(source).text


def test_marked_lines_are_quotes() -> None:
    """Escaped and plain marks are read alike; what follows is the author's own."""
    said = from_markdown("&gt; just run\n&gt; more\n\nNo.\n> &gt;and rest\nYes.")
    assert "just run\nmore\n\nNo.\n\nand rest\n\nYes." == said.text
    assert [("just run\nmore", None, None), ("and rest", None, None)] == quoted(said)


@settings(deadline=None)
@given(st.text())
def test_any_markup_has_quotes_inside_its_text(source: str) -> None:
    """No text brings an error, and every quote holds words of the text."""
    for said in (from_html(source, marked=True), from_markdown(source)):
        assert all(0 <= quote.start < quote.end <= len(said.text) for quote in said.quotes)


def test_hostile_nesting_is_read() -> None:
    """A hundred thousand open elements end with the text."""
    assert "x" == from_html("<div>" * 100_000 + "x" + "</pre>" * 100_000).text


def post(number: int, text: str, author: str | None = None, parent: int | None = None, *quotes: Quote) -> Post:
    return Post(str(number), "", number, text, author, parent_id=None if parent is None else str(parent), quotes=quotes)


def test_a_quote_is_traced_to_the_post_it_stands_under() -> None:
    """Words of the parent, in other case and punctuation, are its author's."""
    posts = [
        post(0, "Should I?", "ann"),
        post(1, "Just run, more!", "bob", 0),
        post(2, "just run more\n\nNo", "cem", 1, Quote(0, 13)),
    ]
    assert Quote(0, 13, "bob", "1") == traced(posts)[2].quotes[0]


def test_a_long_quote_is_found_elsewhere_and_answers_it() -> None:
    """Six words or more are found in any earlier post; without a parent the quoted post is answered."""
    words = "weights improved my injury resistance a lot"
    posts = [
        post(0, "Should I?", "ann"),
        post(1, words, "bob"),
        post(2, f"{words}\n\nSame", "cem", None, Quote(0, len(words))),
    ]
    assert (Quote(0, len(words), "bob", "1"), "1") == (traced(posts)[2].quotes[0], traced(posts)[2].parent_id)


def test_a_short_quote_is_not_guessed() -> None:
    """Few words may agree by chance."""
    posts = [post(0, "No way", "ann"), post(1, "yes", "bob"), post(2, "no way\n\nSure", "cem", None, Quote(0, 6))]
    assert Quote(0, 6) == traced(posts)[2].quotes[0]


def test_a_named_author_is_enough() -> None:
    """Words that were changed belong to the latest post of whom they name."""
    posts = [post(0, "Should I?", "Ann"), post(1, "words here\n\nNo", "bob", None, Quote(0, 10, "ann"))]
    assert Quote(0, 10, "Ann", "0") == traced(posts)[1].quotes[0]
