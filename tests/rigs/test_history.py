"""History: what was read then is what is computed of it now."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.errors import BadRequest, HistoryGone, StillEvolving
from mockbrew.rigs import DEFAULT, STRETCH
from mockbrew.stores.base import Event, RigRow
from mockbrew.testbench import history as histories
from mockbrew.testbench.history import ROWS, History, history, wanted
from mockbrew.timeline import KEPT
from tests.rigs.small import Bench

READINGS = ("T", "Kettle.volume", "H.state", "C.duty")


def told(rig: Bench, begins: float | None = None, ends: float | None = None, points: int | None = histories.POINTS) -> History:
    return history(rig.rigs, DEFAULT, wanted(rig.rigs, READINGS), begins, ends, points)


def brewed(rig: Bench) -> dict[int, list[object]]:
    """What was read, by virtual ns, while something happened every 7 s: a start, a manual switch, a setpoint, a reset, a start."""
    seen: dict[int, list[object]] = {}
    doings = {3: ("C", "start"), 8: ("H", "turn_off"), 20: ("C", "stop"), 40: ("C", "start")}
    for step in range(60):
        rig.wait(7)
        if step in doings:
            rig.command(*doings[step])
        if step == 12:
            rig.command("C", "set_setpoint", setpoint=70.0)
        if step == 30:
            rig.rigs.reset(DEFAULT, lambda: b"")
        look = rig.look()
        seen[look.at] = [
            look.reading("T", "temperature"),
            look.reading("Kettle", "volume"),
            look.reading("H", "state"),
            look.reading("C", "duty"),
        ]
    return seen


def test_every_reading_that_somebody_saw_is_computed_again_to_the_bit(rig: Bench) -> None:
    rig.look()
    seen = brewed(rig)

    told_of = told(rig, 7.0, 420.0, 60)

    assert {at: list(row) for at, *row in zip(told_of.times, *told_of.columns.values(), strict=True)} == seen


def test_asking_for_the_past_changes_nothing(rig: Bench) -> None:
    brewed(rig)
    before = rig.store.load(DEFAULT, "Kettle")

    told(rig)
    told(rig, points=None)

    assert rig.store.load(DEFAULT, "Kettle") == before


def test_boundaries_are_commands_samples_and_window_edges_and_both_ends(rig: Bench) -> None:
    rig.look()
    rig.wait(2)
    rig.command("C", "start")
    rig.wait(12)

    times = [at / SECOND for at in told(rig, points=None).times]

    assert times == [0.0, 2.0, 7.0, 12.0, 14.0]


def test_a_switch_between_two_points_shows_at_its_own_boundary(rig: Bench) -> None:
    rig.look()
    rig.wait(5)
    rig.command("H", "turn_on")
    rig.wait(0.001)
    rig.command("H", "turn_off")
    rig.wait(5)

    told_of = told(rig, points=None)

    on = [at for at, state in zip(told_of.times, told_of.columns["H.state"], strict=True) if state == 1]
    assert on == [nanoseconds(5)]
    assert 1 not in told(rig, points=11).columns["H.state"][6:]


def test_by_default_it_is_all_that_is_known(rig: Bench) -> None:
    rig.look()
    rig.wait(99)

    times = told(rig).times

    assert (times[0], times[-1], len(times)) == (0, nanoseconds(99), histories.POINTS)


def test_as_csv_it_has_a_line_for_each_instant_and_nothing_for_null(rig: Bench) -> None:
    rig.look()
    rig.wait(10)
    table = History(1, (0, nanoseconds(2.5)), {"T.temperature": (20.0, None)}).table()

    assert list(csv.reader(io.StringIO(table))) == [["time", "T.temperature"], ["0.0", "20.0"], ["2.5", ""]]


@pytest.mark.parametrize(
    ("begins", "ends", "field", "why"),
    [
        (0, 101, "until", "101 s is still to come; it is 100.0 s now"),
        (60, 50, "from", "60.0 s is after the end, 50.0 s"),
    ],
)
def test_a_stretch_that_is_none_is_refused(rig: Bench, begins: float, ends: float, field: str, why: str) -> None:
    rig.look()
    rig.wait(100)

    with pytest.raises(BadRequest) as refused:
        told(rig, begins, ends)

    assert refused.value.errors == ((field, why),)


def test_unknown_readings_are_all_listed(rig: Bench) -> None:
    with pytest.raises(BadRequest) as refused:
        wanted(rig.rigs, ["T", "TT", "Kettle.volum"])

    assert [message.partition(";")[0] for _, message in refused.value.errors] == [
        "unknown device 'TT'",
        "unknown reading 'volum' of Kettle",
    ]


def test_what_the_log_has_forgotten_is_gone_and_it_is_said_since_when(rig: Bench) -> None:
    rig.look()
    for _ in range(KEPT // 2 + STRETCH):
        rig.wait(0.5)
        rig.command("H", "turn_on")
        rig.command("H", "turn_off")

    with pytest.raises(HistoryGone) as refused:
        told(rig, 0.0)

    assert told(rig, refused.value.earliest, points=2).times[0] == nanoseconds(refused.value.earliest)


def test_more_boundaries_than_fit_are_refused(rig: Bench) -> None:
    rig.look()
    rig.command("C", "start")
    rig.wait(5.0 * ROWS)

    with pytest.raises(BadRequest, match="there are more than 10000 boundaries"):
        told(rig, points=None)


class Overtaken:
    """A store in which somebody begins another run while logs are read, so many times."""

    def __init__(self, rig: Bench, times: int) -> None:
        self.rig, self.times = rig, times

    def events(self, row: RigRow, cell: str) -> Iterator[Event]:
        if self.times:
            self.times -= 1
            with self.rig.store.transaction() as transaction:
                found = transaction.rig(row.name)
                assert found
                transaction.put_rig(replace(found, run=transaction.new_run()))
        return self.rig.store.events(row, cell)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rig.store, name)


def test_who_is_overtaken_by_another_run_tells_that_one(rig: Bench) -> None:
    rig.look()
    rig.wait(10)
    run = rig.rigs.row(DEFAULT).run
    store: Any = Overtaken(rig, 3)
    rig.rigs.store = store

    assert told(rig).run > run


def test_who_is_overtaken_again_and_again_is_told_so_and_not_that_it_takes_long(rig: Bench) -> None:
    rig.look()
    store: Any = Overtaken(rig, -1)
    rig.rigs.store = store
    rig.stopwatch.step = 1.0

    with pytest.raises(StillEvolving, match="was changed by others again and again"):
        told(rig)
