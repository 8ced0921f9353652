"""Pasted threads: the layouts, the corrections, and what is refused."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import clean
from corpus.errors import CorpusError, UnreadableInput
from corpus.readers.pasted import PASTE_LIMIT, Draft, draft, read_pasted
from corpus.thread import OPENER, bare_words

RUNNERS = (files("corpus.samples") / "weights-for-runners.txt").read_bytes()
RUNNERS_SHA256 = "0df5a46aa69daa7d77b673e351c7a4fa2d75ceb12a594db075c0af421aa61fae"
"""Of the file as it was copied from the web page."""

FORUMS = Path(__file__).parents[2] / "shared/data/forums/webforum52"


def authors(pasted: str) -> list[str | None]:
    return [post.author for post in draft(pasted).posts]


def texts(pasted: str) -> list[str]:
    return [post.text for post in draft(pasted).thread().posts]


# The sample thread


def test_the_sample_is_the_file_byte_for_byte() -> None:
    """The real sample thread is kept exactly as it was copied."""
    assert RUNNERS_SHA256 == hashlib.sha256(RUNNERS).hexdigest()


def test_the_sample_is_an_opening_post_and_five_replies() -> None:
    """The indented block is a reply of its own, and two paragraphs of one reply stay one post."""
    thread = draft(RUNNERS).thread()
    assert ["Hi all was", "I try to g", "I don't th", "Cheers guy", "I added we", "I had knee"] == [
        post.text[:10] for post in thread.posts
    ]
    assert [1, 2, 1, 1, 1, 2] == [len(post.text.split("\n\n")) for post in thread.posts]


def test_the_layout_of_the_sample_is_named() -> None:
    """The user reads in words how the paste was taken."""
    assert "opening post, then replies led by bullets, without names" == draft(RUNNERS).layout


def test_only_cheers_guys_is_probably_the_opener_again() -> None:
    """The hint stands beside one post, with its reason."""
    hints = [row.hint for row in draft(RUNNERS).rows()]
    assert ["", "", "", "probably the opener again: it thanks everyone and has no name", "", ""] == hints


def test_unnamed_posts_are_shown_as_such() -> None:
    """No name is made up for a post without one."""
    assert "unnamed (post 3)" == draft(RUNNERS).rows()[2].author
    assert {None} == {post.author for post in draft(RUNNERS).thread().posts}


# Layouts


REPLIES = ["Should I lift weights for a 10k?", "No, just run more.", "Yes. Twice a week helped me."]
NAMES = ["Sal", "big_dave", "Ann Lee"]


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        ("{name} wrote:", '"name wrote:" before each post'),
        ("{name} said:", '"name wrote:" before each post'),
        ("{name} writes:", '"name wrote:" before each post'),
        ("On 12 Mar 2019 at 10:22, {name} wrote:", None),
        ("{name} wrote on 12 Mar 2019, 10:22:", None),
        ("{name}, 12 Mar 2019", "a line with name and date above each post"),
        ("{name}, March 12, 2019 at 10:22 PM", "a line with name and date above each post"),
        ("Posted by {name} on 12 March 2019", "a line with name and date above each post"),
        ("Posted by {name} on 12 March 2019 at 10:22", "a line with name and date above each post"),
        ("by {name} » Tue Mar 12, 2019 10:22 pm", "a line with name and date above each post"),
        ("{name} · 3 years ago", "a line with name and date above each post"),
        ("{name} (12/03/2019 10:22)", "a line with name and date above each post"),
        ("#3 {name} 12 Mar 2019 10:22", "a line with name and date above each post"),
        ("{name} 12 points 3 hours ago", "a line with name and date above each post"),
        ("[2019-03-12 10:22] {name}", "a line with name and date above each post"),
        ("{name}\n12 Mar 2019\n#1", "a name, then a date, above each post"),
        ("{name}\nMember\nJoined: 3 Jan 2012\nPosts: 1,204\n12 Mar 2019", "a name, then a date, above each post"),
        ("10-13-2017, 11:00 AM #1\n{name}\nSenior Member\nJoin Date\nAug 2011", "a date, then a name, above each post"),
        ("From: {name} <x@y.example>\nDate: Tue, 12 Mar 2019 10:22:00 +0000\nSubject: Re: weights", None),
        ("{name}", "a name on its own line above each post"),
    ],
)
def test_named_headers(header: str, layout: str | None) -> None:
    """Each header is recognised, and is no part of what was said."""
    pasted = "\n\n".join(header.format(name=n) + "\n" + text for n, text in zip(NAMES, REPLIES, strict=True))
    assert NAMES == authors(pasted)
    assert REPLIES == texts(pasted)
    assert layout in {None, draft(pasted).layout}


def test_words_on_the_line_of_the_header() -> None:
    """Header and words may stand in one line."""
    pasted = "Sal said: Should I lift for a 10k?\nDave said: No, just run.\nAnn said: Yes!"
    assert ["Sal", "Dave", "Ann"] == authors(pasted)
    assert ["Should I lift for a 10k?", "No, just run.", "Yes!"] == texts(pasted)


def test_names_and_colons() -> None:
    """A chat, in which names come again."""
    pasted = "Sal: Should I lift for a 10k?\nDave: No, just run.\nSal: Really?\nDave: Really."
    assert ["Sal", "Dave", "Sal", "Dave"] == authors(pasted)


def test_labels_with_colons_are_no_names() -> None:
    """Pros and cons inside a post do not split it."""
    pasted = "Should I lift?\n\nPros: stronger\nCons: heavier\nPros: fewer injuries\nCons: less time\n\nJust run."
    assert 3 == len(texts(pasted))


REDDIT = """u/sal
3 hr. ago
46 points

