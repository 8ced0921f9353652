"""What a forum exported of a post, packed by its text."""

from hypothesis import given
from hypothesis import strategies as st

from corpus.packing import packed, unpacked


@given(st.text(), st.text())
def test_what_was_packed_is_unpacked(raw: str, text: str) -> None:
    """Beside the same text, whatever the two are."""
    assert raw == unpacked(packed(raw, text), text)


def test_nothing_stays_nothing() -> None:
    """A post that was exported as plain text has nothing to pack."""
    assert None is packed(None, "text")
    assert None is unpacked(None, "text")


def test_what_the_text_says_already_takes_no_room() -> None:
    """A long post with marks around each sentence takes a few bytes a sentence."""
    sentences = [f"The {n}th week of lifting was harder than the {n - 1}th." for n in range(200)]
    raw = "".join(f"<p>{one}</p>" for one in sentences)
    kept = packed(raw, "\n".join(sentences))
    assert kept is not None
    assert len(kept) < len(raw) / 10


def test_lone_halves_of_characters_are_kept() -> None:
    """Exports hold them where a forum cut a text in the middle of an emoji."""
    assert "a \ud83d b" == unpacked(packed("a \ud83d b", "a b"), "a b")
