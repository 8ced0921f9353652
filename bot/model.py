"""The chat model, where the user has one: its settings, where it runs, and one request at a time in a checked form.

The only file that imports LangChain's chat models: writing, understanding and splitting all ask through `ChatModel`, so
that keys, limits, retries and the count of tokens are in one place. LangChain is imported when a model is first asked,
never on the way of an answer without one.
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from pydantic import BaseModel, ValidationError

from bot.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
    from langchain_core.runnables import Runnable

logger = logging.getLogger(__name__)

PREFIX = "COUNTERPOINT_CHAT_"
"""What the environment variables of the settings begin with: COUNTERPOINT_CHAT_MODEL, COUNTERPOINT_CHAT_URL ..."""

REASONS = (
    "settings", "not_installed", "no_key", "unreachable", "timeout", "rate_limited", "failed", "refused", "empty",
    "truncated", "endless", "unreadable", "over_budget",
)  # fmt: skip
"""Why a model gave nothing that can be used; every one is the `reason` of a `ModelError`."""

PASSING = frozenset({"unreachable", "timeout", "rate_limited"})
"""Reasons that may be gone a moment later, and are worth another try."""

FIRST_WAIT = 1.0
"""Seconds before the first retry; each further one waits twice as long."""

CHARACTERS_A_TOKEN = 4
"""Of English text, about; used before a request is made, and where a server does not count tokens."""

LONGEST_REPLY = 8
"""Characters a token of a reply at most: what is longer does not end, whatever `max_tokens` asked for."""

LONGEST_REASON = 200
"""Characters of what a server says went wrong that are shown."""


class Method(StrEnum):
    """How a model is asked for a form; servers differ in what they can do, so the others are tried after it."""

    FUNCTIONS = "function_calling"
    SCHEMA = "json_schema"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user configured, all of it from the environment: `COUNTERPOINT_CHAT_` and the name in capitals.

    `model` is "provider:name", `url` the address of a server of one's own, `timeout` seconds for a whole reply.
    `*_tokens` and `*_cost` bound a reply, a question and a run of the indexer; `price_in` and `price_out` are what a
    million tokens cost, in whatever currency: without them nothing is known of costs.
    """

    model: str
    url: str = ""
    timeout: float = 60.0
    retries: int = 2
    method: Method = Method.FUNCTIONS
    reply_tokens: int = 800
    question_tokens: int = 20_000
    run_tokens: int = 2_000_000
    question_cost: float = 0.0
    run_cost: float = 0.0
    price_in: float = 0.0
    price_out: float = 0.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self | None:
        """Return the settings; None where no model is configured. Raises `ModelError` for one that cannot be meant."""
        given = {one.name: environment.get(PREFIX + one.name.upper(), "").strip() for one in fields(cls)}
        if not given["model"]:
            return None
        settings = cls(**{name: _setting(name, value) for name, value in given.items() if value})
        if (settings.question_cost or settings.run_cost) and not (settings.price_in or settings.price_out):
            raise ModelError("settings", f"a bound on costs needs prices: set {PREFIX}PRICE_IN and {PREFIX}PRICE_OUT")
        return settings

    @property
    def provider(self) -> str:
        return self.model.partition(":")[0]

    def cost(self, used: Usage) -> float:
        """Return what `used` cost, in the currency of the prices; 0 where none is given."""
        return (used.asked * self.price_in + used.answered * self.price_out) / 1_000_000


def _setting(name: str, value: str) -> Any:
    kinds: Mapping[str, Callable[[str], Any]] = {"model": _model, "url": _url, "method": Method}
    kind = kinds.get(name, type(getattr(Settings("x:x"), name)))
    try:
        read = kind(value)
        if isinstance(read, (int, float)) and not read >= 0:
            raise ValueError("a number from 0 is expected")
    except ValueError as error:
        said = f"one of {', '.join(Method)} is expected" if kind is Method else scrubbed(str(error))
        raise ModelError("settings", f"{PREFIX}{name.upper()} cannot be used: {said}") from None
    return read


def _model(value: str) -> str:
    provider, _, name = value.partition(":")
    if not provider or not name:
        raise ValueError('expected "provider:model", such as "ollama:llama3.2"')
    return value


def _url(value: str) -> str:
    split = urlsplit(value)
    if split.scheme not in {"http", "https"} or not split.hostname:
        raise ValueError('expected an address, such as "http://127.0.0.1:8000/v1"')
    if "@" in split.netloc or split.query:
        raise ValueError("an address holds no name, password or key: they have variables of their own")
    return value


