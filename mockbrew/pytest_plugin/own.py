"""A server of a process's own: which spec it serves, and whether it can."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

from mockbrew.client import Server
from mockbrew.errors import MockbrewError
from mockbrew.files import load
from mockbrew.plugins import kinds as installed_kinds
from mockbrew.pytest_plugin.serving import served
from mockbrew.pytest_plugin.target import Target
from mockbrew.spec import Spec


@dataclass
class Own(Target):
    """file: the spec. said: where it was named."""

    file: Path
    said: str
    run: str = ""
    shared: bool = False

    def check(self) -> None:
        try:
            _ = self.spec
        except MockbrewError as error:
            raise pytest.UsageError(f"the spec of {self.said} can't be served:\n{error}") from error

    @contextmanager
    def server(self) -> Iterator[Server]:
        with served(self.spec) as url:
            yield Server(url)

    @cached_property
    def spec(self) -> Spec:
        """Read once. Raises SpecError, PluginErrors."""
        return load(self.file, installed_kinds())
