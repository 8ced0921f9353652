"""What every request passes before the page sees it: from where it comes, who sent it, how many and how large.

Gradio lets any web site use a page that does not stand on this machine, and logs in by cookies only. The gate, a piece
of ASGI middleware (https://asgi.readthedocs.io/en/latest/specs/www.html), refuses what other sites send, also by DNS
rebinding; takes a name and password with a request, for programs; and bounds what one visitor can ask of the machine.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import ipaddress
import json
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from bot.model import is_loopback
from page.access import VISITOR, Access
from page.texts import TEXTS

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LOGINS = 10
"""Passwords one visitor may try a minute: nobody mistypes more often, and guessing takes ages."""

FILES_AT_ONCE = 20
"""Files of the largest size that one upload may hold."""

KEPT_VISITORS = 10_000
"""Visitors whose calls are counted at a time; the least recent are forgotten."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),  # a question in the address is nobody else's business
)
"""What every answer tells the browser."""

LOOPBACK = "localhost"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a visitor, and all of them together, may ask of the machine.

    `upload` is the size of a file, in bytes; `at_once` how many calls of one kind run at a time and `waiting` how many
    wait; `calls` how many one visitor makes a minute, None for any number from this machine and 300 from elsewhere.
    """

    upload: int = 20 * 2**20
    at_once: int = 4
    waiting: int = 64
    calls: int | None = None

    def calls_of(self, client: str) -> int | None:
        """Return how many calls a minute `client` may make; None for any number."""
        if self.calls is None:
            return None if is_loopback(client) else CALLS
        return self.calls or None


CALLS = 300
"""Calls a minute of one visitor from elsewhere: opening the page makes about six, a question one, a filter one."""


@dataclass
class Buckets:
    """How much each visitor may still do: a token bucket (Tanenbaum, Computer Networks, 5.4), full at first."""

    now: Callable[[], float] = monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, visitor: str, a_minute: int) -> float:
        """Take one from the bucket of `visitor`, which fills with `a_minute`; return seconds to wait where it is empty.

        A wait takes nothing.
        """
        at = self.now()
        left, seen = self._left.pop(visitor, (float(a_minute), at))
        left = min(float(a_minute), left + (at - seen) * a_minute / 60)
        allowed = left >= 1
        self._left[visitor] = (left - 1 if allowed else left, at)
        if len(self._left) > KEPT_VISITORS:
            del self._left[next(iter(self._left))]
        return 0.0 if allowed else (1 - left) * 60 / a_minute


@dataclass(frozen=True, slots=True)
class Refused(Exception):  # noqa: N818 -- an error is named for what happened
    """A request that is not let through: the status of HTTP, and why, in words."""

    status: int
    reason: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Gate:
    """Lets a request through to `app`, with the name of who sent it in its scope, or answers why not.

    `only_here` says that the page listens to this machine alone; `public` is the address it is reached at through a
    proxy, as far as that is known.
    """

    def __init__(
        self,
        app: App,
        access: Access,
        limits: Limits,
        *,
        only_here: bool = True,
        public: str = "",
        now: Callable[[], float] = monotonic,
    ) -> None:
        self.app = app
        self.access = access
        self.limits = limits
        self.only_here = only_here
        self.public = (urlsplit(public).hostname or "").lower()
        self._calls = Buckets(now)
        self._logins = Buckets(now)
        self._secret = secrets.token_bytes(32)
        self._known: dict[bytes, tuple[str, str]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request, as ASGI has it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
            self._check_origin(headers)
            self._check_size(scope, headers)
            self._check_rate(scope)
            await self._enter(scope, headers)
        except Refused as refused:
            await _answer(send, refused)
            return
        await self.app(scope, self._bounded(scope, receive), _with_headers(send))

    # From where

    def _check_origin(self, headers: dict[str, str]) -> None:
        host = _host(headers.get("host", ""))
        if self.only_here and not (is_loopback(host) or (host and host == self.public)):
            raise Refused(403, TEXTS.other_host.format(host))
        origin = headers.get("origin")  # X-Forwarded-Host says nothing here: whoever sends the origin can send it, too
        if origin is not None and (urlsplit(origin).hostname or origin).lower() not in {host, self.public}:
            raise Refused(403, TEXTS.other_site.format(origin))

    # How much

    def _check_size(self, scope: Scope, headers: dict[str, str]) -> None:
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._most(scope):
            raise Refused(413, TEXTS.too_large.format(self.limits.upload / 2**20))

    def _most(self, scope: Scope) -> int:
        return self.limits.upload * (FILES_AT_ONCE if _path(scope).endswith("/upload") else 1)

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Receive what was sent, up to what may be: for a sender that does not say how much it is."""
        received = 0

        async def bounded() -> MutableMapping[str, Any]:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message if received <= self._most(scope) else {"type": "http.disconnect"}

        return bounded

    def _check_rate(self, scope: Scope) -> None:
        if scope["method"] != "POST":
            return
        client = _client(scope)
        if _path(scope).rstrip("/").endswith("/login"):
            self._take_login(client)
        a_minute = self.limits.calls_of(client)
        if a_minute and (wait := self._calls.wait(_network(client), a_minute)):
            raise _too_many(TEXTS.too_many.format(a_minute), wait)

    def _take_login(self, client: str) -> None:
        if wait := self._logins.wait(_network(client), LOGINS):
            raise _too_many(TEXTS.too_many_logins.format(LOGINS), wait)

    # Who

    async def _enter(self, scope: Scope, headers: dict[str, str]) -> None:
        """Note in `scope` who sent the request; refuse who may not reach what Gradio does not guard itself."""
        scope.pop(VISITOR, None)
        if self.access.accounts is None:
            if self.access.read_only and _path(scope).endswith("/upload"):
                raise Refused(403, self.access.refusal())
            return
        name = self._logged_in(scope, headers) or await self._with_password(scope, headers)
        if name is not None:
            scope[VISITOR] = name
        if "/gradio_api/mcp" in _path(scope) and name is None:
            raise Refused(401, TEXTS.log_in, ((b"www-authenticate", b'Basic realm="Counterpoint", charset="UTF-8"'),))
        if _path(scope).endswith("/upload") and not self.access.may_edit(_Visitor(name)):
            raise Refused(403, self.access.refusal(_Visitor(name)))

    def _logged_in(self, scope: Scope, headers: dict[str, str]) -> str | None:
        """The name behind the cookies of a request; a login ends with its account."""
        app, accounts = scope.get("app"), self.access.accounts
        if app is None or accounts is None:
            return None
        for cookie in _cookie_names(app):
            name = app.tokens.get(token := _cookies(headers).get(cookie, ""))
            if name is not None and accounts.role(name) is None:
                app.tokens.pop(token, None)
            elif name is not None:
                return str(name)
        return None

    async def _with_password(self, scope: Scope, headers: dict[str, str]) -> str | None:
        """The name that came with its password (RFC 7617); the request goes on as one of somebody logged in."""
        accounts, app = self.access.accounts, scope.get("app")
        given = _basic(headers.get("authorization", ""))
        if given is None or accounts is None or app is None:
            return None
        name, password = given
        seen = hmac.digest(self._secret, f"{name}:{password}".encode(), hashlib.sha256)
        known, token = self._known.get(seen, ("", ""))
        if not known or known != accounts.hash_of(name):
            self._take_login(_client(scope))
            if not await asyncio.to_thread(accounts.check, name, password):
                raise Refused(401, TEXTS.not_together)
            token = secrets.token_urlsafe(16)
            self._known[seen] = (accounts.hash_of(name), token)
        app.tokens[token] = name
        cookie = f"{_cookie_names(app)[0]}={token}".encode("latin-1")
        others = [(key, value) for key, value in scope["headers"] if key.lower() != b"cookie"]
        scope["headers"] = [*others, (b"cookie", cookie)]
        return name


