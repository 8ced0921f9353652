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

    take_along: str = "Take this answer along"
    copy_citations: str = "Copy with citations"
    copy_link: str = "Copy link"
    save_markdown: str = "Markdown"
    save_html: str = "HTML"
    save_json: str = "JSON"
    copied: str = "Copied."
    copy_by_hand: str = "Copy this:"
    saved_as: str = "Saved as {}."
    no_answer: str = "This answer is not on the page any more. Ask again."
    past: str = "Past conversations"
    past_note: str = (
        "What you asked is kept in this browser alone. Opened again, it is answered from what people say here now."
    )
    past_delete: str = "Delete"
    past_delete_all: str = "Delete all"
    past_more: str = "and {} more,"

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


TEXTS = Texts()
