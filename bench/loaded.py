"""A server under load, and what it used meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench import usage, wrk
from bench.processes import Running


@dataclass(frozen=True, slots=True)
class Loaded:
    """The load; s of processor time that the server spent for each request."""

    load: wrk.Load
    work: float


def loaded(server: Running, paths: Sequence[str], seconds: float) -> Loaded:
    """Raises Broken, Missing."""
    before = usage.processor(server.tree)
    load = wrk.load(server.port, paths, seconds)
    return Loaded(load, (usage.processor(server.tree) - before) / load.requests)
