"""Rendering: everything is there, nothing a forum wrote is markup, in HTML, Markdown, JSON and on a terminal."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from builders import CLAIMS, answered, judged_claim
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.answer import Answer, Balance, Option
from bot.narrowing import Narrowing
from bot.render import (
    CSS,
    answer_html,
    answer_json,
    answer_markdown,
    answer_text,
    claims_html,
    excerpt_html,
    post_html,
    skipped_html,
    thread_html,
)
from bot.values import claim_json
from bot.wording import MASKED, VIEWS_AT_ONCE, web_link
from corpus.thread import Post, Skipped, Thread
from indexer.claims import Kind
from indexer.corrections import Correction, Matter
from indexer.judge import Stance
from indexer.knowledge import JudgedClaim
from indexer.questions import read_question

ALLOWED = {
    "a": {"class", "href", "rel", "target", "title", "aria-label"},
    "article": {"class", "id"},
    "bdi": {"class"},
    "blockquote": {"dir", "cite"},
    "button": {"type", "class", "tabindex", "data-matter", "data-mark", "data-undo", "aria-label"},
    "details": {"class"},
    "div": {"class", "dir", "aria-hidden", "role"},
    "fieldset": {"class"},
    "h3": set(),
    "h4": set(),
    "h5": set(),
    "header": {"class"},
    "i": set(),
    "input": {"type", "class", "id", "name", "value", "checked"},
    "label": {"for"},
    "legend": set(),
    "li": {"class", "style"},
    "mark": {"class", "id"},
    "ol": {"class", "start"},
    "p": {"class"},
    "q": {"dir"},
    "section": {"class"},
    "span": {"class", "dir", "style", "role", "aria-label", "aria-hidden"},
    "strong": set(),
    "summary": set(),
    "table": {"class"},
    "tbody": set(),
    "td": set(),
    "th": {"scope"},
    "thead": set(),
    "time": {"datetime"},
    "tr": set(),
    "ul": {"class", "aria-label"},
}
"""Every element that the HTML may hold, with its attributes."""

HOSTILE = [
    "<script>alert(1)</script>",
    "[click](javascript:alert(1))",
    '"><img src=x onerror=alert(1)>',
    "`code` and ``` fences ```",
    "| a | table |",
    "![x](http://evil.example/x.png)",
    "**bold** _it_ ~~gone~~ # not a heading",
    "<http://evil.example> www.evil.example http://evil.example a@evil.example",
    "&lt;b&gt; &#60;b&#62; &amp;",
    "\\[x\\](y) \\",
    "line\n\n# heading\n\n- item\n\n> quote",
    "$$x$$ {{ x }} {% x %}",
    "\x1b[31mred\x1b]0;title\x07 \x00 \u202egnirts",
]
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40)).filter(str.strip)


class Reader(HTMLParser):
    """Reads HTML as a browser would: its elements, their attributes, and the text that is shown."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[str] = []
        self.marked: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        assert {name for name, _ in attrs} <= ALLOWED[tag], (tag, attrs)
        given_attributes = dict(attrs)
        self.links += [given_attributes["href"] or ""] if "href" in given_attributes else []
        self.marked += [""] if tag == "mark" else []
        self.open += [] if tag == "input" else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        if "mark" in self.open:
            self.marked[-1] += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data}")


def read(html: str) -> Reader:
    reader = Reader(html)
    assert [] == reader.open
    return reader


def hostile_claim(text: str, author: str, title: str, link: str) -> JudgedClaim:
    judged = judged_claim(text, author=author, link=link)
    return replace(judged, cited=replace(judged.cited, thread_title=title, forum=title))


def hostile_answer(text: str, author: str, title: str, link: str) -> Answer:
    answer = answered(hostile_claim(text, author, title, link), judged_claim("just run", Stance.CON, author="bob"))
    return replace(answer, asked=text, question=replace(answer.question, text=f"{text}?"))


def an_answer() -> Answer:
    return answered(
        judged_claim(
            "weights improved injury resistance",
            author="ann",
            score=4,
            time=datetime(2012, 3, 4, tzinfo=UTC),
            link="https://forum.example/t/1#3",
            kind=Kind.EXPERIENCE,
        ),
        judged_claim("just run more", Stance.CON, 0.45, position=2),
        judged_claim("unless you overdo it", Stance.MIXED, author="cem", position=3),
    )