# ---------------------------------------------------------------- where the text goes
_ADDRESSES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ollama": (("OLLAMA_HOST",), "127.0.0.1"),
    "openai": (("OPENAI_API_BASE", "OPENAI_BASE_URL"), "api.openai.com"),
    "anthropic": (("ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"), "api.anthropic.com"),
}
"""The variables from which a provider's library takes its address, and the host without them."""


CLOUD = "cloud"
"""What the names of models end in that an Ollama here only passes on ("gpt-oss:120b-cloud")."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where text is sent, and whether that is another machine."""

    host: str
    leaves: bool


def destination(settings: Settings, environment: Mapping[str, str] = os.environ) -> Destination:
    """Return where the text goes. What is not surely this machine is another: an unknown provider, a proxy between."""
    variables, host = _ADDRESSES.get(settings.provider, ((), ""))
    address = settings.url or next((environment[one] for one in variables if environment.get(one)), host)
    split = urlsplit(address if "//" in address else f"//{address}")
    host = split.hostname or ""
    if settings.provider == "ollama" and settings.model.endswith(CLOUD):
        return Destination(f"ollama.com, by way of {host}", leaves=True)
    proxied = bool({split.scheme or "http", "all"} & getproxies().keys()) and not proxy_bypass(host)
    return Destination(host or f"the servers of {settings.provider}", proxied or not is_loopback(host))


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_KEYLIKE = re.compile(
    r"\b(?:sk|pk|rk|gsk|xai|hf|AIza)[-_][\w*-]{6,}|\bAIza[\w-]{10,}|(?<=Bearer )\S+|(?<=://)[^/@\s]+(?=@)"
)
SHORTEST_KEY = 8
"""Characters of a key at least: shorter values of such variables are switches and numbers."""


def scrubbed(text: str, environment: Mapping[str, str] = os.environ) -> str:
    """Return `text` without keys: neither the values of variables named so, nor what looks like one."""
    secrets = {value for name, value in environment.items() if _SECRET.search(name) and len(value) >= SHORTEST_KEY}
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[key]")
    return _KEYLIKE.sub("[key]", text)


