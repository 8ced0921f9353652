"""What the readers of exports share: unpacking, JSON lines, numbers and times."""

import gzip
import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.errors import UnreadableInput
from corpus.readers import iter_file, read_file
from corpus.readers.neutral import to_neutral
from corpus.readers.reading import (
    UNPACK_LEAST,
    collected,
    decode,
    json_keys,
    json_values,
    moment,
    name_of,
    number_of,
    opened,
    unpacked,
    words_of,
)
from corpus.readers.spool import Spool
from corpus.samples import sample_threads
from corpus.thread import Skipped


def test_gzip_is_unpacked() -> None:
    """What was packed comes back."""
    assert b"Should I lift?" == unpacked(gzip.compress(b"Should I lift?"), "t.gz")


def test_zstandard_is_unpacked() -> None:
    """Several frames one after the other are one file, as the tools write it."""
    zstandard = pytest.importorskip("zstandard")
    packed = zstandard.compress(b"Should I ") + zstandard.compress(b"lift?")
    assert b"Should I lift?" == unpacked(packed, "t.zst")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without zstandard the message says what to install."""
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(UnreadableInput, match=r"t\.zst is packed with zstandard.*pip install zstandard"):
        unpacked(b"\x28\xb5\x2f\xfdrest", "t.zst")


def test_a_bomb_is_refused() -> None:
    """What unpacks to a thousand times its size is given up with both numbers."""
    bomb = gzip.compress(bytes(UNPACK_LEAST + 1))
    with pytest.raises(UnreadableInput, match=r"t\.gz unpacks to more than 20,000,000 bytes, over 200 times its size"):
        unpacked(bomb, "t.gz")


@pytest.mark.parametrize(
    "packed", [gzip.compress(b"words " * 1000)[:-20], b"\x1f\x8b\x08nonsense", b"\x28\xb5\x2f\xfdno"]
)
def test_damaged_archives_are_named(packed: bytes) -> None:
    """An archive that was cut off or is none gets an error that names it."""
    with pytest.raises(UnreadableInput, match=r"t\.x cannot be unpacked"):
        unpacked(packed, "t.x")


def test_a_packed_file_is_read_as_what_is_in_it(tmp_path: Path) -> None:
    """Neutral JSON in gzip is neutral JSON."""
    path = tmp_path / "threads.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(map(to_neutral, sample_threads())).encode()))
    assert sample_threads() == read_file(path).threads


def test_a_file_without_a_stream_is_iterated_too(tmp_path: Path) -> None:
    """`iter_file` gives the threads of any file."""
    path = tmp_path / "threads.jsonl"
    path.write_text("\n".join(map(to_neutral, sample_threads())), encoding="utf-8")
    assert list(sample_threads()) == list(iter_file(path))


def test_an_open_file_is_named_when_it_is_missing(tmp_path: Path) -> None:
    """A path to nothing is said to be one."""
    with pytest.raises(UnreadableInput, match="gone cannot be read"), opened(tmp_path / "gone"):
        pass


def values(text: str) -> list[tuple[str, object]]:
    return list(json_values(io.BytesIO(text.encode()), "t.json"))


def test_lines_of_json_come_one_by_one() -> None:
    """Blank lines count as lines and hold nothing."""
    assert [("line 1", {"a": 1}), ("line 3", {"b": 2})] == values('{"a": 1}\n\n{"b": 2}\n')


def test_json_over_several_lines_is_one_value() -> None:
    """A file written with indentation is one value."""
    assert [("the file", {"a": [1, 2]})] == values('\ufeff{\n "a": [\n1,\n2]}')


def test_a_bad_line_is_left_out_by_name() -> None:
    """One damaged line does not lose the others."""
    found = values('{"a": 1}\n{"b": \n{"c": 3}')
    assert ("not_json", "line 2") == (found[1][1].reason, found[1][1].place)  # type: ignore[attr-defined]
    assert ("line 3", {"c": 3}) == found[2]


@pytest.mark.parametrize("text", ["{", '{"a": ' * 100_000])
def test_what_is_no_json_is_refused(text: str) -> None:
    """Cut-off and endlessly nested JSON get a named error."""
    with pytest.raises(UnreadableInput, match=r"t\.json is not JSON"):
        values(text)


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b'{"a": {"b": 1}, "c": "d\\"e", "f": []}', {"a", "c", "f"}),
        (b' [ {"a": 1}, {"b": 1}]', {"a"}),
        (b'{"a": "cut off', {"a"}),
        (b"no json", set()),
        (b"[[1]]", set()),
    ],
)
def test_the_keys_of_the_first_object(data: bytes, keys: set[str]) -> None:
    """Keys of nested objects and words in values are no keys."""
    assert keys == json_keys(data)


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), (3.0, 3), ("3", 3), ("-4.0", -4), (True, None), (2.5, None), ("x", None), (None, None), (10**30, None)],
)
def test_whole_numbers(value: object, number: int | None) -> None:
    """A number is read where it is one and fits a database."""
    assert number == number_of(value)


@pytest.mark.parametrize(
    ("value", "time"),
    [
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        ("1552386120", datetime(2019, 3, 12, 10, 22, tzinfo=UTC)),
        (4102444800.0, datetime(2100, 1, 1, tzinfo=UTC)),
        (-86400, datetime(1969, 12, 31, tzinfo=UTC)),
        ("2019-03-12T10:22:00.000Z", datetime(2019, 3, 12, 10, 22, tzinfo=UTC)),
        ("2019-03-12T10:22:00", datetime(2019, 3, 12, 10, 22, tzinfo=UTC)),
        ("soon", None),
        (float("nan"), None),
        (1e300, None),
        (None, None),
        ([], None),
    ],
)
def test_times(value: object, time: datetime | None) -> None:
    """Seconds and ISO 8601 are times; anything else is none."""
    assert time == moment(value)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (" ann ", "ann"),
        ("René 😀", "René 😀"),
        ("a\x00b\u202ec\nd", "abc d"),
        ("שרה", "שרה"),
        ("\u200b", None),
        (3, None),
    ],
)
def test_names_are_on_one_line(value: object, name: str | None) -> None:
    """Marks that would turn a page's text around go, letters of any script stay."""
    assert name == name_of(value)


