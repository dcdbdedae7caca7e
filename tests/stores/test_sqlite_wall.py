"""The wall of a file: one for all processes of a boot, and never before what the store has seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mockbrew.stores import open_store
from tests.stores.rows import Machine, append, entry, event, make_rig


def test_all_processes_of_a_boot_have_one_wall(path: Path) -> None:
    early, late = Machine(), Machine(since_boot=5_000, since_1970=1)
    first, second = (open_store(f"sqlite:///{path}", machine=machine) for machine in (early, late))
    walls = first.wall(), second.wall()
    first.close()
    second.close()

    assert walls == (1_800_000_000_000_000_000, 1_800_000_000_000_004_000)


@pytest.mark.parametrize(
    ("real", "expected"),
    [
        pytest.param(1_800_000_000_000_000_000 + 10**12, 1_800_000_000_000_000_000 + 10**12, id="after some time"),
        pytest.param(1, 1_900_000_000_000_000_001, id="with real time gone back"),
    ],
)
def test_after_a_reboot_the_wall_is_real_time_but_never_before_the_last_event(path: Path, real: int, expected: int) -> None:
    before = open_store(f"sqlite:///{path}", machine=Machine())
    rig = make_rig(before)
    if real == 1:
        append(before, rig, [event(1, wall=1_900_000_000_000_000_000), event(2, wall=0)])
        with before.transaction() as transaction:
            transaction.append(rig, event(3, base="base", wall=1))
            transaction.trim(rig, "HotTank", 1)  # the latest is gone from the log, but not forgotten
    before.close()
    after = open_store(f"sqlite:///{path}", machine=Machine("second boot", since_boot=3, since_1970=real))
    wall = after.wall()
    after.close()

    assert wall == expected


def test_after_a_reboot_the_wall_is_not_before_the_base_of_a_clock_either(path: Path) -> None:
    before = open_store(f"sqlite:///{path}", machine=Machine())
    rig = make_rig(before)
    with before.transaction() as transaction:
        transaction.put_rig(replace(rig, clock=rig.clock.rebased(0, 1_900_000_000_000_000_000)))
    before.close()
    after = open_store(f"sqlite:///{path}", machine=Machine("second boot", since_1970=1))
    wall = after.wall()
    after.close()

    assert wall == 1_900_000_000_000_000_001


@pytest.mark.parametrize("order", ["recorded, then put", "put, then recorded", "used"])
def test_after_a_reboot_the_wall_is_not_before_the_last_entry_nor_the_last_use(path: Path, order: str) -> None:
    before = open_store(f"sqlite:///{path}", machine=Machine())
    rig = make_rig(before)
    with before.transaction() as transaction:
        if order == "recorded, then put":
            transaction.record(rig, entry(1, wall=1_900_000_000_000_000_000))
        transaction.put_rig(replace(rig, entries=1, used=1_900_000_000_000_000_000 if order == "used" else 0))
        if order == "put, then recorded":
            transaction.record(rig, entry(1, wall=1_900_000_000_000_000_000))
    before.close()
    after = open_store(f"sqlite:///{path}", machine=Machine("second boot", since_1970=1))
    wall = after.wall()
    after.close()

    assert wall == 1_900_000_000_000_000_001


def test_the_wall_of_a_boot_is_decided_once(path: Path) -> None:
    walls = []
    for real in (100, 50, 1_000):  # within one boot real time may jump
        store = open_store(f"sqlite:///{path}", machine=Machine(since_boot=10, since_1970=real))
        walls.append(store.wall())
        store.close()

    assert walls == [100, 100, 100]