def a_thread() -> tuple[Thread, list[JudgedClaim]]:
    post = "Well, squats helped me. But <b>just</b> run more, mate."
    claims = [
        judged_claim("squats helped me", author="ann", post=post),
        judged_claim("<b>just</b> run more", Stance.CON, author="ann", post=post),
    ]
    said = claims[0].cited.post
    opening = Post("0" * 15, said.thread_id, 0, "Should I lift?", author="op")
    return Thread(said.thread_id, "About weights", (opening, said)), claims


# ---------------------------------------------------------------- HTML


@given(TEXT, TEXT, TEXT, TEXT)
def test_html_of_an_answer_holds_only_our_elements(text: str, author: str, title: str, link: str) -> None:
    """Whatever a forum or a user wrote, the HTML has only the elements and attributes that this program writes."""
    read(answer_html(hostile_answer(text, author, title, link)))


@given(TEXT, TEXT)
def test_html_of_a_post_holds_only_our_elements(text: str, author: str) -> None:
    """A post full of markup is shown as text, with its claim's words marked."""
    judged = judged_claim(text, post=f"{text} {text}", author=author)
    thread = Thread(judged.cited.claim.thread_id, text, (judged.cited.post,), link=text, forum=author)
    for html in (thread_html(thread, [judged]), excerpt_html(thread, judged.cited.post.id, [judged])):
        read(html)


@given(TEXT, TEXT)
def test_html_of_what_was_skipped_holds_only_our_elements(reason: str, text: str) -> None:
    """Words that were skipped are as hostile as those that were kept."""
    read(skipped_html([Skipped(reason, text)]))


@pytest.mark.parametrize("text", HOSTILE[:8])
def test_hostile_words_are_shown_as_they_were_written(text: str) -> None:
    """Escaping loses nothing: the reader sees the words of the post, e-mail addresses apart."""
    assert f"“{text.replace('a@evil.example', '[e-mail address]')}”" in read(claims_html([judged_claim(text)])).text


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https:evil",
        "http://a b",
        "java\nscript:alert(1)",
        "file:///etc/passwd",
    ],
)
def test_only_web_links_become_links(link: str) -> None:
    """A link of any other scheme is not put into the page."""
    judged = judged_claim("squat", link=link)
    claim_id = judged.cited.claim.id
    assert [f"?claim={claim_id}", f"?correct={claim_id}"] == read(claims_html([judged])).links


def test_a_claim_links_to_its_post_and_to_the_original() -> None:
    """Each claim opens its post here, and the original post where it has a web address."""
    judged = judged_claim("squat", link="https://forum.example/t?a=1&b=2")
    claim_id, original = judged.cited.claim.id, "https://forum.example/t?a=1&b=2"
    assert [f"?claim={claim_id}", original, f"?correct={claim_id}"] == read(claims_html([judged])).links


def test_a_claim_can_be_corrected_toward_the_question_it_is_shown_toward() -> None:
    """Another question than its thread's stands in the link, escaped; one with personal data does not."""
    judged = judged_claim("squat")
    asked = replace(judged, question='does "it" help & <b>?')
    personal = replace(judged, question="does jo@example.com help?")
    links = [read(claims_html([one])).links[-1] for one in (judged, asked, personal)]
    bare = f"?correct={judged.cited.claim.id}"
    assert [bare, f"{bare}&toward=does+%22it%22+help+%26+%3Cb%3E%3F", bare] == links


def test_a_claim_can_be_corrected_with_one_click() -> None:
    """The other sides and kinds are a button each; one of several in a view can leave it; what was said, be undone."""
    judged = judged_claim("squat", Stance.PRO, kind=Kind.REASON)
    marks = re.findall(r'data-matter="(\w+)" data-mark="(\w+)"', claims_html([judged]))
    assert [("stance", one) for one in ("con", "mixed", "none")] == [mark for mark in marks if mark[0] == "stance"]
    assert ["advice", "experience", "hearsay", "study"] == [mark for matter, mark in marks if matter == "kind"]
    assert "Not this view" not in answer_html(answered(judged))
    pair = answered(judged, judged_claim("squat", Stance.PRO, author="bob"))
    assert 2 == answer_html(pair).count('data-mark="apart">Not this view</button>')
    claim = judged.cited.claim
    place = (claim.post_id, claim.thread_id, claim.id, claim.text, claim.start, claim.end, Matter.STANCE)
    made = Correction("abc", *place, Stance.CON, Stance.PRO, datetime(2026, 1, 2, tzinfo=UTC))
    assert 'data-undo="abc" aria-label="Undo: for"' in claims_html([replace(judged, corrections=(made,))])


