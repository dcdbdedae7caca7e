"""A changed spec, and others who are quicker: what a process finds that was about to take a rig there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mockbrew.devices import BUILT_IN
from mockbrew.migration import migrate
from mockbrew.rigs import DEFAULT
from mockbrew.spec import Spec
from mockbrew.stores.base import Store, Transaction
from tests.app.asking import Bench
from tests.rigs.changing import change


@dataclass(slots=True)
class Raced:
    """A store of which somebody else makes use as soon as its lock is free again for the first time."""

    store: Store
    meanwhile: list[Callable[[], object]]

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with self.store.transaction() as transaction:
            yield transaction
        if self.meanwhile:
            self.meanwhile.pop()()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


def raced(bench: Bench, rig: str, spec: Spec, meanwhile: Callable[[], object]) -> None:
    """Take a rig to a spec, and let others do something just before."""
    migrate(Raced(bench.store, [meanwhile]), rig, spec, BUILT_IN)


def test_where_another_process_was_quicker_nothing_is_left_to_do(bench: Bench) -> None:
    bench.get("/startH")
    change(bench, "power = 5500", "power = 5000")

    raced(bench, DEFAULT, bench.read_spec(), lambda: bench.get("/startA"))

    assert [bench.get(f"/get{name}") for name in "AH"] == ["1", "1"]


def test_a_rig_that_another_process_takes_to_a_third_spec_is_taken_from_there(bench: Bench) -> None:
    bench.get("/startH")
    change(bench, "power = 5500", "power = 5000")
    spec = bench.read_spec()
    change(bench, "power = 5000", "power = 4000")

    raced(bench, DEFAULT, spec, lambda: bench.get("/startA"))

    loaded = bench.store.load(DEFAULT, "A")
    assert loaded is not None
    assert loaded.rig.spec == spec.digest
    assert [bench.get(f"/get{name}") for name in "AH"] == ["1", "1"]


def test_a_rig_that_is_deleted_meanwhile_is_not_made_again(bench: Bench) -> None:
    change(bench, "volume = 40", "volume = 40, temperature = 80")  # so that it moves by itself, and is asked for whatever there is of it
    bench.get("/rigs/team-a/startH")
    change(bench, "power = 5500", "power = 5000")

    raced(bench, "team-a", bench.read_spec(), lambda: bench.admin("DELETE", "rigs/team-a"))

    assert bench.store.load("team-a", "A") is None
