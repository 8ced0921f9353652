"""What every request passes, asked by ASGI as a server asks."""

from __future__ import annotations

import asyncio
import base64
import json
from types import SimpleNamespace
from typing import Any

import pytest

from page.access import OPEN, VISITOR, Access
from page.accounts import Accounts, Role, account_of, write_accounts
from page.gate import CALLS, LOGINS, Buckets, Gate, Limits, is_loopback

HERE = ("127.0.0.1", 5000)
ELSEWHERE = ("192.0.2.7", 5000)


class Page:
    """What stands behind the gate: it keeps the requests that came through and the bodies they brought."""

    def __init__(self) -> None:
        self.scopes: list[dict[str, Any]] = []
        self.received = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(dict(scope))
        more = True
        while more:
            message = await receive()
            self.received += message.get("body", b"")
            more = message.get("more_body", False)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"page"})


def gate(page: Page | None = None, access: Access = OPEN, limits: Limits = Limits(), **where: Any) -> Gate:  # noqa: B008
    return Gate(page or Page(), access, limits, now=lambda: 0.0, **where)


def ask(
    gate: Gate,
    path: str = "/",
    *,
    method: str = "GET",
    client: tuple[str, int] = HERE,
    body: list[bytes] | None = None,
    app: Any = None,
    **headers: str,
) -> tuple[int, dict[bytes, bytes], bytes]:
    """The status, the headers and the body of what the gate answers."""
    pieces, answers = list(body or [b""]), []
    given = {"host": "127.0.0.1:7860", **{name.replace("_", "-"): value for name, value in headers.items()}}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "client": client,
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
        "app": app,
    }
    asyncio.run(gate(scope, receive, send))
    return answers[0]["status"], dict(answers[0]["headers"]), answers[1]["body"]


def reason(answer: tuple[int, dict[bytes, bytes], bytes]) -> str:
    return str(json.loads(answer[2])["detail"])


# From where


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:7860"}, 200),
        ({"host": "localhost:7860", "origin": "http://localhost:7860"}, 200),
        ({"host": "[::1]:7860"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "evil.example", "origin": "http://evil.example"}, 403),
        ({"host": ""}, 403),
    ],
)
def test_a_page_of_this_machine_answers_this_machine(headers: dict[str, str], status: int) -> None:
    """Other sites are refused, by their origin, and where they had their own name lead here (DNS rebinding)."""
    assert status == ask(gate(), **headers)[0]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "forum.example"}, 200),
        ({"origin": "https://forum.example"}, 200),
        ({"x_forwarded_host": "evil.example", "origin": "https://evil.example"}, 403),
        ({"host": "evil.example"}, 403),
        ({"host": "forum.example", "origin": "https://evil.example"}, 403),
    ],
)
def test_a_page_behind_a_proxy_answers_to_its_address(headers: dict[str, str], status: int) -> None:
    """Whether or not the proxy passes on the host it was asked for."""
    assert status == ask(gate(public="https://forum.example/counterpoint"), **headers)[0]


def test_a_page_of_a_network_has_any_name_but_no_other_sites() -> None:
    """What it is called there is not known; an origin must be the same."""
    shared = gate(only_here=False)
    assert 200 == ask(shared, host="desk.lan:7860", origin="http://desk.lan:7860")[0]
    assert 403 == ask(shared, host="desk.lan:7860", origin="http://other.lan")[0]


def test_a_refusal_names_the_remedy() -> None:
    """Whoever forgot to say the address reads which option says it."""
    assert "--root-path" in reason(ask(gate(), host="forum.example"))


def test_every_answer_tells_the_browser_to_be_careful() -> None:
    """No guessing of types, no frames of other sites, no address told to others; refused or not."""
    for headers in ({}, {"origin": "null"}):
        found = ask(gate(), **headers)[1]
        assert (b"nosniff", b"SAMEORIGIN", b"same-origin") == (
            found[b"x-content-type-options"],
            found[b"x-frame-options"],
            found[b"referrer-policy"],
        )


# How much


def test_what_says_that_it_is_too_large_is_refused() -> None:
    """Before anything of it is read; an upload may hold several files."""
    small = gate(limits=Limits(upload=100))
    assert 413 == ask(small, "/gradio_api/queue/join", method="POST", content_length="101")[0]
    assert 200 == ask(small, "/gradio_api/upload", method="POST", content_length="101")[0]
    assert 413 == ask(small, "/gradio_api/upload", method="POST", content_length="2001")[0]


def test_what_does_not_say_how_large_it_is_is_cut_off() -> None:
    """The page gets no more than may be."""
    page = Page()
    ask(gate(page, limits=Limits(upload=100)), "/gradio_api/queue/join", method="POST", body=[b"x" * 60] * 9)
    assert 60 == len(page.received)


def test_calls_from_elsewhere_are_counted() -> None:
    """One more than may be in a minute is refused, with the time to wait; looking is not counted."""
    shared = gate(only_here=False)
    for _ in range(CALLS):
        assert 200 == ask(shared, method="POST", client=ELSEWHERE)[0]
    status, headers, _ = refused = ask(shared, method="POST", client=ELSEWHERE)
    assert (429, b"1") == (status, headers[b"retry-after"])
    assert "300 calls a minute" in reason(refused)
    assert 200 == ask(shared, client=ELSEWHERE)[0]
    assert 200 == ask(shared, method="POST", client=("192.0.2.8", 1))[0]


