"""Personal data: what is found and what is not, and values that are shown with it covered, every span in its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import thread_of
from hypothesis import given
from hypothesis import strategies as st

from corpus.personal import EMAIL, PHONE, Cover, Covered, Pseudonyms, Shown, masked, personal
from corpus.thread import OPENER, Post, Quote

SECRET = Pseudonyms("secret")
NAMELESS = Shown(pseudonyms=SECRET, every_name=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write to jo.b+x@mail.example.co.uk.", f"write to {EMAIL}."),
        ("[jo@example.com](mailto:jo@example.com)", f"[{EMAIL}](mailto:{EMAIL})"),
        ("jo [at] example [dot] com or jo(at)example.com", f"{EMAIL} or {EMAIL}"),
        ("Jo <jo at EXAMPLE.COM> wrote:", f"Jo <{EMAIL}> wrote:"),
        ("Email: jo at example.com", f"Email: {EMAIL}"),
        ("call me at 303-860-5604, or (303) 860 5604", f"call me at {PHONE}, or {PHONE}"),
        ("my line (303-860-5604)", f"my line ({PHONE})"),
        ("text me on 6152006724.. no games", f"text me on {PHONE}.. no games"),
        ("+49 6421 282184 and 020 7946 0958", f"{PHONE} and {PHONE}"),
        ("Tel. 06223/970122, fax no. 06223/970123", f"Tel. {PHONE}, fax no. {PHONE}"),
    ],
)
def test_personal_data_are_covered(text: str, shown: str) -> None:
    """Addresses also as people hide them; numbers with a country, in groups, or behind a word that says so."""
    assert shown == masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "$1 200 300 400, 1,234,567,890 or 10 000 000",
        "on 2019-03-12 10:22 and 12.03.2019 10:22:45, or 12/03/2019",
        "1998-2003 2004-2008; 2019 2020 2021 2022 ++ 27.08.2019",
        "ISBN 978-0-14-044397-4, ISBN-10: 0-306-40615-2, ISBN 0306406152",
        "5x5 3-4 times, 3x10 at 225 315 405 1, 630 702 6033 steps, 8-10 10-12 12-15",
        "5k in 19:59, 42.195 km in 3:59:59, 100 200 300 miles",
        "192.168.100.200 10.0.0.1:8080 v1.2.3.4567",
        "card 4111 1111 1111 1111, my id 5551234567, order no. 303-860-5604",
        "https://example.com/comments/303-860-5604 and www.example.com/?id=3038605604",
        "doi 10.1016/j.jasrep.2019.102002",
        "0.2576836 1.23027062 -0.664552",
        "look at amazon.com, @jo, git@github.com:jo/x.git, icon@2x.png, package@1.2.3",
        "Call 1-800-273-8255, call 800-273-8255 or call 18002738255, the lifeline",
    ],
)
def test_other_numbers_and_signs_are_not(text: str) -> None:
    """Prices, dates, years, books, sets, times, addresses of machines, links, handles and hotlines stay."""
    assert text == masked(text)


@given(st.text(st.sampled_from("jo@.com (at)303-860-5604 +49\n"), max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    """What is covered is not found again."""
    assert masked(text) == masked(masked(text))


COVERS = st.lists(
    st.builds(
        lambda start, length, words: Cover(start, start + length, words),
        st.integers(0, 25),
        st.integers(1, 9),
        st.sampled_from(["[x]", "[longer than that]"]),
    ),
    max_size=4,
)


@given(COVERS, st.integers(0, 40), st.integers(0, 40))
def test_a_span_keeps_its_words(covers: list[Cover], one: int, other: int) -> None:
    """A span of the original shows the same words where nothing is covered, and whole covers where something is."""
    original = "".join(chr(0x4E00 + number) for number in range(40))
    covered = Covered.of(original, covers)
    start, end = covered.span(min(one, other), max(one, other))
    shown = covered.text[start:end]
    within = original[min(one, other) : max(one, other)]
    kept = [c for n, c in enumerate(original) if not any(cover.start <= n < cover.end for cover in covered.covers)]
    assert [c for c in within if c in kept] == [c for c in shown if c in kept]
    touching = [c for c in covered.covers if c.start < max(one, other) and min(one, other) < c.end]
    assert sum(map(len, (c.words for c in touching))) == len(shown) - len([c for c in within if c in kept])


def test_the_longer_of_two_covers_counts() -> None:
    """A name inside an address does not leave the rest of the address to be read."""
    assert "[address]!" == Covered.of("jo@x.com!", [Cover(0, 2, "[name]"), Cover(0, 8, "[address]")]).text


def test_the_same_post_twice_is_searched_once() -> None:
    """Each place is named once, whichever numbering plans know it."""
    assert (Cover(5, 20, PHONE),) == personal("call +49 6421 282184")


# Posts and threads

SAID = "Jo wrote:\nmail jo@example.com about squats\n\nNo, ring 303-860-5604."
ANSWER = Post("b", "t", 1, SAID, author="Sal", link="https://f.example/1", quotes=(Quote(0, 42, "Jo", "a"),), raw="<p>")


def test_a_quote_stays_around_its_words() -> None:
    """The masked text is longer here, and the quote with it."""
    (quote,) = (shown := Shown().post(ANSWER)).quotes
    assert f"Jo wrote:\nmail {EMAIL} about squats" == shown.text[quote.start : quote.end]
    assert f"\n\nNo, ring {PHONE}." == shown.text[quote.end :]


def test_a_post_without_personal_data_is_itself() -> None:
    """What the forum exported stays beside it, unless it holds personal data itself."""
    plain = replace(ANSWER, text="No.", quotes=())
    assert plain == Shown().post(plain)
    assert None is Shown().post(replace(plain, raw="<a href='mailto:jo@example.com'>No.</a>")).raw
    assert None is Shown().post(ANSWER).raw


def test_unmasked_is_as_it_was() -> None:
    """Nothing is changed where nothing is asked for."""
    assert ANSWER == Shown(masked=False).post(ANSWER)


def test_a_name_has_one_pseudonym() -> None:
    """As author, as author of a quote, and where the quote says whose it is; links and the export would tell it."""
    first = replace(ANSWER, id="a", author="Jo", text="Jo is my name.", quotes=(), raw="Jo")
    name = NAMELESS.post(first).author
    shown = NAMELESS.post(ANSWER)
    assert name == SECRET.of("Jo") == shown.quotes[0].author
    assert shown.text.startswith(f"{name} wrote:\nmail ")
    assert (None, None) == (shown.link, shown.raw)
    assert shown.author != name


def test_an_attribution_before_its_quote() -> None:
    """The line above a quote is read too; the same name further away is somebody's words."""
    text = "Jo, I see.\n\nOn Monday, Jo wrote:\n\nLift.\n\nJo, no."
    start = text.index("Lift.")
    shown = NAMELESS.post(replace(ANSWER, text=text, quotes=(Quote(start, start + 5, "Jo", "a"),)))
    assert f"Jo, I see.\n\nOn Monday, {SECRET.of('Jo')} wrote:\n\nLift.\n\nJo, no." == shown.text


def test_pseudonyms_hang_on_the_secret() -> None:
    """Another secret, another pseudonym; who opened a thread without a name stays that."""
    assert Pseudonyms("other").of("Jo") != SECRET.of("Jo") != SECRET.of("jo")
    assert OPENER == SECRET.of(OPENER)


def test_people_named_by_an_address_stay_two() -> None:
    """One person, one vote: two addresses never become one author of an export."""
    shown = Shown(pseudonyms=SECRET)
    assert "Jo" == shown.name("Jo")
    assert 2 == len({shown.name("jo@example.com"), shown.name("sal@example.com")})
    assert EMAIL == Shown().name("jo@example.com")


def test_a_thread_is_shown_whole() -> None:
    """Its title, its posts, and without names no link."""
    thread = thread_of("Is 303-860-5604 a scam?", ("Jo", "They rang from 303-860-5604."), ("Sal", "Yes."))
    shown = NAMELESS.thread(thread)
    assert (f"Is {PHONE} a scam?", None) == (shown.title, shown.link)
    assert [f"They rang from {PHONE}.", "Yes."] == [post.text for post in shown.posts]
