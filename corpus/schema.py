"""The tables of the store. Migrations make them (`corpus/migrations`); a test holds the two equal.

Ids are 15 hexadecimal digits in Python and the integers of `thread.key_of` here. Posts, quotes and threads are what
people said. The tables from `claims` on are derived: the indexer fills them, and everything derived from a post or a
thread goes with it (ON DELETE CASCADE).
"""

from sqlalchemy import (
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    TypeDecorator,
    text,
)

HEAD = "0008"
"""The newest migration: what an up-to-date database says in its table alembic_version."""

BUSY_SECONDS = 10.0
"""How long a writer waits for another one: longer than the largest single transaction (one batch of threads)."""

metadata = MetaData()


class Share(TypeDecorator[float]):
    """A probability, kept as a whole number of ten-thousandths: two bytes in place of eight."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: float | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else round(10_000 * value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> float | None:  # noqa: ARG002
        return None if value is None else value / 10_000


def _key() -> Column[int]:
    return Column("key", Integer, primary_key=True, autoincrement=False)


def _of_post() -> Column[int]:
    return Column("post_key", Integer, ForeignKey("posts.key", ondelete="CASCADE"), nullable=False)


def _of_claim() -> Column[int]:
    return Column("claim_key", Integer, ForeignKey("claims.key", ondelete="CASCADE"), nullable=False)


threads = Table(
    "threads",
    metadata,
    _key(),
    Column("title", Text, nullable=False),
    Column("link", Text),
    Column("forum", Text),
    Column("invented", Boolean, nullable=False, server_default=text("0")),
    Column("layout", Text, nullable=False, server_default=""),
    Column("question", Text),
    Column("added_at", Text, nullable=False),
    Column("place", Text),
    Index("threads_by_age", "added_at"),
    Index("threads_by_place", "place"),
)
"""`question`: what the thread asks, worked out by the indexer. `layout`: how a reader recognised it, in words.
`added_at`: ISO 8601, UTC. `place`: `merging.place(link)`."""

posts = Table(
    "posts",
    metadata,
    _key(),
    Column("thread_key", Integer, ForeignKey("threads.key", ondelete="CASCADE"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("author", Text),
    Column("time", Text),
    Column("score", Integer),
    Column("link", Text),
    Column("parent_key", Integer),
    Column("text", Text, nullable=False),
    Column("content_hash", Text, nullable=False),
    Column("splitter", Text),
    Column("words_key", Integer),
    Column("vanished_at", Text),
    Column("packed_raw", LargeBinary),
    Index("posts_of_thread", "thread_key", "position"),
    Index("posts_by_author", "author"),
    Index("posts_by_words", "words_key"),
    Index("posts_by_splitter", "splitter"),
)
"""`time`: ISO 8601, with a zone where the forum gave one. `parent_key` may name a post that was never here.
`splitter`: the version of the claim splitter that read this text; NULL where it waits to be split. `words_key`:
`merging.words_key(text)`. `vanished_at`: when the post was found to be no longer in its thread, ISO 8601, UTC.
`packed_raw`: `packing.packed(raw, text)`."""

quotes = Table(
    "quotes",
    metadata,
    _of_post(),
    Column("number", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("author", Text),
    Column("quoted_key", Integer),
    PrimaryKeyConstraint("post_key", "number"),
    Index("quotes_by_author", "author"),
)

claims = Table(
    "claims",
    metadata,
    _key(),
    _of_post(),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("context", Text, nullable=False, server_default=""),
    Column("splitter", Text, nullable=False),
    Index("claims_of_post", "post_key", "start"),
)

models = Table(
    "models",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
)
"""The names of encoders and judges, so that a row that one of them made says so in a byte."""

vectors = Table(
    "vectors",
    metadata,
    Column("claim_key", Integer, ForeignKey("claims.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("encoder_key", Integer, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)
"""`vector`: a unit vector times 127 over its largest number, in as many bytes as the encoder has dimensions."""

thread_vectors = Table(
    "thread_vectors",
    metadata,
    Column("thread_key", Integer, ForeignKey("threads.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("encoder_key", Integer, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)

vector_changes = Table(
    "vector_changes",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("of_thread", Boolean, nullable=False),
    Column("key", Integer, nullable=False),
    sqlite_autoincrement=True,
)
"""A line for each vector that was added, changed or removed, written by triggers: the key of its claim, or thread.
Lines are forgotten, from the first on, once the index in the file is past them."""

judgements = Table(
    "judgements",
    metadata,
    _of_claim(),
    Column("question_key", Integer, nullable=False),
    Column("judge_key", Integer, nullable=False),
    Column("pro", Share, nullable=False),
    Column("con", Share, nullable=False),
    Column("mixed", Share, nullable=False),
    Column("none", Share, nullable=False),
    PrimaryKeyConstraint("claim_key", "question_key", "judge_key"),
    sqlite_with_rowid=False,
)
"""`question_key`: `key_of(content_id(question))` of the positive of a question."""

stances = Table(
    "stances",
    metadata,
    Column("claim_key", Integer, ForeignKey("claims.key", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("thread_key", Integer, nullable=False),
    Column("stance", Text, nullable=False),
    Column("sure", Float, nullable=False),
    Column("kind", Text, nullable=False),
    Column("forum", Text),
    Column("author", Text),
    Column("day", Text),
    Column("written", Integer),
    Column("score", Integer),
    Index("stances_by_sure", "stance", "sure", "claim_key"),
    Index("stances_by_time", "stance", "written", "sure", "claim_key"),
    Index("stances_by_score", "stance", "score", "sure", "claim_key"),
    Index("stances_of_thread", "thread_key", "stance"),
)
"""Where each claim stands toward the question of its own thread, with all that a list filters and sorts by: a narrow
copy. A row is never wrong but may be missing: triggers take it away when what it was made from changes, and
`indexer.listing` makes it again before it lists. `day`: the date of `posts.time`, as written; `written`: its second
since 1970, UTC."""

skipped = Table(
    "skipped",
    metadata,
    Column("key", Integer, primary_key=True),
    _of_post(),
    Column("reason", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("skipped_of_post", "post_key"),
)
"""What the splitter did not take as a claim, with the named reason."""

corrections = Table(
    "corrections",
    metadata,
    _key(),
    _of_post(),
    Column("claim_key", Integer, ForeignKey("claims.key", ondelete="SET NULL")),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("matter", Text, nullable=False),
    Column("question", Text, nullable=False, server_default=""),
    Column("question_key", Integer, nullable=False, server_default=text("0")),
    Column("negated", Boolean, nullable=False, server_default=text("0")),
    Column("said", Text, nullable=False),
    Column("confidence", Float),
    Column("made_by", Text, nullable=False, server_default=""),
    Column("now", Text, nullable=False),
    Column("who", Text),
    Column("at", Text, nullable=False),
    Index("corrections_of_post", "post_key"),
    Index("corrections_of_claim", "claim_key"),
    Index("corrections_toward_question", "question_key"),
)
"""What somebody corrected, or found right. `text` are the words of the claim, by which it is found again in its post;
`claim_key` is that claim, NULL while the words are none. `matter`: "stance" or "view", toward a question, or "kind".
`question`: as it was asked, "" where its words were removed since; `question_key`: `key_of(content_id(positive))`;
`negated`: whether `question` is the negation of its positive. `said` and `now` are what the program said, made by that
judge or splitter, and what is right, both toward `question`. `who`: a name, where one is known. `at`: ISO 8601, UTC."""

model_splits = Table(
    "model_splits",
    metadata,
    _of_post(),
    Column("prompt", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    PrimaryKeyConstraint("post_key", "prompt", "model"),
)
"""What a chat model proposed as the claims of a post, as JSON, so that asking again costs nothing. A row goes with its
post, and with the words of it: a trigger takes it away when the text changes."""

settings = Table(
    "settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Names and values of anything that holds for the whole corpus."""

claims_fts = Table("claims_fts", MetaData(), Column("rowid", Integer, primary_key=True), Column("text", Text))
"""Full-text search over `claims.text`, kept in step by triggers (https://www.sqlite.org/fts5.html, 4.4.3). It stands
outside `metadata`: SQLite makes its columns itself. Ask it with `claims_fts.c.text.match(...)`."""