def test_calls_from_this_machine_are_counted_where_that_is_asked_for() -> None:
    """A number that somebody gives holds for everybody."""
    strict = gate(limits=Limits(calls=1))
    assert [200, 429] == [ask(strict, method="POST")[0] for _ in range(2)]
    free = gate(limits=Limits(calls=0), only_here=False)
    assert {200} == {ask(free, method="POST", client=ELSEWHERE)[0] for _ in range(2 * CALLS)}


def test_a_household_counts_once() -> None:
    """An address of version 6 is one of very many that a visitor has."""
    strict = gate(limits=Limits(calls=1), only_here=False)
    assert [200, 429, 200] == [
        ask(strict, method="POST", client=(one, 1))[0] for one in ("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1")
    ]


def test_a_bucket_fills_again() -> None:
    """Two a minute are one in thirty seconds."""
    at = [0.0]
    buckets = Buckets(now=lambda: at[0])
    assert [0.0, 0.0, 30.0] == [buckets.wait("one", 2) for _ in range(3)]
    at[0] = 30.0
    assert [0.0, 30.0] == [buckets.wait("one", 2) for _ in range(2)]


# Who


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Access:
    file = tmp_path_factory.mktemp("accounts") / "users.txt"
    anna, bert = (
        account_of(name, role, "correct horse") for name, role in (("anna", Role.EDITOR), ("bert", Role.READER))
    )
    write_accounts(file, {"anna": anna, "bert": bert})
    return Access(Accounts.open(file))


def gradio(**tokens: str) -> Any:
    """What the gate asks of Gradio's server: who has logged in."""
    return SimpleNamespace(cookie_id="page", tokens=dict(tokens))


def basic(name: str, password: str = "correct horse") -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def test_a_cookie_of_somebody_logged_in_names_them(access: Access) -> None:
    """As Gradio set it at the login."""
    page = Page()
    ask(gate(page, access), app=gradio(abc="anna"), cookie="access-token-unsecure-page=abc")
    ask(gate(page, access), app=gradio(abc="anna"), cookie="access-token-unsecure-page=abd")
    assert ["anna", None] == [scope.get(VISITOR) for scope in page.scopes]


def test_a_login_ends_with_its_account(access: Access) -> None:
    """Who is in the file no more is out, though the cookie is still good."""
    page, app = Page(), gradio(abc="carl")
    ask(gate(page, access), app=app, cookie="access-token-unsecure-page=abc")
    assert ({}, None) == (app.tokens, page.scopes[0].get(VISITOR))


def test_a_name_and_password_go_on_as_a_login(access: Access) -> None:
    """Gradio reads cookies only, so that a program's request gets one; its password is hashed once."""
    page, app = Page(), gradio()
    once = gate(page, access)
    for _ in range(2):
        ask(once, app=app, authorization=basic("bert"))
    ((token, name),) = app.tokens.items()
    assert "bert" == name == page.scopes[0][VISITOR]
    assert (b"cookie", f"access-token-unsecure-page={token}".encode()) in page.scopes[1]["headers"]


def test_a_wrong_password_is_refused_and_soon_not_even_looked_at(access: Access) -> None:
    """Guessing stops after a few."""
    closed = gate(access=access)
    found = [ask(closed, app=gradio(), authorization=basic("anna", "wrong"))[0] for _ in range(LOGINS + 1)]
    assert [*[401] * LOGINS, 429] == found


def test_the_tries_of_the_login_page_are_counted_too(access: Access) -> None:
    """The same number, from this machine too: a proxy stands on it."""
    closed = gate(access=access)
    found = [ask(closed, "/login", method="POST", app=gradio())[0] for _ in range(LOGINS + 1)]
    assert [*[200] * LOGINS, 429] == found


def test_the_mcp_server_is_for_those_with_a_name(access: Access) -> None:
    """Gradio does not guard it; the answer says how to give one."""
    status, headers, _ = ask(gate(access=access), "/gradio_api/mcp/", method="POST", app=gradio())
    assert 401 == status
    assert headers[b"www-authenticate"].startswith(b"Basic")
    named = ask(gate(access=access), "/gradio_api/mcp/", method="POST", app=gradio(), authorization=basic("bert"))
    assert 200 == named[0]


def test_only_editors_upload(access: Access) -> None:
    """Nobody fills the disk of a page that they may only read."""
    closed = gate(access=access)
    assert [200, 403, 403] == [
        ask(closed, "/gradio_api/upload", method="POST", app=gradio(), **headers)[0]
        for headers in ({"authorization": basic("anna")}, {"authorization": basic("bert")}, {})
    ]
    assert 403 == ask(gate(access=Access(read_only=True)), "/gradio_api/upload", method="POST")[0]


def test_nobody_names_themselves(access: Access) -> None:
    """A name that a request brings in its scope is not taken over."""
    page = Page()
    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")], VISITOR: "anna"}

    async def quiet(*_: Any) -> dict[str, Any]:
        return {}

    asyncio.run(gate(page, access)(scope, quiet, quiet))
    assert VISITOR not in page.scopes[0]


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("a.b", False)],
)
def test_what_reaches_only_this_machine(host: str, here: bool) -> None:
    """Every address of the loopback, and no other."""
    assert here is is_loopback(host)
