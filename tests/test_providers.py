"""The libraries of the providers, run against a server on this machine that speaks their protocol as a script says."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import BaseModel

from bot.errors import ModelError
from bot.model import ChatModel, Method, Settings, destination

KEY = "sk-ant-aaaaBBBBcccc1111"

PROVIDERS = ("ollama", "anthropic", "openai")
Body = dict[str, Any]


class Word(BaseModel):
    word: str


class Reply:
    """What the server replies to one request: a status and lines, the first of them after a `wait`."""

    def __init__(self, *lines: str, status: int = 200, wait: float = 0.0) -> None:
        self.lines, self.status, self.wait = lines, status, wait


class Server:
    """Replies in turn, the last reply again and again; `heard` keeps paths, bodies and keys."""

    def __init__(self, *replies: Reply | Callable[[Body], Reply]) -> None:
        self.replies, self.heard = list(replies), list[tuple[str, Body, str]]()
        self.ended = threading.Event()

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        key = handler.headers.get("x-api-key") or handler.headers.get("authorization") or ""
        self.heard.append((handler.path, body, key))
        given = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        reply = given if isinstance(given, Reply) else given(body)
        self.ended.wait(reply.wait)
        handler.send_response(reply.status)
        handler.send_header("Content-Type", "application/json" if reply.status != 200 else "text/event-stream")
        handler.end_headers()
        handler.wfile.write("".join(reply.lines).encode())


@contextmanager
def serving(*replies: Reply | Callable[[Body], Reply]) -> Iterator[tuple[str, Server]]:
    server = Server(*replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            with suppress(ConnectionError):  # the client gave up, as it should
                server.reply(self)

        def log_message(self, *given: Any) -> None:
            del given

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_address[1]}", server
    finally:
        server.ended.set()
        http.shutdown()
        thread.join()
        http.server_close()


# ---------------------------------------------------------------- what each protocol says
def ollama(**message: Any) -> Reply:
    """A reply of Ollama's /api/chat: a JSON object a line, the counts in the last."""
    done = {"done": True, "done_reason": "stop", "prompt_eval_count": 11, "eval_count": 7}
    heads = [{"message": {"role": "assistant", "content": "", **message}, "done": False}]
    lines = [*heads, {"message": {"role": "assistant", "content": ""}, **done}]
    return Reply(*(json.dumps({"model": "tiny", "created_at": "2026-01-01T00:00:00Z", **one}) + "\n" for one in lines))


def events(*data: Body, named: bool) -> Reply:
    """A reply of server-sent events."""
    return Reply(*((f"event: {one['type']}\n" if named else "") + f"data: {json.dumps(one)}\n\n" for one in data))


def called(provider: str) -> Reply:
    """A reply that calls the function with the word "yes", in the provider's protocol, 11 tokens read and 7 written."""
    if provider == "ollama":
        return ollama(tool_calls=[{"function": {"name": "Word", "arguments": {"word": "yes"}}}])
    if provider == "anthropic":
        message = {"id": "m", "type": "message", "role": "assistant", "model": "tiny", "content": []}
        message |= {"stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": 11, "output_tokens": 1}}
        tool = {"type": "tool_use", "id": "t", "name": "Word", "input": {}}
        return events(
            {"type": "message_start", "message": message},
            {"type": "content_block_start", "index": 0, "content_block": tool},
            *(
                {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": part}}
                for part in ('{"word": ', '"yes"}')
            ),
            {"type": "content_block_stop", "index": 0},
            {
                "type": "message_delta",
                "delta": {"stop_reason": "tool_use", "stop_sequence": None},
                "usage": {"input_tokens": 11, "output_tokens": 7},
            },
            {"type": "message_stop"},
            named=True,
        )
    head = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "tiny"}
    call = {"index": 0, "id": "t", "type": "function", "function": {"name": "Word", "arguments": '{"word": "yes"}'}}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    return events(
        {
            **head,
            "choices": [{"index": 0, "delta": {"role": "assistant", "tool_calls": [call]}, "finish_reason": None}],
        },
        {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]},
        {**head, "choices": [], "usage": usage},
        named=False,
    )


def failing(status: int, said: str) -> Reply:
    error = {"type": "error", "message": said}
    return Reply(json.dumps({"type": "error", "error": error if status != 400 else said}), status=status)


# ---------------------------------------------------------------- asking
@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name = str(request.param)
    pytest.importorskip(f"langchain_{name}", reason=f"pip install '.[{name}]' brings what asks {name}")
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    for variable in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OLLAMA_API_KEY"):
        monkeypatch.setenv(variable, KEY)
    return name


def asking(provider: str, url: str, **settings: Any) -> ChatModel:
    given = {"timeout": 20.0, "retries": 0, **settings}
    return ChatModel(Settings(f"{provider}:tiny", url=url, **given), sleep=lambda _: None)


def ask(model: ChatModel) -> str:
    return model.ask("Say a word.", "<data></data>", Word, model.question_budget()).word


