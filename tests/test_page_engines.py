# ruff: noqa: DTZ001, E501 -- most pages give times without a zone; markup is written as the engines write it
"""The markup of the forum engines: who said what, when, where and to whom."""

from datetime import UTC, datetime

import pytest
from test_page_reader import SAID, page

from corpus.readers.page import read_page
from corpus.thread import Thread

HEAD = '<title>Lifting | Forum</title><link rel="canonical" href="{}">'


def mybb(n: int, text: str) -> str:
    return f"""<div class="post classic" style="" id="post_{n}">
<div class="post_author scaleimages"><div class="author_information"><strong><span class="largetext">
<a href="https://forum.example/member.php?action=profile&amp;uid={n}">user{n}</a></span></strong><br/>
<span class="smalltext">Junior Member<br/></span></div>
<div class="author_statistics">Posts: {n}<br/>Threads: 1<br/>Joined: Jan 2015</div></div>
<div class="post_content"><div class="post_head"><div class="float_right"><strong>
<a href="showthread.php?tid=7&amp;pid={n}#pid{n}">#{n + 1}</a></strong></div>
<span class="post_date">03-1{n}-2019, 10:22 AM <span class="post_edit" id="edited_by_{n}"></span></span></div>
<div class="post_body scaleimages" id="pid_{n}">{text}</div>
<div class="signature scaleimages">Never give up</div></div>
<div class="post_controls"><a href="newreply.php?tid=7" class="postbit_quote"><span>Reply</span></a></div></div>"""


MYBB_QUOTE = f"""<blockquote class="mycode_quote"><cite><span> (03-11-2019, 10:22 AM)</span>user1 Wrote:
<a href="showthread.php?pid=1#pid1" class="quick_jump"></a></cite>{SAID[1]}</blockquote>"""


def smf_1(n: int, text: str) -> str:
    return f"""<tr><td><a name="msg{n}"></a><table><tr><td class="windowbg{2 if n % 2 else ""}"><table><tr>
<td valign="top" rowspan="2"><b><a href="https://forum.example/index.php?action=profile;u={n}">user{n}</a></b>
<div class="smalltext">Newbie<br/>Posts: {n}</div></td><td valign="top"><table><tr><td>
<div style="font-weight: bold;" id="subject_{n}"><a href="https://forum.example/index.php/topic,7.msg{n}.html#msg{n}">Lifting</a></div>
<div class="smalltext">&#171; <b>Reply #{n} on:</b> March 1{n}, 2019, 10:22:00 AM &#187;</div></td></tr></table>
<hr width="100%" size="1"/><div id="msg_{n}" class="post">{text}</div></td></tr>
<tr><td class="smalltext" id="modified_{n}"></td></tr></table></td></tr></table></td></tr>"""


def smf_2(n: int, text: str) -> str:
    return f"""<div class="windowbg{2 if n % 2 else ""}"><div class="post_wrapper"><div class="poster">
<h4><a href="https://forum.example/index.php?action=profile;u={n}">user{n}</a></h4>
<ul class="reset smalltext"><li class="postgroup">Newbie</li><li class="postcount">Posts: {n}</li></ul></div>
<div class="postarea"><div class="flow_hidden"><div class="keyinfo"><h5 id="subject_{n}">
<a href="https://forum.example/index.php?topic=7.msg{n}#msg{n}" rel="nofollow">Re: Lifting</a></h5>
<div class="smalltext">&#171; <strong>Reply #{n} on:</strong> March 1{n}, 2019, 10:22:00 AM &#187;</div></div></div>
<div class="post"><div class="inner" id="msg_{n}">{text}</div></div></div>
<div class="moderatorbar"><div class="signature" id="msg_{n}_signature">Never give up</div></div></div></div>"""


SMF_QUOTE = f"""<div class="quoteheader"><div class="topslice_quote"><a href="https://forum.example/index.php?topic=7.msg1#msg1">
Quote from: user1 on March 11, 2019, 10:22:00 AM</a></div></div><blockquote class="bbc_standard_quote">{SAID[1]}</blockquote>
<div class="quotefooter"><div class="botslice_quote"></div></div>"""
SMF_21_QUOTE = f"""<blockquote class="bbc_standard_quote"><cite><a href="https://forum.example/index.php?msg=1">
Quote from: user1 on March 11, 2019, 10:22:00 AM</a></cite> {SAID[1]}</blockquote>"""


