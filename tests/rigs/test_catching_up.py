"""A long silence: what is evolved when, for whom, and for how long under the lock."""

from __future__ import annotations

from contextlib import suppress

import pytest

from mockbrew import plant
from mockbrew.budget import budget
from mockbrew.clock import SECOND
from mockbrew.errors import StillEvolving
from mockbrew.plant import Look
from mockbrew.rigs import DEFAULT, Order
from tests.rigs.small import Bench, Queue, bench

DAY = 86_400


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
    rig.stopwatch.step = 0.1  # s: some strides fit into the patience
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
    rig.stopwatch.step = 0.1  # s: as above

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
    assert 0 < loaded.ahead.at < 600 * SECOND


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
    waiting = queue(rig, 3600)
    rig.stopwatch.step = 4e-3  # s: under the lock, a few strides

    rig.command("C", "stop")

    assert len(waiting.held) == 2
    assert [(event.verb, event.at // SECOND) for event in rig.events("Kettle")] == [("start", 0), ("stop", 3600)]
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
