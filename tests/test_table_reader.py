"""Tables of posts: CSV, TSV and their kin."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import assert_read_or_refused
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import UnreadableInput
from corpus.readers import iter_file, read_file
from corpus.readers.table import iter_threads, read_table, roles_of

CSV = """\
Post ID,Thread ID,Title,Author,Body,Created At,Score,Reply To
1,7,Should I lift?,ann,"I run, a lot",2019-03-12T10:22:00Z,5,
2,7,,bob,"No.
Just run",1552386180,-2,1
3,8,Tea?,cem,Is it better?,2019-03-12,,
4,7,,dee,> just run\\nwhy?,,1,2
"""


def test_rows_join_by_their_thread() -> None:
    """Threads come in the order of their first rows, cells keep their lines."""
    reading = read_file(CSV.encode(), "posts.csv")
    assert ("a table", ["Should I lift?", "Tea?"]) == (reading.layout, [thread.title for thread in reading.threads])
    assert ["I run, a lot", "No.\nJust run"] == [post.text for post in reading.threads[0].posts[:2]]


def test_what_a_row_keeps() -> None:
    """Author, time, score and parent are kept; a time without a zone has none."""
    first, second, third = read_table(CSV.encode()).threads[0].posts
    assert ("bob", -2, first.id) == (second.author, second.score, second.parent_id)
    assert (datetime(2019, 3, 12, 10, 23, tzinfo=UTC), None) == (second.time, third.time)
    assert datetime(2019, 3, 12) == read_table(CSV.encode()).threads[1].opening.time  # noqa: DTZ001 -- the cell has none


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_delimiters_are_found_out(delimiter: str) -> None:
    """The delimiter is the one by which the columns have known names."""
    text = f"user{delimiter}message\nann{delimiter}Should I, or not?\nbob{delimiter}No."
    posts = read_file(text.encode(), "x").threads[0].posts
    assert [("ann", "Should I, or not?"), ("bob", "No.")] == [(post.author, post.text) for post in posts]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_are_found_out(encoding: str) -> None:
    """Accents survive, whatever the file was saved in."""
    text = (
        "author,text\nRené,Je cours déjà trois fois par semaine et ça me fatigue\n"
        "Zoë,Moi j'ai arrêté après l'été parce que ma santé était plus importante que mes résultats\n"
    )
    posts = read_file(text.encode(encoding), "x.csv").threads[0].posts
    assert ["René", "Zoë"] == [post.author for post in posts]


def test_a_stray_byte_late_in_a_file_is_read(tmp_path: Path) -> None:
    """A file that is ASCII for long and Latin-1 at its end loses nothing."""
    path = tmp_path / "x.csv"
    path.write_bytes(b"author,text\n" + b"ann,words of mine\n" * 20_000 + "René,Non".encode("latin-1"))
    threads = [one for one in iter_threads(path) if not hasattr(one, "reason")]
    assert (20_001, "René") == (len(threads[0].posts), threads[0].posts[-1].author)  # type: ignore[union-attr]


def test_quotation_marks_in_a_tsv_are_characters() -> None:
    """Tables parted by tabs often quote nothing."""
    posts = read_table(b'author\ttext\nann\t"No way he said\nbob\tSure\n').threads[0].posts
    assert ['"No way he said', "Sure"] == [post.text for post in posts]


def test_a_table_without_threads_is_one() -> None:
    """Rows without thread and title are one thread in the order of the file."""
    (thread,) = read_table(b"name,comment\nann,Should I?\nbob,No.\n").threads
    assert ("Should I?", 2) == (thread.title, len(thread.posts))


def test_a_row_with_the_threads_own_id_opens_it() -> None:
    """Tables of Reddit comments name their thread by the submission's id."""
    data = b"id,link_id,parent_id,body,author\nc1,t3_abc,t3_abc,No.,bob\nabc,t3_abc,,Should I?,ann\n"
    opening, reply = read_table(data).threads[0].posts
    assert ("Should I?", opening.id) == (opening.text, reply.parent_id)


def test_a_caller_names_columns() -> None:
    """A column of an unusual name is read as told."""
    posts = read_table(b"autor,text\nann,Soll ich?\nbob,Nein\n", columns={"author": "autor"}).threads[0].posts
    assert ["ann", "bob"] == [post.author for post in posts]


def test_html_cells_are_said_in_words() -> None:
    """Tags go where a cell has those of posts."""
    assert "a < b" == read_table(b"author,text\nann,<p>a &lt; b</p>\n").threads[0].opening.text


def test_what_cannot_be_read_of_a_row_is_named() -> None:
    """An empty post, a bad score and a bad date are left out, the rest of the row is kept."""
    reading = read_table(b"id,author,text,score,date\n1,ann,Should I?,many,soon\n2,bob,,1,\n1,cem,again,,\n")
    assert ["empty_post", "unread_time", "unread_score", "repeated_post"] == [one.reason for one in reading.skipped]
    assert ["row 3", "row 2", "row 2", "row 4"] == [one.place for one in reading.skipped]
    assert ["Should I?"] == [post.text for post in reading.threads[0].posts]


@pytest.mark.parametrize(
    ("data", "columns", "said"),
    [
        (
            b"author,words\nann,x\n",
            {},
            r"x\.csv: column 'text' not found; columns are 'author', 'words'; .*--text-column",
        ),
        (b"autor,text\nann,x\n", {"author": "auteur"}, r"column 'auteur' not found; columns are 'autor', 'text'"),
        (b"author,text\nann,Should I, or not?\n", {}, r"x\.csv, row 2 has 3 cells where row 1 names 2 columns"),
        (b'author,text\nann,"Should I?\nbob,No\n', {}, r"x\.csv, row 2 cannot be read .* never closed"),
        (b"author,text\n", {}, r"x\.csv holds no threads"),
    ],
)
def test_what_is_refused(data: bytes, columns: dict[str, str], said: str) -> None:
    """A refusal names the file, the row and the column."""
    with pytest.raises(UnreadableInput, match=said):
        read_table(data, "x.csv", columns)


@pytest.mark.parametrize("text", ["Should I lift, or run?\n\nNo, run.", "text\n\nreply one\n", "ann, bob\n\nhi\n\nho"])
def test_prose_is_no_table(text: str) -> None:
    """A paste whose first line holds a comma stays a paste."""
    assert "a table" != read_file(text.encode()).layout


def test_columns_are_known_in_any_spelling() -> None:
    """Case, underscores and camel case make no difference; a column has one meaning."""
    assert {"text": 2, "author": 0, "time": 1} == roles_of(["userName", "CREATED_UTC", "post-text"])


def test_a_packed_table_streams(tmp_path: Path) -> None:
    """A table in gzip is read like any other."""
    path = tmp_path / "posts.csv.gz"
    path.write_bytes(gzip.compress(CSV.encode()))
    assert list(read_table(CSV.encode()).threads) == [one for one in iter_file(path) if not hasattr(one, "reason")]


@settings(deadline=None)
@given(st.binary(), st.sampled_from([",", "\t", ";"]))
def test_any_bytes_are_read_or_refused(data: bytes, delimiter: str) -> None:
    """No bytes under a heading bring another exception."""
    heading = delimiter.join(["author", "text", "date", "score", "id"]).encode()
    assert_read_or_refused(read_file, heading + b"\n" + data)
