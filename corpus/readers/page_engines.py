"""How the forum engines write a thread into HTML: one row of CSS selectors an engine, and how a row is read.

A selector may end in `@name` for an attribute; `@name` alone is an attribute of the post's own element. Of several
selectors the first that finds something in the post is taken. What a row does not say is found as on any other page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from corpus.readers.page_details import stamp_in
from corpus.readers.page_tree import Element, Page


@dataclass(frozen=True, slots=True)
class Engine:
    """The markup of one engine (or one of its generations)."""

    name: str
    post: str
    body: tuple[str, ...]
    author: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    link: tuple[str, ...] = ()
    score: tuple[str, ...] = ()
    rows: bool = False
    """Whether what follows a post's element in its row of siblings, up to the next one, is part of the post."""
    depth: str = ""
    """Where the page gives depth of replies in numbers; elsewhere a post answers the one that it stands in."""
    indent: str = ""
    """The class of what indents replies, once a level."""
    tree: bool = False
    """Whether a reply that answers no other answers the opening post."""
    home: str = ""
    """What links start from, where one site alone is made so and its pages do not say where they are from."""


@dataclass(slots=True)
class Found:
    """A post as a page shows it, before its words are told."""

    region: list[Element]
    bodies: list[Element]
    author: str | None = None
    time: datetime | str | None = None
    link: str | None = None
    score: str | None = None
    depth: int | None = None
    parent: int | None = None
    text: str | None = None
    headed: bool = False
    """Whether the body may begin with lines about the post: its name, date and number."""
    without: list[Element] = field(default_factory=list)

    @property
    def at(self) -> int:
        return self.region[0].at if self.region else -1


