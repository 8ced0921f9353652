"""The seam to chat models: settings, where text goes, what goes wrong, budgets, and keys that are never shown."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from langchain_core.messages import AIMessage
from pydantic import BaseModel
from scripted import Script, saying, script, scripted, sent

from bot.errors import ModelError
from bot.model import (
    REASONS,
    Budget,
    ChatModel,
    Destination,
    Method,
    Settings,
    Usage,
    destination,
    scrubbed,
    tried,
)

KEY = "sk-proj-aaaaBBBBcccc1111"


class Word(BaseModel):
    word: str


class Failing(Exception):  # noqa: N818
    """What a provider's library raises for an HTTP status."""

    def __init__(self, status: int, text: str = "no") -> None:
        super().__init__(text)
        self.status_code = status


def ask(model: ChatModel, budget: Budget | None = None) -> str:
    return model.ask("Say a word.", "<data></data>", Word, budget or model.question_budget()).word


def reason(model: ChatModel, budget: Budget | None = None) -> str:
    with pytest.raises(ModelError) as raised:
        ask(model, budget)
    assert raised.value.reason in REASONS
    return raised.value.reason


# ---------------------------------------------------------------- settings
def test_without_a_setting_there_is_no_model() -> None:
    """The environment names no model, so none is asked."""
    assert ChatModel.configured({}) is None