Should I lift for a 10k?

Reply
Share

level 1
u/dave
2 hr. ago
12 points

No, just run.

Vote
12
Reply
Share
Report
Save

level 2
u/ann
1 hr. ago

It helped me, I went from 52 to 49 minutes.

level 1
u/bo
1 hr. ago
-3 points

Yes.
"""


def test_reddit_levels_names_and_points() -> None:
    """Names, points and levels are read; buttons are left out and named."""
    thread = draft(REDDIT).thread()
    assert [("sal", 46), ("dave", 12), ("ann", None), ("bo", -3)] == [(p.author, p.score) for p in thread.posts]
    assert ["No, just run."] == [post.text for post in thread.posts if post.author == "dave"]


def test_levels_give_parents() -> None:
    """A reply of level 2 answers the level 1 reply above it; level 1 answers the opening post."""
    opening, dave, ann, bo = draft(REDDIT).thread().posts
    assert [None, opening.id, dave.id, opening.id] == [p.parent_id for p in (opening, dave, ann, bo)]


def test_buttons_are_counted_as_skipped() -> None:
    """What a page offers to click on is left out with a reason and a place."""
    skipped = draft(REDDIT).skipped()
    assert ["Reply", "Share", "Vote", "12", "Reply", "Share", "Report", "Save"] == [
        one.text for one in skipped if one.reason == "button"
    ]
    assert "line 7" == skipped[0].place


def test_relative_dates_need_a_day_of_reading() -> None:
    """The words "3 hr. ago" are a time only as seen from a given moment."""
    now = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)
    assert {None} == {post.time for post in draft(REDDIT).posts}
    assert datetime(2024, 5, 1, 9, 0, tzinfo=UTC) == draft(REDDIT, now=now).posts[0].time


def test_dates_of_headers() -> None:
    """The time of a post is read from its header, with the zone it gives."""
    pasted = "Sal, 12 Mar 2019 10:22\nShould I lift?\n\nDave, 2019-03-13T08:00:00Z\nNo, just run."
    assert ["2019-03-12T10:22:00", "2019-03-13T08:00:00+00:00"] == [
        post.time.isoformat() for post in draft(pasted).posts if post.time
    ]


@pytest.mark.parametrize("bullet", ["•", "-", "*", "‣"])
def test_bullets_lead_replies(bullet: str) -> None:
    """Each kind of bullet begins a post and is no part of it."""
    pasted = f"Should I lift for a 10k?\n\n  {bullet} No, just run more.\n\n  {bullet} Yes, it helped me a lot.\n"
    assert ["Should I lift for a 10k?", "No, just run more.", "Yes, it helped me a lot."] == texts(pasted)


def test_nested_bullets_answer_the_bullet_above() -> None:
    """A bullet further right answers the one it stands under."""
    pasted = (
        "Should I lift?\n\n• No, lifting makes you slow and heavy in the long run.\n\n"
        "    ◦ That is not what happened to me in two years of it.\n\n• Yes, it kept my knees well all winter.\n"
    )
    opening, no, nested, yes = draft(pasted).thread().posts
    assert [None, opening.id, no.id, opening.id] == [p.parent_id for p in (opening, no, nested, yes)]


def test_a_list_inside_a_post_stays_inside() -> None:
    """Short items under a colon are what one person wrote."""
    pasted = (
        "Should I lift for a 10k?\n\nYes, I do three things:\n- squats\n- lunges\n- core work\n\n"
        "No, just run more and sleep well.\n"
    )
    assert [
        "Should I lift for a 10k?",
        "Yes, I do three things:\nsquats\nlunges\ncore work".replace("\n", "\n- "),
        "No, just run more and sleep well.",
    ] == texts(pasted)


def test_a_short_list_without_a_colon_stays_inside() -> None:
    """Several short items amid longer text are a list as well."""
    pasted = (
        "I wonder whether lifting is any use for a 10k at all, what do you do in a week?\n\n"
        "My week looks like this, and it has worked well for me for some years\n* two runs\n* one swim\n* squats\n\n"
        "I would not bother with weights at all, I never did and I am as quick as ever I was.\n"
    )
    assert 3 == len(texts(pasted))


def test_blank_lines_part_posts() -> None:
    """Without anything else, each paragraph is a post."""
    assert REPLIES == texts("\n\n".join(REPLIES))


def test_wider_gaps_part_posts_where_there_are_two_widths() -> None:
    """Paragraphs of one post stand closer together than posts."""
    pasted = "Should I lift?\n\nI run 10k.\n\n\n\nNo.\n\nJust run.\n\n\n\nYes, do."
    assert ["Should I lift?\n\nI run 10k.", "No.\n\nJust run.", "Yes, do."] == texts(pasted)


def test_drawn_lines_part_posts() -> None:
    """Lines of dashes stand between posts, whose paragraphs stay together."""
    pasted = "Should I lift?\n\nI run 10k.\n-----\nNo.\n\nJust run.\n-----\nYes, do."
    assert ["Should I lift?\n\nI run 10k.", "No.\n\nJust run.", "Yes, do."] == texts(pasted)


def test_one_post_a_line() -> None:
    """Lines of different lengths without blank ones are posts."""
    assert REPLIES == texts("\n".join(REPLIES))


def test_numbers_above_posts() -> None:
    """Lines such as "#1" count the posts."""
    assert REPLIES == texts("\n".join(f"#{n}\n{text}" for n, text in enumerate(REPLIES, start=1)))


def test_repeated_titles_part_posts() -> None:
    """The line "Re: title" begins each reply."""
    pasted = "Title: Weights\nShould I lift?\n\nIt is for a 10k.\nRe: Weights\nNo.\n\nJust run.\nRe: Weights\nYes."
    assert ["Should I lift?\n\nIt is for a 10k.", "No.\n\nJust run.", "Yes."] == texts(pasted)


@pytest.mark.parametrize(
    "first", ["Title: Weights for runners?", "Weights for runners?", "Thread: Weights for runners?"]
)
def test_the_title_above_the_first_header(first: str) -> None:
    """A line above the first header is the title, and is no post."""
    thread = draft(f"{first}\n\nSal, 12 Mar 2019\nShould I lift?\n\nDave, 13 Mar 2019\nNo.").thread()
    assert ("Weights for runners?", 2) == (thread.title, len(thread.posts))


def test_a_given_title_beats_the_one_found() -> None:
    """What the user types is what the thread is called."""
    assert "Mine" == draft("Title: Theirs\n\nShould I?\n\nNo.").thread(title=" Mine ").title


# Quotes, signatures, notes


def quotes_of(pasted: str) -> list[tuple[str | None, str]]:
    last = draft(pasted).thread().posts[-1]
    return [(quote.author, last.text[quote.start : quote.end]) for quote in last.quotes]


OPENED = "Sal, 12 Mar 2019\nShould I lift weights for my first 10k race?\n\nDave, 13 Mar 2019\n"


@pytest.mark.parametrize(
    ("reply", "quoted"),
    [
        ("> Should I lift weights for my first 10k race?\nNo.", "Should I lift weights for my first 10k race?"),
        (
            "Sal wrote:\n> Should I lift weights for my first 10k race?\n\nNo.",
            "Sal wrote:\nShould I lift weights for my first 10k race?",
        ),
        (
            "Sal said:\nShould I lift weights for my first 10k race?\nClick to expand...\nNo.",
            "Sal said:\nShould I lift weights for my first 10k race?",
        ),
        ("[quote=Sal]Should I lift weights[/quote]\nNo.", "Should I lift weights"),
        ("Should I lift weights for my first 10k race?\nNo.", "Should I lift weights for my first 10k race?"),
        (
            "Originally Posted by Sal\nShould I lift weights for my first 10k race?\nNo.",
            "Originally Posted by Sal\nShould I lift weights for my first 10k race?",
        ),
    ],
)
def test_quotes_belong_to_whom_they_quote(reply: str, quoted: str) -> None:
    """However a quote is marked, it is a span of the post, with the author of the quoted words."""
    assert [("Sal", quoted)] == quotes_of(OPENED + reply)


def test_a_quote_names_the_post_it_quotes() -> None:
    """The quoting post answers the quoted one."""
    opening, reply = draft(OPENED + "> Should I lift weights for my first 10k race?\nNo.").thread().posts
    assert (opening.id, opening.id) == (reply.quotes[0].post_id, reply.parent_id)


def test_quote_by_an_unknown_author_keeps_the_name() -> None:
    """Words of somebody outside the paste are still theirs."""
    assert [("Coach Bo", "Coach Bo wrote:\nLift heavy.")] == quotes_of(OPENED + "Coach Bo wrote:\n> Lift heavy.\nNo.")


def test_an_at_sign_names_the_answered_author() -> None:
    """A post that begins with @Sal answers Sal's latest post."""
    opening, reply = draft(OPENED + "@Sal no, just run.").thread().posts
    assert opening.id == reply.parent_id