def test_a_page_that_is_not_served_offers_nothing_that_only_it_does() -> None:
    """No links to the page's own sources, questions and corrections; those to original posts stay."""
    for answer in (an_answer(), answered(*BOTH_SIDES), replace(an_answer(), suggestions=("Should I run?",))):
        html = answer_html(answer, served=False)
        assert [] == [link for link in read(html).links if not link.startswith("http")]
        assert "<button" not in html
    assert "https://forum.example/t/1#3" in read(answer_html(an_answer(), served=False)).links


def test_what_people_said_of_a_claim_is_shown() -> None:
    """A corrected side is named beside the claim, and so is one that somebody found right."""
    judged = judged_claim("squat", Stance.PRO)
    claim = judged.cited.claim
    place = (claim.post_id, claim.thread_id, claim.id, claim.text, claim.start, claim.end, Matter.STANCE)
    for said, words in ((Stance.CON, "side corrected by a reader"), (Stance.PRO, "side confirmed by a reader")):
        made = Correction("1", *place, said, Stance.PRO, datetime(2026, 1, 2, tzinfo=UTC))
        assert words in read(claims_html([replace(judged, corrections=(made,))])).text
        (value,) = claim_json(replace(judged, corrections=(made,)))["corrections"]
        assert (said.value, "pro", said is Stance.PRO) == (value["said"], value["now"], value["right"])


def test_html_tells_who_when_and_where() -> None:
    """A claim stands beside its author, date, score, thread and kind."""
    assert (
        "ann · 2012-03-04 · score 4 · in About weights · experience · original" in read(answer_html(an_answer())).text
    )


def test_an_unnamed_author_is_named_by_the_post() -> None:
    """Where nobody is named, the place of the post in its thread is said, counted from 1."""
    assert "unnamed (post 3)" in read(answer_html(an_answer())).text


def test_low_confidence_is_shown() -> None:
    """A claim judged with less than even odds says so, and the others do not."""
    assert ["low confidence" in read(claims_html([claim])).text for claim in an_answer().claims()] == [
        False,
        True,
        False,
    ]


def test_an_invented_thread_is_marked() -> None:
    """Claims of threads that were written for the project say so."""
    judged = judged_claim("squat")
    assert "invented sample" in read(claims_html([replace(judged, cited=replace(judged.cited, invented=True))])).text


def test_the_sides_come_in_order() -> None:
    """First the balance, then for, against, and it depends."""
    text = read(answer_html(an_answer())).text
    places = [text.index(words) for words in ("1 of 3 people", "For 1", "Against 1", "It depends 1", "read as one")]
    assert sorted(places) == places


def test_the_bar_shows_numbers() -> None:
    """The bar says each side in words and numbers, not by colour alone."""
    assert "For: 1Against: 1It depends: 1" in read(answer_html(an_answer())).text


def test_a_narrowed_answer_shows_one_side() -> None:
    """Asked for one side, the others are left out, but not the balance."""
    text = read(answer_html(replace(an_answer(), narrowing=Narrowing(side=Stance.CON)))).text
    assert (True, False, True) == ("just run more" in text, "weights improved" in text, "1 of 3 people" in text)


def test_more_claims_are_folded() -> None:
    """A view of five people shows three claims and folds two away."""
    same = [judged_claim("lift when rested", author=f"a{n}", position=n) for n in range(5)]
    html = answer_html(answered(*same))
    assert ("show 2 more" in html, 3) == (True, html.split("<details")[0].count("<blockquote"))


def test_more_views_are_folded() -> None:
    """Of seven views of a side three are shown, three more with a click, and the last one with another."""
    answer = answered(*(judged_claim(f"word{n}", author=f"a{n}") for n in range(7)))
    html = answer_html(answer)
    assert [3, 3, 1] == [part.count("<blockquote") for part in html.split("<details")]
    assert html.index("show 3 more views, 1 left") < html.index("show 1 more view<")


def test_a_side_with_few_claims_is_not_drowned() -> None:
    """One claim against stands with its side, however many are for it, and no side shows more views at once."""
    many = [judged_claim(f"word{n}", author=f"a{n}") for n in range(20)]
    html = answer_html(answered(*many, judged_claim("just run", Stance.CON, author="bob")))
    pro, con = html.index('cp-side cp-pro"'), html.index('cp-side cp-con"')
    assert "“just run”" in html[con:].split("<details")[0]
    assert VIEWS_AT_ONCE == html[pro:con].split("<details")[0].count("<blockquote")