# ---------------------------------------------------------------- what it costs
@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that were sent and that came back, in how many requests."""

    asked: int = 0
    answered: int = 0
    requests: int = 0

    @property
    def tokens(self) -> int:
        return self.asked + self.answered

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(self.asked + other.asked, self.answered + other.answered, self.requests + other.requests)


@dataclass
class Budget:
    """What may be spent on one question or one run, and what was. `cost` 0 stands for any: no price may be known."""

    tokens: int
    cost: float = 0.0
    used: Usage = field(default_factory=Usage)

    def check(self, settings: Settings, needed: Usage) -> None:
        """Raise `ModelError` where `needed` more would be too much."""
        after = self.used + needed
        if after.tokens > self.tokens:
            raise ModelError("over_budget", f"{after.tokens:,} tokens would be needed, {self.tokens:,} are allowed")
        if self.cost and settings.cost(after) > self.cost:
            raise ModelError("over_budget", f"it would cost {settings.cost(after):.2f}, {self.cost:.2f} are allowed")


# ---------------------------------------------------------------- asking
Form = TypeVar("Form", bound=BaseModel)


class ChatModel:
    """Asks the configured model, and counts what that took in `used`."""

    def __init__(
        self,
        settings: Settings,
        client: BaseChatModel | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.settings = settings
        self.used = Usage()
        self._client = client
        self._sleep, self._clock = sleep, clock
        self._lock = threading.Lock()
        self._works: Method | None = None

    @classmethod
    def configured(cls, environment: Mapping[str, str] = os.environ) -> Self | None:
        """Return the model that the environment configures, None for none. Raises `ModelError` for wrong settings."""
        settings = Settings.from_environment(environment)
        return None if settings is None else cls(settings)

    @property
    def name(self) -> str:
        """The name under which what it wrote is kept and shown: "provider:model", without what looks like a key."""
        return scrubbed(self.settings.model)

    def question_budget(self) -> Budget:
        """Return a budget for one question."""
        return Budget(self.settings.question_tokens, self.settings.question_cost)

    def run_budget(self) -> Budget:
        """Return a budget for one run of the indexer."""
        return Budget(self.settings.run_tokens, self.settings.run_cost)

    def needed(self, prompt: str, data: str) -> Usage:
        """Return about what a request takes, at most."""
        return Usage((len(prompt) + len(data)) // CHARACTERS_A_TOKEN, self.settings.reply_tokens, 1)

    def ask(self, prompt: str, data: str, form: type[Form], budget: Budget) -> Form:
        """Return the model's reply to `prompt`, the instructions, about `data`, as a valid value of `form`.

        Raises `ModelError`, whose `reason` is one of `REASONS`; whatever else goes wrong in a library becomes one too.
        """
        failure: ModelError | None = None
        methods = dict.fromkeys((self.settings.method, *Method))
        for method in (self._works,) if self._works else methods:
            try:
                reply = self._patiently(method, prompt, data, form, budget)
            except ModelError as error:
                if error.reason not in {"failed", "unreadable", "empty"}:
                    raise
                # Another method may work: what a server cannot do, it says in many ways. What replied tells the most.
                if failure is None or (failure.reason == "failed" != error.reason):
                    failure = error
            else:
                self._works = method
                return reply
        assert failure is not None
        raise failure

    def _patiently(self, method: Method, prompt: str, data: str, form: type[Form], budget: Budget) -> Form:
        """Ask, and again after a while where what went wrong may pass."""
        for wait in (*(FIRST_WAIT * 2**tried for tried in range(self.settings.retries)), None):
            try:
                return self._once(method, prompt, data, form, budget)
            except ModelError as error:
                if error.reason not in PASSING or wait is None:
                    raise
                logger.info("the chat model: %s; asking again in %g s", error.reason, wait)
                self._sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _once(self, method: Method, prompt: str, data: str, form: type[Form], budget: Budget) -> Form:
        if method is Method.TEXT:
            prompt = f"{prompt}\nReply with JSON alone, in this form: {json.dumps(form.model_json_schema())}"
        needed = self.needed(prompt, data)
        budget.check(self.settings, needed)
        used = Usage()
        parts: list[AIMessageChunk] = []
        try:
            model = self._bound(method, form)
            used = replace(needed, answered=0)
            self._read(model, prompt, data, parts)
            return _formed(_whole(parts), form)
        except ModelError:
            raise
        except Exception as error:  # noqa: BLE001 -- of whichever library; its text may hold a key, so it ends here
            raise _model_error(error, self.settings) from None
        finally:
            used = _counted(_whole(parts), used) if parts else used  # what came counts, also where it broke off
            with self._lock:
                budget.used += used
                self.used += used

    def _read(self, model: Runnable[Any, AIMessage], prompt: str, data: str, parts: list[AIMessageChunk]) -> None:
        """Read a reply into `parts` as it streams in, and stop where it takes too long or does not end."""
        from langchain_core.messages import HumanMessage, SystemMessage
        from langsmith import tracing_context

        messages: list[BaseMessage] = [SystemMessage(prompt), HumanMessage(data)]
        with tracing_context(enabled=False):  # a trace would send the text to yet another place
            end = self._clock() + self.settings.timeout
            length = 0
            for part in cast("Iterator[AIMessageChunk]", model.stream(messages)):
                parts.append(part)
                length += len(_written(part))
                if length > LONGEST_REPLY * self.settings.reply_tokens:
                    raise ModelError("endless", f"the chat model's reply did not end within {length:,} characters")
                if self._clock() > end:
                    raise ModelError("timeout", f"the chat model took longer than {self.settings.timeout:g} seconds")
        if not parts:
            raise ModelError("empty", "the chat model's reply is empty")

    def _bound(self, method: Method, form: type[BaseModel]) -> Runnable[Any, AIMessage]:
        """Return the client that replies in `form`; its own parser is left out, as replies are read strictly here."""
        self._client = self._client or _client(self.settings)
        if method is Method.TEXT:
            return self._client
        structured: Any = self._client.with_structured_output(form, method=method.value)
        return structured.first  # type: ignore[no-any-return]


def _client(settings: Settings) -> BaseChatModel:
    from langchain.chat_models import init_chat_model

    given: dict[str, Any] = {"temperature": 0.0}
    if settings.url:
        given["base_url"] = settings.url
    if settings.provider == "ollama":
        given |= {"num_predict": settings.reply_tokens, "client_kwargs": {"timeout": settings.timeout}}
    else:
        given |= {"max_tokens": settings.reply_tokens, "timeout": settings.timeout, "max_retries": 0}
    if settings.provider == "openai" and settings.url:
        given["stream_usage"] = True
        if not os.environ.get("OPENAI_API_KEY"):
            given["api_key"] = "none"  # servers of one's own mostly want none, the library always
    client: BaseChatModel = init_chat_model(settings.model, **given)
    return client


def _written(message: Any) -> str:
    """What a part of a reply holds, as text or as arguments of the form."""
    called = "".join(call.get("args") or "" for call in getattr(message, "tool_call_chunks", ()))
    return called or str(message.text)


def _whole(parts: Sequence[AIMessageChunk]) -> AIMessage:
    """The reply that parts make, merged at once: a merge for each part would take their square."""
    from langchain_core.messages.ai import add_ai_message_chunks

    return add_ai_message_chunks(parts[0], *parts[1:])


def _counted(message: AIMessage, estimated: Usage) -> Usage:
    """Return what a reply took, by its server's count; what it does not count, by its length."""
    asked, answered = estimated.asked, -(-len(_written(message)) // CHARACTERS_A_TOKEN)
    if counted := message.usage_metadata:
        asked, answered = counted["input_tokens"] or asked, counted["output_tokens"] or answered
    return Usage(asked, answered, 1)


_REFUSED = frozenset({"refusal", "content_filter"})
_CUT_OFF = frozenset({"length", "max_tokens"})


def _formed(message: AIMessage, form: type[Form]) -> Form:
    """Return a reply as a value of `form`. Raises `ModelError` where it is none, with the reason."""
    ended = {str(message.response_metadata.get(name, "")) for name in ("finish_reason", "stop_reason", "done_reason")}
    if ended & _REFUSED or message.additional_kwargs.get("refusal"):
        raise ModelError("refused", "the chat model refused")
    text = _written(message)
    if not text and message.tool_calls:
        text = json.dumps(message.tool_calls[0]["args"])
    if not text.strip():
        raise ModelError("empty", "the chat model's reply is empty")
    try:
        value, _ = json.JSONDecoder().raw_decode(text, text.index("{"))
        return form.model_validate(value)
    except (ValueError, ValidationError, RecursionError):
        if ended & _CUT_OFF or text.count("{") > text.count("}"):
            raise ModelError("truncated", "the chat model's reply breaks off") from None
        raise ModelError("unreadable", "the chat model's reply is not in the form that was asked for") from None


def _model_error(error: Exception, settings: Settings) -> ModelError:
    """Return what went wrong in a library as an error of ours: its reason, and its first words without keys."""
    names = " ".join(kind.__name__ for kind in type(error).__mro__)
    status = getattr(error, "status_code", None) or getattr(getattr(error, "response", None), "status_code", None)
    if isinstance(error, ImportError):
        extra = settings.provider in _ADDRESSES
        wanted = f"'counterpoint[{settings.provider}]'" if extra else f"langchain langchain-{settings.provider}"
        return ModelError("not_installed", f"{scrubbed(settings.model)} needs a package: pip install {wanted}")
    if isinstance(error, TimeoutError) or "Timeout" in names:
        return ModelError("timeout", f"the chat model took longer than {settings.timeout:g} seconds")
    said = scrubbed(" ".join(str(error).split()))[:LONGEST_REASON]
    if status == HTTP_TOO_MANY or "RateLimit" in names:
        reason = "rate_limited"
    elif status in HTTP_NO_KEY or "api_key" in said.lower() or "Authentication" in names:
        reason = "no_key"
    elif isinstance(error, ConnectionError) or "ConnectError" in names or "ConnectionError" in names:
        reason = "unreachable"
    elif "LengthFinishReason" in names:
        reason = "truncated"
    elif said.startswith("No generation"):  # so LangChain calls a stream without a part
        reason = "empty"
    else:
        reason = "failed"
    return ModelError(reason, f"the chat model {scrubbed(settings.model)}: {said or type(error).__name__}")


HTTP_TOO_MANY, HTTP_NO_KEY = 429, (401, 403)


class _Ready(BaseModel):
    ready: bool


def tried(model: ChatModel) -> Iterator[str]:
    """Yield in words how a test of the connection goes. Raises nothing."""
    started = time.monotonic()
    yield f"Asking {model.name} …"
    try:
        model.ask("You are asked whether you are ready.", "Are you ready?", _Ready, model.question_budget())
    except ModelError as error:
        yield f"It does not work ({error.reason}): {error}."
    else:
        yield f"It works: {model.name} replied in the form asked for in {time.monotonic() - started:.1f} seconds."