def smf_21(n: int, text: str) -> str:
    return f"""<div class="windowbg" id="msg{n}"><div class="post_wrapper"><div class="poster">
<h4><a href="https://forum.example/index.php?action=profile;u={n}">user{n}</a></h4>
<ul class="user_info"><li class="membergroup">Newbie</li><li class="postcount">Posts: {n}</li></ul></div>
<div class="postarea"><div class="keyinfo"><div id="subject_{n}" class="subject_title subject_hidden">Re: Lifting</div>
<div class="postinfo"><a href="https://forum.example/index.php?msg={n}" class="smalltext">March 1{n}, 2019, 10:22:00 AM</a>
<span class="page_number floatright">#{n}</span></div></div>
<div class="post"><div class="inner" data-msgid="{n}" id="msg_{n}">{text}</div></div></div></div></div>"""


def phpbb_2(n: int, text: str) -> str:
    return f"""<tr><td width="150" valign="top" class="row1"><span class="name"><a name="{n}"></a><b>user{n}</b></span><br/>
<span class="postdetails">Newbie<br/><br/>Joined: 12 Jan 2005<br/>Posts: {n}<br/></span></td>
<td class="row1" valign="top"><table width="100%"><tr><td width="100%"><a href="viewtopic.php?p={n}#{n}"><img src="a.gif"/></a>
<span class="postdetails">Posted: Tue Mar 1{n}, 2019 10:22 am<span class="gen">&nbsp;</span> Post subject: Lifting</span></td></tr>
<tr><td colspan="2"><hr/></td></tr>
<tr><td colspan="2"><span class="postbody">{text}</span><span class="gensmall"></span></td></tr></table></td></tr>
<tr><td class="row1"><a href="#top" class="nav">Back to top</a></td><td class="row1"></td></tr>"""


PHPBB_2_QUOTE = f"""</span><table width="90%" cellspacing="1" cellpadding="3" border="0" align="center"><tr><td>
<span class="genmed"><b>user1 wrote:</b></span></td></tr><tr><td class="quote">{SAID[1]}</td></tr></table><span class="postbody">"""

FLAT = {
    "MyBB": (mybb, MYBB_QUOTE, "<div id='posts'>{}</div>", "showthread.php?tid=7&pid=2#pid2"),
    "SMF": (smf_2, SMF_QUOTE, "<div id='forumposts'>{}</div>", "index.php?topic=7.msg2#msg2"),
    "SMF 2.1": (smf_21, SMF_21_QUOTE, "<div id='forumposts'>{}</div>", "index.php?msg=2"),
    "SMF 1": (smf_1, SMF_QUOTE, "<form id='quickModForm'><table>{}</table></form>", "index.php/topic,7.msg2.html#msg2"),
    "phpBB 2": (phpbb_2, PHPBB_2_QUOTE, "<table class='forumline'>{}</table>", "viewtopic.php?p=2#2"),
}


@pytest.mark.parametrize("engine", FLAT)
def test_engines_of_flat_threads(engine: str) -> None:
    """Each post with its author, time and permalink; a quote refers to the post that it quotes."""
    post, quote, frame, link = FLAT[engine]
    texts = (*SAID[:2], quote + SAID[2], SAID[3])
    body = frame.format("".join(map(post, range(4), texts)))
    reading = read_page(page(body, HEAD.format("https://forum.example/showthread.php?tid=7")))
    posts = reading.threads[0].posts
    assert f"a saved web page, {engine.partition(' 1')[0].replace('SMF 2.1', 'SMF')}" == reading.layout
    assert [(f"user{n}", datetime(2019, 3, 10 + n, 10, 22)) for n in range(4)] == [(p.author, p.time) for p in posts]
    assert (*SAID[:2], SAID[3]) == (posts[0].text, posts[1].text, posts[3].text)
    assert posts[2].text.endswith(SAID[2])
    assert f"https://forum.example/{link}" == posts[2].link
    assert ("user1", posts[1].id) == (posts[2].quotes[-1].author, posts[2].quotes[-1].post_id)


def threads_and_parents(body: str, url: str = "") -> tuple[Thread, list[int | None]]:
    """The thread of a page, and which post each answers, by position."""
    thread = read_page(page(body, HEAD.format(url) if url else "<title>Lifting</title>")).threads[0]
    at = {post.id: post.position for post in thread.posts}
    return thread, [at.get(post.parent_id or "") for post in thread.posts]


