"""Rigs: what is stored when, what a long silence costs, and where a rig's time ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from mockbrew import plant
from mockbrew.budget import budget
from mockbrew.clock import HORIZON, SECOND
from mockbrew.errors import StillEvolving, StoreError
from mockbrew.plant import Look
from mockbrew.rigs import DEFAULT, KEPT, STRETCH, Order
from mockbrew.stores import open_store
from tests.rigs.small import Bench, Queue, bench

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
    rig.stopwatch.step = 1e-3  # s: many slices in a day
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
    rig.wait(DAY)
    rig.stopwatch.step = 0.02  # s: some thousand boundaries fit into the patience
    behind = []
    late = None
    while late is None:
        rig.rigs = rig.process()
        begin = rig.stopwatch.shown
        try:
            late = rig.look()
        except StillEvolving as error:
            behind.append(error.behind)
        assert rig.stopwatch.shown - begin < 5.0  # s

    assert len(behind) > 3
    assert behind == sorted(behind, reverse=True)
    assert late.at == DAY * SECOND
    anchor, done = plant.evolve(late.cell, late.anchor, late.at, "", limit=1)
    assert done
    assert anchor is late.anchor


def test_a_command_after_a_long_silence_is_refused_likewise_and_nothing_has_changed(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(DAY)
    rig.stopwatch.step = 0.02  # s: as above

    with pytest.raises(StillEvolving) as late:
        rig.command("C", "stop")

    rig.stopwatch.step = 0.0
    assert 0 < late.value.behind < DAY
    assert rig.reading("C", "state") == 1
    assert [event.verb for event in rig.events("Kettle")] == ["start"]


def test_where_no_patience_is_left_a_stride_is_evolved_and_kept(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(3600)

    with pytest.raises(StillEvolving):
        rig.rigs.anchor(DEFAULT, "Kettle", budget(rig.stopwatch, 0.0))

    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    assert loaded.ahead is not None
    assert 0 < loaded.ahead.at < 120 * SECOND


def test_how_evolution_is_cut_changes_no_bit(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(DAY / 4)
    uncut = rig.look()

    rig.store.close()
    other = bench()
    other.command("C", "start")
    for step, seconds in ((60.0, 100), (0.02, DAY / 8), (60.0, 50), (1e-3, DAY / 8 - 150)):
        other.wait(seconds)
        other.rigs = other.process()
        other.stopwatch.step = step
        cut = looked_at_last(other)

    assert plant.moved(cut.cell, cut.anchor, cut.at) == plant.moved(uncut.cell, uncut.anchor, uncut.at)


def looked_at_last(bench: Bench) -> Look:
    """What is seen once it has caught up, however often it must be asked."""
    while True:
        with suppress(StillEvolving):
            return bench.look()


def test_what_is_evolved_for_a_migration_is_kept_however_quickly_it_went(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(600)

    anchor = rig.rigs.anchor(DEFAULT, "Kettle", budget(rig.stopwatch, 1.0))

    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    assert loaded.ahead is not None
    assert loaded.ahead.at == anchor.at > 590 * SECOND
    rig.rigs = rig.process()
    assert rig.look().anchor == anchor


def test_a_cell_that_is_far_behind_costs_the_others_nothing(rig: Bench) -> None:
    rig.command("A", "turn_on")
    rig.command("C", "start")
    rig.wait(30 * DAY)
    rig.stopwatch.step = 0.1
    with pytest.raises(StillEvolving):
        rig.look("T")
    before = rig.stopwatch.shown

    assert rig.reading("A", "state") == 1
    rig.command("A", "turn_off")
    assert rig.reading("A", "state") == 0
    assert rig.stopwatch.shown - before < 2  # s: a few looks at the stopwatch for each of the three


def test_another_rig_does_not_notice(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(30 * DAY)
    rig.rigs.command("other", Order("C", "start", {}), lambda look: b"")
    rig.stopwatch.step = 0.1
    with pytest.raises(StillEvolving):
        rig.look()
    rig.wait(10)
    begin = rig.stopwatch.shown

    assert rig.rigs.read("other", "C").look.reading("H", "state") == 1
    rig.rigs.command("other", Order("C", "stop", {}), lambda look: b"")
    assert rig.rigs.read("other", "C").look.reading("H", "state") == 0
    assert rig.stopwatch.shown - begin < 3  # s: as above


def queue(bench: Bench, *waits: float) -> Queue:
    bench.rigs.store = made = Queue(bench.store, bench.wait, list(waits), lambda: bench.stopwatch.shown)
    return made


def test_a_command_that_waited_long_for_the_lock_lets_go_of_it_to_catch_up(rig: Bench) -> None:
    rig.command("C", "start")
    waiting = queue(rig, 600)
    rig.stopwatch.step = 4e-3  # s: under the lock, a few strides

    rig.command("C", "stop")

    assert len(waiting.held) == 2
    assert [(event.verb, event.at // SECOND) for event in rig.events("Kettle")] == [("start", 0), ("stop", 600)]
    assert max(waiting.held) < 0.02  # s


def test_what_is_quickly_evolved_is_evolved_under_the_lock_however_many_boundaries(rig: Bench) -> None:
    rig.command("C", "start")
    waiting = queue(rig, 7200)

    rig.command("C", "stop")

    assert len(waiting.held) == 1
    assert [(event.verb, event.at // SECOND) for event in rig.events("Kettle")] == [("start", 0), ("stop", 7200)]


def test_a_command_that_never_finds_the_rest_short_is_refused_and_has_written_nothing(rig: Bench) -> None:
    rig.command("C", "start")
    before = rig.store.load(DEFAULT, "Kettle")
    waiting = queue(rig, *[600] * 1000)
    rig.stopwatch.step = 0.02

    with pytest.raises(StillEvolving):
        rig.command("C", "stop")

    after = rig.store.load(DEFAULT, "Kettle")
    assert before is not None
    assert after is not None
    assert len(waiting.held) > 1
    assert (after.rig, after.row) == (before.rig, before.row)
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


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_not_finite_is_a_damage_too(rig: Bench, number: str) -> None:
    rig.command("C", "start")
    loaded = rig.store.load(DEFAULT, "Kettle")
    assert loaded is not None
    assert loaded.row is not None
    body = loaded.row.body.replace("40.0", number, 1)
    assert body != loaded.row.body
    with rig.store.transaction() as transaction:
        transaction.put_cell(loaded.rig, "Kettle", replace(loaded.row, body=body))
    rig.rigs = rig.process()

    with pytest.raises(StoreError, match=r"the state of cell 'Kettle' is damaged \(a number is not finite\); put a copy of the store back"):
        rig.look()

    with pytest.raises(StoreError):
        rig.command("H", "turn_on")
    assert [event.verb for event in rig.events("Kettle")] == ["start"]


def test_two_processes_that_start_together_make_one_rig(tmp_path: Path) -> None:
    first = bench(folder=tmp_path)
    second = Bench(open_store(first.store.url, machine=first.machine), first.machine)
    first.command("A", "turn_on")

    assert second.reading("A", "state") == 1
    second.command("P", "turn_on")
    assert first.reading("P", "state") == 1
    first.store.close()
    second.store.close()