def test_halves_of_surrogate_pairs_are_no_characters() -> None:
    """They go, as no database keeps them; an emoji stays."""
    assert "a😀b" == words_of(json.loads('"a\\ud83d\\ude00b\\ud800"'))


def test_what_was_left_out_is_gathered_apart() -> None:
    """Threads and what was skipped are told apart, in order."""
    thread = sample_threads()[0]
    reading = collected([Skipped("not_json", ""), thread], "a test", "x")
    assert ((thread,), ("not_json",)) == (reading.threads, tuple(one.reason for one in reading.skipped))


def test_nothing_found_is_said_with_the_first_reason() -> None:
    """The refusal names the file and what was left out."""
    with pytest.raises(UnreadableInput, match=r"x holds no threads; it was read as a test.*line 1: not_json"):
        collected([Skipped("not_json", "", "line 1")], "a test", "x")


def test_spooled_records_come_back_by_thread() -> None:
    """Threads come in the order of their first record, records in the order of adding."""
    with Spool() as spool:
        numbers = [spool.add(thread, word) for thread, word in [("b", "x"), ("a", "y"), ("b", "z")]]
        assert [("b", ["x", "z"]), ("a", ["y"])] == list(spool.threads())
        assert ["z", "y"] == list(spool.records([numbers[2], numbers[1]]))
        assert (["y"], []) == (spool.of("a"), spool.of("c"))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Jörg fragt: für Läufer über vierzig ist Krafttraining nötig", "cp1252"),
        ("Zoë, moi j'ai arrêté après l'été parce que ma santé était plus importante que mes résultats", "cp1252"),
        ("Стоит ли бегать каждый день? Нет, не стоит", "cp1251"),
        ("Czy warto biegać codziennie żeby schudnąć", "cp1250"),
        ("毎日走るべきですか。いいえ、そうは思いません", "cp932"),
    ],
)
def test_encodings_of_old_forums_are_told_apart(text: str, encoding: str) -> None:
    """Undeclared bytes are read in the encoding in which they are words."""
    assert text == decode(text.encode(encoding), "x")
