"""Plain text and the way back to the original."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.cleaning import clean, plain

NOISY = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab\n\r\t \u00a0\u200b\x00•-*&;#39ltgam\ufeff\u2028")),
        st.characters(categories=["L", "S", "Cs"]),
    ),
    max_size=80,
)


@settings(deadline=None)
@given(NOISY)
def test_every_kept_character_comes_from_the_original_in_order(raw: str) -> None:
    """Origins never decrease and stay inside the original."""
    cleaned = clean(raw)
    origins = [cleaned.origin(index) for index in range(len(cleaned.text))]
    assert len(cleaned.text) == len(origins)
    assert all(0 <= origin < len(raw) for origin in origins)
    assert all(earlier <= later for earlier, later in pairwise(origins))


@settings(deadline=None)
@given(NOISY.filter(lambda raw: "&" not in raw))
def test_words_are_kept_as_they_were(raw: str) -> None:
    """Without entities, every letter of the plain text is the letter at its origin."""
    cleaned = clean(raw)
    assert [c for c in cleaned.text if c.isalnum()] == [
        raw[cleaned.origin(i)] for i, c in enumerate(cleaned.text) if c.isalnum()
    ]


@settings(deadline=None)
@given(NOISY.filter(lambda raw: "&" not in raw))
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    """Plain text is left as it is."""
    assert clean(raw).text == clean(clean(raw).text).text


@settings(deadline=None)
@given(st.text())
def test_plain_text_can_be_stored(raw: str) -> None:
    """No half of a surrogate pair and no NUL is left."""
    text = clean(raw).text
    assert text == text.encode().decode()
    assert "\x00" not in text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("  indented\n    more  \n", "indented\nmore"),
        ("zero\u200bwidth\x00 and\u00a0space", "zerowidth and space"),
        ("don&#39;t &amp; &lt;won't&gt;", "don't & <won't>"),
        ("  • led by a bullet", "led by a bullet"),
        ("- • two of them", "two of them"),
        ("-5 degrees", "-5 degrees"),
        ("• first\n• second", "first\n• second"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("", ""),
    ],
)
def test_what_becomes_of(raw: str, text: str) -> None:
    """Each rule does what it says."""
    assert text == clean(raw).text


def test_span_of_an_original_span() -> None:
    """A span of the original is found in the plain text."""
    raw = "  • he said &quot;run&quot; twice"
    start = raw.index("&quot;run")
    cleaned = clean(raw)
    first, last = cleaned.span_of(start, raw.index(" twice"))
    assert '"run"' == cleaned.text[first:last]


def test_origin_of_the_end() -> None:
    """The end of the text lies one past the last kept character."""
    assert 4 == clean(" abc  ").origin(3)


@settings(deadline=None)
@given(NOISY)
def test_plain_text_is_the_same_without_the_way_back(raw: str) -> None:
    """The quick form says what the exact one says."""
    assert clean(raw).text == plain(raw)


def test_entities_stay_where_they_were_already_read() -> None:
    """What a parser of HTML has unescaped is not unescaped again."""
    assert ("5 &lt; 6", "5 < 6") == (plain("5 &lt; 6 ", entities=False), plain("5 &lt; 6"))