def test_a_rewritten_question_is_shown() -> None:
    """A follow-up shows how it was understood."""
    assert "Understood as: Should I lift?" in read(answer_html(replace(an_answer(), asked="and in winter?"))).text


def test_an_option_shows_support_and_objections() -> None:
    """An option stands with who is for it and who is against it."""
    answer = an_answer()
    option = Option("o", "lift", None, answer.views_on(Stance.PRO), answer.views_on(Stance.CON))
    shown = replace(answer, question=read_question("Lift or run?"), balance=Balance(), views=(), options=(option,))
    text = read(answer_html(shown)).text
    places = [
        text.index(words) for words in ("“lift” 2 people", "Support: 1", "Support 1 person", "Objections 1 person")
    ]
    assert sorted(places) == places
    assert "#### Support (1 person)" in answer_markdown(shown)
    assert "Objections (1 person)\n" in answer_text(shown)


def test_an_option_of_which_nobody_spoke_says_so() -> None:
    """An alternative that the question names and nobody spoke of is not left out."""
    option = Option("o", "lift", None, (), ())
    shown = replace(an_answer(), question=read_question("Lift or run?"), balance=Balance(), views=(), options=(option,))
    for form in (answer_html(shown), answer_markdown(shown), answer_text(shown)):
        assert "Nobody here said anything for or against it." in form


# ---------------------------------------------------------------- what an answer says beside its views

BOTH_SIDES = (
    judged_claim("lift, fine if you don't overdo it", author="ann"),
    judged_claim("it will slow you down if you overdo it", Stance.CON, author="bob"),
    judged_claim("I lift twice a week at the age of 45", author="cem", kind=Kind.EXPERIENCE),
    judged_claim("you should lift three times a week", author="dan"),
    judged_claim("lifting took 40 s off my 5k", author="eve", kind=Kind.EXPERIENCE),
)


def test_the_balance_is_counted_in_people_posts_and_votes() -> None:
    """Each way of counting has its bar, its numbers and its choice; people are chosen first."""
    answer = answered(
        judged_claim("lift", author="ann", score=7), judged_claim("just run", Stance.CON, author="bob", score=2)
    )
    html = answer_html(answer, key="k")
    assert "Count inpeoplepostsvotes" in read(html).text
    assert ["people"] == re.findall(r'value="(\w+)" checked', html)
    assert "For: 7Against: 29 votes" in read(html).text
    assert "Posts: 1 for, 1 against. Votes: 7 for, 2 against." in answer_text(answer)


def test_controls_of_two_answers_are_apart() -> None:
    """The same answer shown twice on a page has two choices, each of its own."""
    names = [re.findall(r'name="([^"]+)"', answer_html(an_answer())) for _ in range(2)]
    assert [1, 1, 2] == [len(set(names[0])), len(set(names[1])), len({*names[0], *names[1]})]


def test_a_small_sample_is_said_plainly() -> None:
    """Three people are a small sample; twenty-one are none."""
    many = answered(*(judged_claim(f"word{n}", author=f"a{n}") for n in range(21)))
    for form in (answer_text, answer_markdown, answer_html):
        assert "Small sample: 3 people" in form(an_answer())
        assert "mall sample" not in form(many)


def test_a_minority_is_named() -> None:
    """One of twenty-one people is a minority, and named so; the others are none, and in a small sample nobody is."""
    for_it = [judged_claim(f"word{n}", author=f"a{n}") for n in range(20)]
    against = judged_claim("just run", Stance.CON, author="bob")
    answer = answered(*for_it, against)
    assert "Against 1 person leans so, minority view" in read(answer_html(answer)).text
    assert 1 == answer_text(answer).count("leans so, minority view")
    assert ["con", "mixed"] == answer_json(answer)["balance"]["minority"]
    assert "minority" not in answer_text(answered(*for_it[:10], against))


HURT = "Should I kill myself?"


def test_what_is_said_about_self_harm_is_closed_behind_the_note() -> None:
    """The note comes first; balance, bars and views stand in a fold for the reader to open."""
    html = answer_html(answered(judged_claim("call a friend"), question=HURT))
    before, after = html.split('<details class="cp-more"><summary>Show what people said</summary>', 1)
    assert read(before + "</section>").text.startswith("If you think of hurting yourself, talk to someone now")
    assert not any(part in before for part in ("cp-balance", "cp-bar", "call a friend"))
    assert all(part in after for part in ("cp-balance", "cp-bar", "call a friend"))
    assert 1 == html.count("If you think of hurting yourself")