def test_signatures_are_left_out() -> None:
    """What follows "--" is not what was said."""
    pasted = OPENED + "No, just run.\n--\n10k 49:12, half 1:52\nSent from my phone"
    assert "No, just run." == texts(pasted)[-1]
    assert {"signature"} == {one.reason for one in draft(pasted).skipped() if "49:12" in one.text}


def test_edit_notes_are_left_out() -> None:
    """The line "Last edited by ..." is the forum's, not the author's."""
    pasted = OPENED + "No, just run.\nLast edited by Dave on 13 Mar 2019, edited 1 time in total."
    assert "No, just run." == texts(pasted)[-1]


def test_raw_is_kept_where_it_differs() -> None:
    """The post keeps what was pasted beside its plain text."""
    reply = draft("Should I?\n\n  • No,&nbsp;run.\n\n  • Yes.").thread().posts[1]
    assert ("No, run.", "  • No,&nbsp;run.") == (reply.text, reply.raw)


def test_quotes_with_names_do_not_make_a_layout() -> None:
    """Replies that quote by name, in a paste without names, are still parted by their bullets."""
    pasted = (
        "Should I lift weights for my first 10k race?\n\n  • No, I never did and I run under forty.\n\n"
        "  • Sal wrote: Should I lift weights for my first 10k race? It helped me.\n\n"
        "  • Dave wrote: I never did and I run under forty. Not everybody is you.\n"
    )
    assert 4 == len(texts(pasted))


