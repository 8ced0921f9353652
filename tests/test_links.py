"""Links put as exports put them."""

import pytest

from corpus.readers.links import permanent, post_in_topic

REDDIT = "https://www.reddit.com/comments/abc/"
SITE = "https://sports.stackexchange.com"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://old.reddit.com/r/running/comments/abc/lifting/", REDDIT),
        ("http://reddit.com/r/running/comments/abc", REDDIT),
        ("https://www.reddit.com/user/ann/comments/abc/lifting/?sort=new", REDDIT),
        ("https://np.reddit.com/r/running/comments/abc/lifting/c1/?context=3", f"{REDDIT}_/c1/"),
        ("https://www.reddit.com/r/running/comments/abc/comment/c1/", f"{REDDIT}_/c1/"),
        (f"{REDDIT}_/c1/", f"{REDDIT}_/c1/"),
        ("https://www.reddit.com/r/running/", "https://www.reddit.com/r/running/"),
        (f"{SITE}/questions/7/should-i-lift?noredirect=1", f"{SITE}/q/7"),
        (f"{SITE}/q/7/123", f"{SITE}/q/7"),
        (f"{SITE}/questions/7/should-i-lift#comment55_7", f"{SITE}/posts/comments/55"),
        (f"{SITE}/questions/7/should-i-lift/8#8", f"{SITE}/a/8"),
        (f"{SITE}/a/8/123", f"{SITE}/a/8"),
        (f"{SITE}/users/8/ann", f"{SITE}/users/8/ann"),
        ("https://forum.example/t/lifting-for-5k/7?page=2", "https://forum.example/t/7"),
        ("https://forum.example/t/lifting/7/3?u=ann", "https://forum.example/t/7/3"),
        ("https://forum.example/t/7/3", "https://forum.example/t/7/3"),
        ("https://forum.example/threads/lifting.7/post-3", "https://forum.example/threads/lifting.7/post-3"),
    ],
)
def test_links_as_exports_have_them(link: str, expected: str) -> None:
    """The link of a page becomes that of the export; other links stay."""
    assert expected == permanent(link)


@pytest.mark.parametrize(
    ("thread", "id_", "expected"),
    [
        ("https://forum.example/t/7", "post_3", "https://forum.example/t/7/3"),
        ("https://forum.example/t/7", "reply_3", None),
        ("https://forum.example/threads/7", "post_3", None),
        (None, "post_3", None),
    ],
)
def test_posts_of_a_topic_by_number(thread: str | None, id_: str, expected: str | None) -> None:
    """Only topics of Discourse number their posts so."""
    assert expected == post_in_topic(thread, ["", id_])
