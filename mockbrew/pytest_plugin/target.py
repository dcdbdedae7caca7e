"""The target: the server that the tests of a process speak to; here one that runs already, and `own` has the other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from secrets import token_hex

import pytest

from mockbrew.client import ClientError, Refused, Server
from mockbrew.settings import TOKEN

URL_OPTION = "--mockbrew-url"
CLOSED = (401, 403)


class Target(ABC):
    """A server that tests speak to.

    shared: whether others use it too. run: what makes names of rigs those of this process and no other; empty where nobody else uses it,
    so that each run sees the same names.
    """

    shared: bool
    run: str

    @abstractmethod
    def check(self) -> None:
        """Raises UsageError if there is nothing to be tested against."""

    @abstractmethod
    def server(self) -> AbstractContextManager[Server]:
        """The server; one's own ends with the context."""


@dataclass
class Running(Target):
    """A server that runs already."""

    url: str
    token: str | None = field(repr=False)
    run: str = field(default_factory=lambda: token_hex(4))
    shared: bool = True

    def check(self) -> None:
        try:
            told = Server(self.url, self.token).ask("GET", "")
        except (ClientError, ValueError) as error:
            token = f"; pytest takes the token from {TOKEN} in its environment"
            closed = isinstance(error, Refused) and error.status in CLOSED
            raise pytest.UsageError(f"{URL_OPTION}: {error}{token if closed else ''}") from error
        if "resources" not in told:
            raise pytest.UsageError(f"{URL_OPTION}: {self.url}: what answers there is no mockbrew; name the URL of one, without a rig")

    @contextmanager
    def server(self) -> Iterator[Server]:
        yield Server(self.url, self.token)
