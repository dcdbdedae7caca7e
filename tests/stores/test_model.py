"""Any store against a dozen lines of dictionaries: whatever is done to both, they agree, and so does who looks from elsewhere."""

from __future__ import annotations

import copy
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from mockbrew.clock import Clock
from mockbrew.stores import open_store
from mockbrew.stores.base import CellRow, Event, Loaded, RigRow, Store, Transaction
from tests.stores.rows import Machine

RIGS = ("default", "team-a")
CELLS = ("HotTank", "Ebu", "")
EVERY = [(rig, cell) for rig in RIGS for cell in CELLS]

few = st.integers(0, 3)
rig_names, cell_names = st.sampled_from(RIGS), st.sampled_from(CELLS)
bodies = st.sampled_from(["a", "b", ""])
rows = st.builds(CellRow, few, few, few, bodies)
clocks = st.builds(Clock, few, few, st.fractions(0, 100_000))
changes = st.fixed_dictionaries({}, optional={"clock": clocks, "resets": few, "spec": bodies, "events": few, "seed": few})
steps = st.one_of(
    st.tuples(st.just("make"), rig_names),
    st.tuples(st.just("change"), rig_names, changes),
    st.tuples(st.just("put"), rig_names, cell_names, rows),
    st.tuples(st.just("drop"), rig_names),
    st.tuples(st.just("append"), rig_names, cell_names, st.none() | bodies),
    st.tuples(st.just("trim"), rig_names, cell_names, st.integers(0, 6)),
    st.tuples(st.just("keep"), bodies, bodies),
)
Step: TypeAlias = tuple[Any, ...]


class Broken(Exception):
    """What goes wrong in some transactions."""


@dataclass
class Model:
    """A store as dictionaries. `used` are the runs given so far; `last` is the last number of an event."""

    rigs: dict[str, RigRow] = field(default_factory=dict)
    cells: dict[tuple[str, int], dict[str, CellRow]] = field(default_factory=dict)
    aheads: dict[tuple[str, int], dict[str, CellRow]] = field(default_factory=dict)
    logs: dict[tuple[str, int, str], list[Event]] = field(default_factory=dict)
    specs: dict[str, str] = field(default_factory=dict)
    last: int = 0

    def loaded(self, name: str, cell: str) -> Loaded | None:
        rig = self.rigs.get(name)
        if rig is None:
            return None
        row = self.cells.get((name, rig.run), {}).get(cell)
        row = row if row and row.resets == rig.resets else None
        ahead = self.aheads.get((name, rig.run), {}).get(cell)
        follows = ahead and ahead.resets == rig.resets and ahead.revision == (row.revision if row else 0)
        return Loaded(rig, row, ahead if follows else None)

    def checkpoint(self, rig: RigRow, cell: str, row: CellRow) -> bool:
        now = self.loaded(rig.name, cell)
        if now is None or (rig.run, rig.spec) != (now.rig.run, now.rig.spec) or row.resets != now.rig.resets:
            return False
        if row.revision != (now.row.revision if now.row else 0) or (now.ahead and now.ahead.at > row.at):
            return False
        self.aheads.setdefault((rig.name, rig.run), {})[cell] = row
        return True

    def trim(self, log: tuple[str, int, str], keep: int) -> None:
        events = self.logs.get(log, [])
        starts = [i for i, each in enumerate(events) if each.base is not None and len(events) - i >= keep]
        if starts:
            self.logs[log] = events[starts[-1] :]

    def do(self, step: Step, transaction: Transaction) -> None:
        """One step, here and in the store."""
        word, name, *rest = step
        if word == "make":
            rig = RigRow(name, transaction.new_run(), "a", Clock(0, 0), 0, 0, 0, 0, 0)
            assert all(rig.run != run for _, run in [*self.cells, *((n, r) for n, r, _ in self.logs)])
            self.rigs[name] = rig
            transaction.put_rig(rig)
        elif word == "keep":
            self.specs.setdefault(name, rest[0])
            transaction.put_spec(name, rest[0])
        elif name in self.rigs:
            getattr(self, f"_{word}")(transaction, self.rigs[name], *rest)

    def _change(self, transaction: Transaction, rig: RigRow, changed: dict[str, Any]) -> None:
        self.rigs[rig.name] = replace(rig, **changed)
        transaction.put_rig(self.rigs[rig.name])

    def _put(self, transaction: Transaction, rig: RigRow, cell: str, row: CellRow) -> None:
        self.cells.setdefault((rig.name, rig.run), {})[cell] = row
        self.aheads.get((rig.name, rig.run), {}).pop(cell, None)
        transaction.put_cell(rig, cell, row)

    def _drop(self, transaction: Transaction, rig: RigRow) -> None:
        self.cells.pop((rig.name, rig.run), None)
        self.aheads.pop((rig.name, rig.run), None)
        transaction.drop_cells(rig)

    def _append(self, transaction: Transaction, rig: RigRow, cell: str, base: str | None) -> None:
        self.last += 1
        event = Event(self.last, cell, self.last, self.last, "B1", "turn_on", "{}", base, None)
        self.logs.setdefault((rig.name, rig.run, cell), []).append(event)
        transaction.append(rig, event)

    def _trim(self, transaction: Transaction, rig: RigRow, cell: str, keep: int) -> None:
        self.trim((rig.name, rig.run, cell), keep)
        transaction.trim(rig, cell, keep)


