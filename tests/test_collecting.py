"""Garbage: what a server has loaded is looked through by nobody."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from mockbrew.gunicorn_conf import on_starting


@pytest.fixture
def collections() -> Iterator[list[Any]]:
    """Those that begin. What is kept meanwhile is kept no longer afterwards."""
    begun: list[Any] = []

    def note(phase: str, info: Any) -> None:
        begun.append((phase, info))

    gc.callbacks.append(note)
    yield begun
    gc.callbacks.remove(note)
    gc.unfreeze()


def test_what_a_master_loads_before_it_forks_is_not_looked_through(collections: list[Any]) -> None:
    loaded: list[list[int]] = []
    app = SimpleNamespace(wsgi=lambda: loaded.extend([] for _ in range(100_000)))

    on_starting(SimpleNamespace(cfg=SimpleNamespace(reload=False), app=app))

    assert (len(loaded), collections, gc.isenabled()) == (100_000, [], True)
