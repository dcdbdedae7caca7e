"""What every store promises of checkpoints: cells evolved further without any event."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from mockbrew.stores.base import CellRow, Loaded, RigRow, Store
from tests.stores.rows import put_cell


def test_a_checkpoint_is_loaded_beside_its_row(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(3, 0, 30, "row"))

    assert store.checkpoint(rig, "HotTank", CellRow(3, 0, 40, "ahead"))
    assert store.load("default", "HotTank") == Loaded(rig, CellRow(3, 0, 30, "row"), CellRow(3, 0, 40, "ahead"))


def test_a_cell_without_a_row_has_checkpoints_of_revision_0(store: Store, rig: RigRow) -> None:
    assert store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead"))
    assert store.load("default", "HotTank") == Loaded(rig, None, CellRow(0, 0, 40, "ahead"))


def test_a_cell_with_a_void_row_has_checkpoints_of_the_new_reset(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(3, 0, 30, "void"))
    reset = replace(rig, resets=1)
    with store.transaction() as transaction:
        transaction.put_rig(reset)

    assert store.checkpoint(reset, "HotTank", CellRow(0, 1, 40, "ahead"))
    assert store.load("default", "HotTank") == Loaded(reset, None, CellRow(0, 1, 40, "ahead"))
    with store.transaction() as transaction:
        assert transaction.cell(reset, "HotTank") == CellRow(3, 0, 30, "void")


@pytest.mark.parametrize(
    ("asked", "late"),
    [
        pytest.param({}, CellRow(2, 0, 50, "late"), id="evolved from an older row"),
        pytest.param({}, CellRow(4, 0, 50, "late"), id="evolved from a row that was undone"),
        pytest.param({}, CellRow(0, 0, 50, "late"), id="evolved from no row"),
        pytest.param({}, CellRow(3, 1, 50, "late"), id="of another reset"),
        pytest.param({}, CellRow(3, 0, 39, "late"), id="less far than the one that stands"),
        pytest.param({"run": 99}, CellRow(3, 0, 50, "late"), id="of another run"),
        pytest.param({"spec": "former"}, CellRow(3, 0, 50, "late"), id="of the spec before"),
        pytest.param({"name": "nobody"}, CellRow(3, 0, 50, "late"), id="of a rig that is gone"),
    ],
)
def test_a_checkpoint_that_came_too_late_is_not_kept(store: Store, rig: RigRow, asked: dict[str, str], late: CellRow) -> None:
    put_cell(store, rig, CellRow(3, 0, 30, "row"))
    store.checkpoint(rig, "HotTank", CellRow(3, 0, 40, "ahead"))

    assert not store.checkpoint(replace(rig, **asked), "HotTank", late)  # type: ignore[arg-type]  # fields of a table
    assert store.load("default", "HotTank") == Loaded(rig, CellRow(3, 0, 30, "row"), CellRow(3, 0, 40, "ahead"))
    assert store.load("nobody", "HotTank") is None


def test_a_later_checkpoint_takes_the_place_of_the_one_that_stands(store: Store, rig: RigRow) -> None:
    assert store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead"))
    assert store.checkpoint(rig, "HotTank", CellRow(0, 0, 50, "further"))
    assert store.load("default", "HotTank") == Loaded(rig, None, CellRow(0, 0, 50, "further"))


def test_putting_a_cell_voids_its_checkpoint_and_no_other(store: Store, rig: RigRow) -> None:
    for cell in ("HotTank", "Ebu"):
        store.checkpoint(rig, cell, CellRow(0, 0, 40, "ahead"))
    put_cell(store, rig, CellRow(0, 0, 30, "same revision"))

    assert store.load("default", "HotTank") == Loaded(rig, CellRow(0, 0, 30, "same revision"), None)
    assert store.load("default", "Ebu") == Loaded(rig, None, CellRow(0, 0, 40, "ahead"))


def test_a_reset_voids_the_checkpoints_of_cells_without_a_row(store: Store, rig: RigRow) -> None:
    store.checkpoint(rig, "HotTank", CellRow(0, 0, 40, "ahead"))
    reset = replace(rig, resets=1)
    with store.transaction() as transaction:
        transaction.put_rig(reset)

    assert store.load("default", "HotTank") == Loaded(reset, None, None)


def test_a_cell_that_is_put_again_has_no_checkpoint_even_of_the_same_event(store: Store, rig: RigRow) -> None:
    put_cell(store, rig, CellRow(1, 0, 10, "row"))
    assert store.checkpoint(rig, "HotTank", CellRow(1, 0, 20, "ahead"))
    assert store.load("default", "HotTank") == Loaded(rig, CellRow(1, 0, 10, "row"), CellRow(1, 0, 20, "ahead"))

    put_cell(store, rig, CellRow(1, 0, 10, "row"))
    with ThreadPoolExecutor(1) as pool:  # the writer itself may only remember what it wrote
        seen = [store.load("default", "HotTank"), pool.submit(store.load, "default", "HotTank").result()]

    assert seen == [Loaded(rig, CellRow(1, 0, 10, "row"), None)] * 2


def test_a_checkpoint_of_the_cell_that_stands_for_the_rig_alone_is_loaded_like_any_other(store: Store, rig: RigRow) -> None:
    assert store.load("default", "") == Loaded(rig, None, None)

    assert store.checkpoint(rig, "", CellRow(0, 0, 20, "ahead"))

    assert store.load("default", "") == Loaded(rig, None, CellRow(0, 0, 20, "ahead"))
