"""Knowledge bases and served pages that several modules use."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from corpus.samples import sample_threads
from indexer.knowledge import KnowledgeBase
from tests import thousand
from tests.fakes import HashingEncoder, RuleJudge
from tests.journeys import ROOT, SAMPLE, Open, ask, served_at, visits


@pytest.fixture
def base(tmp_path: Path) -> Iterator[KnowledgeBase]:
    with KnowledgeBase.open(tmp_path / "base", encoder=HashingEncoder(), judge=RuleJudge()) as base:
        yield base


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., KnowledgeBase]]:
    """Opens the same folder again and again; every base is closed at the end."""
    bases: list[KnowledgeBase] = []

    def again(name: str = "base", **changed: object) -> KnowledgeBase:
        tools = {"encoder": HashingEncoder(), "judge": RuleJudge()} | changed
        bases.append(KnowledgeBase.open(tmp_path / name, **tools))  # type: ignore[arg-type]
        return bases[-1]

    yield again
    for base in bases:
        base.close()


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """The sample knowledge base, which tests only read."""
    folder = tmp_path_factory.mktemp("samples") / "base"
    with KnowledgeBase.open(folder, encoder=HashingEncoder(), judge=RuleJudge()) as base:
        base.add(sample_threads())
        yield base


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("COUNTERPOINT_BROWSER_REQUIRED") == "1":
            pytest.fail(
                "chromium is not installed, and COUNTERPOINT_BROWSER_REQUIRED=1 is set: apt-get install chromium"
            )
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def addresses(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], str]]:
    """Where the page is served with the sample, or with a thousand threads more; each starts when first asked for."""
    with ExitStack() as serving:

        @cache
        def served(base: str) -> str:
            folder = tmp_path_factory.mktemp("page")
            shutil.copytree(request.getfixturevalue(f"{base}_folder"), folder / "base")
            return serving.enter_context(served_at(folder, folder / "base"))

        yield served


@pytest.fixture(scope="module")
def address(addresses: Callable[[str], str], request: pytest.FixtureRequest) -> str:
    """The page with the sample, unless a journey is marked `ON_BOTH`."""
    return addresses(getattr(request, "param", SAMPLE))


@pytest.fixture(scope="session")
def thousand_folder(sample_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a knowledge base with the samples and, newer, a thousand threads of four forums; tests copy it."""
    folder = tmp_path_factory.mktemp("thousand")
    shutil.copytree(sample_folder, folder / "base")
    files = thousand.write(folder)
    subprocess.run([sys.executable, "-m", "indexer", "--data", folder / "base", "add", *files], cwd=ROOT, check=True)
    return folder / "base"


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a knowledge base with the samples, made by the shipped weights; tests copy it."""
    folder = tmp_path_factory.mktemp("sample-base") / "base"
    subprocess.run([sys.executable, "-m", "indexer", "--data", folder, "samples"], cwd=ROOT, check=True)
    return folder


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Open]:
    yield from visits(browser, address)


@pytest.fixture(scope="module")
def answered(browser: Browser, address: str) -> Iterator[Page]:
    """A page on which the sample question is answered; the tests that share it leave it so."""
    for open_page in visits(browser, address):
        page = open_page()
        ask(page)
        yield page
