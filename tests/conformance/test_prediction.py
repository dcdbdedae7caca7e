"""What the commands of a device do, as its kind says; and which arguments they are tried with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from mockbrew.conformance.known.contract import Command, Contract
from mockbrew.conformance.known.prediction import Prediction, outputs, predictions
from mockbrew.conformance.known.trials import mistakes, trials, unknown_paths, written
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Reading, Verb
from mockbrew.spec import parse
from tests.conformance.spoiled import SMALL

CONTRACT = Contract(parse(SMALL))
KNOWN = predictions(CONTRACT)


def order(path: str) -> Command:
    return next(command for point in CONTRACT.points if point.endpoint.commands for command in trials(point) if command.path == path)


def test_a_switch_is_on_after_its_start_and_off_after_its_stop_whatever_it_was() -> None:
    valve = KNOWN["A"]

    assert valve.changing == {"state", "on"}
    assert valve.after(order("/startA.py")) == {"state": 1, "on": 1}
    assert valve.after(order("/stopA.py")) == valve.resting == {"state": 0, "on": 0}


def test_what_is_seen_of_a_switch_says_what_else_it_must_be() -> None:
    assert KNOWN["A"].inferred({"state": 1}) == {"on": 1}
    assert KNOWN["A"].inferred({}) == {}


def test_a_setpoint_changes_itself_and_no_command_of_it_starts_a_controller() -> None:
    loop, setting = KNOWN["PID1"], order("/setCible1_55.py")

    assert loop.after(setting) == {"setpoint": 55.0}
    assert loop.keeps(setting) == {"state", "on"}
    assert (loop.kindles(setting), loop.quenches(setting)) == (False, False)


def test_what_a_controller_does_by_itself_is_no_effect_of_a_command() -> None:
    assert KNOWN["PID1"].changing == {"state", "on", "setpoint"}


def test_what_may_heat_is_known_of_heaters_and_of_controllers() -> None:
    heater, loop = KNOWN["B1"], KNOWN["PID1"]

    assert (heater.kindles(order("/startB1.py")), heater.quenches(order("/startB1.py"))) == (True, False)
    assert (heater.kindles(order("/stopB1.py")), heater.quenches(order("/stopB1.py"))) == (False, True)
    assert (loop.kindles(order("/startPID1.py")), loop.quenches(order("/stopPID1.py"))) == (True, True)
    assert outputs(loop.device) == ("B1", "P1")


def test_a_heater_that_gives_no_heat_is_one_all_the_same() -> None:
    contract = Contract(parse(SMALL.replace("efficiency = 0.40", "efficiency = 0")))
    start = next(point for point in contract.points if point.endpoint.url == "/startB1.py")

    assert predictions(contract)["B1"].kindles(trials(start)[0])


def test_whether_something_is_on_is_unknown_where_nothing_shows_it() -> None:
    assert [KNOWN["B1"].on(shown) for shown in ({"state": 1}, {"state": 0}, {})] == [True, False, None]
    assert KNOWN["PID1"].on({"setpoint": 78.0}) is None


class Turned(NamedTuple):
    on: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Toggle(Device):
    """A device with one button."""

    kind = "toggle"
    layout: ClassVar[type[Any]] = Turned
    readings = {"on": Reading(lambda device, state, view: state.on, {"type": "integer", "enum": [0, 1]}, "1 while on")}
    verbs = {"press": Verb(lambda device, state, at: Turned(1 - state.on), "the other way round")}


TOGGLE = """
spec = "1.0"
[interfaces.button]
get = { url = "/{id}", reply = { on = "{on}" } }
press = { url = "/{id}/press", verb = "press", reply = { on = "{on}" } }
[devices]
T = { kind = "toggle", interface = "button" }
"""


def toggle() -> tuple[Prediction, Command]:
    contract = Contract(parse(TOGGLE, kinds={**BUILT_IN, "toggle": Toggle}))
    return predictions(contract)["T"], trials(contract.commanding("T")[0])[0]


def test_of_a_command_whose_effect_depends_on_what_was_before_nothing_is_said() -> None:
    known, press = toggle()

    assert known.changing == {"on"}
    assert (known.after(press), known.keeps(press), known.quenches(press)) == ({}, frozenset(), False)


# -- trials --------------------------------------------------------------------------------------------------------


def test_a_setpoint_is_tried_at_both_ends_and_with_and_without_a_fraction_the_least_last() -> None:
    point = next(point for point in CONTRACT.points if point.endpoint.name == "set_target")

    assert [command.path for command in trials(point)] == [f"/setCible1_{text}.py" for text in ("110", "55.5", "55", "0")]


def test_what_has_to_be_refused_is_too_much_too_little_a_word_and_nothing() -> None:
    point = next(point for point in CONTRACT.points if point.endpoint.name == "set_target")

    assert mistakes(CONTRACT, point) == [("111",), ("-1",), ("warm",), ("",)]


def test_numbers_are_written_as_urls_have_them() -> None:
    assert [written(value) for value in (66.0, 66.5, -0.0, 1e-7, 100, -12.25)] == ["66", "66.5", "0", "0.0000001", "100", "-12.25"]


def test_unknown_paths_mean_nothing() -> None:
    assert unknown_paths(CONTRACT) == ["/no-such-endpoint", "/getA.pyx"]