def old_comment(n: int, inner: str = "") -> str:
    return f"""<div class=" thing id-t1_c{n} noncollapsed comment " data-author="user{n}"
data-permalink="/r/running/comments/abc/lifting/c{n}/"><div class="entry unvoted"><p class="tagline">
<a href="https://old.reddit.com/user/user{n}" class="author may-blank">user{n}</a>
<span class="score dislikes" title="4">4 points</span><span class="score unvoted" title="5">5 points</span>
<time datetime="2019-03-12T10:22:0{n}+00:00" class="live-timestamp">5 years ago</time></p><form class="usertext">
<div class="usertext-body may-blank-within md-container"><div class="md"><p>{SAID[n]}</p></div></div></form></div>
<div class="child"><div class="sitetable listing">{inner}</div></div></div>"""


OLD_REDDIT = f"""<div id="siteTable"><div class=" thing id-t3_abc link self" data-author="user0"
data-permalink="/r/running/comments/abc/lifting/" data-score="42"><div class="score unvoted" title="42">42</div>
<div class="entry unvoted"><p class="title"><a class="title" href="/r/running/comments/abc/lifting/">Lifting</a></p>
<p class="tagline">submitted <time datetime="2019-03-12T10:22:00+00:00">5 years ago</time></p>
<div class="usertext-body"><div class="md"><p>{SAID[0]}</p></div></div></div></div></div>
<div class="commentarea"><div class="sitetable nestedlisting">{old_comment(1, old_comment(2))}{old_comment(3)}
<div class="thing morechildren"><div class="entry"><span class="morecomments"><a href="javascript:void(0)" class="button">
load more comments<span class="gray">&nbsp;(7 replies)</span></a></span></div></div></div></div>"""


def new_comment(n: int, depth: int, inner: str = "") -> str:
    return f"""<shreddit-comment author="user{n}" depth="{depth}" permalink="/r/running/comments/abc/comment/c{n}/"
score="5" created="2019-03-12T10:22:0{n}.000000+0000"><div slot="commentMeta"><a href="/user/user{n}/">user{n}</a>
<time datetime="2019-03-12T10:22:0{n}.000Z">5y ago</time></div><div class="md" slot="comment"><p>{SAID[n]}</p></div>
<shreddit-comment-action-row slot="actionRow"><button>Reply</button></shreddit-comment-action-row>{inner}</shreddit-comment>"""


NEW_REDDIT = f"""<shreddit-post permalink="/r/running/comments/abc/lifting/" author="user0" score="42"
created-timestamp="2019-03-12T10:22:00.000000+0000"><h1 slot="title">Lifting</h1>
<div slot="text-body"><div class="md"><p>{SAID[0]}</p></div></div></shreddit-post>
<shreddit-comment-tree>{new_comment(1, 0, new_comment(2, 1))}{new_comment(3, 0)}</shreddit-comment-tree>"""


@pytest.mark.parametrize("markup", [OLD_REDDIT, NEW_REDDIT])
def test_reddit_is_read_as_its_exports_are(markup: str) -> None:
    """Author, time, score, tree and links, in the form that the JSON has, whether or not the page says where it is from."""
    thread, parents = threads_and_parents(markup)
    assert [None, 0, 1, 0] == parents
    assert SAID == tuple(post.text for post in thread.posts)
    assert [(f"user{n}", datetime(2019, 3, 12, 10, 22, n, tzinfo=UTC)) for n in range(4)] == [
        (post.author, post.time) for post in thread.posts
    ]
    assert [42, 5, 5, 5] == [post.score for post in thread.posts]
    assert "https://www.reddit.com/comments/abc/" == thread.link == thread.opening.link
    assert "https://www.reddit.com/comments/abc/_/c2/" == thread.posts[2].link


def test_replies_behind_a_click_are_named() -> None:
    """A page of old Reddit says how many replies it did not load."""
    assert [("replies_not_loaded", "7 replies")] == [(s.reason, s.text) for s in read_page(page(OLD_REDDIT)).skipped]


def hn_comment(n: int, depth: int) -> str:
    return f"""<tr class="athing comtr" id="10{n}"><td><table><tr><td class="ind" indent="{depth}"></td><td class="default">
<span class="comhead"><a href="user?id=user{n}" class="hnuser">user{n}</a>
<span class="age" title="2019-03-12T10:22:0{n} 155238612{n}"><a href="item?id=10{n}">on March 12, 2019</a></span>
<span class="navs"> | <a href="#100">parent</a> | <a href="#103">next</a></span></span>
<div class="comment"><div class="commtext c00">{SAID[n]}</div><div class="reply"><a href="reply?id=10{n}">reply</a></div></div>
</td></tr></table></td></tr>"""