def test_a_name_under_a_name_is_a_quote() -> None:
    """The line "Nadia wrote:" with "Colm wrote:" under it is a post by Nadia that quotes Colm."""
    pasted = "Colm wrote:\nYes, do it.\n\nNadia wrote:\nColm wrote: Yes, do it.\nI would not.\n\nColm wrote:\nWhy?"
    assert ["Colm", "Nadia", "Colm"] == authors(pasted)


# Corrections


def test_naming_an_author() -> None:
    """The table's name becomes the post's author, and can be taken away again."""
    named = draft(RUNNERS).with_author(2, " Kim ")
    assert "Kim" == named.thread().posts[2].author
    assert named.with_author(2, " ").thread().posts[2].author is None


def test_the_opener_again() -> None:
    """Marked as by the opener, two posts have one source."""
    thread = draft(RUNNERS).by_opener(3).thread()
    assert [OPENER, None, None, OPENER, None, None] == [post.author for post in thread.posts]
    assert 5 == len({post.source for post in thread.posts})


def test_the_opener_again_under_a_name() -> None:
    """Where the opening post has a name, that name is used."""
    assert "Kim" == draft(RUNNERS).with_author(0, "Kim").by_opener(3).posts[3].author


@pytest.mark.parametrize(
    ("pair", "author"), [((2, 4), "unnamed (post 3)"), ((4, 2), "unnamed (post 3)"), ((0, 3), OPENER)]
)
def test_two_posts_of_one_person(pair: tuple[int, int], author: str) -> None:
    """Two posts are made one source, in either order, without a made-up name."""
    corrected = draft(RUNNERS).same_author(*pair)
    assert [author, author] == [corrected.posts[number].author for number in pair]


