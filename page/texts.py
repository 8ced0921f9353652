"""All that the page itself says, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from indexer.listing import Grouping, Order


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
    past_none: str = "Keep none in this browser, and erase those that are kept"
    past_more: str = "and {} more,"

    settings: str = "Settings"
    no_model: str = (
        "No chat model is configured: answers are put together from people's own words by this program alone, and"
        " nothing leaves this machine."
    )
    with_model: str = (
        "A chat model also writes the views as prose. Every sentence is checked against the claims it cites, and what"
        " does not hold is not shown."
    )
    model_stays: str = "Text stays on this machine: the model is asked at {}."
    model_leaves: str = (
        "TEXT LEAVES THIS MACHINE. Questions, and what people wrote that answers them, are sent to {}. Without"
        " COUNTERPOINT_CHAT_MODEL, nothing is."
    )
    model_how: str = (
        "It is set by environment variables before the start, keys among them, which are never shown:"
        " docs/chat-models.md says which."
    )
    model_test: str = "Test the connection"
    model_used: str = "Since the start: {:,} tokens in {:,} requests{}."
    model_cost: str = ", {:.2f} by the prices given"
    setting: str = "Setting"
    setting_value: str = "Value"

    source: str = "Source"
    no_source: str = "Open a claim to read the post behind it."
    gone: str = "This is not here any more: its thread was removed or has changed."

    marking: str = "Is this right?"
    reads_as: str = "Read as: {}, {:.0%} sure; {}."
    counts_as: str = "Counts as: {}; {}."
    marked_as: str = "A reader says: {}. The program had said: {}{}."
    marked_right: str = "A reader found this right: {}."
    sure: str = ", {:.0%} sure"
    counted: str = "Counted. Answers and lists have it from now on."
    counted_as: str = "Counted: {}."
    undone: str = "Undone. What the program says counts again."
    may_not_correct: str = "Nothing can be corrected here: this page is for reading."
    no_mark: str = "{!r} is nothing that a claim can be marked as: the words are {}."
    one_mark: str = "Say one thing of a claim: its stance, its kind, or that it stands apart."
    record: str = "Of {} that readers marked here, the program had {} right ({:.0%}; 95% interval {:.0%} to {:.0%})."
    marked_sides: tuple[str, str] = ("side", "sides")
    marked_kinds: tuple[str, str] = ("kind", "kinds")
    no_sample: str = "Readers mark what is wrong more often than what is right, so over all it may be right more often."

    thread: str = "Thread"
    all_threads: str = "All threads"
    all_of_threads: str = "All {:,} threads"
    search_threads: str = "Search the threads"
    toward: str = "Toward the question"
    nearest_only: str = (
        "Of all claims here, only those nearest to this question are looked at: the {:,} nearest in meaning, and the "
        "{:,} that share most words with it. Choose a thread to see all that is said there."
    )
    own_question: str = "each thread's own question"
    stance: str = "Stance"
    kind: str = "Kind"
    every: str = "All"
    with_words: str = "With the words"
    no_match: str = "No claim matches. Take out a word or a filter to see more."
    page_of: str = "Page {} of {}"
    earlier: str = "Previous"
    later: str = "Next"
    sort: str = "Sort"
    orders: Mapping[Order, str] = field(
        default_factory=lambda: {
            Order.SUREST: "Surest first",
            Order.NEWEST: "Newest first",
            Order.OLDEST: "Oldest first",
            Order.VOTES: "Most votes first",
        }
    )
    more_filters: str = "Forum, author, date and votes"
    in_forum: str = "In the forum"
    by_author: str = "By the author"
    since: str = "From"
    until: str = "To"
    day_hint: str = "2024, 2024-05 or 2024-05-31"
    least_votes: str = "Votes at least"
    clear_filters: str = "Clear"
    link_copied: str = "The link is copied."
    copy_this: str = "The browser does not let this page copy. The link is {}"
    claims: str = "Claims"
    overview: str = "Overview"
    topics: str = "Topics"
    chart_by: str = "Claims"
    groupings: Mapping[Grouping, str] = field(
        default_factory=lambda: {
            Grouping.MONTH: "over time",
            Grouping.FORUM: "by forum",
            Grouping.THREAD: "by thread",
        }
    )
    grouped: Mapping[Grouping, str] = field(
        default_factory=lambda: {Grouping.MONTH: "Time", Grouping.FORUM: "Forum", Grouping.THREAD: "Thread"}
    )
    ungrouped: Mapping[Grouping, str] = field(
        default_factory=lambda: {
            Grouping.MONTH: "{} without a date.",
            Grouping.FORUM: "{} from threads without the name of a forum.",
            Grouping.THREAD: "{} without a thread.",
        }
    )
    more_groups: str = "… and {:,} more with fewer claims."
    nothing_grouped: str = "Nothing to draw."
    gone_thread: str = "a thread that is gone"
    blind_spots: str = "What nobody here says"
    no_spots: str = "Nothing that the numbers are enough to tell."
    spots_need_question: str = "Choose a thread or type a question to see what nobody says about it."
    topics_by: str = "Threads with the words in their title, question or forum. Choose one to browse its claims."
    no_topics: str = "No thread matches. Take out a word or the forum to see more."

    paste: str = "Paste a thread"
    paste_hint: str = "The opening post, then the replies, as you copied them from the forum."
    files: str = "Or open files: text, saved pages, exports, tables, archives"
    which: str = "Which of the files"
    details: str = "Title, forum and link (optional)"
    title: str = "Title"
    forum: str = "Forum"
    link: str = "Link to the thread"
    look: str = "Look at it"
    read_as: str = "Read as: {}."
    no_file: str = "No file was opened."
    not_opened: str = "{} cannot be opened ({})."
    more_threads: str = "… and {:,} more threads, not shown here."
    more_skipped: str = "… and more was left out: {}"
    and_these: str = "And these:"
    is_new: str = "new"
    is_here: str = "here already, word for word"
    has_changed: str = "here already, with other posts"
    brought: str = "brought up to date"
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
    saving: str = "Saving: {:,} of {:,} threads are kept ({})"
    how_far: str = "How far saving is"
    stop_saving: str = "Stop saving"
    stopping: str = "Stopping…"
    stopped_saving: str = "Stopped. {:,} of {:,} threads are kept. Save again to go on with the others."
    nothing_new: str = "Nothing new: this thread is here already, word for word."
    none_new: str = "Nothing new: all {:,} threads are here already, word for word."
    saved: str = "Saved"
    skipped: str = "Skipped"
    updated: str = "Brought up to date"
    ask_now: str = "You can ask about it now."
    discarded: str = "Discarded. Nothing was saved."
    here: str = "Threads here"
    find_thread: str = "Find a thread"
    find_hint: str = "words of its title, question or forum"
    threads_from: str = "{:,} to {:,} of {:,} threads"
    no_thread: str = "No thread has these words in its title, question or forum."
    no_thread_yet: str = "No thread is here yet."
    export: str = "Export what is ticked"
    export_all: str = "Export all"
    exported: str = "Exported threads"
    wrote: str = "Exported: {}. E-mail addresses and telephone numbers are masked in it."
    update: str = "Bring up to date"
    update_how: str = "Paste “{}” again, or open its file: what is new in it is added, and what was said before stays."
    tick_first: str = "Tick a thread first."
    tick_one: str = "Tick one thread alone: each is pasted again by itself."
    remove: str = "Remove"
    remove_which: str = "Remove {} with all that was made of them? {}"
    remove_sure: str = "Yes, remove"
    keep: str = "Keep"
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
