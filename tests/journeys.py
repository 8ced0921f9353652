"""What journeys through the page share: texts to paste, and what a visitor does on every one of them."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

ROOT = Path(__file__).parent.parent
SAMPLE_QUESTION = "should I lift for a sub-20 5k?"
STARTED_WITHIN = 90
"""Seconds for the first start, which builds the sample knowledge base; a fresh machine of two cores takes a third."""

KITCHEN = """\
olaf wrote:
Should I buy a cast iron pan? Mine is non stick and worn out.

anna wrote:
Yes, it is the best pan I own and it is great for steak.

bert wrote:
No, never again. Mine was too heavy and it rusted in a week.

cleo wrote:
It depends on your stove, a glass top can crack.

olaf wrote:
Cheers all, I will try one and report back.
"""


def kitchen(pan: str) -> str:
    """Another thread in the form of `KITCHEN`: no post has the same words, so that it is not known again."""
    swaps = {"cast iron": pan, "best pan": f"best {pan}", "it rusted": f"the {pan} rusted", "stove": f"{pan} stove"}
    swaps["try one"] = f"try {pan}"
    text = KITCHEN
    for old, new in swaps.items():
        text = text.replace(old, new)
    return text


HOSTILE = """\
Should I trust <b>bold</b> advice ${window.hacked=1}?

<img src=x onerror="window.hacked=2"> wrote:
Yes, it is great, <script>window.hacked=3</script> and ${window.hacked=4} helped me a lot.

{{mallory}} wrote:
No, never do it, [click](javascript:window.hacked=5) is a waste and $$x^2$$ hurts `code`.
"""

OURS = ("http://127.0.0.1:", "data:", "blob:")
"""How everything begins that the page may load."""

PATIENCE = 60_000
"""Milliseconds after which a journey has failed; a busy machine needs a tenth of it."""

expect.set_options(timeout=PATIENCE)

SEVERE = ("serious", "critical")

SAMPLE, THOUSAND = "sample", "thousand"
ON_BOTH = pytest.mark.parametrize("address", [SAMPLE, THOUSAND], indirect=True, scope="module")
"""Marks a journey that is performed with the sample, and again with a thousand threads more."""

Open = Callable[..., Page]


@contextmanager
def served_at(folder: Path, base: Path, *options: str) -> Iterator[str]:
    """Serve a knowledge base as a user starts it, with `options`; `folder` keeps what the server complains about."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "app.py", "--data", str(base), "--port", str(port), *options]
    with (
        (folder / "errors").open("w") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as server,
    ):
        try:
            assert server.stdout
            started = server.stdout.readline()
            assert f"http://127.0.0.1:{port}" in started, (folder / "errors").read_text()
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def visits(browser: Browser, address: str) -> Iterator[Open]:
    """Open the page as a new visitor; in the end, nothing went to another machine and nothing failed in the page."""
    contexts: list[BrowserContext] = []
    strangers: list[str] = []
    failures: list[str] = []

    def open_page(path: str = "", **options: Any) -> Page:
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda request: None if request.url.startswith(OURS) else strangers.append(request.url))
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.goto(address + path)
        if "tab=" in path:  # the link opens another tab, which may hide the question before anybody looks
            expect(page.get_by_role("tab", name="Ask")).to_be_visible()
        else:
            expect(page.get_by_label("Your question")).to_be_visible()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [] == strangers
    assert [] == failures


def ask(page: Page, question: str = SAMPLE_QUESTION) -> None:
    """Type a question, send it with Enter, and wait for the answer."""
    answers = page.locator("#conversation .cp-answer").count()
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#conversation .cp-answer")).to_have_count(answers + 1)


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def paste(page: Page, text: str) -> None:
    """Paste a thread into Add and look at it."""
    open_tab(page, "Add")
    page.get_by_label("Paste a thread").fill(text)
    page.get_by_role("button", name="Look at it").click()


def choose(page: Page, label: str, option: str) -> None:
    """Choose in a list by the beginning of an option, and wait until the list is closed."""
    page.get_by_role("combobox", name=label, exact=True).click()
    page.get_by_role("option", name=re.compile(f"^{re.escape(option)}", re.IGNORECASE)).click()
    expect(page.get_by_role("option")).to_have_count(0)


def severe(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical: the rule, and the first elements that break it."""
    page.wait_for_timeout(400)  # colours are read when nothing fades any more
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found
        if one["impact"] in SEVERE
    ]


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Save a screenshot where COUNTERPOINT_SCREENSHOTS names a folder."""
    if folder := os.environ.get("COUNTERPOINT_SCREENSHOTS"):
        page.wait_for_timeout(400)  # a picture is taken when nothing moves any more
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=whole)