def test_text_about_self_harm_is_the_note_alone() -> None:
    """And how to see the rest; then the note still comes first, as it does in Markdown."""
    answer = answered(judged_claim("call a friend"), question=HURT)
    note, _, *rest = answer_text(answer).splitlines()
    assert note.startswith("If you think of hurting yourself")
    assert ["What people said is not shown. --anyway shows it."] == rest
    for form in (answer_text(answer, anyway=True), answer_markdown(answer)):
        assert (
            0 <= form.index("If you think of hurting") < form.index("1 person leans yes") < form.index("call a friend")
        )


def test_a_minority_view_is_named() -> None:
    """Where surely few say it, beside a view that surely more say; with too few people, or none far ahead, none is."""
    ahead = [judged_claim("lift heavy", author=f"a{n}") for n in range(18)]
    few = [judged_claim("squats saved me", author="bob"), judged_claim("rows saved me", author="cem")]
    answer = answered(*ahead, *few)
    named = {view["headline"]: view["minority"] for view in answer_json(answer)["views"]}
    assert {ahead[0].cited.claim.text: False} | {one.cited.claim.text: True for one in few} == {
        answer.claim(claim).cited.claim.text: minority for claim, minority in named.items()
    }
    for form in (read(answer_html(answer)).text, answer_markdown(answer), answer_text(answer)):
        assert 2 == form.count("minority view")
    assert "minority" not in answer_text(answered(*ahead[:10], *few))
    assert "minority" not in answer_text(answered(*(judged_claim(f"word{n}", author=f"a{n}") for n in range(25))))


def test_a_view_on_the_side_of_few_is_a_minority() -> None:
    """Though no view is far ahead of it; narrowed to one kind of claims, only their people are compared."""
    for_it = [judged_claim(f"word{n}", author=f"a{n}") for n in range(20)]
    answer = answered(*for_it, judged_claim("just run", Stance.CON, author="bob"))
    assert [Stance.CON] == [view.stance for view in answer.views if answer.is_minority(view)]
    shown = replace(answer, views=answer.views_on(Stance.CON))
    assert not any(map(shown.is_minority, shown.views))


def test_a_view_says_what_it_rests_on() -> None:
    """People by the kind of what they said, in plain words, and how many of them lean so over all."""
    said = [
        judged_claim("lift when rested", author="ann", kind=Kind.EXPERIENCE),
        judged_claim("lift when rested", author="bob", kind=Kind.HEARSAY),
        judged_claim("lift when rested", author="cem", kind=Kind.STUDY),
        judged_claim("lift when rested", author="dan", kind=Kind.STUDY),
    ]
    text = answer_text(answered(*said))
    for words in ("4 people", "1 did it", "1 heard it", "2 cite a study", "over all: all 4 lean so"):
        assert words in text


def test_what_decides_it_is_shown() -> None:
    """The condition of both sides, the person of 45, the doses as a range and the outcome, in every form."""
    answer = answered(*BOTH_SIDES)
    for form in (read(answer_html(answer)).text, answer_markdown(answer), answer_text(answer, most=None)):
        assert "Both sides agree on this condition" in form
        assert "Age: 40s" in form
        assert "ift: 2 to 3 times a week" in form
        assert "40 seconds less (better)" in form


def test_what_decides_it_links_to_its_claims() -> None:
    """Every line under the heading opens the claims that it was read from."""
    answer = answered(*BOTH_SIDES)
    shown = re.findall(r'href="([^"]+)"', answer_html(answer).split("What decides it")[1])
    assert {f"?claim={judged.cited.claim.id}" for judged in BOTH_SIDES} == set(shown)


def test_what_decides_it_in_json() -> None:
    """Each fact names its claims, with their stances and the words they told it in."""
    deciding = answer_json(answered(*BOTH_SIDES))["deciding"]
    (condition,) = deciding["conditions"]
    assert (True, True, 2) == (condition["shared"], condition["agreed"], condition["people"])
    assert ["pro", "con"] == [told["stance"] for told in condition["told"]]
    assert ("lift: 2 to 3 times a week", [{"low": 2.0, "high": 3.0, "unit": "per week"}], 2) == tuple(
        deciding["amounts"][0][key] for key in ("line", "quantities", "people")
    )


