"""Who may change things: every handler and endpoint that does asks here, whatever the page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.errors import CounterpointError
from page.accounts import Accounts, Role
from page.texts import TEXTS

VISITOR = "counterpoint_visitor"
"""Where `page.gate` notes, in the scope of a request, who sent it."""


class NotAllowed(CounterpointError):  # noqa: N818 -- an error is named for what happened
    """Something that this visitor, or nobody on this page, may do."""


@dataclass(frozen=True)
class Access:
    """What visitors may do: everything, unless the page is `read_only` or `accounts` say who is an editor.

    A request is a `gr.Request` or Starlette's; None stands for a caller that is no visitor, such as a test.
    """

    accounts: Accounts | None = None
    read_only: bool = False

    def may_edit(self, request: Any = None) -> bool:
        """Whether who sent `request` may add, correct and remove."""
        return not self.refusal(request)

    def refusal(self, request: Any = None) -> str:
        """Return why who sent `request` may not change anything, in words; "" where they may."""
        if self.read_only:
            return TEXTS.read_only
        if self.accounts is None:
            return ""
        role = self.accounts.role(name_of(request))
        if role is Role.EDITOR:
            return ""
        return TEXTS.only_reader if role is Role.READER else TEXTS.no_account

    def require(self, request: Any = None) -> None:
        """Raise NotAllowed, in words, unless who sent `request` may add, correct and remove."""
        if refusal := self.refusal(request):
            raise NotAllowed(refusal)


OPEN = Access()
"""Everybody may do everything: a page that only its own machine reaches."""


def name_of(request: Any) -> str | None:
    """Return the name with which who sent `request` logged in; None without one."""
    if name := getattr(request, "username", None):
        return str(name)
    inner = getattr(request, "__dict__", {}).get("request") or request  # a gr.Request holds Starlette's
    scope = getattr(inner, "scope", None)
    return scope.get(VISITOR) if isinstance(scope, dict) else None
