"""Brew days run: on a rig through its wire, and as scripts on the plant alone, where they come out alike."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import Phase as Generating
from hypothesis import find, given, settings
from hypothesis import strategies as st

from mockbrew.clock import SECOND, seconds
from mockbrew.devices import BUILT_IN
from mockbrew.router import Router
from mockbrew.script import parse
from mockbrew.simulation import Rig, run
from mockbrew.spec import parse as parse_spec
from mockbrew.strategies import Command, Day, brew_days
from mockbrew.strategies.brewing import Phase, steps
from tests.app.asking import Bench, on_memory
from tests.strategies.specs import KINDS, SILENT, TEXTS, spec

SPECS = {name: spec(name) for name in TEXTS}


def played(bench: Bench, day: Day) -> dict[str, Any]:
    """What the rig shows at the end, by device and reading."""
    bench.admin("PUT", "clock", {"rate": 0})
    for step in day:
        for command in step.commands:
            assert bench.ask(unquote(command.path), command.method).status == 200
        bench.admin("POST", "clock/advance", {"seconds": step.seconds})
    shown = bench.admin("GET", "state").json()
    assert shown["time"] == day.seconds
    return {**shown["vessels"], **shown["devices"], **shown["pipes"]}


def simulated(name: str, day: Day) -> dict[str, Any]:
    rig = Rig(SPECS[name])
    passed = list(run(rig, parse(day.script, "day.toml", SPECS[name], Router(SPECS[name])), 600 * SECOND, lambda rig: None))
    assert seconds(passed[-1].ends) == day.seconds
    return {
        entry: dict(zip(known.device.readings, rig.readings([(entry, reading) for reading in known.device.readings]), strict=True))
        for entry, known in SPECS[name].entries.items()
    }


@pytest.mark.parametrize("name", SPECS)
@settings(max_examples=6)
@given(data=st.data())
def test_a_day_runs_through_on_a_rig_and_as_a_script_to_the_same_end(name: str, data: st.DataObject) -> None:
    day = data.draw(brew_days(SPECS[name]))

    assert played(on_memory(TEXTS[name], KINDS), day) == simulated(name, day)


@settings(max_examples=50)
@given(day=brew_days())
def test_what_a_day_switches_on_it_switches_off(day: Day) -> None:
    left: dict[str | None, str] = {}

    for command in (command for step in day for command in step.commands):
        left[command.device] = command.verb

    assert set(left.values()) <= {"turn_off", "stop", "set_setpoint", "reset"}
    assert day.steps[-1].title == "All off"
    assert len(day) == len(list(day)) > 1


@pytest.mark.parametrize(
    "title",
    ["Rest", "Lauter flows", "B1 heats", "PID2 set_setpoint"],
)
def test_days_have_phases_of_each_sort(title: str) -> None:
    day = find(brew_days(), lambda day: any(step.title == title for step in day), settings=settings(max_examples=500, database=None))

    assert [step.title for step in day] == [title, "All off"]


def test_phases_overlap() -> None:
    def overlap(day: Day) -> bool:
        given = [[command.verb for command in step.commands] for step in day]
        return any("start" in verbs and "stop" not in after for verbs, after in pairwise(given))

    assert find(brew_days(), overlap, settings=settings(max_examples=1000, phases=[Generating.generate], database=None))


def test_what_two_phases_share_stays_on_until_both_are_over() -> None:
    def phase(title: str, *devices: str, more: int) -> Phase:
        begin, end = (tuple(Command(name, verb, {}, "GET", "") for name in devices) for verb in ("turn_on", "turn_off"))
        return Phase(title, begin, end, 60, more)

    phases = [phase("Sparge", "B", "C", "P1", more=2), phase("Stir", "B", "D", "P1", more=0), *[phase("Rest", more=0)] * 2]

    told = [[(command.device, command.verb) for command in step.commands] for step in steps(phases)]

    assert told == [
        [("B", "turn_on"), ("C", "turn_on"), ("P1", "turn_on")],
        [("B", "turn_on"), ("D", "turn_on"), ("P1", "turn_on")],
        [("D", "turn_off")],
        [("B", "turn_off"), ("C", "turn_off"), ("P1", "turn_off")],
        [],
    ]


def test_the_least_day_is_a_rest() -> None:
    day = find(brew_days(), lambda day: True)

    assert day.script == (
        'script = "1.0"\n\n[[steps]]\ntitle = "Rest"\ndo = []\nfor = 1\n\n[[steps]]\ntitle = "All off"\ndo = []\nfor = 60'
    )


def test_a_rig_that_takes_no_commands_rests() -> None:
    day = find(brew_days(parse_spec(SILENT, "silent.toml", BUILT_IN)), lambda day: len(day) > 2)

    assert {step.title for step in day} == {"Rest", "All off"}