@given(TEXT)
def test_facts_hold_only_our_elements(text: str) -> None:
    """A condition, a dose and an outcome with hostile words around them are text."""
    hostile = [
        judged_claim(f"{words} {text}", stance, author=text + str(number))
        for number, (words, stance) in enumerate(
            [("fine if you eat", Stance.PRO), ("bad if you eat", Stance.CON), ("lift twice a week", Stance.PRO)]
        )
    ]
    answer = answered(*hostile)
    read(answer_html(answer))
    assert shown_markup(answer_markdown(answer)) <= ORDINARY


def test_a_safety_note_stands_before_the_views() -> None:
    """Pain gets a plain note in a fixed place, right under the first line, in every form."""
    answer = answered(judged_claim("squats cured my knee pain", author="ann"), judged_claim("just run", Stance.CON))
    for form in (answer_html(answer), answer_markdown(answer), answer_text(answer)):
        assert form.index("2 people") < form.index("This touches health.") < form.index("Small sample")
    assert [("health", False, 1)] == [
        (note["concern"], note["asked"], len(note["claims"])) for note in answer_json(answer)["safety"]
    ]
    assert "cp-safety" not in answer_html(an_answer_about_bread())


def test_self_harm_gets_plain_words_also_where_nothing_is_known() -> None:
    """Somebody who asks about ending their life is told to talk to someone, whatever the forums say."""
    answer = answered(question="Should I kill myself?")
    for form in (answer_html(answer), answer_text(answer), answer_markdown(answer)):
        assert "talk to someone now" in form


def an_answer_about_bread() -> Answer:
    return answered(judged_claim("shock the yeast", author="ann"), question="Should I proof overnight?")


def test_nothing_here_says_what_to_do() -> None:
    """An answer without claims says so, and what to try."""
    text = read(answer_html(replace(answered(), searched=12))).text
    assert "Nobody here talked about that.Looked through 12 claims." in text


def test_a_post_marks_the_words_of_its_claims() -> None:
    """The words of each claim are marked in its post, and nothing else."""
    thread, claims = a_thread()
    assert ["squats helped me", "<b>just</b> run more"] == read(post_html(thread, thread.posts[1].id, claims)).marked


def test_the_opened_claim_stands_out() -> None:
    """The claim that was opened has a class of its own."""
    thread, claims = a_thread()
    html = post_html(thread, thread.posts[1].id, claims, focus=claims[1].cited.claim.id)
    assert 'class="cp-mark cp-con cp-focus"' in html
    assert 1 == html.count("cp-focus")


def test_of_overlapping_claims_the_opened_one_is_marked() -> None:
    """Where two claims share words, the one that was opened is marked whole."""
    post = "squats helped me run"
    claims = [judged_claim(text, author="ann", post=post) for text in ("squats helped me", "helped me run")]
    thread = Thread(claims[0].cited.claim.thread_id, "t", (claims[0].cited.post,))
    opened = post_html(thread, claims[0].cited.post.id, claims, focus=claims[1].cited.claim.id)
    assert ["helped me run"] == read(opened).marked


def test_an_unknown_post_is_an_error() -> None:
    """A post that the thread does not have raises KeyError."""
    thread, _ = a_thread()
    with pytest.raises(KeyError):
        post_html(thread, "f" * 15)


def test_a_thread_shows_all_its_posts() -> None:
    """Every post of the thread is there, in reading order."""
    thread, claims = a_thread()
    text = read(thread_html(thread, claims)).text
    assert text.index("Should I lift?") < text.index("Well, squats")


def replied() -> tuple[Post, ...]:
    """An opening post, an answer, an answer to that and one more, and another answer to the opening post."""
    parents = (None, "0", "1", "2", "0")
    return tuple(
        Post(str(number), "t", number, f"said {number}", author=f"author {number}", parent_id=parent)
        for number, parent in enumerate(parents)
    )


def test_replies_are_set_in_under_what_they_answer() -> None:
    """Each step away from an answer to the opening post is one step in, and names whom it answers."""
    html = thread_html(Thread("t", "About weights", replied()))
    assert ["0", "0", "1", "2", "0"] == re.findall(r"--cp-level: (\d+)", html)
    assert 'answers <a href="#post-1"><bdi>author 1</bdi></a>' in html
    assert 2 == html.count("answers <a")
    assert "5 posts by 5 people; 0 claims" in read(html).text


def test_nothing_is_set_in_where_posts_stand_by_time() -> None:
    """A post apart from what it answers still names it."""
    opening, first, second, *_ = replied()
    later = replace(first, id="9", position=3, parent_id="2", text="later")
    other = replace(first, id="8", position=4, parent_id="1", text="last")
    apart = replace(first, id="7", position=5, parent_id="9")
    html = thread_html(Thread("t", "About weights", (opening, first, second, later, other, apart)))
    assert {"0"} == set(re.findall(r"--cp-level: (\d+)", html))
    assert 'answers <a href="#post-9">' in html


