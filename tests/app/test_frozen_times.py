"""Nobody is told of a time beyond a clock that was answered to be frozen, however late whoever tells it comes to the clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import pytest

from mockbrew.journal.recorder import Recorder
from mockbrew.messages import Request
from mockbrew.rigs import DEFAULT, Rigs
from mockbrew.router import Router
from mockbrew.stores.base import Loaded, RigRow, Transaction
from mockbrew.testbench import faults
from mockbrew.testbench.clock import Timekeeper
from tests.app.asking import Bench, on_file, on_memory
from tests.app.faulty import fail


class Between:
    """A store behind which something happens, once, after rigs were looked at so often, before the lock is taken."""

    def __init__(self, bench: Bench, happens: Callable[[], None], looks: int) -> None:
        self.store, self.happens, self.looks = bench.store, happens, looks

    def load(self, rig: str, cell: str) -> Loaded | None:
        found = self.store.load(rig, cell)
        self._now()
        return found

    def rigs(self) -> Any:
        found = self.store.rigs()
        self._now()
        return found

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        self._now()
        with self.store.transaction() as transaction:
            yield transaction

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def _now(self) -> None:
        self.looks -= 1
        if self.looks == 0:
            self.happens()


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    made.get("/startA.py")
    made.wait(10)
    yield made
    made.store.close()


def times(bench: Bench) -> list[float]:
    """Of the entries of the journal."""
    return [each["time"] for each in bench.admin("GET", "journal").json()["entries"]]


def row(bench: Bench) -> RigRow:
    return next(each for each in bench.store.rigs() if each.name == DEFAULT)


def frozen_between(bench: Bench, ask: Callable[[Bench], Any], looks: int = 1) -> tuple[Any, float]:
    """What a slow process answers in whose midst the clock is frozen, and the time at which it is."""
    told = []

    def freeze() -> None:
        told.append(Timekeeper(Rigs(bench.read_spec(), bench.store)).set(DEFAULT, rate=Fraction(0)).at / 1e9)
        bench.wait(5)

    slow: Any = Between(bench, freeze, looks)
    answer = ask(Bench(slow, bench.text, machine=bench.machine))
    return answer, told[0] if told else inf


def announced(bench: Bench) -> None:
    """A change of the clock by somebody who never came back to make it."""
    late = replace(row(bench), changing=bench.store.wall() + 1)
    with bench.store.transaction() as transaction:
        transaction.put_rig(late)
    bench.wait(5)


def test_a_rig_is_shown_no_later(bench: Bench) -> None:
    answer, frozen = frozen_between(bench, lambda slow: slow.admin("GET", "rig"))

    assert answer.json()["clock"]["time"] <= frozen


def test_rigs_are_listed_no_later(bench: Bench) -> None:
    answer, frozen = frozen_between(bench, lambda slow: slow.admin("GET", "rigs"))

    assert answer.json()["rigs"][0]["clock"]["time"] <= frozen


@pytest.mark.parametrize("looks", range(1, 6))
@pytest.mark.parametrize("path", ["/setCible1_999.py", "/getNope.py", "/getA.py"])
def test_an_entry_is_of_no_later(bench: Bench, path: str, looks: int) -> None:
    bench.admin("PUT", "journal", {"record": "requests"})

    _, frozen = frozen_between(bench, lambda slow: slow.ask(path), looks)

    assert max(times(bench)) <= frozen


def test_a_fault_strikes_no_later(bench: Bench) -> None:
    fail(bench, fault="status", code=500, endpoint="/getA.py", from_=12)

    answer, frozen = frozen_between(bench, lambda slow: slow.ask("/getA.py"))

    assert (answer.status, frozen) == (200, 10.005)


def listing(bench: Bench) -> None:
    assert bench.admin("GET", "rigs").json()["rigs"][0]["clock"]["time"] == 15


def recorder(bench: Bench) -> None:
    Recorder(bench.store).refused(Request("GET", "/setCible1_999.py", DEFAULT, {}), 400, b"", {})


def strike(bench: Bench) -> None:
    endpoint, _ = Router(bench.read_spec()).match("/getA.py")
    assert faults.strike(bench.store, DEFAULT, endpoint).names == "f1"


@pytest.mark.parametrize("reads", [listing, recorder, strike])
def test_a_clock_that_was_to_be_changed_is_read_only_once_nobody_will(bench: Bench, reads: Callable[[Bench], None]) -> None:
    fail(bench, fault="status", code=500, endpoint="/getA.py")
    announced(bench)

    reads(bench)

    assert row(bench).changing == 0
