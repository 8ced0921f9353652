"""Starts the page: puts its tabs, its source panel and its endpoints together, and serves them."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
import threading
from collections.abc import Sequence
from functools import partial

import gradio as gr
from tqdm import tqdm

from bot.chat import Bot
from corpus.errors import CounterpointError
from corpus.paths import ENVIRONMENT_VARIABLE, data_folder
from corpus.samples import sample_threads
from indexer.knowledge import KnowledgeBase
from indexer.pipeline import Progress
from page.add import add_tab
from page.api import name_endpoints
from page.ask import ask_tab
from page.browse import BROWSE, browse_tab
from page.lists import Lists, listed
from page.parts import BARE, QUIET
from page.source import source_panel
from page.texts import TEXTS
from page.theme import CSS, HEAD, THEME

logger = logging.getLogger(__name__)

HOST = "127.0.0.1"
PORT = 7860

UPLOAD_LIMIT = "20mb"
"""What the server takes at once; the reader of pastes refuses text sooner, and says why."""

KEPT_SECONDS = 3600
"""How long an uploaded file stays on the machine: time enough to look at it, correct and save."""

VISITORS_AT_ONCE = 4
"""Handlers of one kind that run at a time: more than the cores of a small machine only wait for each other."""


def build_app(bot: Bot) -> gr.Blocks:
    """Return the page that asks `bot`, browses its knowledge base and adds to it; `serve` starts it."""
    page = gr.Blocks(title=TEXTS.name, analytics_enabled=False, delete_cache=(KEPT_SECONDS, KEPT_SECONDS))
    with page:
        gr.HTML(f'<header class="page-header"><h1>{TEXTS.name}</h1><p>{TEXTS.sentence}</p></header>', **BARE)
        corrected = gr.State(0)
        with gr.Tabs() as tabs:
            with gr.Tab(TEXTS.ask):
                chat, talk = ask_tab(bot, page)
            with gr.Tab(TEXTS.browse, id=BROWSE) as browsing:
                browsed = browse_tab(bot.base, browsing)
            with gr.Tab(TEXTS.add):
                removable = add_tab(bot.base, chat, browsed.thread)
        source_panel(bot, page, chat, talk, browsed.question, corrected)
        corrected.change(browsed.showing, browsed.given, browsed.shown, trigger_mode="always_last", **QUIET)
        lists = Lists(chat, browsed.thread, removable)
        loaded = page.load(partial(listed, bot.base), None, lists.components, **QUIET)
        browsed.connect(loaded, tabs)
        name_endpoints(bot)
    page.queue(default_concurrency_limit=VISITORS_AT_ONCE)
    return page


def serve(page: gr.Blocks, host: str = HOST, port: int = PORT) -> str:
    """Start the page in the background and return its address. Nothing it shows comes from another machine."""
    _, address, _ = page.launch(
        server_name=host,
        server_port=port,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        footer_links=[],
        max_file_size=UPLOAD_LIMIT,
        theme=THEME,
        css=CSS,
        head=HEAD,
    )
    return address


def add_samples(base: KnowledgeBase) -> None:
    """Add the sample threads, with a progress bar on a terminal."""
    with tqdm(desc=TEXTS.building, unit="thread", disable=None) as bar:

        def step(at: Progress) -> None:
            bar.total = at.total
            bar.update(at.done - bar.n)

        base.add(sample_threads(), progress=step)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server can listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the page until it is interrupted; return the exit code."""
    parser = argparse.ArgumentParser(prog="counterpoint", description=TEXTS.sentence)
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help=f"the knowledge base (default: ${ENVIRONMENT_VARIABLE}, or the user's data folder)",
    )
    parser.add_argument("--host", default=HOST, help="address to listen on (default: %(default)s, this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help="port to listen on (default: %(default)s)")
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if not port_is_free(options.host, options.port):
        print(f"{options.host}:{options.port} cannot be listened on; choose another with --port", file=sys.stderr)
        return 1
    try:
        with KnowledgeBase.open(data_folder(options.data)) as base:
            if not base.threads():
                add_samples(base)
            page = build_app(Bot(base))
            print(f"{TEXTS.name} is at {serve(page, options.host, options.port)} (stop it with Ctrl+C)", flush=True)
            threading.Thread(target=_warm, args=(base,), daemon=True).start()
            page.block_thread()
    except CounterpointError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _warm(base: KnowledgeBase) -> None:
    """Load the encoder and the judge before the first question needs them."""
    base.near(TEXTS.name, 1)
    base.browse(limit=1)
    base.judge.judge([])


if __name__ == "__main__":
    sys.exit(main())
