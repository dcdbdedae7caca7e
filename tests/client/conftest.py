"""For tests of the client: an app whose time the test sets, served over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from mockbrew.client import Server
from mockbrew.pytest_plugin.serving import serving
from tests.app.asking import Bench, on_memory


@dataclass
class Recorded:
    """A WSGI app that notes what it is asked, and hands it on. asked: method and path of each request."""

    app: Callable[..., Iterable[bytes]]
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return self.app(environ, start_response)


@pytest.fixture
def bench() -> Iterator[Bench]:
    made = on_memory()
    yield made
    made.store.close()


@pytest.fixture
def recorded(bench: Bench) -> Recorded:
    return Recorded(bench.app)


@pytest.fixture
def server(recorded: Recorded) -> Iterator[Server]:
    with serving(recorded) as url:
        yield Server(url)


@pytest.fixture
def serve() -> Iterator[Callable[[Any], str]]:
    """`serve(app)` is the URL of a WSGI app, up to the end of the test."""
    with ExitStack() as servers:
        yield lambda app: servers.enter_context(serving(app))
