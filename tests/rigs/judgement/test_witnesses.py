"""Witnesses: what those say who carry out commands is what a replay of the log finds, and spares it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mockbrew import judgement
from mockbrew.cases import Case
from mockbrew.hazards import docket as dockets
from mockbrew.judgement import keep_up
from mockbrew.replaying import past
from mockbrew.rigs import DEFAULT
from mockbrew.testbench import state as states
from mockbrew.timeline import instant
from tests.rigs.judgement.ruled import verdict
from tests.rigs.small import Bench, bench

WET = """
spec = "1.0"
[vessels]
V = { capacity = 50, volume = 20, temperature = 39.9 }
W = { capacity = 50, volume = 49.7, temperature = 60 }
[pipes]
Fill = { source = "mains", destination = "W", valves = ["A"] }
Round = { source = "V", destination = "W", valves = ["B"], pump = "P" }
Drain = { source = "W", destination = "out", valves = ["D"] }
[devices]
A = { kind = "valve" }
B = { kind = "valve" }
D = { kind = "valve" }
P = { kind = "pump" }
H = { kind = "heater", vessel = "V", power = 3000, lag = 5 }
T = { kind = "probe", vessel = "V", noise = 0.05 }
C = { kind = "pid", probe = "T", heaters = ["H"], pumps = ["P"], setpoint = 45 }
[hazards]
warm = { when = "V.temperature > 40" }
brief = { when = "V.temperature > 40", hold_off = 2 }
unasked = { when = "P.on and not C.on" }
shut = { when = "P.on and not B.on" }
wet = { when = "W.full and Fill.flow > 0" }
flowing = { when = "Drain.flow + Round.flow > 9" }
cooling = { when = "W.temperature < 59.5 and not A.on" }
power = { when = "H.power > 1000 or C.duty > 0.9" }
low = { when = "V.volume < 19.8 or W.temperature > 62" }
read = { when = "T > 40.02 or T == null" }
"""
PATCHES = {"patch": 20.5, "nearly empty": 0.3}  # L in V
# fmt: off
DOINGS = (
    *[(name, f"turn_{verb}", {}) for name in "ABDHP" for verb in ("on", "off")],
    ("C", "start", {}), ("C", "stop", {}), ("C", "set_setpoint", {"setpoint": 41.0}),
    "patch", "nearly empty", "reset", "judge", "keep up", "other worker",
)
# fmt: on
steps = st.lists(st.tuples(st.sampled_from([0.0, 1e-9, 0.0003, 0.02, 0.4, 2.0, 40.0]), st.sampled_from(DOINGS)), min_size=4, max_size=40)


def searched(rig: Bench) -> list[dict[str, Any]]:
    """What is found by replaying all of the log and searching all of it, without anything that anybody remembers or has said."""
    row, patience = rig.rigs.row(DEFAULT), rig.rigs.patience()
    now, (group,) = instant(row, rig.store.wall()), rig.rigs.witness.groups
    case, pasts = Case(rig.rigs.plant, row, group, None), {"V": past(rig.store, rig.rigs.plant, row, "V", patience)}
    case.watch.precedents = None
    case.begin(pasts, now)
    while not case.go(pasts, now, patience):
        pass
    told = [dockets.told(each, case.rules[each.rule], row.run) for each in [*case.watch.found, *case.present()]]
    return sorted(told, key=lambda each: (each["begins"], each["after"]["event"] if each["after"] else 0, each["rule"]))


def do(rig: Bench, doing: Any) -> None:
    if isinstance(doing, str) and doing in PATCHES:
        states.set_state(rig.rigs, DEFAULT, {"vessels": {"V": {"volume": PATCHES[doing]}}})
    elif doing == "reset":
        rig.rigs.reset(DEFAULT, lambda: b"")
    else:
        device, verb, arguments = doing
        rig.command(device, verb, **arguments)


def alone(rig: Bench, doing: str) -> None:
    """What changes nothing of what others find."""
    if doing == "other worker":
        rig.rigs = rig.process()
    elif doing == "judge":
        verdict(rig)
    else:
        row = rig.rigs.row(DEFAULT)
        keep_up(rig.rigs.witness, rig.store, replace(row, events=row.events + judgement.OFTEN), rig.rigs.patience())


def agreed(steps: list[tuple[float, Any]]) -> list[dict[str, Any]]:
    """What is found of what was done after these waits (s)."""
    rig = bench(WET)
    rig.look("A")
    do(rig, ("C", "start", {}))
    verdict(rig)
    for wait, doing in steps:
        rig.wait(wait)
        (alone if doing in ("judge", "keep up", "other worker") else do)(rig, doing)
    for _ in range(2):
        assert verdict(rig).hazards == searched(rig)
        rig.wait(1)
    return verdict(rig).hazards


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=steps)
def test_what_witnesses_say_is_what_a_replay_finds(steps: list[tuple[float, Any]]) -> None:
    agreed(steps)


def doings(*each: Any) -> tuple[Any, ...]:
    return each


ON, OFF = "turn_on", "turn_off"
PUMPING: list[tuple[float, Any]] = [(0.1, (device, ON, {})) for device in "BP"]
TRIFLES: list[tuple[float, Any]] = [(0.2, ("C", "set_setpoint", {"setpoint": 45 + number % 2 / 10})) for number in range(24)]
STORIES: dict[str, list[tuple[float, Any]]] = {
    "W overflows, and no more": [
        *[(0.3, (device, verb, {})) for device, verb in [("A", ON), *[("B", ON), ("B", OFF)] * 6, ("D", ON), ("D", OFF)]],
        *[(0.3, ("A", verb, {})) for verb in (OFF, ON, OFF)],
    ],
    "the controller switches while commands come": [(0.2, ("D", verb, {})) for _ in range(40) for verb in (ON, OFF)],
    "V runs low while commands come": [(0.1, (device, ON, {})) for device in "BP"] + [(0.2, ("A", verb, {})) for verb in (ON, OFF) * 12],
    "V runs low while nobody switches anything": [*PUMPING, *TRIFLES],
    "V runs dry while nobody switches anything": [(0.1, "nearly empty"), *PUMPING, *TRIFLES],
    "V gets warm while commands come": [(0.5, ("H", ON, {})), *[(0.5, ("B", verb, {})) for verb in (ON, OFF) * 20]],
    "a reset between": [(0.1, ("P", ON, {})), (0.1, ("B", ON, {})), (0.1, "reset"), (0.1, ("D", ON, {})), (0.1, ("D", OFF, {}))],
    "a patch between": [(0.1, ("P", ON, {})), (0.1, "patch"), (0.1, ("D", ON, {})), (0.1, "patch"), (0.1, ("D", OFF, {}))],
    "many at one instant": [(1, ("P", ON, {})), *[(0, (device, verb, {})) for device in "BDP" for verb in (OFF, ON, OFF)]],
    "somebody judges in between": [
        (0.2, each) for verb in (ON, OFF) * 9 for each in doings(("P", verb, {}), "judge", "keep up", "other worker")
    ],
}


@pytest.mark.parametrize("story", STORIES)
def test_nothing_is_missed_of(story: str) -> None:
    assert len(agreed(STORIES[story])) > 1


def said(rig: Bench, cell: str = "Kettle") -> list[str | None]:
    return [event.testimony for event in rig.events(cell)]


def test_a_witness_says_which_rules_were_broken_all_the_time() -> None:
    rig = bench(WET)
    for device in ("P", "B", "P"):
        rig.command(device, "turn_on")
        rig.wait(0.001)
    rig.command("P", "turn_off")

    unasked, shut, flowing = 0b100, 0b1000, 0b100000
    assert said(rig, "V") == [None, f"{unasked | shut:x}", f"{unasked | flowing:x}", f"{unasked | flowing:x}"]


def test_where_a_boundary_was_crossed_a_witness_says_what_it_was_like_before_unless_that_is_long_ago(rig: Bench) -> None:
    rig.command("C", "start")
    rig.wait(0.9)
    rig.command("H", "turn_on")
    stored = rig.store.load(DEFAULT, "Kettle")
    assert stored
    assert stored.row
    rig.wait(0.9)
    for wait in (4.3, 0.8, 0.8):  # a sample each 5 s
        rig.wait(wait)
        rig.command("H", "turn_on")

    said_last = said(rig)
    assert said_last[1] == "0"
    assert [each if each is None else each[0] for each in said_last] == [None, "0", None, "0", "0"]