class Stores(RuleBasedStateMachine):
    """Several ways into one store (for memory: the same one): any may write, and all must see it."""

    url = ""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.directory = tempfile.TemporaryDirectory()
        url, machine = self.url.format(Path(self.directory.name) / "brew.db"), Machine()
        first = open_store(url, machine=machine)
        self.ways: list[Store] = [first, open_store(url, machine=machine) if first.shared else first]

    @rule(way=st.integers(0, 1), doing=st.lists(steps, max_size=6), fails=st.sampled_from([False, False, True]))
    def transact(self, way: int, doing: list[Step], fails: bool) -> None:  # noqa: FBT001  # drawn, not chosen
        draft = copy.deepcopy(self.model)
        with suppress(Broken), self.ways[way].transaction() as transaction:
            for step in doing:
                draft.do(step, transaction)
            self.agree_inside(draft, transaction)
            if fails:
                raise Broken
            self.model = draft

    @rule(way=st.integers(0, 1), name=rig_names, cell=cell_names, row=rows, changed=st.sampled_from([{}, {"run": 0}, {"spec": "b"}]))
    def checkpoint(self, way: int, name: str, cell: str, row: CellRow, changed: dict[str, Any]) -> None:
        rig = self.model.rigs.get(name)
        if rig is not None:
            asked = replace(rig, **changed)
            assert self.ways[way].checkpoint(asked, cell, row) == self.model.checkpoint(asked, cell, row)

    @rule(way=st.integers(0, 1), name=rig_names, cell=cell_names, at=few)
    def checkpoint_of_what_is_there(self, way: int, name: str, cell: str, at: int) -> None:
        now = self.model.loaded(name, cell)
        if now is not None:
            row = CellRow(now.row.revision if now.row else 0, now.rig.resets, at, "ahead")
            assert self.ways[way].checkpoint(now.rig, cell, row) == self.model.checkpoint(now.rig, cell, row)

    @rule(way=st.integers(0, 1))
    def close(self, way: int) -> None:
        self.ways[way].close()

    @rule(way=st.integers(0, 1), looked=st.sampled_from(EVERY))
    def look(self, way: int, looked: tuple[str, str]) -> None:
        assert self.ways[way].load(*looked) == self.model.loaded(*looked)

    @invariant()
    def all_ways_agree_with_the_model(self) -> None:
        for looked in EVERY[:4]:  # the others only in `look`, so that what is remembered gets old
            assert [way.load(*looked) for way in self.ways] == [self.model.loaded(*looked)] * 2
        for (name, run, cell), log in self.model.logs.items():
            rig = RigRow(name, run, "", Clock(0, 0, Fraction(1)), 0, 0, 0, 0, 0)
            assert [list(way.events(rig, cell)) for way in self.ways] == [log] * 2

    def agree_inside(self, draft: Model, transaction: Transaction) -> None:
        for name in RIGS:
            rig = draft.rigs.get(name)
            assert transaction.rig(name) == rig
            if rig is not None:
                rows = draft.cells.get((name, rig.run), {})
                assert list(transaction.cells(rig)) == sorted(rows.items())
                assert [transaction.cell(rig, cell) for cell in CELLS] == [rows.get(cell) for cell in CELLS]
        assert [transaction.spec(digest) for digest in ("a", "b", "")] == [draft.specs.get(digest) for digest in ("a", "b", "")]

    def teardown(self) -> None:
        for way in self.ways:
            way.close()
        self.directory.cleanup()


class Memory(Stores):
    url = "memory://"


class Sqlite(Stores):
    url = "sqlite:///{}"


@pytest.mark.parametrize("stores", [Memory, Sqlite])
def test_a_store_does_what_a_few_dictionaries_do(stores: type[Stores]) -> None:
    run_state_machine_as_test(stores, settings=settings(max_examples=40, stateful_step_count=25))
