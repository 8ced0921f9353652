"""A chat model that says what a script says, through LangChain's public fake; no network, and no wait."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatResult

from bot.model import ChatModel, Method, Settings

Reply = str | AIMessage | Exception | dict[str, Any]


class Script(GenericFakeChatModel):
    """Replies in turn; an exception is raised, a dict is sent as JSON. `heard` keeps what was sent to it."""

    heard: list[list[BaseMessage]]

    def _generate(self, messages: list[BaseMessage], *given: Any, **named: Any) -> ChatResult:
        self.heard.append(messages)
        return super()._generate(messages, *given, **named)


def saying(replies: Iterable[Reply]) -> Iterator[AIMessage | str]:
    """Yield replies to the fake model, raising those that are errors."""

    class Saying:
        def __init__(self) -> None:
            self.replies = iter(replies)

        def __iter__(self) -> Saying:
            return self

        def __next__(self) -> AIMessage | str:
            reply = next(self.replies)
            if isinstance(reply, Exception):
                raise reply
            return json.dumps(reply) if isinstance(reply, dict) else reply

    return Saying()


def script(*replies: Reply) -> Script:
    """The client of a model that gives these replies, one a request."""
    return Script(messages=saying(replies), heard=[])


def scripted(
    *replies: Reply, sleep: Callable[[float], None] = lambda _: None, client: Any = None, **settings: Any
) -> ChatModel:
    """A chat model that gives these replies, one a request, asked for text unless the settings say otherwise."""
    given = Settings("fake:script", **({"method": Method.TEXT} | settings))
    return ChatModel(given, client or script(*replies), sleep=sleep)


def sent(model: ChatModel) -> list[str]:
    """What the model was sent, request by request: instructions and data."""
    client = model._client
    assert isinstance(client, Script)
    return ["\n".join(str(message.content) for message in messages) for messages in client.heard]


def draft(*sentences: tuple[str, list[str]]) -> dict[str, Any]:
    """A reply with these sentences and the claims that each lists."""
    return {"sentences": [{"text": text, "claims": claims} for text, claims in sentences]}
