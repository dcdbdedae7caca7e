"""What can come of a request but its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class ClientError(Exception):
    """Root of what the client raises for a request."""


class Refused(ClientError):
    """The server has answered that it won't.

    status: of HTTP. detail: why, in words. members: what else its problem document says, such as `errors`, or `nearest` of a condition
    that did not come true. method, url: what was asked.
    """

    def __init__(self, method: str, url: str, status: int, detail: str, members: Mapping[str, Any]) -> None:
        self.method, self.url, self.status, self.detail, self.members = method, url, status, detail, members
        super().__init__(f"{method} {url}: {status}: {detail}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled whole: tests may run in other processes than those that report them."""
        return type(self), (self.method, self.url, self.status, self.detail, dict(self.members))


class Unreachable(ClientError):
    """There was no answer, or none of a mockbrew. url: what was asked. why: what went wrong, and what would be right."""

    def __init__(self, url: str, why: str) -> None:
        self.url, self.why = url, why
        super().__init__(f"{url}: {why}")

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.url, self.why)
