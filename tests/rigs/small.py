"""A spec of one kettle under a PID and one valve, and rigs of it on a store whose time the test sets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mockbrew.clock import nanoseconds
from mockbrew.devices import BUILT_IN
from mockbrew.plant import Look
from mockbrew.rigs import DEFAULT, Order, Rigs
from mockbrew.spec import Spec, parse
from mockbrew.stores import open_store
from mockbrew.stores.base import Event, Store, Transaction
from tests.stores.rows import Machine

KETTLE = """
spec = "1.0"
[rig]
title = "Bouilloire"
[vessels]
Kettle = { capacity = 50, volume = 40 }
[devices]
A = { kind = "valve" }
H = { kind = "heater", vessel = "Kettle", power = 5500 }
T = { kind = "probe", vessel = "Kettle" }
P = { kind = "pump" }
C = { kind = "pid", probe = "T", heaters = ["H"], pumps = ["P"], setpoint = 60 }
"""


def spec_of(text: str) -> Spec:
    return parse(text, "spec.toml", BUILT_IN)


@dataclass(slots=True)
class Stopwatch:
    """Shows what the test wants: each look takes `step` s."""

    step: float = 0.0
    shown: float = 0.0

    def __call__(self) -> float:
        self.shown += self.step
        return self.shown


@dataclass(slots=True)
class Queue:
    """A store at whose lock one waits for others: as long as `waits` says (s), one after the other, then no more.

    held: how long each transaction lasted by the stopwatch `now`, s.
    """

    store: Store
    wait: Callable[[float], None]
    waits: list[float]
    now: Callable[[], float] = lambda: 0.0
    held: list[float] = field(default_factory=list)

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.store.transaction() as transaction:
            self.wait(self.waits.pop(0) if self.waits else 0)
            begin = self.now()
            yield transaction
            self.held.append(self.now() - begin)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


@dataclass(slots=True)
class Bench:
    store: Store
    machine: Machine
    text: str = KETTLE
    stopwatch: Stopwatch = field(default_factory=Stopwatch)
    rigs: Rigs = field(init=False)

    def __post_init__(self) -> None:
        self.rigs = self.process()

    def process(self) -> Rigs:
        """What another process would have: nothing in memory yet."""
        return Rigs(spec_of(self.text), self.store, stopwatch=self.stopwatch)

    def wait(self, seconds: float) -> None:
        self.machine.since_boot += nanoseconds(seconds)
        self.machine.since_1970 += nanoseconds(seconds)

    def look(self, device: str = "T") -> Look:
        return self.rigs.read(DEFAULT, device).look

    def reading(self, device: str, reading: str) -> object:
        return self.look(device).reading(device, reading)

    def command(self, device: str, verb: str, **arguments: object) -> None:
        self.rigs.command(DEFAULT, Order(device, verb, arguments), lambda look: b"done")

    def events(self, cell: str) -> list[Event]:
        loaded = self.store.load(DEFAULT, cell)
        return list(self.store.events(loaded.rig, cell)) if loaded else []


def bench(text: str = KETTLE, folder: Path | None = None) -> Bench:
    """On memory, or on a file in `folder`."""
    machine = Machine()
    url = "memory://" if folder is None else f"sqlite:///{folder / 'state.db'}"
    return Bench(open_store(url, machine=machine), machine, text)