def refused(model: ChatModel) -> ModelError:
    with pytest.raises(ModelError) as raised:
        ask(model)
    return raised.value


def test_a_provider_is_asked_for_the_form(provider: str) -> None:
    """The real library streams a call of the function, and its counts are those of the server."""
    with serving(called(provider)) as (url, server):
        model = asking(provider, url)
        assert "yes" == ask(model)
    ((path, body, _),) = server.heard
    assert {"ollama": "/api/chat", "anthropic": "/v1/messages", "openai": "/chat/completions"}[provider] == path
    assert body["stream"]
    assert "Word" in json.dumps(body["tools"])
    assert (11, 7, 1) == (model.used.asked, model.used.answered, model.used.requests)


def test_the_length_of_a_reply_is_bounded(provider: str) -> None:
    """What bounds a reply is sent under the name that the provider gives it."""
    with serving(called(provider)) as (url, server):
        ask(asking(provider, url, reply_tokens=77))
    sent = json.dumps(server.heard[0][1])
    assert {"ollama": '"num_predict": 77', "anthropic": '"max_tokens": 77', "openai": '_tokens": 77'}[provider] in sent


def test_a_server_without_functions_is_asked_for_a_schema() -> None:
    """Ollama refuses tools for many models; the schema is asked for next, and at once from then on."""
    pytest.importorskip("langchain_ollama", reason="pip install '.[ollama]' brings what asks ollama")

    def without_tools(body: Body) -> Reply:
        if body.get("tools"):
            return failing(400, "registry.ollama.ai/library/tiny does not support tools")
        return ollama(content='{"word": "yes"}')

    with serving(without_tools) as (url, server):
        model = asking("ollama", url)
        assert ["yes", "yes"] == [ask(model), ask(model)]
    assert [True, False, False] == [bool(body.get("tools")) for _, body, _ in server.heard]
    assert "word" in server.heard[1][1]["format"]["properties"]


@pytest.mark.parametrize("method", [Method.SCHEMA, Method.TEXT])
def test_ollama_replies_in_other_ways(method: Method) -> None:
    """JSON in the text of a reply is read as well."""
    pytest.importorskip("langchain_ollama", reason="pip install '.[ollama]' brings what asks ollama")
    with serving(ollama(content='{"word": "yes"}')) as (url, _):
        assert "yes" == ask(asking("ollama", url, method=method))


def test_a_server_that_does_not_reply_is_left(provider: str) -> None:
    """After the timeout it is given up, by the library's own clock."""
    with serving(Reply(wait=30.0)) as (url, _):
        began = time.monotonic()
        assert "timeout" == refused(asking(provider, url, timeout=0.5)).reason
        assert time.monotonic() - began < 15


def test_a_full_server_is_asked_again(provider: str) -> None:
    """A 429 is a reason to wait and ask again; the library itself does not."""
    with serving(failing(429, "slow down"), called(provider)) as (url, server):
        assert "yes" == ask(asking(provider, url, retries=1))
        assert 2 == len(server.heard)
    with serving(failing(429, "slow down")) as (url, server):
        assert "rate_limited" == refused(asking(provider, url)).reason
        assert 1 == len(server.heard)


def test_nobody_there_is_said(provider: str) -> None:
    """A server that is not running is unreachable."""
    with serving(called(provider)) as (url, _):
        pass
    assert "unreachable" == refused(asking(provider, url)).reason


def test_a_reply_that_breaks_off_is_truncated(provider: str) -> None:
    """A stream that ends in the middle of the form is no value."""
    whole = called(provider)
    cut = {"ollama": ollama(content='{"word": "ye'), "anthropic": Reply(*whole.lines[:3]), "openai": None}[provider]
    if cut is None:
        cut = Reply(whole.lines[0].replace('\\"yes\\"}', '\\"ye'), *whole.lines[1:])
    with serving(cut) as (url, _):
        assert "truncated" == refused(asking(provider, url)).reason


def test_no_key_is_in_what_is_said(provider: str, caplog: pytest.LogCaptureFixture) -> None:
    """A server that sends the key back in its error, as some do, does not get it into a message or a log."""
    with caplog.at_level("DEBUG"), serving(failing(401, f"Incorrect API key provided: {KEY}")) as (url, server):
        model = asking(provider, url)
        error = refused(model)
    assert "no_key" == error.reason
    assert KEY not in f"{error} {error!r} {error.__cause__} {model.settings}"
    assert KEY not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    if provider != "ollama":
        assert KEY in server.heard[0][2]  # it was sent to where it belongs


def test_a_server_on_this_machine_keeps_text_here(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the text goes is the address that the library really asks."""
    monkeypatch.setattr("bot.model.getproxies", dict)
    with serving(called(provider)) as (url, server):
        model = asking(provider, url)
        ask(model)
    assert 1 == len(server.heard)
    assert not destination(model.settings).leaves
