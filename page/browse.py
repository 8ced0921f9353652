"""Browse: the claims of the knowledge base side by side, toward any question; an overview of them; topics."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

import gradio as gr

from bot import render, render_browse
from bot.answer import count
from bot.blind_spots import blind_spots
from bot.errors import BotError
from bot.wording import KIND_WORDS, SIDE_TITLES, clean
from corpus.errors import NotInStore
from corpus.thread import ID_LENGTH
from indexer.claims import Kind
from indexer.judge import Stance
from indexer.knowledge import BROWSED, BrowsePage, KnowledgeBase
from indexer.listing import EVERYTHING, Filters, Grouping, Order
from page.chart import NAMES_SHOWN, figure, rows_of
from page.lists import OFFERED, thread_choices
from page.parts import AN_ID, BARE, QUIET, explained, notice
from page.texts import TEXTS

COLUMN_SIZE = 20
"""Claims in one column of Browse: about two screens of a desktop, four of a phone."""

TOPICS_SIZE = 50
"""Threads on a page of topics."""

LOOKED_THROUGH = 2_000
"""Claims that are read for blind spots at most: a second of reading."""

AUTHORS_OFFERED = 100
"""Authors with most posts, to choose from; any other name can be typed."""

Updates = tuple[Any, ...]
"""New values of components, in the order of an event's outputs."""

BROWSE = "browse"
"""The tab of Browse, in links too."""

CLAIMS, OVERVIEW, TOPICS = "claims", "overview", "topics"
VIEWS = (CLAIMS, OVERVIEW, TOPICS)

FIELDS = ("question", "text", "thread", "stance", "kind", "sort", "forum", "author", "since", "until", "votes")
"""What can be chosen, by the names that links and programs use, in the order of the page's controls."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which claims to browse, and toward which question (empty: each toward the question of its own thread)."""

    question: str = ""
    stance: Stance | None = None
    order: Order = Order.SUREST
    filters: Filters = EVERYTHING

    @property
    def asked(self) -> str | None:
        return self.question.strip() or None

    @property
    def sides(self) -> tuple[Stance, ...]:
        return (self.stance,) if self.stance else tuple(SIDE_TITLES)


def choice_of(given: Mapping[str, str]) -> Choice:
    """Return the choice that a page, a link or a program gives by the names of `FIELDS`; empty or absent is "all".

    Raises BotError for what cannot be chosen.
    """
    values = {name: str(given.get(name) or "").strip() for name in FIELDS}
    thread, stance, kind, sort = (values[name] for name in ("thread", "stance", "kind", "sort"))
    if thread and not AN_ID.fullmatch(thread):
        raise BotError(f"{thread!r} is not the id of a thread: {ID_LENGTH} digits and letters from a to f")
    for chosen, known in ((stance, Stance), (kind, Kind), (sort, Order)):
        if chosen and chosen not in list(known):
            raise BotError(f"{chosen!r} is not one of {', '.join(known)}")
    return Choice(
        question=values["question"],
        stance=Stance(stance) if stance else None,
        order=Order(sort) if sort else Order.SUREST,
        filters=Filters(
            thread_id=thread or None,
            kind=Kind(kind) if kind else None,
            forum=values["forum"] or None,
            author=values["author"] or None,
            since=_day(values["since"]),
            until=_day(values["until"], last=True),
            votes=_whole_number(values["votes"]),
            text=values["text"],
        ),
    )


