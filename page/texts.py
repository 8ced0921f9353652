"""All that the page itself says, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Texts:
    """All that the page itself says, in one place."""

    name: str = "Counterpoint"
    sentence: str = (
        "What people in forum threads say for and against, each with the words they wrote. Never advice of its own."
    )
    ask: str = "Ask"
    browse: str = "Browse"
    add: str = "Add"

    question: str = "Your question"
    question_hint: str = "should I lift for a sub-20 5k?"
    stop: str = "Stop"
    conversation: str = "Conversation"
    begin: str = "Ask something that people here talked about, or start with one of their own questions."
    looking: str = "Looking…"
    stopped: str = "Stopped."
    broke: str = (
        "Something broke, and it is not your question: the terminal that runs Counterpoint says what. Try again."
    )

    source: str = "Source"
    no_source: str = "Open a claim to read the post behind it."
    gone: str = "This is not here any more: its thread was removed or has changed."

    thread: str = "Thread"
    all_threads: str = "All threads"
    toward: str = "Toward the question"
    own_question: str = "each thread's own question"
    stance: str = "Stance"
    kind: str = "Kind"
    every: str = "All"
    with_words: str = "With the words"
    no_match: str = "No claim matches. Take out a word or a filter to see more."
    page_of: str = "Page {} of {}"
    earlier: str = "Previous"
    later: str = "Next"

    paste: str = "Paste a thread"
    paste_hint: str = "The opening post, then the replies, as you copied them from the forum."
    file: str = "Open a file instead"
    details: str = "Title, forum and link (optional)"
    title: str = "Title"
    forum: str = "Forum"
    link: str = "Link to the thread"
    look: str = "Look at it"
    layout: str = "Read as: {}."
    more_threads: str = "… and {} more threads, not shown here."
    correct: str = "Correct the posts"
    post: str = "Post"
    author: str = "Its author"
    set_author: str = "Set"
    same_as: str = "Written by the same person as"
    join: str = "Join with the post before"
    split_at: str = "Split it before the line"
    leave_out: str = "Leave this post out"
    save: str = "Save"
    discard: str = "Discard"
    nothing_new: str = "Nothing new: this thread is here already, word for word."
    saved: str = "Saved"
    skipped: str = "Skipped"
    updated: str = "Brought up to date"
    ask_now: str = "You can ask about it now."
    discarded: str = "Discarded. Nothing was saved."
    here: str = "Threads here"
    remove: str = "Remove"
    remove_sure: str = "Yes, remove it"
    keep: str = "Keep it"
    building: str = "Building the sample knowledge base"
    removed: str = "Removed"

    read_only: str = "This page is for reading: nothing can be added, corrected or removed here."
    only_reader: str = "You are here as a reader: adding, correcting and removing is for editors."
    no_account: str = "Adding, correcting and removing is for editors: log in as one."
    logged_in: str = "{} ({})"
    log_out: str = "Log out"
    log_in: str = "This page is shared by name and password; who keeps it gives you both."
    not_together: str = "This name and password do not belong together."
    other_host: str = (
        "This page is for its own machine, and was asked for as {}. Behind a proxy, start it with the address at which "
        "it is reached: --root-path https://..."
    )
    other_site: str = (
        "Requests from other web sites are refused, here from {}. Behind a proxy, start the page with the address at "
        "which it is reached: --root-path https://..."
    )
    too_large: str = "That is too large: a file may have {:.0f} MB here."
    busy: str = "Many others ask at the same time. Try again in a minute."
    too_many: str = "That was a lot at once: {} calls a minute are served. Wait a moment and try again."
    too_many_logins: str = "Too many tries: {} passwords a minute. Wait a moment and try again."


TEXTS = Texts()
