# ruff: noqa: N818 -- an error is named for what happened
"""What can go wrong, by name. Every message says the place, what was expected or found, and the remedy.

CounterpointError
└── CorpusError                 the corpus: reading threads and keeping them
    ├── UnreadableInput         not a thread: empty, binary, too large, one post only, an unknown format
    └── StoreError              the database of the corpus
        ├── NotAStore           the file is something else, or damaged
        ├── NewerStore          written by a newer Counterpoint
        ├── StoreLocked         another process is writing and does not finish
        ├── StoreUnwritable     the folder or file cannot be written
        └── NotInStore          no thread or post with that id
"""


class CounterpointError(Exception):
    """The root of every error that Counterpoint raises on purpose; its message can be shown to the user as it is."""


class CorpusError(CounterpointError):
    """Something about the corpus: reading threads or keeping them."""


class UnreadableInput(CorpusError):
    """What was given is not a thread that can be read; the message names the file or "the pasted text"."""


class StoreError(CorpusError):
    """The database of the corpus cannot be used as asked."""


class NotAStore(StoreError):
    """The file is not a Counterpoint database, or it is damaged."""


class NewerStore(StoreError):
    """The database was written by a newer Counterpoint."""


class StoreLocked(StoreError):
    """Another process holds the database for longer than `schema.BUSY_SECONDS`."""


class StoreUnwritable(StoreError):
    """The folder or the file cannot be written."""


class NotInStore(StoreError):
    """No thread or post has that id."""