HACKER_NEWS = f"""<table class="fatitem"><tr class="athing submission" id="100"><td class="title"><span class="titleline">
<a href="item?id=100">Ask HN: Lifting</a></span></td></tr><tr><td class="subtext"><span class="score">42 points</span> by
<a href="user?id=user0" class="hnuser">user0</a> <span class="age" title="2019-03-12T10:22:00 1552386120">
<a href="item?id=100">on March 12, 2019</a></span></td></tr><tr><td><div class="toptext">{SAID[0]}</div></td></tr></table>
<table class="comment-tree">{hn_comment(1, 0)}{hn_comment(2, 1)}{hn_comment(3, 0)}</table>"""


def test_hacker_news() -> None:
    """Its pages never say where they are from; times are in UTC; the way to the next comment is no next page."""
    thread, parents = threads_and_parents(HACKER_NEWS)
    assert [None, 0, 1, 0] == parents
    assert "https://news.ycombinator.com/item?id=100" == thread.link
    assert ("https://news.ycombinator.com/item?id=102", "user2", datetime(2019, 3, 12, 10, 22, 2, tzinfo=UTC)) == (
        thread.posts[2].link,
        thread.posts[2].author,
        thread.posts[2].time,
    )
    assert (42, None) == (thread.opening.score, thread.posts[1].score)
    assert () == read_page(page(HACKER_NEWS)).skipped


def signed(kind: str, n: int, text: str) -> str:
    return f"""<div class="post-signature {kind}"><div class="user-info"><div class="user-action-time">{text}
<span title="2019-03-1{n} 10:22:00Z" class="relativetime">then</span></div>
<div class="user-details" itemprop="author" itemscope itemtype="http://schema.org/Person"><a href="/users/{n}/user{n}">user{n}</a>
<span class="d-none" itemprop="name">user{n}</span></div></div></div>"""


STACK_EXCHANGE = f"""<div class="question js-question" data-questionid="7" id="question"><div class="js-vote-count">12</div>
<div class="s-prose js-post-body" itemprop="text"><p>{SAID[0]}</p></div><a href="/q/7" class="js-share-link">Share</a>
<div class="post-signature"><div class="user-info">edited <span title="2019-03-19 10:22:00Z" class="relativetime">later</span>
<div class="user-details"><a href="/users/9/editor">editor</a></div></div></div>{signed("owner", 0, "asked")}
<ul class="comments-list"><li id="comment-55" class="comment js-comment" data-comment-id="55">
<div class="comment-score"><span class="cool">3</span></div><div class="comment-body"><span class="comment-copy">{SAID[1]}</span>
<a href="/users/1/user1" class="comment-user">user1</a><span class="comment-date"><a class="comment-link" href="#comment55_7">
<span title="2019-03-11 10:22:00Z, License: CC BY-SA 4.0" class="relativetime-clean">then</span></a></span></div></li></ul>
<a class="js-show-link comments-link">Show <b>5</b> more comments</a></div>
<div id="answer-8" class="answer js-answer" data-answerid="8"><div class="js-vote-count">-2</div>
<div class="s-prose js-post-body" itemprop="text"><p>{SAID[2]}</p></div><a href="/a/8" class="js-share-link">Share</a>
{signed("", 2, "answered")}</div>"""


def test_stack_exchange_is_read_as_its_dumps_are() -> None:
    """A question, its comment and an answer, with the links that Posts.xml gives; editors wrote nothing."""
    url = "https://sports.stackexchange.com/questions/7/should-i-lift"
    thread, parents = threads_and_parents(STACK_EXCHANGE, url)
    assert [None, 0, 0] == parents
    assert [(f"user{n}", datetime(2019, 3, 10 + n, 10, 22, tzinfo=UTC)) for n in range(3)] == [
        (post.author, post.time) for post in thread.posts
    ]
    assert [12, 3, -2] == [post.score for post in thread.posts]
    site = "https://sports.stackexchange.com"
    assert [f"{site}/q/7", f"{site}/posts/comments/55", f"{site}/a/8"] == [post.link for post in thread.posts]
    assert f"{site}/q/7" == thread.link
    assert ["5 replies"] == [one.text for one in read_page(page(STACK_EXCHANGE)).skipped]


def drupal_comment(n: int) -> str:
    return f"""<a id="comment-{n}"></a><div class="comment clearfix"><div class="submitted"><p class="commenter-name">
<span class="username">user{n}</span></p><p class="comment-time"><span property="dc:date dc:created"
content="2019-03-1{n}T10:22:00+00:00">Tue, 03/1{n}/2019 - 10:22</span></p></div><div class="comment-text">
<h3><a href="/comment/{n}#comment-{n}" class="permalink" rel="bookmark">{SAID[n][:20]}</a></h3><div class="content">
<div class="field field-name-comment-body"><p>{SAID[n]}</p></div></div></div></div>"""


