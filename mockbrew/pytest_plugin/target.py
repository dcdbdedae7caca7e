"""The target: which server the tests of a process speak to, as the command line, the settings and the environment say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from secrets import token_hex

import pytest

from mockbrew.client import ClientError, Refused, Server
from mockbrew.errors import MockbrewError
from mockbrew.files import load
from mockbrew.plugins import kinds as installed_kinds
from mockbrew.pytest_plugin.serving import served
from mockbrew.settings import REFERENCE, TOKEN
from mockbrew.spec import Spec

SPEC_OPTION, SPEC_INI, SPEC_VARIABLE, URL_OPTION = "--mockbrew-spec", "mockbrew_spec", "MOCKBREW_SPEC", "--mockbrew-url"
CLOSED = (401, 403)


@dataclass
class Target:
    """url: of a server that runs; None for one in this process.

    file: the spec of that. said: where it was named. run: what makes names of rigs those of this process and no other, on a server that
    others use too; empty on one's own, where each run shall see the same names.
    """

    url: str | None
    file: Path
    said: str
    token: str | None = field(default=None, repr=False)
    run: str = ""

    @classmethod
    def of(cls, config: pytest.Config) -> Target:
        """What pytest was told. Raises UsageError."""
        option, url = config.getoption(SPEC_OPTION), config.getoption(URL_OPTION)
        if url and option:
            raise pytest.UsageError(f"{SPEC_OPTION} is served by pytest itself, and {URL_OPTION} serves a spec of its own; leave one out")
        if url:
            return cls(url, REFERENCE, "", os.environ.get(TOKEN) or None, token_hex(4))
        return cls(None, *_spec(config, option))

    @property
    def own(self) -> bool:
        """Whether nobody else uses the server."""
        return self.url is None

    def check(self) -> None:
        """Raises UsageError if there is nothing to be tested against."""
        try:
            self._answers() if self.url else self.spec
        except (MockbrewError, ClientError, ValueError) as error:
            raise pytest.UsageError(self._explained(error)) from error

    @contextmanager
    def server(self) -> Iterator[Server]:
        """The server, which ends with the context if it is one's own."""
        if self.url:
            yield Server(self.url, self.token)
            return
        with served(self.spec) as url:
            yield Server(url)

    @cached_property
    def spec(self) -> Spec:
        """Read once. Raises SpecError, PluginErrors."""
        return load(self.file, installed_kinds())

    def _answers(self) -> None:
        Server(self.url or "", self.token).ask("GET", "")

    def _explained(self, error: Exception) -> str:
        if self.url is None:
            return f"the spec of {self.said} can't be served:\n{error}"
        token = f"; pytest takes the token from {TOKEN} in its environment" if isinstance(error, Refused) and error.status in CLOSED else ""
        return f"{URL_OPTION}: {error}{token}"


def _spec(config: pytest.Config, option: str | None) -> tuple[Path, str]:
    """The file, and where it was named."""
    if option:
        return config.invocation_params.dir / option, SPEC_OPTION
    if ini := config.getini(SPEC_INI):
        return (config.inipath.parent if config.inipath else config.rootpath) / ini, SPEC_INI
    if variable := os.environ.get(SPEC_VARIABLE):
        return config.invocation_params.dir / variable, SPEC_VARIABLE
    return REFERENCE, "the reference brewery"
