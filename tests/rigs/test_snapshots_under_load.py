"""A rig is taken back to a snapshot while other processes command it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from mockbrew import journal
from mockbrew import plant as plants
from mockbrew.messages import Order
from mockbrew.replaying import past
from mockbrew.rigs import DEFAULT, Rigs
from mockbrew.stores import open_store
from mockbrew.testbench import snapshots
from mockbrew.testbench.restoring import restore
from tests.rigs.noisy import NOISY
from tests.rigs.small import spec_of


def replayed(rigs: Rigs, cell: str) -> plants.Anchor:
    """A cell, computed from the log alone, as of its last event."""
    row = rigs.row(DEFAULT)
    each = past(rigs.store, rigs.plant, row, cell, rigs.patience())
    *_, last = each.stretches(each.earliest, row.last_at)
    return last.anchor


def test_a_restore_among_commands_of_other_processes_is_never_torn(tmp_path: Path) -> None:
    url, spec = f"sqlite:///{tmp_path / 'state.db'}", spec_of(NOISY)
    stores = [open_store(url) for _ in range(4)]
    processes = [Rigs(spec, store) for store in stores]
    for order in (Order("C", "start", {}), Order("A", "turn_on", {})):
        processes[0].command(DEFAULT, order, lambda look: b"")
    snapshots.take(processes[0], DEFAULT, "mash")
    enough = threading.Event()

    def command(rigs: Rigs) -> int:
        done = 0
        while not enough.is_set():
            for device, verb in (("A", "turn_off"), ("H", "turn_on"), ("C", "stop"), ("C", "start"), ("A", "turn_on")):
                rigs.command(DEFAULT, Order(device, verb, {}), lambda look: b"")
                done += 1
        return done

    with ThreadPoolExecutor(3) as pool:
        commanding = [pool.submit(command, rigs) for rigs in processes[1:]]
        restored = [restore(processes[0], DEFAULT, "mash") for _ in range(25)]
        enough.set()
        done = sum(each.result(timeout=30) for each in commanding)

    rigs, row = processes[0], processes[0].row(DEFAULT)
    told = [journal.shown(row, entry) for entry in journal.entries(rigs.store, row)]
    ours = [entry for entry in told if entry["run"] == row.run]
    rows = dict(rigs.store.cells(row))
    for store in stores:
        store.close()
    assert len(restored) == 25
    assert [entry["number"] for entry in told] == list(range(1, done + 25 + 3 + 1))
    assert [entry["verb"] for entry in ours].count("restore") == 1
    assert row.events == len(ours)
    for cell, stored_row in rows.items():
        anchor = replayed(rigs, cell)
        assert (anchor.at, plants.encode(anchor)) == (stored_row.at, stored_row.body), cell