def test_each_claim_of_a_thread_leads_to_the_next() -> None:
    """The first is reached from the head, the last leads nowhere; each says its stance and kind."""
    thread, claims = a_thread()
    html = thread_html(thread, claims)
    first, second = (one.cited.claim.id for one in claims)
    assert [f"#claim-{first}", f"#claim-{second}"] == [link for link in read(html).links if link.startswith("#claim")]
    assert "squats helped me for, advice ↓" in read(html).text
    assert "2 claims: 1 for, 1 against" in read(html).text


def test_the_style_names_only_our_classes() -> None:
    """The style touches nothing outside what this program renders, apart from Gradio's dark mode."""
    selectors = [line for line in CSS.splitlines() if line and line[0] in ".#abcdefghijklmnopqrstuvwxyz"]
    assert [] == [line for line in selectors if not line.startswith((".cp-", ".dark .cp-", ".dark :is(.cp-"))]


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("theme", "grounds"), [(0, ("#ffffff", "#f6f8fa")), (1, ("#0b0f19", "#1f2937", "#14181d", "#20252c"))]
)
def test_text_has_the_contrast_of_wcag_aa(theme: int, grounds: tuple[str, ...]) -> None:
    """Every colour of words has 4.5 to 1 or more on the page and on a post, in light and dark."""
    named = re.findall(r"--cp-(?:pro|con|mixed|none|text|faint):.*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", CSS)
    words = [colours[theme] for colours in named]
    assert 6 == len(words)
    assert [] == [colour for colour in words for ground in grounds if contrast(colour, ground) < 4.5]


# ---------------------------------------------------------------- Markdown


def shown_markup(markdown: str) -> set[str]:
    """The kinds of inline markup that a Markdown reader finds, with bare addresses made links where it does so."""
    tokens = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).parse(markdown)
    blocks = {token.type for token in tokens}
    inline = {child.type for token in tokens for child in token.children or ()}
    return blocks | inline


ORDINARY = {
    "bullet_list_close",
    "bullet_list_open",
    "hardbreak",
    "heading_close",
    "heading_open",
    "inline",
    "list_item_close",
    "list_item_open",
    "paragraph_close",
    "paragraph_open",
    "softbreak",
    "strong_close",
    "strong_open",
    "text",
    "text_special",
}


@given(TEXT, TEXT, TEXT)
def test_markdown_of_an_answer_holds_only_our_markup(text: str, author: str, title: str) -> None:
    """Nothing a forum wrote becomes a link, an image, code, a table or HTML."""
    assert shown_markup(answer_markdown(hostile_answer(text, author, title, "javascript:x"))) <= ORDINARY


def test_markdown_links_to_the_original() -> None:
    """A web address stands behind the thread's title."""
    assert "in [“About weights”](<https://forum.example/t/1#3>)" in answer_markdown(an_answer())


@given(TEXT)
def test_a_link_cannot_break_out_of_markdown(tail: str) -> None:
    """Whatever stands in an address, it stays one link."""
    link = "https://forum.example/" + "".join(tail.split())
    tokens = MarkdownIt().parse(answer_markdown(hostile_answer("squat", "ann", "t", link)))
    links = [child for token in tokens for child in token.children or () if child.type == "link_open"]
    assert len(links) == (1 if web_link(link) else 0)


def test_markdown_reads_well() -> None:
    """Plain words stay plain: one claim as it stands in the Markdown."""
    line = "- **“weights improved injury resistance”** (ann, 2012-03-04, score 4, in [“About weights”]"
    assert line in answer_markdown(an_answer())


# ---------------------------------------------------------------- terminal


@given(TEXT, TEXT, TEXT)
def test_no_control_character_reaches_the_terminal(text: str, author: str, title: str) -> None:
    """A post cannot colour, move or rename the reader's terminal."""
    shown = answer_text(hostile_answer(text, author, title, "x"))
    assert [] == [
        character for character in shown if (ord(character) < 32 and character != "\n") or character == "\x7f"
    ]


def test_text_is_coloured_only_when_asked() -> None:
    """Colours are for a terminal."""
    assert [False, True] == ["\x1b[" in answer_text(an_answer(), colour=colour) for colour in (False, True)]


