"""The target: which server the tests of a process speak to, as the command line, the settings and the environment say."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import pytest

from mockbrew.client import ClientError, Refused, Server
from mockbrew.settings import REFERENCE, TOKEN

SPEC_OPTION, SPEC_INI, SPEC_VARIABLE, URL_OPTION = "--mockbrew-spec", "mockbrew_spec", "MOCKBREW_SPEC", "--mockbrew-url"
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
            Server(self.url, self.token).ask("GET", "")
        except (ClientError, ValueError) as error:
            token = f"; pytest takes the token from {TOKEN} in its environment"
            closed = isinstance(error, Refused) and error.status in CLOSED
            raise pytest.UsageError(f"{URL_OPTION}: {error}{token if closed else ''}") from error

    @contextmanager
    def server(self) -> Iterator[Server]:
        yield Server(self.url, self.token)


def target(config: pytest.Config) -> Target:
    """What pytest was told. Raises UsageError."""
    option, url = config.getoption(SPEC_OPTION), config.getoption(URL_OPTION)
    if url and option:
        raise pytest.UsageError(f"{SPEC_OPTION} is served by pytest itself, and {URL_OPTION} serves a spec of its own; leave one out")
    if url:
        return Running(url, os.environ.get(TOKEN) or None)
    from mockbrew.pytest_plugin.own import Own  # noqa: PLC0415 - the whole of mockbrew, which who has a server elsewhere needs not load

    return Own(*_spec(config, option))


def _spec(config: pytest.Config, option: str | None) -> tuple[Path, str]:
    """The file, and where it was named."""
    if option:
        return config.invocation_params.dir / option, SPEC_OPTION
    if ini := config.getini(SPEC_INI):
        return (config.inipath.parent if config.inipath else config.rootpath) / ini, SPEC_INI
    if variable := os.environ.get(SPEC_VARIABLE):
        return config.invocation_params.dir / variable, SPEC_VARIABLE
    return REFERENCE, "the reference brewery"