ENGINES = (
    Engine(
        "Discourse",
        "article[data-post-id], .crawler-post, div[id^=post_][itemprop=comment]",
        (".cooked", ".post[itemprop]", "[itemprop=articleBody]", "[itemprop=text]", ".post"),
        author=(
            ".names .username a@data-user-card",
            ".names [data-user-card]@data-user-card",
            ".creator [itemprop=name]",
            "[itemprop=author] [itemprop=name]",
            ".creator a",
        ),
        time=(".post-date .relative-date", "time", ".relative-date"),
        link=(".post-date@href", "a.post-date@href"),
        score=(".like-count", "[itemprop=userInteractionCount]@content", ".post-likes"),
    ),
    Engine(
        "phpBB 3",
        "div.post:has(> .inner > .postbody), div.post[id^=p]:has(.postbody), tr.post:has(.postbody)",
        (".postbody .content", ".content", ".postbody"),
        author=(
            ".author .username, .author .username-coloured",
            ".author strong a",
            ".postprofile dt .username, .postprofile dt .username-coloured",
            ".postprofile .username",
            ".postprofile dt a",
            ".postauthor",
        ),
        time=(".author time", "p.author .timestamp", "p.author", ".postdate"),
        link=(".author a[href*='#p']@href", "h3 a[href*='#p']@href"),
    ),
    Engine(
        "phpBB 2",
        "tr:has(> td > span.name):has(span.postbody)",
        ("td:has(> span.postbody)", ".postbody"),
        author=("span.name b", "span.name"),
        time=("span.postdetails[class=postdetails]:not(td:first-child span)",),
        link=("a[href*='viewtopic'][href*='#']@href", "span.name a[name]@name"),
    ),
    Engine(
        "phpBB 3 (subsilver)",
        "tr:has(> td > .postauthor)",
        (".postbody",),
        author=(".postauthor",),
        time=(".gensmall > div:last-child", ".gensmall"),
        link=(".gensmall a[href*='#p']@href",),
        rows=True,
    ),
    Engine(
        "vBulletin 5",
        "li.b-post[data-node-id]",
        (".js-post__content-text", ".b-post__content"),
        author=(".author strong", ".author a", ".author"),
        time=("time", ".b-post__timestamp"),
        link=(".b-post__count@href",),
        score=(".votecount",),
    ),
    Engine(
        "vBulletin 4",
        "li.postcontainer, li.postbit, li.postbitlegacy",
        (".postcontent", "[id^=post_message_]"),
        author=("a.username", ".username_container .username", ".username"),
        time=(".postdate .date", ".postdate", ".date"),
        link=("a.postcounter@href",),
    ),
    Engine(
        "vBulletin 3",
        "table[id^=post]:has([id^=post_message_]), div[id^=post]:has([id^=post_message_])",
        ("[id^=post_message_]",),
        author=(".bigusername", "[id^=postmenu_] a", "[id^=postmenu_]"),
        time=("td.thead", ".thead .normal"),
        link=("a[id^=postcount]@href",),
    ),
    Engine(
        "XenForo 2",
        "article.message--post, .message[data-author]:has(.message-body), article.message:has(.bbWrapper)",
        (".message-body .bbWrapper", ".message-body"),
        author=("@data-author", ".message-name .username", ".message-name"),
        time=(".message-attribution-main time", "time.u-dt", "time"),
        link=(".message-attribution-opposite a@href", ".message-attribution-main a@href"),
        score=(".message-vote .js-voteCount", ".contentVote-score"),
    ),
    Engine(
        "XenForo 1",
        "li.message[id^=post-], .messageList > .message",
        (".messageContent .messageText", ".messageText", ".messageContent"),
        author=("@data-author", ".username", ".author"),
        time=(".DateTime",),
        link=("a.datePermalink@href", ".postNumber@href", "a.hashPermalink@href"),
    ),
    Engine(
        "Vanilla",
        ".ItemDiscussion, .ItemComment, li.Comment",
        (".Message", ".userContent"),
        author=(".AuthorWrap .Username", ".Author .Username", ".Author a", ".Username"),
        time=(".DateCreated time", "time"),
        link=("a.Permalink@href", ".DateCreated a@href"),
        score=(".ScoreSpan", ".score"),
    ),
    Engine(
        "Invision",
        "article.ipsComment, .cPost, div.post_block, div.ipsComment",
        (
            "[data-role=commentContent]",
            ".cPost_contentWrap",
            ".post.entry-content",
            ".post_body .post",
            ".ipsComment_content",
        ),
        author=(
            "h3.cAuthorPane_author a",
            ".cAuthorPane_author a",
            ".cAuthorPane_author > span:first-child",
            ".cAuthorPane_author",
            ".ipsComment_author .ipsType_break",
            ".author.vcard",
            ".post_username",
            ".ipsComment_meta a",
        ),
        time=(".ipsComment_meta time", "time", "abbr.published", ".published"),
        link=(".ipsComment_meta a[href*='comment=']@href", "a[data-role=shareComment]@href", "a[rel=bookmark]@href"),
        score=(".ipsReact_reactCount", ".rep_thanks", ".reputation"),
    ),
    Engine(
        "SMF",
        ".post_wrapper, #forumposts td.windowbg:has([id^=msg_]), #quickModForm td.windowbg:has([id^=msg_]), "
        "#quickModForm td.windowbg2:has([id^=msg_])",
        (".post > .inner", "[id^=msg_].inner", ".post > [id^=msg_]", ".post"),
        author=(".poster h4 a", ".poster h4", "a[href*='action=profile']"),
        time=(".keyinfo .smalltext", ".keyinfo .postinfo", "[id^=subject_] + .smalltext"),
        link=(".keyinfo a[href*='msg']@href", "[id^=subject_] a@href"),
    ),
    Engine(
        "FluxBB",
        "div.blockpost",
        (".postmsg",),
        author=(".postleft dt strong", ".postleft dt"),
        time=("h2 a", "h2"),
        link=("h2 a@href",),
    ),
    Engine(
        "MyBB",
        "div.post:has(.post_body), table[id^=post_]:has(.post_body)",
        (".post_body",),
        author=(
            ".author_information strong .largetext",
            ".author_information strong",
            ".post_author strong",
            ".post_author a",
        ),
        time=(".post_date", ".post_head .smalltext"),
        link=(".post_head a[href*='pid']@href", "strong > a[href*='pid']@href"),
    ),
    Engine(
        "Stack Exchange",
        "#question, .question[data-questionid], .answer[data-answerid], li.comment[data-comment-id], tr.comment",
        (".js-post-body", ".s-prose", ".post-text", ".comment-copy"),
        author=(
            "[itemprop=author] [itemprop=name]",
            ".owner .user-details a",
            ".post-signature:last-child .user-details a",
            ".comment-user",
            ".user-details a",
        ),
        time=(
            "time[itemprop=dateCreated]",
            ".owner .relativetime",
            ".post-signature:last-child .relativetime",
            ".comment-date .relativetime-clean",
            ".comment-date span",
            ".relativetime",
        ),
        link=(".comment-link@href", ".js-share-link@href", ".short-link@href"),
        score=(".js-vote-count", ".vote-count-post", "[itemprop=upvoteCount]", ".comment-score span"),
        tree=True,
    ),
    Engine(
        "Reddit (old)",
        ".thing.link, .thing.comment",
        (".usertext-body .md", "a.title"),
        author=("@data-author", ".tagline .author"),
        time=(".tagline time",),
        link=("@data-permalink", "a.bylink@href"),
        score=(".score.unvoted@title", ".score.unvoted", "@data-score"),
        tree=True,
        home="https://www.reddit.com/",
    ),
    Engine(
        "Reddit (new)",
        "shreddit-post, shreddit-comment",
        ("[slot=text-body]", "[slot=comment]", "[slot=title]"),
        author=("@author",),
        time=("@created-timestamp", "@created", "time", "faceplate-timeago"),
        link=("@permalink",),
        score=("@score",),
        depth="@depth",
        tree=True,
        home="https://www.reddit.com/",
    ),
    Engine(
        "Hacker News",
        "table.fatitem, tr.comtr",
        (".commtext", ".toptext", ".comment", ".titleline > a", "a.storylink"),
        author=(".hnuser",),
        time=(".age", ".age a"),
        link=(".age a@href",),
        score=(".score",),
        depth=".ind@indent",
        tree=True,
        home="https://news.ycombinator.com/",
    ),
    Engine(
        "Drupal",
        ".node:has(.content), article.node, div.comment, article.comment",
        (".field-name-comment-body", ".field-name-body", ".comment-content", ".node-content", ".content"),
        author=(".submitted .username", ".submitted a", ".author a", ".author", ".username"),
        time=(".submitted time", ".submitted", ".comment-date", ".date", "time"),
        link=("a.permalink@href", "h3 a@href"),
        indent="indented",
    ),
    Engine(
        "Phorum",
        "div.message:has(.message-body), div.PhorumReadBodyText",
        (".message-body", ".PhorumReadBodyText"),
        author=(".message-author a", ".message-author"),
        time=(".message-date",),
        link=("a[href*='#msg-']@href",),
    ),
    Engine(
        "bbPress",
        "div.bbp-lead-topic, div.type-topic, div.type-reply:has(.bbp-reply-content)",
        (".bbp-topic-content", ".bbp-reply-content", ".topic-content", ".entry-content"),
        author=(".bbp-author-name",),
        time=(".bbp-reply-post-date", ".bbp-topic-post-date"),
        link=("a.bbp-reply-permalink@href", "a.bbp-topic-permalink@href"),
    ),
    Engine(
        "WoltLab",
        "article.wbbPost, article.message.messageSidebarOrientationLeft",
        (".messageText", ".messageBody"),
        author=(".messageAuthor .username", ".username"),
        time=("time",),
        link=(".messagePublicationTime a@href", "a.permalink@href"),
    ),
)
"""Asked all; the one that finds most posts with words is believed, the earlier of two alike."""


