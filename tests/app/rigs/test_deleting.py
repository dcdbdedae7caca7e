"""What a rig had stored goes with it."""

from __future__ import annotations

from pathlib import Path

from mockbrew.stores import open_store
from mockbrew.stores.base import RigRow
from tests.app.asking import Bench, on_file
from tests.app.rigs.roll import HOUR, ON


def test_deleting_a_rig_frees_what_it_had_stored(bench: Bench) -> None:
    bench.get("/startA.py")
    for _ in range(300):
        bench.ask("/rigs/team-a/startA.py")
    row = next(row for row in bench.store.rigs() if row.name == "team-a")
    assert kept(bench, row) == (300, 300, 1)

    bench.admin("DELETE", "rigs/team-a")

    assert kept(bench, row) == (0, 0, 0)
    assert bench.get("/getA.py").encode() == ON


def kept(bench: Bench, row: RigRow) -> tuple[int, int, int]:
    """Events, entries and cells."""
    store, cell = bench.store, bench.app._served.rigs.plant.home["A"]
    return len(list(store.events(row, cell))), len(store.journal(row, 0, 1000)), len(store.cells(row))


def test_a_file_does_not_grow_with_rigs_that_come_and_go(tmp_path: Path) -> None:
    bench = on_file(tmp_path)
    sizes = []
    for turn in range(6):
        for number in range(10):
            for _ in range(10):
                bench.ask(f"/rigs/t{turn}-{number}/startA.py")
            bench.admin("DELETE", f"rigs/t{turn}-{number}")
        bench.store.close()
        sizes.append((tmp_path / "state.db").stat().st_size)

    assert sizes[-1] == sizes[1]
    open_store(bench.store.url).close()


def test_what_idle_rigs_have_stored_goes_as_others_are_made(bench: Bench) -> None:
    for _ in range(300):
        bench.ask("/rigs/team-a/startA.py")
    row = bench.store.rigs()[0]
    bench.wait(26 * HOUR)

    for number in range(3):
        bench.ask(f"/rigs/r{number}/startA.py")

    assert kept(bench, row) == (0, 0, 0)
