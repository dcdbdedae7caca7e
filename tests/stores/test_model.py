"""Any store against a dozen lines of dictionaries: whatever is done to both, they agree, and so does who looks from elsewhere."""

from __future__ import annotations

import copy
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from mockbrew.clock import Clock
from mockbrew.stores import open_store
from mockbrew.stores.base import CellRow, RigRow, Store, Transaction
from tests.stores.model import Model, Step
from tests.stores.rows import Machine, rig_row

RIGS = ("default", "team-a")
CELLS = ("HotTank", "Ebu", "")
SORTS = ("snapshot", "hazard")
EVERY = [(rig, cell) for rig in RIGS for cell in CELLS]

few = st.integers(0, 3)
rig_names, cell_names = st.sampled_from(RIGS), st.sampled_from(CELLS)
bodies = st.sampled_from(["a", "b", ""])
sorts = st.sampled_from(SORTS)
rows = st.builds(CellRow, few, few, few, bodies)
clocks = st.builds(Clock, few, few, st.fractions(0, 100_000))
counts = {"resets": few, "events": few, "seed": few, "used": few, "recording": few, "changing": few}
changes = st.fixed_dictionaries({}, optional={"clock": clocks, "spec": bodies, "faults": bodies, **counts})
steps = st.one_of(
    st.tuples(st.just("make"), rig_names),
    st.tuples(st.just("change"), rig_names, changes),
    st.tuples(st.just("put"), rig_names, cell_names, rows),
    st.tuples(st.just("drop"), rig_names),
    st.tuples(st.just("append"), rig_names, cell_names, st.none() | bodies),
    st.tuples(st.just("trim"), rig_names, cell_names, st.integers(0, 6)),
    st.tuples(st.just("keep"), bodies, bodies),
    st.tuples(st.just("restore"), rig_names),
    st.tuples(st.just("end"), rig_names),
    st.tuples(st.just("note"), rig_names, sorts, bodies, st.none() | bodies),
    st.tuples(st.just("record"), rig_names),
    st.tuples(st.just("forget"), rig_names, st.integers(0, 9)),
    st.tuples(st.just("sweep"), st.sampled_from([1, 2, 3, 99])),
)


class Broken(Exception):
    """What goes wrong in some transactions."""


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
        rigs = [rig for _, rig in sorted(self.model.rigs.items())]
        assert [list(way.rigs()) for way in self.ways] == [rigs] * 2
        for way in self.ways:
            self.has_what_belongs_to_runs(way)
            self.has_what_belongs_to_lives(way)

    def has_what_belongs_to_runs(self, way: Store) -> None:
        for name, run in self.model.given:
            for cell in CELLS:
                assert list(way.events(rig_row(name, run), cell)) == self.model.logs.get((name, run, cell), [])
            for resets in range(4):
                rows = {cell: row for cell, row in self.model.cells.get((name, run), {}).items() if row.resets == resets}
                assert list(way.cells(replace(rig_row(name, run), resets=resets))) == sorted(rows.items())

    def has_what_belongs_to_lives(self, way: Store) -> None:
        for name, born in self.model.given:
            journal = self.model.journals.get((name, born), [])
            assert way.journal(rig_row(name, born), 0, 99) == journal
            assert way.journal(rig_row(name, born), 2, 2) == [entry for entry in journal if entry.number > 2][:2]
            for sort in SORTS:
                notes = self.model.notes.get((name, born, sort), {})
                assert list(way.notes(rig_row(name, born), sort).items()) == sorted(notes.items())

    def agree_inside(self, draft: Model, transaction: Transaction) -> None:
        for name in RIGS:
            rig = draft.rigs.get(name)
            assert transaction.rig(name) == rig
            if rig is not None:
                rows = draft.cells.get((name, rig.run), {})
                assert list(transaction.cells(rig)) == sorted(rows.items())
                assert [transaction.cell(rig, cell) for cell in CELLS] == [rows.get(cell) for cell in CELLS]
                self.agree_on_notes(draft, transaction, rig)
        assert list(transaction.rigs()) == [rig for _, rig in sorted(draft.rigs.items())]
        assert [transaction.spec(digest) for digest in ("a", "b", "")] == [draft.specs.get(digest) for digest in ("a", "b", "")]

    def agree_on_notes(self, draft: Model, transaction: Transaction, rig: RigRow) -> None:
        for sort in SORTS:
            notes = draft.notes.get((rig.name, rig.born, sort), {})
            assert list(transaction.notes(rig, sort).items()) == sorted(notes.items())
            assert [transaction.note(rig, sort, name) for name in ("a", "b", "")] == [notes.get(name) for name in ("a", "b", "")]

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