def found_by(engine: Engine, page: Page) -> list[Found]:
    """Return the posts that an engine's selectors find on a page, in order."""
    posts = page.find(engine.post)
    if not posts:
        return []
    owner = _Owner(page, posts, rows=engine.rows)
    bodies = owner.choose(engine.body)
    authors, links, scores = (owner.first(one) for one in (engine.author, engine.link, engine.score))
    times = owner.choose(engine.time)
    depths = owner.first((engine.depth,)) if engine.depth else {}
    found: list[Found] = []
    numbers: dict[int, int] = {}
    for index, post in enumerate(posts):
        above = owner.above(index)
        if not bodies[index]:
            continue
        numbers[index] = len(found)
        time = next((stamp for element in times[index] if (stamp := _time(element))), None)
        depth = depths.get(index, "")
        one = Found([post], bodies[index], authors.get(index), time, links.get(index), scores.get(index))
        one.depth = int(depth) if depth.isdigit() else None
        one.parent = numbers.get(above) if above is not None else None
        if engine.indent and above is not None:
            one.depth = sum(engine.indent in outer.names.split() for outer in post.ancestors)
            one.parent = None if one.depth else one.parent
        found.append(one)
    return _answering(found) if engine.tree else found


def _answering(found: list[Found]) -> list[Found]:
    """The posts of a tree: those that answer no other answer the first, unless that is a reply itself."""
    for one in found[1:] if found and found[0].depth is None else ():
        if one.depth is not None:
            one.depth += 1
        elif one.parent is None:
            one.parent = 0
    if found and found[0].depth is None:
        found[0].depth = 0
    return found