_DAY = re.compile(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?")


def _day(text: str, *, last: bool = False) -> date | None:
    """The day that is written; of a year or a month, its first or last day."""
    if not text:
        return None
    written = _DAY.fullmatch(text)
    try:
        year, month, day = (int(part) if part else None for part in written.groups()) if written else (None, None, None)
        if year is None:
            raise ValueError(text)
        if day is not None or not last:
            return date(year, month or 1, day or 1)
        following = date(year + 1, 1, 1) if month in (None, 12) else date(year, (month or 0) + 1, 1)
        return following - timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise BotError(f"{text!r} is no day; write it as 2024, 2024-05 or 2024-05-31") from error


def _whole_number(text: str) -> int | None:
    try:
        return int(text) if text else None
    except ValueError as error:
        raise BotError(f"{text!r} is no whole number of votes") from error


def link_of(given: Mapping[str, str], view: str = CLAIMS) -> str:
    """Return the address that opens Browse again with what was chosen."""
    chosen = {name: str(given.get(name) or "").strip() for name in FIELDS}
    shown = {name: value for name, value in chosen.items() if value and value != _USUAL.get(name)}
    shown |= {"view": view} if view != CLAIMS else {}
    return render_browse.BROWSE_LINK + ("&" + urlencode(shown) if shown else "")


_USUAL = {"sort": Order.SUREST.value}
"""What need not be said in a link."""


# Claims


@dataclass(frozen=True, slots=True)
class Browsed:
    """A column of claims for each stance; `counts` are of all that match, whatever the columns show."""

    columns: Mapping[Stance, BrowsePage]
    counts: Mapping[Stance, int]
    pages: int

    def line(self) -> str:
        """What was found, in words."""
        sides = [f"{number:,} {SIDE_TITLES[stance].lower()}" for stance, number in self.counts.items() if number]
        total = sum(self.counts.values())
        return f"{count(total, 'claim')}: {', '.join(sides)}" if total else TEXTS.no_match


def browse(base: KnowledgeBase, choice: Choice, page: int = 0) -> Browsed:
    """Return page `page` (from 0) of the claims that match, a column for each stance."""
    columns = base.columns(
        choice.filters,
        question=choice.asked,
        sides=choice.sides,
        order=choice.order,
        offset=page * COLUMN_SIZE,
        limit=COLUMN_SIZE,
    )
    by_stance = {stance: columns[stance] for stance in choice.sides}
    counts = {stance: column.total for stance, column in by_stance.items()}
    return Browsed(by_stance, counts, -(-max(counts.values()) // COLUMN_SIZE))


# Overview


def overview(base: KnowledgeBase, choice: Choice, by: Grouping) -> tuple[Any, str]:
    """Return a chart of the claims that match, and as HTML the same in numbers, and what nobody among them says."""
    counted = base.counted(by, choice.filters, question=choice.asked)
    sides = tuple(side for side in choice.sides if side is not Stance.NONE) or choice.sides
    rows = [(name, counts) for name, counts in rows_of(counted, by) if by is Grouping.MONTH or _number(counts, sides)]
    if by is Grouping.THREAD:
        titles = base.titles([name for name, _ in rows[:NAMES_SHOWN]])
        rows = [(titles.get(name, TEXTS.gone_thread), counts) for name, counts in rows]
    without = _number(counted.get(None, {}), sides)
    told = [row for row in rows if _number(row[1], sides)]
    more = len(told) - NAMES_SHOWN if by is not Grouping.MONTH else 0
    notes = [TEXTS.more_groups.format(more)] if more > 0 else []
    notes += [TEXTS.ungrouped[by].format(count(without, "claim"))] if without else []
    table = render_browse.counts_html(TEXTS.grouped[by], told[: NAMES_SHOWN if more > 0 else None], sides)
    parts = [table if told else notice("done", TEXTS.nothing_grouped if without else TEXTS.no_match)]
    parts += [notice("stage", note) for note in notes] + [_spots(base, choice)]
    shown = f'<div class="cp-overview">{"".join(parts)}</div>'
    return (figure(rows, sides, by, TEXTS.claims) if rows else None), shown


def _number(counts: Mapping[Stance, int], sides: tuple[Stance, ...]) -> int:
    return sum(counts.get(side, 0) for side in sides)


def _spots(base: KnowledgeBase, choice: Choice) -> str:
    """What nobody says about one question; about many questions at once it would say nothing."""
    heading = f"<h3>{html.escape(TEXTS.blind_spots)}</h3>"
    if not choice.asked and not choice.filters.thread_id:
        return heading + notice("stage", TEXTS.spots_need_question)
    found = base.columns(choice.filters, question=choice.asked, sides=choice.sides, limit=LOOKED_THROUGH)
    claims = [judged for page in found.values() for judged in page.claims if judged.judgement.stance is not Stance.NONE]
    people = len({judged.cited.post.source for judged in claims})
    spots = blind_spots(claims)
    none = "" if spots else notice("stage", TEXTS.no_spots)
    return heading + none + render_browse.spots_html(spots, len(claims), people)


# The tab


@dataclass(frozen=True)
class BrowseTab:
    """What other parts of the page use: the list of threads, the question, the page, and what opens links to Browse."""

    thread: gr.Dropdown
    question: gr.Textbox
    page_number: gr.State
    address: gr.HTML
    opening: Callable[[Mapping[str, str]], Updates]
    opened: list[Any]
    showing: Callable[..., Updates]
    given: list[Any]
    shown: list[Any]

    def follow(self, changed: gr.State) -> None:
        """Show the same page of the same claims anew whenever `changed` changes."""
        anew = partial(_turned, self.showing, 0)
        changed.change(anew, [self.page_number, *self.given], self.shown, trigger_mode="always_last", **QUIET)

    def connect(self, loaded: Any, tabs: gr.Tabs) -> None:
        """Open links to Browse: that of the page once it is `loaded`, and those that are clicked on it.

        A link first opens the view, and then fills it: what is not on the page yet cannot be filled.
        """

        def linked(request: gr.Request) -> Updates:
            query = dict(request.query_params)
            return open_view(query) if is_link(query) else (gr.skip(),) * (1 + len(self.opened))

        def show_linked(request: gr.Request, *given: Any) -> Updates:
            return self.showing(*given) if is_link(dict(request.query_params)) else (gr.skip(),) * len(self.shown)

        def clicked(event: gr.EventData) -> Updates:
            return open_view({name: str(getattr(event, name, None) or "") for name in (*FIELDS, "view")})

        def open_view(link: Mapping[str, str]) -> Updates:
            return (gr.Tabs(selected=BROWSE), *self.opening(link))

        opened = [tabs, *self.opened]
        loaded.then(linked, None, opened, **QUIET).then(show_linked, self.given, self.shown, **QUIET)
        self.address.browse(clicked, None, opened, **QUIET).then(self.showing, self.given, self.shown, **QUIET)


def is_link(query: Mapping[str, str]) -> bool:
    """Whether the query of an address opens Browse."""
    return query.get("tab") == BROWSE


ADDRESS_JS = """
const mine = (link) => history.replaceState(history.state, '', link);
const link = () => element.querySelector('[data-link]')?.dataset.link;
watch('value', () => { if (link() && element.checkVisibility()) mine(link()); });
document.addEventListener('click', (event) => {
  if (event.target.closest('[role="tab"]')) setTimeout(() => {
    if (element.checkVisibility()) { if (link()) mine(link()); }
    else if (location.search.startsWith('?tab=browse')) mine(location.pathname);
  }, 100);
  const opener = event.target.closest('a[href^="?tab=browse"]');
  if (!opener || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  trigger('browse', Object.fromEntries(new URLSearchParams(opener.getAttribute('href'))));
});
"""
"""The address of the page says what Browse shows; a click on a link to Browse opens it without loading the page."""

COPY_JS = """
async () => {
  const link = document.querySelector('#browse-link [data-link]')?.dataset.link ?? '?tab=browse';
  const address = new URL(link, location.href).href;
  try { await navigator.clipboard.writeText(address); return ''; } catch { return address; }
}
"""
"""Copies the address of what is shown; returns it where the browser does not allow that."""


def browse_tab(base: KnowledgeBase, tab: gr.Tab) -> BrowseTab:
    """Lay out the tab; return what other parts of the page use of it."""
    page_number, view = gr.State(0), gr.State(CLAIMS)
    controls = _controls()
    question, thread = controls["question"], controls["thread"]
    with gr.Row(elem_classes="page-buttons"):
        clear, copy = (gr.Button(words, size="sm", scale=0) for words in (TEXTS.clear_filters, TEXTS.copy_link))
        copied = gr.HTML(**BARE)
    views = _Views.laid_out()
    with gr.Row(visible=False) as pager:
        earlier = gr.Button(TEXTS.earlier, size="sm")
        place = gr.HTML(**BARE)
        later = gr.Button(TEXTS.later, size="sm")
    address = gr.HTML(elem_id="browse-link", js_on_load=ADDRESS_JS, **BARE)

    def showing(view: str, by: str, *given: Any, page: int = 0) -> Updates:
        """Updates of the view that is open: of claims, overview and topics one, then page, pager and address."""
        chosen = dict(zip(FIELDS, map(_as_text, given), strict=True))
        try:
            choice = choice_of(chosen)
            own = clean(base.question_of(choice.filters.thread_id)) if choice.filters.thread_id else ""
            body, pages, empty = _view(base, choice, view, Grouping(by), page)
        except Exception as error:  # noqa: BLE001 -- shown in words; `explained` logs what is not ours
            what = notice("problem", TEXTS.gone) if isinstance(error, NotInStore) else explained(error)
            place = {CLAIMS: 0, OVERVIEW: 2, TOPICS: 3}[view]
            body, pages, empty, own = tuple(what if at == place else gr.skip() for at in range(4)), 0, True, ""
        return (
            *body,
            page,
            gr.update(visible=pages > 1 and not empty),
            notice("stage", TEXTS.page_of.format(page + 1, pages)),
            gr.update(interactive=page > 0),
            gr.update(interactive=page + 1 < pages),
            gr.update(placeholder=own or TEXTS.own_question),
            f'<span data-link="{html.escape(link_of(chosen, view))}"></span>',
            "",
        )

    def finding(text: str | None, chosen: str | None) -> Any:
        """The update that offers the threads with what is typed."""
        return gr.update(choices=thread_choices(base, chosen or "", text or ""))

    shown = [*views.bodies, page_number, pager, place, earlier, later, question, address, copied]
    fields = [controls[name] for name in FIELDS]
    given: list[Any] = [view, views.by, *fields]
    chosen = [field.input for field in (*fields, views.by) if not isinstance(field, gr.Textbox)]
    typed = [field.change for field in fields if isinstance(field, gr.Textbox) and field is not question]
    changes = [*chosen, *typed, question.submit, tab.select]
    gr.on(changes, showing, given, shown, trigger_mode="always_last", **QUIET)
    for name, opened_view in views.tabs.items():
        turning_to = partial(_turned_to, showing, name)
        opened_view.select(turning_to, given[1:], [view, *shown], **QUIET)
    for button, step in ((earlier, -1), (later, 1)):
        button.click(partial(_turned, showing, step), [page_number, *given], shown, **QUIET)
    find = controls["find"]
    offered = [find, thread, controls["forum"], controls["author"]]
    tab.select(partial(_offered, base), [find, thread], offered, **QUIET)
    find.change(finding, [find, thread], thread, trigger_mode="always_last", **QUIET)
    copy.click(_copied, address, copied, js=COPY_JS, **QUIET)

    def opening(link: Mapping[str, str]) -> Updates:
        """Updates that open the view of `link`, and set the controls to what it says."""
        wanted = link.get("view", "")
        wanted = wanted if wanted in VIEWS else CLAIMS
        values = {name: link.get(name) or _USUAL.get(name, "") for name in FIELDS}
        return (gr.Tabs(selected=wanted), wanted, *(_set(base, name, value) for name, value in values.items()))

    opened = [views.all, view, *fields]
    clear.click(lambda: opening({}), None, opened, **QUIET).then(showing, given, shown, **QUIET)
    return BrowseTab(thread, question, page_number, address, opening, opened, showing, given, shown)


@dataclass(frozen=True)
class _Views:
    """The views of Browse, each in a tab of its own."""

    all: gr.Tabs
    tabs: Mapping[str, gr.Tab]
    by: gr.Radio
    bodies: list[Any]
    """What `showing` fills: claims; chart and numbers of the overview; topics."""

    @classmethod
    def laid_out(cls) -> _Views:
        """Put the views where the page is being built."""
        with gr.Tabs() as every:
            with gr.Tab(TEXTS.claims, id=CLAIMS) as claims_tab:
                found = gr.HTML(elem_id="browsed", **BARE)
            with gr.Tab(TEXTS.overview, id=OVERVIEW) as overview_tab:
                groupings = [(words, one.value) for one, words in TEXTS.groupings.items()]
                by = gr.Radio(groupings, value=Grouping.MONTH.value, label=TEXTS.chart_by)
                chart = gr.Plot(show_label=False, elem_id="chart")
                numbers = gr.HTML(elem_id="overview", **BARE)
            with gr.Tab(TEXTS.topics, id=TOPICS) as topics_tab:
                topics = gr.HTML(elem_id="topics", **BARE)
        tabs = {CLAIMS: claims_tab, OVERVIEW: overview_tab, TOPICS: topics_tab}
        return cls(every, tabs, by, [found, chart, numbers, topics])


def _controls() -> dict[str, Any]:
    """Put the controls where the page is being built; return them by their names in `FIELDS`, and "find"."""
    with gr.Row():
        question = gr.Textbox(label=TEXTS.toward, placeholder=TEXTS.own_question, max_lines=1, scale=3, min_width=240)
        text = gr.Textbox(label=TEXTS.with_words, max_lines=1, scale=2, min_width=240)
    with gr.Row():
        find = gr.Textbox(
            label=TEXTS.search_threads, placeholder=TEXTS.find_hint, max_lines=1, scale=2, min_width=240, visible=False
        )
        thread = gr.Dropdown([(TEXTS.all_threads, "")], value="", label=TEXTS.thread, scale=2)
        stance = gr.Dropdown(_choices(SIDE_TITLES), value="", label=TEXTS.stance, filterable=False)
        kinds = {kind: words[1] for kind, words in KIND_WORDS.items()}
        kind = gr.Dropdown(_choices(kinds), value="", label=TEXTS.kind, filterable=False)
        orders = [(words, order.value) for order, words in TEXTS.orders.items()]
        sort = gr.Dropdown(orders, value=Order.SUREST.value, label=TEXTS.sort, filterable=False)
    with gr.Accordion(TEXTS.more_filters, open=False):
        with gr.Row():
            forum = gr.Dropdown([(TEXTS.every, "")], value="", label=TEXTS.in_forum, allow_custom_value=True)
            author = gr.Dropdown([(TEXTS.every, "")], value="", label=TEXTS.by_author, allow_custom_value=True)
        with gr.Row():
            since = gr.Textbox(label=TEXTS.since, placeholder=TEXTS.day_hint, max_lines=1, min_width=100)
            until = gr.Textbox(label=TEXTS.until, placeholder=TEXTS.day_hint, max_lines=1, min_width=100)
            votes = gr.Textbox(label=TEXTS.least_votes, max_lines=1, min_width=100)
    made = (question, text, thread, stance, kind, sort, forum, author, since, until, votes)
    return {"find": find, **dict(zip(FIELDS, made, strict=True))}


def _view(base: KnowledgeBase, choice: Choice, view: str, by: Grouping, page: int) -> tuple[tuple[Any, ...], int, bool]:
    """What the open view shows, as updates of all of them; how many pages there are; whether there is nothing."""
    if view == OVERVIEW:
        chart, numbers = overview(base, choice, by)
        numbers = reach(base, choice) + numbers
        return (gr.skip(), gr.update(value=chart, visible=chart is not None), numbers, gr.skip()), 0, False
    if view == TOPICS:
        filters = choice.filters
        found = base.topics(filters.text, filters.forum, offset=page * TOPICS_SIZE, limit=TOPICS_SIZE)
        line = notice("done", count(found.total, "thread") + "." if found.total else TEXTS.no_topics)
        narrowed = notice("stage", TEXTS.topics_by)
        shown = line + narrowed + render_browse.topics_html(found)
        return (gr.skip(), gr.skip(), gr.skip(), shown), -(-found.total // TOPICS_SIZE), not found.total
    browsed = browse(base, choice, page)
    shown = notice("done", browsed.line()) + reach(base, choice) + render.columns_html(browsed.columns)
    return (shown, gr.skip(), gr.skip(), gr.skip()), browsed.pages, not browsed.pages


def reach(base: KnowledgeBase, choice: Choice) -> str:
    """Which claims are looked at toward a question that was typed, where that is not all of them."""
    if not choice.asked or choice.filters.thread_id or base.number_of_claims() <= BROWSED:
        return ""
    return notice("stage", TEXTS.nearest_only.format(BROWSED, BROWSED))


def _turned_to(showing: Callable[..., Updates], view: str, *given: Any) -> Updates:
    return (view, *showing(view, *given))


def _turned(showing: Callable[..., Updates], step: int, page: int, *given: Any) -> Updates:
    return showing(*given, page=page + step)


def _copied(address: str) -> str:
    return notice("done", TEXTS.link_copied) if not address else notice("problem", TEXTS.copy_this.format(address))


def _as_text(value: Any) -> str:
    return "" if value is None else str(value)


def _offered(base: KnowledgeBase, text: str | None, chosen: str | None) -> Updates:
    """Updates of what threads, forums and authors are offered; a name that is masked when shown cannot be chosen."""
    forums = [(f"{clean(name)} ({count(number, 'thread')})", name) for name, number in base.forums().items()]
    authors = [(name, name) for name in base.frequent_authors(AUTHORS_OFFERED) if clean(name) == name]
    return (
        gr.update(visible=base.number_of_threads() > OFFERED),
        gr.update(choices=thread_choices(base, chosen or "", text or "")),
        gr.update(choices=[(TEXTS.every, ""), *forums]),
        gr.update(choices=[(TEXTS.every, ""), *authors]),
    )


def _set(base: KnowledgeBase, name: str, value: str) -> Any:
    """The update that sets a control; a thread is offered by its title, though it may not be among those listed."""
    if name != "thread":
        return gr.update(value=value)
    return gr.update(choices=thread_choices(base, value), value=value)


def _choices(named: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(TEXTS.every, ""), *((label.capitalize(), value.value) for value, label in named.items())]