@dataclass(frozen=True, slots=True)
class _Visitor:
    """Who sent a request, as `Access` asks for it."""

    username: str | None


# Reading a request


def _path(scope: Scope) -> str:
    return str(scope["path"])


def _client(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else LOOPBACK


def _network(client: str) -> str:
    """What counts as one visitor: an address, or of version 6 the network that one household or office has."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    return client if address.version == 4 else str(ipaddress.ip_network(f"{client}/64", strict=False))  # noqa: PLR2004


def _host(given: str) -> str:
    """The name in a Host header, without its port, in lower case."""
    try:
        return (urlsplit(f"//{given}").hostname or "").lower()
    except ValueError:
        return ""


def _cookie_names(app: Any) -> list[str]:
    return [f"access-token-unsecure-{app.cookie_id}", f"access-token-{app.cookie_id}"]


def _cookies(headers: dict[str, str]) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(headers.get("cookie", "")).items()}
    except CookieError:
        return {}


def _basic(authorization: str) -> tuple[str, str] | None:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(given, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None


# Answering


def _too_many(reason: str, wait: float) -> Refused:
    return Refused(429, reason, ((b"retry-after", str(int(wait) + 1).encode()),))


async def _answer(send: Send, refused: Refused) -> None:
    body = json.dumps({"detail": refused.reason, "error": refused.reason}).encode()
    start = {"type": "http.response.start", "status": refused.status}
    await send({**start, "headers": [(b"content-type", b"application/json"), *HEADERS, *refused.headers]})
    await send({"type": "http.response.body", "body": body})


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *HEADERS]
        await send(message)

    return sending
