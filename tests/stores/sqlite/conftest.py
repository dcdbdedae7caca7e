"""For tests of what only a file has: a store in one, on the real machine, and programs that share it."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mockbrew.stores import open_store
from mockbrew.stores.base import Store
from tests.stores import workers
from tests.stores.sqlite.talk import Start


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{path}")
    yield opened
    opened.close()


@pytest.fixture
def start(path: Path, store: Store) -> Iterator[Start]:
    """Starts programs; they are gone before the store is closed, which waits for whoever writes."""
    started: list[subprocess.Popen[str]] = []

    def one(what: str) -> subprocess.Popen[str]:
        started.append(workers.start(what, path))
        return started[-1]

    yield one
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
