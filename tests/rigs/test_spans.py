"""When a condition held in the past of a rig, exactly, whatever cells it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.conditions import parse
from mockbrew.conditions.names import readings_of
from mockbrew.errors import HistoryGone, StillEvolving
from mockbrew.rigs import DEFAULT
from mockbrew.testbench.history import history, wanted
from mockbrew.testbench.spans import spans
from tests.rigs.small import Bench, bench

TWO = """
spec = "1.0"
[rig]
title = "Deux cuves"
[vessels]
Kettle = { capacity = 50, volume = 40 }
Jug = { capacity = 5, volume = 4, temperature = 90 }
[devices]
A = { kind = "valve" }
H = { kind = "heater", vessel = "Kettle", power = 5500 }
T = { kind = "probe", vessel = "Kettle" }
P = { kind = "pump" }
C = { kind = "pid", probe = "T", heaters = ["H"], pumps = ["P"], setpoint = 15, sample = 5, window = 10 }
"""


@pytest.fixture(params=["memory", "file"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = bench(TWO, tmp_path if request.param == "file" else None)
    made.look()
    yield made
    made.store.close()


def held(rig: Bench, text: str, begins: float = 0, ends: float | None = None) -> list[tuple[float, float]]:
    """s."""
    names = readings_of({name: entry.device for name, entry in rig.rigs.spec.entries.items()})
    end = rig.look().at if ends is None else nanoseconds(ends)
    found = spans(rig.rigs, rig.rigs.row(DEFAULT), parse(text, names), nanoseconds(begins), end, rig.rigs.patience())
    return [(begin / SECOND, end / SECOND) for begin, end in found]


def opened(rig: Bench, *times: float) -> None:
    """Valve A is switched at each of them (s), and a second goes by."""
    for number, at in enumerate(times):
        rig.wait(at - rig.look().at / SECOND)
        rig.command("A", "turn_off" if number % 2 else "turn_on")
    rig.wait(1)


def test_it_holds_from_the_command_that_makes_it_so_to_the_one_that_ends_it(rig: Bench) -> None:
    opened(rig, 10, 20.5, 30, 30.25, 40)

    assert held(rig, "A.state") == [(10, 20.5), (30, 30.25), (40, 41)]
    assert held(rig, "not A.state") == [(0, 10), (20.5, 30), (30.25, 40)]
    assert held(rig, "A.state", 12, 30.1) == [(12, 20.5), (30, 30.1)]
    assert held(rig, "A.state", 41) == [(41, 41)]
    assert held(rig, "1 < 2") == [(0, 41)]


def test_a_moving_reading_crosses_between_two_boundaries(rig: Bench) -> None:
    rig.command("H", "turn_on")
    rig.wait(600)
    rig.command("H", "turn_off")
    rig.wait(3000)

    ((begin, end),) = held(rig, "Kettle.temperature >= 30")
    told = history(rig.rigs, DEFAULT, wanted(rig.rigs, ["Kettle.temperature"]), begin - 1e-6, begin, 2).columns["Kettle.temperature"]
    before, after = told
    assert before is not None
    assert after is not None
    assert float(before) < 30 <= float(after)
    assert end == 3600


def test_what_spans_cells_holds_where_all_of_them_let_it(rig: Bench) -> None:
    """The jug cools all the time, in a cell to which nothing happens."""
    ((_, cooled),) = held_after(rig, 2000, "Jug.temperature >= 85")
    opened(rig, 2010, 2020)

    assert held(rig, "Jug.temperature < 85 and A.state") == [(2010, 2020)]
    assert held(rig, "Jug.temperature < 85 or A.state") == [(cooled, 2021)]
    assert held(rig, "Jug.temperature >= 85 and not A.state") == [(0, cooled)]


def held_after(rig: Bench, seconds: float, text: str) -> list[tuple[float, float]]:
    rig.wait(seconds)
    return held(rig, text)


def test_what_a_command_undoes_at_the_same_instant_did_not_hold(rig: Bench) -> None:
    """At 5 s the loop would switch its pump on; at that very instant it is stopped."""
    rig.command("C", "start")
    rig.wait(2)
    rig.command("C", "set_setpoint", setpoint=60.0)
    rig.wait(3)
    rig.command("C", "stop")
    rig.wait(10)

    assert held(rig, "P.state") == []
    assert held(rig, "C.state") == [(0, 5)]


def test_what_the_log_has_forgotten_is_not_guessed(rig: Bench) -> None:
    rig.wait(10)

    with pytest.raises(HistoryGone):
        held(rig, "A.state", begins=-1)


def test_no_more_time_is_taken_than_there_is(rig: Bench) -> None:
    rig.command("C", "set_setpoint", setpoint=60.0)
    rig.command("C", "start")
    rig.wait(100_000)
    rig.look()
    rig.stopwatch.step = 1.0

    with pytest.raises(StillEvolving):
        held(rig, "H.state and T.temperature < 59", ends=100_000)
