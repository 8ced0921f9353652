"""How long the page takes, in a real browser: `python -m benchmarks.page --data ../shared/data`.

The page is served as `app.py` serves it, once with the sample and once with a large base (`benchmarks.large`; made the
first time), and beside it an empty Gradio chat that answers at once: what the framework alone takes. The three take
turns. Each question is asked once only, so that no answer comes from what was judged for an earlier one.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median, quantiles

from playwright.sync_api import Browser, Page, expect, sync_playwright

from benchmarks.large import QUESTIONS, large_base
from benchmarks.results import table, write_section

COMMAND = "python -m benchmarks.page --data ../shared/data"
ROOT = Path(__file__).parent.parent
CLAIMS = 250_000
STARTED_WITHIN, ANSWERED_WITHIN = 300, 120
"""Seconds for the server to start with a large base, and for an answer: a busy machine needs a tenth of it."""

SAMPLE_QUESTIONS = (
    "should I lift for a sub-20 5k?",
    "is lifting worth it for a faster 5k?",
    "do weights help a 5k runner?",
    "should runners do squats?",
    "does strength training make you faster?",
    "is running more better than lifting?",
    "should I lift weights twice a week?",
    "do I need a gym to run under 20 minutes?",
    "should I do plyometrics for the 5k?",
)
LARGE_QUESTIONS = QUESTIONS[:9]
WORDS = ("professor", "money", "summer", "advisor", "roommate", "credits", "exam", "parents", "internship")

EMPTY = """
import sys
import gradio as gr
with gr.Blocks(analytics_enabled=False) as page:
    chat = gr.Chatbot(elem_id="conversation")
    question = gr.Textbox(label="Your question", submit_btn="Ask")
    question.submit(lambda asked: [{"role": "assistant", "content": asked}], question, chat)
page.launch(server_port=int(sys.argv[1]), quiet=True, prevent_thread_lock=True)
print("http://127.0.0.1:" + sys.argv[1], flush=True)
page.block_thread()
"""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: Sequence[str], port: int) -> Iterator[str]:
    """Yield the address of a server that `command` starts, once it says that it is there."""
    with (
        tempfile.TemporaryFile("w+") as errors,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=errors, text=True) as server,  # noqa: S603 -- our own page
    ):
        try:
            assert server.stdout
            if str(port) not in server.stdout.readline():
                errors.seek(0)
                raise SystemExit(f"the page did not start: {errors.read()}")
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def seconds_since(began: float) -> float:
    """Return the seconds since `began`."""
    return time.perf_counter() - began


def visit(browser: Browser, address: str, asked: str, answer: str) -> dict[str, float]:
    """Return the seconds until the page can be used, the first words of an answer, and the whole of it."""
    page = browser.new_page()
    page.set_default_timeout(ANSWERED_WITHIN * 1000)
    began = time.perf_counter()
    page.goto(address)
    page.get_by_label("Your question").fill(asked)
    found = {"usable": seconds_since(began)}
    began = time.perf_counter()
    page.get_by_label("Your question").press("Enter")
    page.locator(f"#conversation .page-stage, {answer}").first.wait_for()
    found["first words"] = seconds_since(began)
    page.locator(answer).first.wait_for()
    found["whole answer"] = seconds_since(began)
    page.close()
    return found


def filtered(page: Page, words: str) -> float:
    """Return the seconds from typing `words` into the filter of Browse until its columns change."""
    shown = page.locator("#browsed .page-done")
    before = shown.inner_text()
    began = time.perf_counter()
    page.get_by_label("With the words").fill(words)
    expect(shown).not_to_have_text(before)
    return seconds_since(began)


def figure(seconds: Sequence[float]) -> str:
    """Return the median and the 95th percentile, in milliseconds."""
    high = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return f"{median(seconds) * 1000:.0f} ({high * 1000:.0f})"


def main() -> None:
    """Measure, print the table, keep it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder")
    parser.add_argument("--claims", type=int, default=CLAIMS, help="of the large base (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=len(SAMPLE_QUESTIONS), help="of interleaved visits")
    parser.add_argument("--no-write", action="store_true", help="print only")
    arguments = parser.parse_args()
    expect.set_options(timeout=ANSWERED_WITHIN * 1000)
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("chromium is not installed: apt-get install chromium")
    large = large_base(arguments.data, arguments.claims)
    taken: dict[str, list[float]] = defaultdict(list)
    with ExitStack() as open_:
        sample = open_.enter_context(tempfile.TemporaryDirectory())
        addresses = {}
        for name, command in (
            ("sample", ["app.py", "--data", f"{sample}/base"]),
            ("large", ["app.py", "--data", str(large)]),
        ):
            port = free_port()
            addresses[name] = open_.enter_context(serving([sys.executable, *command, "--port", str(port)], port))
        port = free_port()
        addresses["empty"] = open_.enter_context(serving([sys.executable, "-c", EMPTY, str(port)], port))
        playwright = open_.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        browsing = browser.new_page()
        browsing.goto(addresses["large"])
        browsing.get_by_role("tab", name="Browse").click()
        browsing.locator("#browsed .page-done").wait_for()
        for turn in range(arguments.rounds):
            for name, questions in (("sample", SAMPLE_QUESTIONS), ("large", LARGE_QUESTIONS), ("empty", WORDS)):
                answer = "#conversation .bot" if name == "empty" else "#conversation .cp-answer"
                for what, seconds in visit(browser, addresses[name], questions[turn], answer).items():
                    taken[f"{name}, {what}"].append(seconds)
            taken["browse"].append(filtered(browsing, WORDS[turn]))
    reach = {"usable": "2000", "first words": "1000", "whole answer": "2000; of the large base 1500"}
    rows = [
        [what, *(figure(taken[f"{name}, {what}"]) for name in ("sample", "large", "empty")), wanted]
        for what, wanted in reach.items()
    ]
    rows.append(["Browse filtered by a word", "", figure(taken["browse"]), "", "300"])
    columns = ["median (95th percentile), ms", "sample", f"{arguments.claims:,} claims", "empty Gradio chat", "reach"]
    body = (
        f"`{COMMAND}`: {arguments.rounds} interleaved visits in Debian's chromium, each question asked once.\n\n"
        f"{table(columns, rows)}\n\nThe large base holds real threads and vectors, with stances drawn "
        "(`benchmarks/large.py`). The empty chat is what Gradio alone takes on this machine in the same minutes."
    )
    print(body)
    if not arguments.no_write:
        write_section("The page", body)


if __name__ == "__main__":
    main()