def test_a_named_post_names_the_other() -> None:
    """Of two posts of one person, the name of either is used."""
    assert "Kim" == draft(RUNNERS).with_author(4, "Kim").same_author(1, 4).posts[1].author
    assert "Kim" == draft(RUNNERS).with_author(4, "Kim").same_author(0, 4).posts[0].author


def test_correcting_an_author_keeps_the_ids() -> None:
    """A correction changes who said it, not which post it is."""
    first, corrected = draft(RUNNERS).thread(), draft(RUNNERS).by_opener(3).thread()
    assert [post.id for post in first.posts] == [post.id for post in corrected.posts]


def test_merging_with_the_post_before() -> None:
    """A merged post continues the one before it."""
    merged = draft("Should I lift?\n\nI run 10k.\n\nNo.").merged(1)
    assert ["Should I lift?\n\nI run 10k.", "No."] == [post.text for post in merged.thread().posts]


def test_merging_keeps_a_header_taken_by_mistake() -> None:
    """Nothing between two merged posts is lost."""
    merged = draft(OPENED + "No.\n\nAnn, 14 Mar 2019\nYes.").merged(2)
    assert "No.\n\nAnn, 14 Mar 2019\nYes." == merged.thread().posts[1].text


def test_splitting_at_a_paragraph() -> None:
    """A post is split where its user says; the new post has no name."""
    whole = draft(RUNNERS)
    halves = whole.split(1, whole.split_points(1)[0])
    assert 7 == len(halves.posts)
    assert "Common sense would" == halves.thread().posts[2].text[:18]


def test_splitting_and_merging_is_nothing() -> None:
    """A split undone gives the draft as it was."""
    whole = draft(RUNNERS)
    assert whole == whole.split(1, whole.split_points(1)[0]).merged(2)


def test_what_cannot_be_corrected() -> None:
    """Merging the opening post, or splitting where there are no words, is refused by name."""
    whole = draft(RUNNERS)
    with pytest.raises(CorpusError, match="no post before"):
        whole.merged(0)
    with pytest.raises(CorpusError, match="words are needed"):
        whole.split(1, whole.posts[1].end)


def test_leaving_a_post_out() -> None:
    """A post that is none is left out, with its reason."""
    smaller = draft(RUNNERS).without(5)
    assert 5 == len(smaller.posts)
    assert "left_out_by_user" == smaller.skipped()[-1].reason


# Refusals


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("", "is empty"),
        (" \n\t\n ", "is empty"),
        ("•", "has no words"),
        ("  •  \n\n  -  ", "has no words"),
        ("👍👍", "has no words"),
        ("Should I lift for a 10k?", "no replies"),
        ("  • a lone reply", "no replies"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "looks binary"),
        ("\x00\x01\x02\x03 text \x00\x04", "looks binary"),
    ],
)
def test_what_is_refused(pasted: str | bytes, said: str) -> None:
    """Each refusal says what was found, in which place, and what was expected."""
    with pytest.raises(UnreadableInput, match=said) as refused:
        read_pasted(pasted)
    assert "the pasted text" in str(refused.value)


def test_too_long_a_paste_names_both_numbers() -> None:
    """50 MB are refused at once, with the limit and the length."""
    with pytest.raises(UnreadableInput, match=rf"50,000,000 .* {PASTE_LIMIT:,}"):
        read_pasted("word " * 10_000_000)


