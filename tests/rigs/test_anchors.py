"""What a process remembers of cells: of use as long as it stems from what is stored, and never ahead of the rig."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from mockbrew import plant as plants
from mockbrew.clock import DAY, SECOND
from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import CellRow, RigRow
from mockbrew.testbench import snapshots
from mockbrew.testbench.clock import Timekeeper
from mockbrew.testbench.restoring import restore
from mockbrew.timeline import LAST, instant
from tests.rigs.small import Bench


def put(rig: Bench, row: RigRow, cell: CellRow | None = None) -> None:
    """As if a copy of the store had been put back."""
    with rig.store.transaction() as transaction:
        transaction.put_rig(row)
        if cell is not None:
            transaction.put_cell(row, "Kettle", cell)


def test_an_anchor_is_not_used_where_the_rig_is_not_that_far(rig: Bench) -> None:
    rig.command("C", "start")
    before = rig.rigs.row(DEFAULT)
    early = rig.look().anchor
    Timekeeper(rig.rigs, rig.wait).advance(DEFAULT, 3_600 * SECOND)
    assert rig.look().anchor.at > 3_000 * SECOND

    put(rig, before)

    look = rig.look()
    assert look.at == instant(before, rig.store.wall()) < SECOND
    assert look.anchor == early


def test_an_anchor_is_not_used_where_another_state_is_stored_under_the_same_number(rig: Bench) -> None:
    rig.command("H", "turn_on")
    on = rig.store.load(DEFAULT, "Kettle")
    assert on is not None
    rig.command("H", "turn_off")
    off = rig.store.load(DEFAULT, "Kettle")
    assert off is not None
    assert off.row is not None
    assert on.row is not None
    assert rig.reading("H", "state") == 0

    put(rig, off.rig, replace(on.row, revision=off.row.revision))

    assert rig.reading("H", "state") == 1


def test_what_a_command_has_left_holds_until_its_next_boundary(rig: Bench) -> None:
    rig.command("C", "start")
    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    anchor = rig.look().anchor
    due = plants.next_boundary(rig.rigs.plant.cell("Kettle"), anchor)
    assert due is not None

    rig.rigs.anchors.remember(loaded.rig, "Kettle", loaded.row, anchor)

    assert rig.rigs.anchors.holding(loaded, "Kettle", due - 1) is anchor
    assert rig.rigs.anchors.holding(loaded, "Kettle", due) is None


def test_what_nobody_has_asked_after_holds_at_its_instant_only(rig: Bench) -> None:
    rig.command("C", "start")
    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    unasked = replace(rig.look().anchor, flights=[])

    rig.rigs.anchors.remember(loaded.rig, "Kettle", loaded.row, unasked)

    assert rig.rigs.anchors.holding(loaded, "Kettle", unasked.at) is None


def test_an_anchor_is_not_used_after_another_reset(rig: Bench) -> None:
    rig.rigs.reset(DEFAULT, lambda: b"")
    rig.wait(100)
    assert rig.look().anchor.at == 0
    row = rig.rigs.row(DEFAULT)

    put(rig, replace(row, reset_at=50 * SECOND))

    assert rig.look().anchor.at == 50 * SECOND


def test_runs_that_are_over_are_not_remembered(rig: Bench) -> None:
    rig.command("C", "start")
    snapshots.take(rig.rigs, DEFAULT, "mash")
    remembered = len(rig.rigs.anchors._warm)

    for _ in range(3):
        restore(rig.rigs, DEFAULT, "mash")
        rig.command("H", "turn_on")

    assert len(rig.rigs.anchors._warm) == remembered


def test_time_ends_before_the_integers_of_a_store_do(rig: Bench) -> None:
    keeper = Timekeeper(rig.rigs, rig.wait)
    rig.command("A", "turn_on")
    keeper.set(DEFAULT, rate=Fraction(100_000))
    row = rig.rigs.row(DEFAULT)
    put(rig, replace(row, clock=row.clock.rebased(LAST - DAY, rig.store.wall()), last_at=LAST - DAY))

    rig.wait(10)
    rig.command("A", "turn_off")
    rig.wait(1e6)
    rig.command("A", "turn_on")

    assert [event.at for event in rig.events("A")] == [0, LAST, LAST]
    assert keeper.show(DEFAULT).still
    assert keeper.advance(DEFAULT, DAY).at == LAST