def test_settings_are_read_from_the_environment() -> None:
    """Each is a variable of its own; what is not set has its default."""
    given = {
        "COUNTERPOINT_CHAT_MODEL": "openai:tiny",
        "COUNTERPOINT_CHAT_URL": "http://127.0.0.1:8000/v1",
        "COUNTERPOINT_CHAT_TIMEOUT": "7.5",
        "COUNTERPOINT_CHAT_METHOD": "json_schema",
        "COUNTERPOINT_CHAT_RUN_TOKENS": "1000",
    }
    assert Settings.from_environment(given) == Settings(
        "openai:tiny", url="http://127.0.0.1:8000/v1", timeout=7.5, method=Method.SCHEMA, run_tokens=1000
    )


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MODEL", "llama3", "provider:model"),
        ("URL", "127.0.0.1:8000", "expected an address"),
        ("URL", "http://me:secret@host/v1", "no name, password or key"),
        ("URL", "http://host/v1?key=secret", "no name, password or key"),
        ("TIMEOUT", "soon", "COUNTERPOINT_CHAT_TIMEOUT"),
        ("RETRIES", "-1", "a number from 0"),
        ("METHOD", "magic", "function_calling, json_schema, text"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused(name: str, value: str, said: str) -> None:
    """The message names the variable and what is expected."""
    with pytest.raises(ModelError, match=said):
        Settings.from_environment({"COUNTERPOINT_CHAT_MODEL": "openai:tiny", f"COUNTERPOINT_CHAT_{name}": value})


# ---------------------------------------------------------------- where text goes
@pytest.mark.parametrize(
    ("settings", "environment", "expected"),
    [
        (Settings("ollama:llama3.2"), {}, Destination("127.0.0.1", leaves=False)),
        (Settings("ollama:llama3.2"), {"OLLAMA_HOST": "gpu.example:11434"}, Destination("gpu.example", leaves=True)),
        (Settings("ollama:big:120b-cloud"), {}, Destination("ollama.com, by way of 127.0.0.1", leaves=True)),
        (Settings("openai:gpt"), {}, Destination("api.openai.com", leaves=True)),
        (Settings("openai:x", url="http://localhost:1/v1"), {}, Destination("localhost", leaves=False)),
        (Settings("openai:x", url="http://[::1]:1/v1"), {}, Destination("::1", leaves=False)),
        (Settings("openai:x", url="http://127.0.0.1.example/v1"), {}, Destination("127.0.0.1.example", leaves=True)),
        (Settings("openai:x"), {"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}, Destination("127.0.0.1", leaves=False)),
        (Settings("mistralai:x"), {}, Destination("the servers of mistralai", leaves=True)),
    ],
)
def test_text_leaves_unless_it_is_sure_to_stay(
    settings: Settings, environment: dict[str, str], expected: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only an address of this machine keeps text here; an unknown provider does not."""
    monkeypatch.setattr("bot.model.getproxies", dict)
    assert expected == destination(settings, environment)


def test_a_proxy_between_takes_text_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked on this machine through a proxy passes another one."""
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert destination(Settings("ollama:llama3.2"), {}).leaves


# ---------------------------------------------------------------- keys
def test_keys_are_taken_out_of_texts() -> None:
    """The values of variables that are named so, and what looks like a key, are never shown."""
    environment = {"MY_API_KEY": "abcdefgh1234", "COLOR": "never", "MAX_TOKENS": "512"}
    said = f"401: abcdefgh1234 and {KEY} at https://user:pw@host/v1, Bearer abc.def; 512 colours"
    assert "401: [key] and [key] at https://[key]@host/v1, Bearer [key] 512 colours" == scrubbed(said, environment)


def test_an_error_of_a_library_shows_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither its message nor what it was raised from holds the key that the library put into it."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with pytest.raises(ModelError) as raised:
        ask(scripted(Failing(401, f"Incorrect API key provided: {KEY}.")))
    assert "no_key" == raised.value.reason
    assert KEY not in f"{raised.value}{raised.value!r}"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_a_key_in_the_wrong_variable_is_not_shown() -> None:
    """Whoever puts a key where the name of a model belongs does not find it on a page."""
    model = scripted(Failing(500), Failing(500), Failing(500), retries=0)
    model.settings = replace(model.settings, model=f"openai:{KEY}")
    with pytest.raises(ModelError) as raised:
        ask(model)
    assert KEY not in f"{model.name}{raised.value}"


# ---------------------------------------------------------------- what goes wrong
def test_a_reply_is_a_valid_value() -> None:
    """JSON in the reply, also with words around it, becomes a value of the form."""
    assert "yes" == ask(scripted('Sure! ```json\n{"word": "yes"}\n```'))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ('{"word": "ye', "truncated"),
        (AIMessage('{"word": ', response_metadata={"finish_reason": "length"}), "truncated"),
        ("I'm sorry, I can't help with that.", "unreadable"),
        (AIMessage("no", additional_kwargs={"refusal": "I can't"}), "refused"),
        ('{"words": ["yes"]}', "unreadable"),
        ('{"word": {"a": ' * 5000, "endless"),
        ("x" * 50_000, "endless"),
        (TimeoutError("read"), "timeout"),
        (ConnectionError("refused"), "unreachable"),
        (Failing(429), "rate_limited"),
        (Failing(500), "failed"),
        (Failing(403), "no_key"),
        (ImportError("langchain_mistralai"), "not_installed"),
    ],
)
def test_what_a_model_gets_wrong_has_a_name(reply: Any, expected: str) -> None:
    """Each failure is an error of ours with its reason, and no other exception comes through."""
    assert expected == reason(scripted(reply, reply, reply, retries=0))


def test_what_may_pass_is_tried_again_after_a_while() -> None:
    """A full server is asked again, each time after twice as long."""
    waits: list[float] = []
    model = scripted(Failing(429), TimeoutError(), {"word": "yes"}, sleep=waits.append)
    assert ("yes", [1.0, 2.0]) == (ask(model), waits)


def test_retries_end() -> None:
    """After the last retry the failure stands."""
    waits: list[float] = []
    model = scripted(*[Failing(429)] * 9, sleep=waits.append, retries=2)
    assert ("rate_limited", 2) == (reason(model), len(waits))


def test_a_reply_that_trickles_is_ended() -> None:
    """The time of a whole reply is bounded, not only that of its parts."""
    ticks = count(step=1.0)
    model = ChatModel(
        Settings("fake:slow", method=Method.TEXT, timeout=3.0, retries=0),
        script("one two three four five six seven"),
        clock=lambda: next(ticks),
    )
    assert "timeout" == reason(model)


class Structured:
    """A client of which one method works: the others fail as a server's do."""

    def __init__(self, works: Method, *replies: Any) -> None:
        self.works, self.tried = works, list[str]()
        self.client = script(*replies)

    def with_structured_output(self, form: Any, *, method: str) -> Any:
        self.tried.append(method)
        if method != self.works:
            raise Failing(500, "Internal Server Error")
        return type("Sequence", (), {"first": self.client})

    def stream(self, messages: Any) -> Any:
        self.tried.append("text")
        raise Failing(500)


@pytest.mark.parametrize("works", [Method.FUNCTIONS, Method.SCHEMA])
def test_another_method_is_tried_where_a_server_lacks_one(works: Method) -> None:
    """The setting is tried first, then the others; what works is remembered."""
    client = Structured(works, {"word": "one"}, {"word": "two"})
    other = Method.SCHEMA if works is Method.FUNCTIONS else Method.FUNCTIONS
    model = scripted(client=client, method=other)
    assert ["one", "two"] == [ask(model), ask(model)]
    assert [other, works, works] == client.tried


# ---------------------------------------------------------------- budgets
def test_tokens_are_counted_by_the_server_where_it_does() -> None:
    """The usage of a reply is that of its server, and is added up over requests."""
    usage = {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}
    model = scripted(*[AIMessage('{"word": "a"}', usage_metadata=usage)] * 2)
    ask(model)
    ask(model)
    assert model.used.requests == 2
    assert model.used.answered in {2 * 5, 2 * 4}  # the fake streams without usage; then the length counts


def test_a_budget_ends_what_would_be_too_much() -> None:
    """Nothing is sent once a request might take more than is left."""
    model = scripted({"word": "a"}, {"word": "b"}, reply_tokens=50)
    budget = Budget(tokens=130)
    ask(model, budget)
    assert "over_budget" == reason(model, budget)
    assert 1 == len(sent(model))


def test_a_budget_of_money_needs_a_price() -> None:
    """Cost is tokens times the price of a million; a bound without a price is refused."""
    with pytest.raises(ModelError, match="PRICE_IN"):
        Settings.from_environment({"COUNTERPOINT_CHAT_MODEL": "a:b", "COUNTERPOINT_CHAT_RUN_COST": "5"})
    priced = Settings("a:b", price_in=2.0, price_out=10.0)
    assert 2.0 + 1.0 == priced.cost(Usage(1_000_000, 100_000, 1))
    with pytest.raises(ModelError, match=r"would cost 0\.01"):
        Budget(10**9, cost=0.005).check(priced, Usage(0, 1_000, 1))


def test_a_failed_request_counts_too() -> None:
    """What was sent was sent, whatever came back."""
    model = scripted("nonsense", "nonsense", "nonsense")
    reason(model)
    assert model.used.asked > 0


def test_what_came_before_a_reply_broke_off_counts() -> None:
    """A reply that is stopped took the tokens that it had by then."""
    model = scripted("word " * 2_000, retries=0, reply_tokens=100)
    assert "endless" == reason(model)
    assert (100 * 8 + 5) // 4 == pytest.approx(model.used.answered, abs=5)


def test_a_test_of_the_connection_says_what_happened() -> None:
    """It works, or why it does not, in words."""
    assert "It works" in list(tried(scripted({"ready": True})))[-1]
    assert "rate_limited" in list(tried(scripted(Failing(429), retries=0)))[-1]


def test_no_trace_is_sent_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """What LangSmith would record of a request is switched off, whatever the environment says."""
    from langsmith.utils import tracing_is_enabled

    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    seen = []

    class Traced(Script):
        def _generate(self, *given: Any, **named: Any) -> Any:
            seen.append(tracing_is_enabled())
            return super()._generate(*given, **named)

    ask(scripted(client=Traced(messages=saying([{"word": "a"}]), heard=[])))
    assert [False] == seen


def test_an_answer_without_a_model_imports_no_chat_library() -> None:
    """LangChain's chat models are loaded when one is asked, not before."""
    code = (
        "import sys, bot.chat, bot.__main__\n"
        "chat = ('langchain.', 'langchain_core.language_models', 'langchain_openai', 'openai')\n"
        "print([name for name in sys.modules if f'{name}.'.startswith(chat)])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()