def test_drupal_7() -> None:
    """Comments stand in the node; what is indented answers the comment above it."""
    body = f"""<h1>Lifting</h1><div id="node-7" class="node node-forum clearfix"><div class="meta submitted">
<span property="dc:date dc:created" content="2019-03-10T10:22:00+00:00">Submitted by <span class="username">user0</span>
on Sun, 03/10/2019 - 10:22</span></div><div class="content clearfix"><div class="field field-name-body"><p>{SAID[0]}</p>
</div></div><div id="comments" class="comment-wrapper">{drupal_comment(1)}<div class="indented">{drupal_comment(2)}</div>
{drupal_comment(3)}</div></div>"""
    thread, parents = threads_and_parents(body, "https://drupal.example/node/7")
    assert [None, 0, 1, 0] == parents
    assert [(f"user{n}", datetime(2019, 3, 10 + n, 10, 22, tzinfo=UTC), SAID[n]) for n in range(4)] == [
        (post.author, post.time, post.text) for post in thread.posts
    ]
    assert [None, *(f"https://drupal.example/comment/{n}#comment-{n}" for n in (1, 2, 3))] == [
        post.link for post in thread.posts
    ]


def crawled(n: int, likes: int) -> str:
    return f"""<div class="topic-body crawler-post" id="post_{n}" itemprop="comment" itemscope itemtype="http://schema.org/Comment">
<span class="creator" itemprop="author" itemscope itemtype="http://schema.org/Person"><a itemprop="url" href="/u/user{n}">
<span itemprop="name">user{n}</span></a></span><link itemprop="mainEntityOfPage" href="https://forum.example/t/lifting/7">
<time itemprop="datePublished" datetime="2019-03-1{n}T10:22:00Z">March</time><span itemprop="position">{n}</span>
<div class="post" itemprop="text"><p>{SAID[n]}</p></div>
<div itemprop="interactionStatistic" itemscope itemtype="http://schema.org/InteractionCounter">
<meta itemprop="interactionType" content="http://schema.org/LikeAction"><meta itemprop="userInteractionCount" content="{likes}"></div>
<div itemprop="interactionStatistic" itemscope itemtype="http://schema.org/InteractionCounter">
<meta itemprop="interactionType" content="http://schema.org/CommentAction"><meta itemprop="userInteractionCount" content="9"></div>
</div>"""


def test_discourse_for_crawlers() -> None:
    """Likes are the score, and posts have the links of the topic's JSON, though the page gives the topic's alone."""
    thread, _ = threads_and_parents(crawled(1, 4) + crawled(2, 0))
    assert [("https://forum.example/t/7/1", 4), ("https://forum.example/t/7/2", 0)] == [
        (post.link, post.score) for post in thread.posts
    ]
    assert "https://forum.example/t/7" == thread.link


def test_a_discourse_topic_of_one_post() -> None:
    """One post by the engine's rules is believed over blocks that say nothing."""
    (post,) = threads_and_parents(crawled(1, 0))[0].posts
    assert ("user1", SAID[1]) == (post.author, post.text)


@pytest.mark.parametrize("name", ["Guest", "Anonymous", "[deleted]"])
def test_nobody_is_no_name(name: str) -> None:
    """Several guests are several people: none of them is named."""
    body = "".join(mybb(n, text).replace(f">user{n}<", f">{name}<") for n, text in enumerate(SAID))
    assert [None] * 4 == [post.author for post in read_page(page(body)).threads[0].posts]


def test_bbpress_in_a_theme() -> None:
    """Themes show the opening post in their own way; the class of its type stays."""
    opening = (
        '<div class="post-0 topic type-topic"><a href="/members/ann" class="bbp-author-name">ann</a>'
        f'<span class="published">10 March 2019</span><div class="topic-content"><p>{SAID[0]}</p></div></div>'
    )
    replies = "".join(
        f'<div class="post-{n} reply type-reply"><a href="/members/user{n}" class="bbp-author-name">user{n}</a>'
        f'<div class="bbp-reply-date">12 March 2019</div><div class="bbp-reply-content"><p>{SAID[n]}</p></div></div>'
        for n in (1, 2, 3)
    )
    posts = read_page(page(f"<main>{opening}{replies}</main>")).threads[0].posts
    assert list(zip(("ann", "user1", "user2", "user3"), SAID, strict=True)) == [(p.author, p.text) for p in posts]
