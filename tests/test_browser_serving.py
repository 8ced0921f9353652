"""Journeys through a page that is shared: as a reader and as an editor, for reading only, behind a proxy; and Add.

The Add journeys are an editor's, who has more than one thread at a time.
"""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from corpus.readers.neutral import to_neutral
from page.accounts import Role, account_of, write_accounts
from tests.fakes import thread_of
from tests.journeys import KITCHEN, Open, ask, kitchen, open_tab, paste, picture, served_at, visits

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def folder(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shared")
    shutil.copytree(sample_folder, folder / "base")
    roles = {"anna": Role.EDITOR, "bert": Role.READER}
    write_accounts(folder / "users.txt", {name: account_of(name, role, PASSWORD) for name, role in roles.items()})
    return folder


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[str]:
    with served_at(folder, folder / "base", "--auth-file", str(folder / "users.txt")) as address:
        yield address


@pytest.fixture(scope="module")
def for_reading(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("reading")
    shutil.copytree(sample_folder, folder / "base")
    with served_at(folder, folder / "base", "--read-only") as address:
        yield address


@pytest.fixture(scope="module")
def address(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("open")
    shutil.copytree(sample_folder, folder / "base")
    with served_at(folder, folder / "base") as address:
        yield address


def log_in(browser: Browser, address: str, name: str, password: str = PASSWORD) -> Page:
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.goto(address)
    page.get_by_label("username").fill(name)
    page.get_by_label("password").fill(password)
    page.get_by_role("button", name="Login").click()
    return page


def refused(address: str, endpoint: str, *values: str, auth: tuple[str, str] | None = None) -> str:
    """Why a call is refused."""
    answer = httpx.post(f"{address}gradio_api/run/{endpoint}", json={"data": values}, auth=auth, timeout=60)
    assert answer.is_error
    return answer.text


def answered_by(address: str, handler: str, auth: tuple[str, str]) -> str:
    """What a handler of the page answers who sends what the page would send, with nothing filled in."""
    with httpx.Client(base_url=address, auth=auth, timeout=60) as client:
        config = client.get("config").json()
        (event,) = [one for one in config["dependencies"] if one["api_name"] == handler]
        kinds = {one["id"]: one["type"] for one in config["components"]}
        values = [{"checkboxgroup": [], "textbox": ""}.get(kinds[one]) for one in event["inputs"]]
        call = {"data": values, "fn_index": event["id"], "session_hash": handler}
        client.post("gradio_api/queue/join", json=call).raise_for_status()
        return client.get("gradio_api/queue/data", params={"session_hash": handler}).text


# Shared by name


def test_an_editor_logs_in_adds_and_logs_out(browser: Browser, shared: str) -> None:
    """The line under the header says who is here; after the way out, nothing is shown without a name."""
    page = log_in(browser, shared, "anna")
    expect(page.get_by_text("anna (editor)")).to_be_visible()
    paste(page, KITCHEN)
    expect(page.locator("#preview")).to_contain_text("bert")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#preview")).to_contain_text("Saved: 5 posts")
    page.get_by_role("link", name="Log out").click()
    expect(page.get_by_label("password")).to_be_visible()
    page.goto(shared)
    expect(page.get_by_label("Your question")).to_have_count(0)


def test_a_reader_asks_and_is_told_why_they_cannot_add(browser: Browser, shared: str) -> None:
    """The form is not there; the list of threads is, to look at and to take along."""
    page = log_in(browser, shared, "bert")
    ask(page)
    expect(page.locator("#conversation .cp-fix").first).to_be_hidden()
    open_tab(page, "Add")
    expect(page.locator("#refusal")).to_contain_text("You are here as a reader")
    expect(page.get_by_label("Paste a thread")).to_have_count(0)
    expect(page.get_by_role("button", name="Remove", exact=True)).to_have_count(0)
    picture(page, "reader", whole=True)
    page.get_by_role("checkbox", name="Weights for runners").check()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export what is ticked").click()
        page.locator("#exported a").first.click()
    assert "Weights for runners" in download.value.path().read_text(encoding="utf-8")


def test_a_wrong_password_enters_nowhere(browser: Browser, shared: str) -> None:
    """The login page stays."""
    page = log_in(browser, shared, "anna", "wrong horse")
    expect(page.get_by_text("Incorrect")).to_be_visible()
    expect(page.get_by_label("Your question")).to_have_count(0)


def test_hidden_buttons_are_refused_too(shared: str) -> None:
    """A reader who sends what an editor's page sends gets the same answer in words, and nothing is changed."""
    bert = ("bert", PASSWORD)
    assert "You are here as a reader" in refused(shared, "add", kitchen("iron"), "", "", "", auth=bert)
    for endpoint in ("remove", "undo_correction"):
        assert "You are here as a reader" in refused(shared, endpoint, "3f47b9ede7bbf05", auth=bert)
    for handler in ("looking", "opening", "saving", "exporting_all", "asking_to_remove", "removing", "updating"):
        assert "You are here as a reader" in answered_by(shared, handler, bert), handler


# For reading


def test_a_page_for_reading_says_so(browser: Browser, for_reading: str) -> None:
    """Nothing to add with, and why; asking works."""
    for visit in visits(browser, for_reading):
        page = visit()
        open_tab(page, "Add")
        expect(page.locator("#refusal")).to_contain_text("This page is for reading")
        expect(page.get_by_label("Paste a thread")).to_have_count(0)
        expect(page.get_by_role("checkbox", name="Weights for runners")).to_be_visible()
        open_tab(page, "Ask")
        ask(page)
        expect(page.locator("#conversation .cp-fix").first).to_be_hidden()
    assert "This page is for reading" in refused(for_reading, "add", KITCHEN, "", "", "")


def test_who_asks_too_much_is_told_to_wait(browser: Browser, sample_folder: Path, tmp_path: Path) -> None:
    """In words, and what was asked stays in the box to be sent again."""
    shutil.copytree(sample_folder, tmp_path / "base")
    with served_at(tmp_path, tmp_path / "base", "--rate", "12") as address:
        for visit in visits(browser, address):
            page = visit()
            told = page.get_by_text("That was a lot at once: 12 calls a minute are served.").first
            question = page.get_by_label("Your question")
            for _ in range(12):
                question.fill("should I lift?")
                question.press("Enter")
                page.wait_for_timeout(400)
                if told.is_visible():
                    break
            expect(told).to_be_visible()
            expect(question).to_have_value("should I lift?")
            picture(page, "too-many")


def test_other_web_sites_are_refused(address: str) -> None:
    """Whatever a browser lets them send."""
    assert 403 == httpx.get(f"{address}gradio_api/info", headers={"Origin": "https://evil.example"}).status_code


# Behind a proxy


class Proxy(BaseHTTPRequestHandler):
    """A proxy that serves a page under /counterpoint, as one would set up nginx."""

    behind = ""

    def do_GET(self) -> None:
        """Pass a request on, and the answer back piece by piece."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        path = self.path.removeprefix("/counterpoint").lstrip("/")
        dropped = {"transfer-encoding", "content-length", "connection", "accept-encoding"}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
        with httpx.stream(self.command, self.behind + path, content=body, headers=headers, timeout=60) as answer:
            self.send_response(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name.lower() not in dropped:
                    self.send_header(name, value)
            self.end_headers()
            for piece in answer.iter_raw():
                self.wfile.write(piece)
                self.wfile.flush()

    do_POST = do_HEAD = do_GET  # noqa: N815 -- the names that the library calls

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_a_proxy_serves_the_page_under_a_path(browser: Browser, folder: Path) -> None:
    """Logged in there, a question is answered, and the way out leads back there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    public = f"http://127.0.0.1:{port}/counterpoint"
    options = ["--auth-file", str(folder / "users.txt"), "--root-path", public]
    with (
        served_at(folder, folder / "base", *options) as behind,
        ThreadingHTTPServer(("127.0.0.1", port), Proxy) as proxy,
    ):
        Proxy.behind = behind
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        page = log_in(browser, f"{public}/", "bert")
        ask(page)
        assert page.get_by_role("link", name="Log out").get_attribute("href") == f"{public}/logout"
        page.context.close()
        proxy.shutdown()


# Add


def test_several_files_are_looked_at_corrected_and_saved(visit: Open, tmp_path: Path) -> None:
    """Copied text of two threads, a table and a picture at once; what is no thread is named, the others are saved."""
    (tmp_path / "pan.txt").write_text(KITCHEN, encoding="utf-8")
    (tmp_path / "wok.txt").write_text(kitchen("wok"), encoding="utf-8")
    (tmp_path / "posts.csv").write_text(
        "author,text\nJo,Should I run a mile?\nSal,Yes it helps a lot\n", encoding="utf-8"
    )
    (tmp_path / "cat.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    page = visit()
    open_tab(page, "Add")
    page.locator("input[type=file]").set_input_files(sorted(tmp_path.iterdir()))
    preview = page.locator("#preview")
    expect(preview).to_contain_text("cat.png is a picture")
    expect(preview).to_contain_text("3 threads: 3 new.")
    picture(page, "several-files", whole=True)
    page.get_by_role("combobox", name="Which of the files").click()
    page.get_by_role("option", name="wok.txt").click()
    expect(preview.locator("h3").first).to_contain_text("wok")
    page.get_by_role("button", name="Leave this post out").click()
    expect(preview.locator("section").first).to_contain_text("4 posts")
    page.get_by_role("button", name="Save").click()
    expect(preview).to_contain_text("Saved: 3 threads (3 new), 11 posts")
    expect(page.locator("#threads-here")).to_contain_text("Should I run a mile?")
    page.locator("input[type=file]").set_input_files(tmp_path / "posts.csv")
    expect(preview).to_contain_text("1 here already, word for word")


def test_a_long_saving_is_stopped_and_taken_up_again(visit: Open, tmp_path: Path) -> None:
    """What is kept is kept; saving again adds the rest."""
    asked = [f"Is tent {n} good?" for n in range(10)]
    threads = [thread_of(one, one, *[f"Yes, it kept me dry {n} times. {one}" for n in range(150)]) for one in asked]
    (tmp_path / "tents.jsonl").write_text("\n".join(map(to_neutral, threads)), encoding="utf-8")
    page = visit()
    open_tab(page, "Add")
    page.locator("input[type=file]").set_input_files(tmp_path / "tents.jsonl")
    preview = page.locator("#preview")
    expect(preview).to_contain_text("10 threads: 10 new.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#saving progress")).to_be_visible()
    picture(page, "saving")
    page.get_by_role("button", name="Stop saving").click()
    expect(preview).to_contain_text(re.compile(r"Stopped\. \d+ of 10 threads are kept"))
    page.get_by_role("button", name="Save").click()
    expect(preview).to_contain_text("Saved: 10 threads")


def test_threads_are_found_exported_and_removed(visit: Open) -> None:
    """Search, tick, take along, remove after asking; then it is not in the list."""
    page = visit()
    here = page.locator("#threads-here")
    open_tab(page, "Add")
    page.get_by_label("Find a thread").fill("tubeless")
    expect(page.locator("#threads-place")).to_contain_text("1 to 1 of 1")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator("#removed")).to_contain_text("Tick a thread first")
    here.get_by_role("checkbox").check()
    page.get_by_role("button", name="Export what is ticked").click()
    expect(page.locator("#removed")).to_contain_text("Exported: 1 thread")
    with page.expect_download() as download:
        page.locator("#exported a").first.click()
    assert 1 == len(download.value.path().read_text(encoding="utf-8").splitlines())
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Remove 1 thread")).to_contain_text("tubeless")
    picture(page, "remove", whole=True)
    page.get_by_role("button", name="Yes, remove").click()
    expect(page.locator("#removed")).to_contain_text("Removed: 11 posts")
    expect(page.locator("#threads-place")).to_contain_text("No thread has these words")
    page.get_by_label("Find a thread").fill("")
    expect(here).to_contain_text("Weights for runners")
    expect(here).not_to_contain_text("tubeless")


def test_everything_is_exported_packed(visit: Open) -> None:
    """In one file."""
    page = visit()
    open_tab(page, "Add")
    page.get_by_role("button", name="Export all").click()
    expect(page.locator("#exported")).to_contain_text(re.compile(r"threads\.jsonl\s*\.gz"))


def test_a_thread_is_brought_up_to_date(visit: Open) -> None:
    """Ticked and pasted again with one more post, it is known again, and only that is added."""
    page = visit()
    paste(page, kitchen("steel"))
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#preview")).to_contain_text("Saved")
    page.get_by_role("checkbox", name="Should I buy a steel pan").check()
    page.get_by_role("button", name="Bring up to date").click()
    expect(page.locator("#preview")).to_contain_text("Paste “")
    paste(page, kitchen("steel") + "\ndora wrote:\nYes, mine is as good as new after ten years.\n")
    expect(page.locator("#preview")).to_contain_text("here already")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#preview")).to_contain_text("Brought up to date: 6 posts")


def test_adding_fits_a_phone(visit: Open, tmp_path: Path) -> None:
    """At 360 pixels nothing scrolls sideways, files and list included."""
    (tmp_path / "pan.txt").write_text(kitchen("tin"), encoding="utf-8")
    page = visit(viewport={"width": 360, "height": 740}, color_scheme="dark")
    open_tab(page, "Add")
    page.locator("input[type=file]").set_input_files(tmp_path / "pan.txt")
    expect(page.locator("#preview")).to_contain_text("tin pan")
    picture(page, "add-phone", whole=True)
    assert 360 == page.evaluate("document.documentElement.scrollWidth")
