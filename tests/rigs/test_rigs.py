"""Rigs: what is stored when, what a long silence costs, and where a rig's time ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mockbrew import plant
from mockbrew.clock import HORIZON, SECOND
from mockbrew.errors import StillEvolving, StoreError
from mockbrew.rigs import DEFAULT, KEPT, STRETCH, Order
from mockbrew.stores import open_store
from tests.rigs.small import Bench, bench

DAY = 86_400


@pytest.fixture(params=["memory", "file"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = bench(folder=tmp_path if request.param == "file" else None)
    yield made
    made.store.close()


def test_a_command_is_one_event_and_is_seen_by_another_process(rig: Bench) -> None:
    rig.command("A", "turn_on")

    rig.rigs = rig.process()
    assert rig.reading("A", "state") == 1
    assert [(event.device, event.verb, event.arguments) for event in rig.events("A")] == [("A", "turn_on", "{}")]


def test_a_reading_writes_nothing(rig: Bench) -> None:
    rig.command("H", "turn_on")
    before = rig.store.load(DEFAULT, "Kettle")

    for _ in range(5):
        rig.wait(100)
        rig.look()

    assert rig.store.load(DEFAULT, "Kettle") == before


def test_a_command_whose_reply_can_t_be_made_has_not_happened(rig: Bench) -> None:
    rig.command("A", "turn_on")
    before = rig.store.load(DEFAULT, "A")

    def broken(look: object) -> bytes:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rig.rigs.command(DEFAULT, Order("A", "turn_off", {}), broken)

    assert rig.store.load(DEFAULT, "A") == before
    assert rig.reading("A", "state") == 1
    assert len(rig.events("A")) == 1


def test_a_reset_voids_all_cells_with_one_row_and_one_event(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.command("H", "turn_on")
    rig.wait(600)

    rig.rigs.reset(DEFAULT, lambda: b"")

    assert (rig.reading("A", "state"), rig.reading("H", "state"), rig.reading("T", "temperature")) == (0, 0, 20.0)
    assert [event.verb for event in rig.events("")] == ["reset"]
    assert [event.verb for event in rig.events("A")] == ["turn_on"]


def test_time_goes_on_from_a_reset(rig: Bench) -> None:
    rig.wait(1000)
    rig.rigs.reset(DEFAULT, lambda: b"")
    rig.wait(10)

    assert rig.look().at == 10 * SECOND  # the rig was made by the reset, its first request


def test_the_silence_of_a_day_is_computed_once_in_slices_and_kept(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(DAY)
    undisturbed = rig.look()

    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    assert loaded.ahead is not None
    assert loaded.ahead.at > loaded.rig.last_at
    rig.rigs = rig.process()
    again = rig.look()
    assert plant.moved(again.cell, again.anchor, again.at) == plant.moved(undisturbed.cell, undisturbed.anchor, undisturbed.at)


def test_what_takes_too_long_for_one_request_is_refused_and_goes_on_with_the_next(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(3 * DAY)
    rig.stopwatch.step = 4.0  # s: the second slice is too late
    behind = []
    late = None
    while late is None:
        rig.rigs = rig.process()
        try:
            late = rig.look()
        except StillEvolving as error:
            behind.append(error.behind)

    assert len(behind) > 3
    assert behind == sorted(behind, reverse=True)
    assert late.at == 3 * DAY * SECOND
    anchor, done = plant.evolve(late.cell, late.anchor, late.at, "", limit=1)
    assert done
    assert anchor is late.anchor


def test_a_command_after_a_long_silence_is_refused_likewise_and_nothing_has_changed(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(3 * DAY)
    rig.stopwatch.step = 1.0  # s: some slices fit into the patience

    with pytest.raises(StillEvolving) as late:
        rig.command("C", "stop")

    rig.stopwatch.step = 0.0
    assert 0 < late.value.behind < 3 * DAY
    assert rig.reading("C", "state") == 1
    assert [event.verb for event in rig.events("Kettle")] == ["start"]


def test_a_rig_stands_still_a_horizon_after_its_last_event_and_says_so(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(HORIZON / SECOND - 1)
    assert not rig.rigs.read(DEFAULT, "T").still

    rig.wait(1000)

    seen = rig.rigs.read(DEFAULT, "T")
    assert seen.still
    assert seen.look.at == HORIZON


def test_a_command_to_a_rig_that_stands_still_sets_its_time_going_again(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(HORIZON / SECOND + 1000)
    rig.command("A", "turn_off")
    rig.wait(10)

    seen = rig.rigs.read(DEFAULT, "A")
    assert not seen.still
    assert seen.look.at == HORIZON + 10 * SECOND


def test_virtual_time_starts_with_the_rig_and_never_goes_back(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.wait(5)
    assert rig.look("A").at == 5 * SECOND

    rig.machine.since_1970 -= DAY * SECOND

    assert rig.look("A").at == 5 * SECOND


def test_a_log_opens_a_stretch_with_a_base_and_is_trimmed_to_whole_stretches(rig: Bench) -> None:
    for _ in range(KEPT + 2 * STRETCH + 3):
        rig.command("A", "turn_on")

    events = rig.events("A")
    assert KEPT <= len(events) < KEPT + 2 * STRETCH
    assert events[0].base is not None
    assert [event.number for event in events] == list(range(events[0].number, events[0].number + len(events)))
    assert all((event.base is not None) == (event.number % STRETCH == 0) for event in events[1:])


@pytest.mark.parametrize("body", ["[[1]]", "[[1,", "{}", "[[0],[0],[0],[0],[0]]"])
def test_a_damaged_cell_is_told_and_a_reset_mends_it(rig: Bench, body: str) -> None:
    rig.command("C", "start")
    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    assert loaded.row is not None
    with rig.store.transaction() as transaction:
        transaction.put_cell(loaded.rig, "Kettle", replace(loaded.row, body=body))
    rig.rigs = rig.process()

    with pytest.raises(StoreError, match=r"the state of cell 'Kettle' is damaged .*; put a copy of the store back, or reset the rig"):
        rig.look()

    rig.rigs.reset(DEFAULT, lambda: b"")
    assert rig.reading("T", "temperature") == 20.0


def test_two_processes_that_start_together_make_one_rig(tmp_path: Path) -> None:
    first = bench(folder=tmp_path)
    second = Bench(open_store(first.store.url, machine=first.machine), first.machine)
    first.command("A", "turn_on")

    assert second.reading("A", "state") == 1
    second.command("P", "turn_on")
    assert first.reading("P", "state") == 1
    first.store.close()
    second.store.close()