def _time(element: Element | str) -> datetime | str | None:
    if isinstance(element, str):
        return stamp_in(Element("time", {"datetime": element}, None, 0))
    inner = (child for child in element.walk() if isinstance(child, Element))
    stamps = (stamp_in(one) for one in (element, *inner))
    return next((stamp for stamp in stamps if stamp), None) or element.text[:200] or None


class _Owner:
    """Which post each element belongs to: the innermost one that holds it."""

    def __init__(self, page: Page, posts: Sequence[Element], *, rows: bool = False) -> None:
        self._page = page
        self._posts = posts
        self._of = [-1] * len(page.elements)
        self._above: list[int | None] = []
        numbers = {post.at: index for index, post in enumerate(posts)}
        last: dict[int, int] = {}
        for element in page.elements:
            above = self._of[element.parent.at] if element.parent else -1
            own = numbers.get(element.at)
            if rows and element.parent:
                if own is not None:
                    last[element.parent.at] = own
                above = last.get(element.parent.at, above)
            if own is not None:
                self._above.append(above if above >= 0 and not rows else None)
            self._of[element.at] = above if own is None else own

    def above(self, index: int) -> int | None:
        """The post that a post stands in."""
        return self._above[index]

    def choose(self, selectors: Sequence[str]) -> dict[int, list[Element]]:
        """For each post what the first selector that finds anything in it finds, without what stands in another."""
        chosen: dict[int, list[Element]] = defaultdict(list)
        for selector in selectors:
            if selector.startswith("@"):
                self._own(selector[1:], chosen)
                continue
            fresh: dict[int, list[Element]] = defaultdict(list)
            for element in self._page.find(selector):
                index = self._of[element.at]
                if index >= 0 and index not in chosen and not (fresh[index] and fresh[index][-1].holds(element)):
                    fresh[index].append(element)
            chosen.update({index: elements for index, elements in fresh.items() if elements})
        return chosen

    def _own(self, name: str, chosen: dict[int, list[Element]]) -> None:
        for index, post in enumerate(self._posts):
            if index not in chosen and (value := post.attrs.get(name)):
                chosen[index] = [Element("time", {"datetime": value}, post, post.at)]

    def first(self, selectors: Sequence[str]) -> dict[int, str]:
        """For each post the first text or attribute that the selectors find in it."""
        said: dict[int, str] = {}
        for selector in selectors:
            for index, value in self._values(selector):
                if value and index not in said:
                    said[index] = value
        return said

    def _values(self, selector: str) -> Iterator[tuple[int, str]]:
        path, _, name = selector.partition("@")
        if not path:
            yield from ((index, post.attrs.get(name, "").strip()) for index, post in enumerate(self._posts))
            return
        for element in self._page.find(path):
            if (index := self._of[element.at]) >= 0:
                yield index, (element.attrs.get(name, "") if name else element.text).strip()