def test_text_holds_the_answer() -> None:
    """The balance, then a view with its claim and who said so."""
    text = answer_text(an_answer())
    assert text.startswith("1 of 3 people lean yes, 1 no, 1 it depends; 1 of them unclear; small sample\n")
    assert "\nPosts: 1 for, 1 against, 1 it depends. Votes: 4 for.\n" in text
    assert "\n\nFor (1 person leans so)\n  1. 1 person, did it\n" in text
    assert "     “just run more”\n       unnamed (post 3), in “About weights”, advice, low confidence\n" in text


def test_text_holds_the_strongest_views() -> None:
    """Of seven views of a side a terminal shows three, and how to see the others."""
    text = answer_text(answered(*(judged_claim(f"word{n}", author=f"a{n}") for n in range(7))))
    assert (3, True) == (text.count("“word"), "and 4 more views: --all shows them" in text)


# ---------------------------------------------------------------- JSON


def test_json_holds_the_answer() -> None:
    """The counts and the claims, each with its stance, author, score and link."""
    values = answer_json(an_answer())
    assert {"pro": 1, "con": 1, "mixed": 1} == values["balance"]["people"]
    claim: dict[str, Any] = values["views"][0]["claims"][0]
    expected = ("weights improved injury resistance", "pro", 0.9, "ann", 4, "https://forum.example/t/1#3")
    assert expected == tuple(claim[key] for key in ("text", "stance", "confidence", "author", "score", "link"))


def test_the_keys_of_the_json_form() -> None:
    """Keys may be added to the form, none is renamed or removed."""
    assert {
        "asked", "question", "form", "status", "line", "narrowed", "balance", "views", "options", "searched",
        "considered", "threads",
    } <= answer_json(an_answer()).keys()  # fmt: skip


@given(CLAIMS)
def test_json_survives_a_round_trip(judged: list[JudgedClaim]) -> None:
    """The plain values are the same after being written and read."""
    values = answer_json(answered(*judged))
    assert values == json.loads(json.dumps(values))


@given(CLAIMS)
def test_every_rendering_shows_every_claim(judged: list[JudgedClaim]) -> None:
    """No form of an answer loses a claim."""
    answer = answered(*judged)
    html, text = read(answer_html(answer)).text, answer_text(answer, most=None)
    assert all(f"“{one.cited.claim.text}”" in html and f"“{one.cited.claim.text}”" in text for one in answer.claims())


# Personal data

RUNG = judged_claim(
    "squats helped jo@example.com",
    Stance.PRO,
    author="sal@example.com",
    post="Ring 303-860-5604. I think squats helped jo@example.com so much.",
    position=0,
)
HIDDEN = ("303-860-5604", "@example.com")


def test_an_answer_shows_no_personal_data() -> None:
    """In HTML, Markdown, JSON and on a terminal, a masked quote says that it is masked."""
    answer = answered(RUNG)
    for shown in (answer_html(answer), answer_text(answer), json.dumps(answer_json(answer)), answer_markdown(answer)):
        assert "squats helped" in shown
        assert "e-mail address" in shown
        assert [] == [hidden for hidden in HIDDEN if hidden in shown]


def test_a_mark_stays_around_its_words() -> None:
    """The words of a claim are marked where they stand in the masked post."""
    post = RUNG.cited.post
    shown = post_html(Thread("t", "Should I ring 303-860-5604?", (post,)), post.id, [RUNG])
    assert '">squats helped [e-mail address]</mark> so much.' in shown
    assert "Ring [phone number]. I think <mark" in shown
    assert [] == [hidden for hidden in HIDDEN if hidden in shown]


def test_a_title_and_what_was_skipped_are_masked() -> None:
    """Also an address that would be cut off where the beginning of a skipped text ends."""
    thread = Thread("t", "Should I ring 303-860-5604?", (RUNG.cited.post,))
    long = "x " * 55 + "jo@example.com"
    shown = thread_html(thread) + skipped_html([Skipped("thanks", long)])
    assert "Should I ring [phone number]?" in shown
    assert [] == [hidden for hidden in (*HIDDEN, "jo@") if hidden in shown]


def test_a_claim_as_json_stands_in_the_masked_post() -> None:
    """Its text is still the span of the post's text that it names, as that is shown."""
    claim = answer_json(answered(RUNG))["views"][0]["claims"][0]
    text = MASKED.post(RUNG.cited.post).text
    assert "squats helped [e-mail address]" == claim["text"] == text[claim["post"]["start"] : claim["post"]["end"]]
