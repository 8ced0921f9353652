"""Starts the page: puts its tabs, its source panel and its endpoints together, and serves them."""

from __future__ import annotations

import argparse
import logging
import re
import socket
import sys
import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import gradio as gr
from tqdm import tqdm

from bot.chat import Bot
from bot.model import ChatModel
from corpus.errors import CounterpointError
from corpus.paths import ENVIRONMENT_VARIABLE, data_folder
from corpus.samples import sample_threads
from indexer.knowledge import KnowledgeBase
from indexer.pipeline import Progress
from page.access import OPEN, Access
from page.accounts import Accounts
from page.add import add_tab
from page.api import name_endpoints
from page.ask import ask_tab
from page.browse import BROWSE, browse_tab
from page.gate import CALLS, Limits
from page.lists import begun_with
from page.parts import BARE, QUIET
from page.serving import HOST, PORT, Served, serve
from page.settings import settings_tab
from page.source import source_panel
from page.texts import TEXTS
from page.visitor import visitor_line

logger = logging.getLogger(__name__)

KEPT_SECONDS = 3600
"""How long an uploaded file stays on the machine: time enough to look at it, correct and save."""

SIZES = {"": 1, "kb": 2**10, "mb": 2**20, "gb": 2**30}
"""The units in which the size of an upload is given."""


def build_app(bot: Bot, access: Access = OPEN, limits: Limits = Limits(), root: str = "") -> gr.Blocks:  # noqa: B008
    """Return the page that asks `bot`, browses its knowledge base and adds to it; `serve` starts it.

    `access` says who may change something, `limits` how much runs at a time, `root` under which path it will be served.
    """
    page = gr.Blocks(title=TEXTS.name, analytics_enabled=False, delete_cache=(KEPT_SECONDS, KEPT_SECONDS))
    with page:
        gr.HTML(f'<header class="page-header"><h1>{TEXTS.name}</h1><p>{TEXTS.sentence}</p></header>', **BARE)
        visitor_line(page, access, root)
        corrected = gr.State("")
        with gr.Tabs() as tabs:
            with gr.Tab(TEXTS.ask):
                chat, talk = ask_tab(bot, page)
            with gr.Tab(TEXTS.browse, id=BROWSE) as browsing:
                browsed = browse_tab(bot.base, browsing)
            with gr.Tab(TEXTS.add):
                add_tab(bot.base, page, access, chat)
            with gr.Tab(TEXTS.settings) as setting:
                settings_tab(bot.model, setting, access)
        source_panel(bot, page, chat, talk, browsed.question, corrected, access.may_edit)
        browsed.follow(corrected)
        loaded = page.load(partial(begun_with, bot.base), None, chat, **QUIET)
        browsed.connect(loaded, tabs)
        name_endpoints(bot, access, limits.at_once)
    page.queue(default_concurrency_limit=limits.at_once, max_size=limits.waiting)
    return page


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
    _add_sharing(parser)
    _add_limits(parser)
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    if not port_is_free(options.host, options.port):
        print(f"{options.host}:{options.port} cannot be listened on; choose another with --port", file=sys.stderr)
        return 1
    try:
        served = served_as(options)
        served.check()
        model = ChatModel.configured()
        with KnowledgeBase.open(data_folder(options.data)) as base:
            if not base.number_of_threads():
                add_samples(base)
            page = build_app(Bot(base, model), served.access, served.limits, served.root)
            print(f"{TEXTS.name} is at {serve(page, served)} (stop it with Ctrl+C)", flush=True)
            threading.Thread(target=_warm, args=(base,), daemon=True).start()
            page.block_thread()
    except CounterpointError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _add_sharing(parser: argparse.ArgumentParser) -> None:
    sharing = parser.add_argument_group("sharing (docs/serving.md)")
    sharing.add_argument("--read-only", action="store_true", help="nobody adds, corrects or removes anything")
    sharing.add_argument(
        "--auth-file",
        type=Path,
        metavar="FILE",
        help="only who has an account in FILE enters; `python -m page add-user FILE NAME` makes one",
    )
    sharing.add_argument("--open-to-all", action="store_true", help="whoever reaches --host enters, without a name")
    sharing.add_argument(
        "--root-path", default="", metavar="PATH", help="path or whole address at which a proxy serves the page"
    )
    sharing.add_argument("--mcp", action="store_true", help="serve the MCP tools too, at /gradio_api/mcp/")


def _add_limits(parser: argparse.ArgumentParser) -> None:
    own = Limits()
    limits = parser.add_argument_group("limits")
    limits.add_argument(
        "--upload-limit", type=size, default=own.upload, metavar="SIZE", help="of an uploaded file (default: 20mb)"
    )
    limits.add_argument(
        "--at-once",
        type=_at_least_one,
        default=own.at_once,
        metavar="N",
        help="calls of one kind that run at a time (default: %(default)s); more than the cores of a machine only wait "
        "for each other",
    )
    limits.add_argument(
        "--waiting",
        type=_at_least_one,
        default=own.waiting,
        metavar="N",
        help="calls that wait for these before more are turned away (default: %(default)s)",
    )
    limits.add_argument(
        "--rate",
        type=int,
        metavar="N",
        help=f"calls a minute of one visitor, 0 for any number (default: {CALLS} from other machines, any from this)",
    )


def served_as(options: argparse.Namespace) -> Served:
    """Return how the options say the page is served. Raises AccountsError for a file of accounts that is malformed."""
    return Served(
        host=options.host,
        port=options.port,
        root=options.root_path.rstrip("/"),
        access=Access(Accounts.open(options.auth_file) if options.auth_file else None, options.read_only),
        limits=Limits(options.upload_limit, options.at_once, options.waiting, options.rate),
        open_to_all=options.open_to_all,
        mcp=options.mcp,
    )


def size(given: str) -> int:
    """Return a size such as "20mb" in bytes."""
    found = re.fullmatch(r"(\d+)\s*([kmg]?b?)", given.strip().lower())
    unit = found[2].removesuffix("b") if found else ""
    if not found or not (number := int(found[1])):
        raise argparse.ArgumentTypeError(f"{given!r} is no size; give one such as 20mb")
    return number * SIZES[f"{unit}b" if unit else ""]


def _at_least_one(given: str) -> int:
    if not given.isdigit() or not int(given):
        raise argparse.ArgumentTypeError(f"{given!r} is no number from 1")
    return int(given)


def _warm(base: KnowledgeBase) -> None:
    """Load the encoder and the judge before the first question needs them."""
    base.near(TEXTS.name, 1)
    base.browse(limit=1)
    base.judge.judge([])


if __name__ == "__main__":
    sys.exit(main())
