"""How the page is served: to whom, where, with which limits, and with which doors for other programs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from importlib.util import find_spec
from io import StringIO
from typing import Any

import gradio as gr
from starlette.middleware import Middleware

from bot.model import is_loopback
from corpus.errors import CounterpointError
from page.access import OPEN, Access
from page.accounts import Accounts
from page.gate import Gate, Limits
from page.texts import TEXTS
from page.theme import CSS, HEAD, THEME

HOST = "127.0.0.1"
PORT = 7860

MCP_TOOLS = ("ask", "search_claims", "get_post", "add_thread")
"""The endpoints that are tools of the MCP server: what a chat program needs, and no way to remove anything."""


class NotServed(CounterpointError):  # noqa: N818 -- an error is named for what happened
    """A page that would be served to more people, or with more, than was asked for."""


@dataclass(frozen=True)
class Served:
    """Where and to whom the page is served.

    `root` is the path or address under which a proxy serves it; `open_to_all` says that whoever reaches `host` may use
    the page without a name; `mcp` starts the MCP server beside it.
    """

    host: str = HOST
    port: int = PORT
    root: str = ""
    access: Access = OPEN
    limits: Limits = field(default_factory=Limits)
    open_to_all: bool = False
    mcp: bool = False

    def check(self) -> None:
        """Raise NotServed, with the remedy, where this would serve the page to more people than was said."""
        if not is_loopback(self.host) and self.access.accounts is None and not self.open_to_all:
            raise NotServed(
                f"{self.host} is reached from other machines: name who may enter with --auth-file FILE, "
                "or let everybody in with --open-to-all (add --read-only, and they change nothing)"
            )
        if self.root and not self.root.startswith(("/", "http://", "https://")):
            raise NotServed(
                f"--root-path {self.root}: expected a path such as /forum or an address such as https://..."
            )
        if self.mcp and find_spec("mcp") is None:
            raise NotServed("the MCP server needs a library that is not installed: pip install '.[mcp]'")


def serve(page: gr.Blocks, served: Served = Served()) -> str:
    """Start the page in the background and return its address. Nothing it shows comes from another machine."""
    served.check()
    gate = Middleware(
        Gate,
        access=served.access,
        limits=served.limits,
        only_here=is_loopback(served.host),
        public=served.root,
    )
    with redirect_stdout(StringIO()):  # the start of the MCP server is announced even where Gradio is to be quiet
        address = _launched(page, served, gate)
    if served.mcp:
        _name_tools(page)
    return address


def _launched(page: gr.Blocks, served: Served, gate: Middleware) -> str:
    accounts = served.access.accounts
    _, address, _ = page.launch(
        server_name=served.host,
        server_port=served.port,
        root_path=served.root or None,
        auth=_checking(accounts) if accounts else None,  # type: ignore[arg-type] # Gradio awaits it
        auth_message=TEXTS.log_in,
        prevent_thread_lock=True,
        quiet=True,
        share=False,
        ssr_mode=False,
        mcp_server=served.mcp,
        run_history=False,
        enable_monitoring=False,
        footer_links=[],
        max_file_size=served.limits.upload,
        app_kwargs={"middleware": [gate]},
        theme=THEME,
        css=CSS,
        head=HEAD,
    )
    return address


def _checking(accounts: Accounts) -> Callable[[str, str], Awaitable[bool]]:
    """What Gradio asks about a name and a password; hashing does not hold up other visitors."""

    async def checking(name: str, password: str) -> bool:
        return await asyncio.to_thread(accounts.check, name, password)

    return checking


def _name_tools(page: gr.Blocks) -> None:
    """Leave the MCP server those of its tools that it is meant to have, and have it send their values as JSON.

    Gradio offers every endpoint, and sends values as Python writes them.
    """
    server: Any = page.mcp_server_obj
    if server is None:
        raise NotServed(f"the MCP server did not start: {page.mcp_error}")
    server.tool_to_endpoint = {name: at for name, at in server.tool_to_endpoint.items() if name in MCP_TOOLS}
    text = server.types.TextContent

    def as_json(values: list[Any], _root: str) -> list[Any]:
        return [text(type="text", text=json.dumps(value, ensure_ascii=False)) for value in values]

    server.postprocess_output_data = as_json