def test_the_refusal_names_the_file() -> None:
    """A paste that came as a file is called by its name."""
    with pytest.raises(UnreadableInput, match=r"notes\.txt"):
        read_pasted(b"", place="notes.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(encoding: str) -> None:
    """Text in the encodings that browsers and editors write is read."""
    pasted = "Should I bake in a café’s oven?\n\nNo – the crust won’t take.\n\nYes, très bien, mine did for years."
    assert "No – the crust won’t take." == draft(pasted.encode(encoding)).thread().posts[1].text


# Properties


PIECES = st.sampled_from(
    [
        "Sal, 12 Mar 2019",
        "Dave wrote:",
        "> quoted words",
        "• no",
        "- item",
        "Reply",
        "--",
        "-----",
        "Re: lifting",
        "#2 Sal",
        "Should I lift?",
        "No, just run more.",
        "level 1",
        "u/sal",
        "3 years ago",
        "12 points",
        "Title: Lifting",
        "Sal",
        "",
        *("[quote]", "Click to expand...", "    indented", "Sal: yes", "\u200b", "&nbsp;", "👍", "\u2028", "Quote:"),
    ]
)
PASTES = st.one_of(st.text(), st.lists(PIECES, max_size=25).map("\n".join))


def read_or_refused(pasted: str | bytes) -> Draft | None:
    try:
        return draft(pasted)
    except UnreadableInput:
        return None


@settings(deadline=None)
@given(st.one_of(PASTES, st.binary()))
def test_anything_is_read_or_refused_by_name(pasted: str | bytes) -> None:
    """No text and no bytes bring another exception; what is read has an opening post and replies."""
    read = read_or_refused(pasted)
    if read is not None:
        thread = read.thread()
        assert 2 <= len(thread.posts)
        assert all(post.text for post in thread.posts)
        assert all(0 <= q.start < q.end <= len(post.text) for post in thread.posts for q in post.quotes)


@settings(deadline=None)
@given(PASTES)
def test_no_line_is_lost(pasted: str) -> None:
    """Every line with words is in a post, in a header that was used, or skipped with a reason."""
    read = read_or_refused(pasted)
    if read is None:
        return
    spans = [span for post in read.posts for span in (post.header, (post.start, post.end))]
    spans += [(start, end) for start, end, _ in read.left_out]
    outside = list(read.source)
    for start, end in spans:
        outside[start:end] = " " * (end - start)
    assert not [c for c in clean("".join(outside)).text if c.isalnum()]


@settings(deadline=None)
@given(PASTES)
def test_no_word_is_in_two_posts(pasted: str) -> None:
    """Posts, headers and what was left out do not overlap."""
    read = read_or_refused(pasted)
    if read is None:
        return
    spans = [span for post in read.posts for span in (post.header, (post.start, post.end)) if span[0] < span[1]]
    spans = sorted([*spans, *((start, end) for start, end, _ in read.left_out)])
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(spans))


@settings(deadline=None)
@given(PASTES)
def test_every_word_of_a_post_is_in_its_text_or_skipped(pasted: str) -> None:
    """Inside a post, too, nothing is lost."""
    read = read_or_refused(pasted)
    if read is None:
        return
    for post, body in zip(read.posts, read.bodies, strict=True):
        raw = list(read.source[post.start : post.end])
        for start, end, _ in body.left_out:
            raw[start - post.start : end - post.start] = " " * (end - start)
        kept = bare_words(clean("".join(raw)).text).replace("quote", "").replace("click to expand", "")
        assert kept.split() == bare_words(body.text).replace("quote", "").split()


# Real pages, copied whole


@pytest.mark.skipif(not FORUMS.is_dir(), reason="the forum pages of ../shared/data are not here")
@pytest.mark.parametrize(
    ("page", "share"),
    [
        ("myparkinsons.org.cgi-bin.forum.topic_show.pl", 1.0),
        ("www.msworld.org.forum.showthread.php", 0.9),
        ("forums.sherdog.com.threads.all-time-goat-poll.3916359", 0.9),
    ],
)
def test_real_posts_pasted_with_name_and_date(page: str, share: float) -> None:
    """The posts of a real thread, each under its author and date, come back whole."""
    gold = json.loads((FORUMS / f"{page}.json").read_text(encoding="utf-8"))["gold_standard_annotation"]
    posts = [" ".join(one["post_text"]["surface_form"].split()) for one in gold]
    pasted = "\n\n".join(f"reader{n}, {n % 28 + 1} Mar 2019 10:22\n{text}" for n, text in enumerate(posts))
    thread = draft(pasted).thread()
    found = sum(bare_words(text) in {bare_words(post.text) for post in thread.posts} for text in posts)
    assert share * len(posts) <= found
