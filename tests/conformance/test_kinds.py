"""Nothing here knows the brewery: rigs without controllers, without probes, without commands, with kinds of other packages."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device, HeatSource, Kinds, View
from mockbrew.devices.declare import Number, Reading, Verb, number
from mockbrew.devices.switch import ON_OFF
from tests.conformance.hardware import failed, hardware, skipped

FLOWMETER = Path(__file__).parent.parent / "plugins" / "flowmeter"
SWITCH = """
[interfaces.switch]
get   = { url = "/{id}", reply = { on = "{state}" } }
start = { url = "/{id}/on", verb = "turn_on", reply = { on = "{state}" } }
stop  = { url = "/{id}/off", verb = "turn_off", reply = { on = "{state}" } }
"""


def flowmeter() -> Kinds:
    """The kinds of a distribution that is not installed here."""
    spec = importlib.util.spec_from_file_location("mockbrew_flowmeter", FLOWMETER / "mockbrew_flowmeter.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault("mockbrew_flowmeter", module)
    spec.loader.exec_module(module)
    return {**BUILT_IN, "flowmeter": module.Flowmeter}


def test_a_kind_of_another_package_is_held_to_its_spec_as_any() -> None:
    with hardware((FLOWMETER / "cellar.toml").read_text("utf-8"), kinds=flowmeter()) as rig:
        report = rig.verify()

        assert {"/Flow1/unit/lph", "/Flow1/unit/lpm", "/Flow1/unit/warm"} <= rig.asked
    assert (failed(report), skipped(report), report.passed) == (set(), {}, True)


def test_a_rig_without_anything_that_heats_has_no_checks_of_heat() -> None:
    with hardware(f'spec = "1.0"\n{SWITCH}\n[devices]\nA = {{ kind = "valve", interface = "switch" }}') as rig:
        report = rig.verify()

    assert (failed(report), skipped(report)) == (set(), {})
    assert not {check.name for check in report.checks} & {"warms", "cools", "heats", "rests", "releases", "reset"}


def test_a_heater_whose_temperature_nobody_shows_is_switched_and_not_watched() -> None:
    text = f"""spec = "1.0"
{SWITCH}
[verify.devices]
H = {{ safe = "Kettle.volume > 5" }}
[vessels]
Kettle = {{ capacity = 50, volume = 40 }}
[devices]
H = {{ kind = "heater", interface = "switch", vessel = "Kettle", power = 3000 }}
"""
    with hardware(text, plane=True) as rig:
        report = rig.verify()

    why = "no endpoint shows a temperature in Kettle"
    assert (failed(report), skipped(report)) == (set(), {("warms", "H", None): why, ("cools", "H", None): why})


def test_a_rig_that_can_only_be_read_is_read() -> None:
    text = """spec = "1.0"
[interfaces.thermometer]
get = { url = "/{id}", reply = { T = "{temperature}" } }
[vessels]
Kettle = { capacity = 50, volume = 40 }
[devices]
T = { kind = "probe", interface = "thermometer", vessel = "Kettle", noise = 0.2, resolution = 0.0625 }
"""
    with hardware(text) as rig:
        report = rig.verify()

    assert (failed(report), skipped(report), report.commanded) == (set(), {}, False)


def test_noise_and_steps_are_no_warmth() -> None:
    with hardware(warming(power=20, noise=0.5)) as rig:
        report = rig.verify()

    assert skipped(report)["warms", "H", None] == "in 60 s T would rise by less than can be seen"


def test_a_noisy_probe_shows_warmth_that_is_more_than_its_noise() -> None:
    with hardware(warming(power=20000, noise=0.05)) as rig:
        report = rig.verify()

    assert (failed(report), skipped(report)) == (set(), {})


def test_a_vessel_near_its_boiling_point_is_not_held_to_get_warmer() -> None:
    with hardware(warming(power=5000, noise=0).replace("volume = 40", "volume = 40, temperature = 99")) as rig:
        report = rig.verify()

    assert skipped(report)["warms", "H", None] == "Kettle is near its boiling point"


def warming(power: float, noise: float) -> str:
    return f"""spec = "1.0"
{SWITCH}
[interfaces.thermometer]
get = {{ url = "/{{id}}", reply = {{ T = "{{temperature}}" }} }}
[verify.devices]
H = {{ safe = "T < 99.9" }}
[vessels]
Kettle = {{ capacity = 50, volume = 40 }}
[devices]
H = {{ kind = "heater", interface = "switch", vessel = "Kettle", power = {power} }}
T = {{ kind = "probe", interface = "thermometer", vessel = "Kettle", noise = {noise} }}
"""


class Share(NamedTuple):
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Burner(HeatSource):
    """A burner that is set from nothing to full."""

    kind = "burner"
    layout: ClassVar[type[Any]] = Share
    readings = {"share": Reading(lambda burner, state, view: state.share, {"type": "number"}, "how far it is open")}
    verbs = {"set": Verb(lambda burner, state, at, share: Share(share), "open it so far", {"share": Number(0, 1)})}

    power: float = number("at full", unit="W", minimum=0)

    def heat(self, state: Share) -> float:
        return state.share * self.power


def kettle(interface: str, heater: str) -> str:
    """A kettle with a thermometer and with one heater, H, that may heat."""
    return f"""spec = "1.0"
{interface}
[interfaces.thermometer]
get = {{ url = "/T/{{id}}", reply = {{ T = "{{temperature}}" }} }}
[verify.devices]
H = {{ safe = "T < 60" }}
[vessels]
Kettle = {{ capacity = 50, volume = 40 }}
[devices]
H = {heater}
T = {{ kind = "probe", interface = "thermometer", vessel = "Kettle" }}
"""


BURNER = kettle(
    """[interfaces.burner]
get = { url = "/{id}", reply = { share = "{share}" } }
set = { url = "/{id}/{share}", verb = "set", reply = { share = "{share}" } }
""",
    '{ kind = "burner", interface = "burner", vessel = "Kettle", power = 5000 }',
)
BURNERS = {**BUILT_IN, "burner": Burner}


def test_what_heats_by_another_verb_is_known_for_what_it_is() -> None:
    with hardware(BURNER, kinds=BURNERS) as rig:
        report = rig.verify()

        assert rig.shown("H") == {"H": {"share": 0.0}}
        assert "/H/1" in rig.asked
    assert (failed(report), skipped(report)) == (set(), {})


def test_what_heats_by_another_verb_is_not_set_to_anything_but_nothing_where_it_is_not_safe() -> None:
    with hardware(BURNER.replace('H = { safe = "T < 60" }', ""), kinds=BURNERS) as rig:
        report = rig.verify()

        assert rig.asked & {path for path in rig.asked if path.startswith("/H/")} == {"/H/0"}
    assert set(skipped(report).values()) == {"H declares no `safe` in [verify.devices], so it is never heated"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pilot(Burner):
    """One that burns a little after a reset."""

    kind = "pilot"

    def initial(self, view: View) -> Share:
        return Share(0.1)


def test_what_heats_after_a_reset_is_never_known_to_be_off_so_nothing_is_commanded() -> None:
    with hardware(BURNER.replace('"burner", interface', '"pilot", interface'), kinds={**BURNERS, "pilot": Pilot}) as rig:
        report = rig.verify()

        assert {method for method, _ in rig.log} == {"GET"}
        assert rig.asked == {"/H", "/T/T"}
    assert report.stopped == (
        "whether H is on cannot be read: nothing is commanded while something may heat; "
        "if the server does not have it, give --spec one without it to check the rest"
    )


class Dimmed(NamedTuple):
    on: int = 0
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Element(HeatSource):
    """An element that is switched, and set to a share of its power that a stop leaves as it is."""

    kind = "element"
    layout: ClassVar[type[Any]] = Dimmed
    readings = {
        "state": Reading(lambda element, state, view: state.on, ON_OFF, "whether it is on"),
        "share": Reading(lambda element, state, view: state.share, {"type": "number"}, "how much of its power"),
    }
    verbs = {
        "start": Verb(lambda element, state, at: state._replace(on=1), "switch it on"),
        "stop": Verb(lambda element, state, at: state._replace(on=0), "switch it off"),
        "set": Verb(lambda element, state, at, share: state._replace(share=share), "set it", {"share": Number(0, 1)}),
    }

    def heat(self, state: Dimmed) -> float:
        return state.on * state.share * 3000


ELEMENT = kettle(
    """[interfaces.element]
get = { url = "/{id}", reply = { on = "{state}", share = "{share}" } }
start = { url = "/{id}/on", verb = "start", reply = { on = "{state}", share = "{share}" } }
stop = { url = "/{id}/off", verb = "stop", reply = { on = "{state}", share = "{share}" } }
set = { url = "/{id}/{share}", verb = "set", reply = { on = "{state}", share = "{share}" } }
""",
    '{ kind = "element", interface = "element", vessel = "Kettle" }',
)


def test_what_a_single_command_does_not_bring_to_rest_is_switched_off_by_all_that_do() -> None:
    with hardware(ELEMENT, kinds={**BUILT_IN, "element": Element}) as rig:
        report = rig.verify()

        assert rig.shown("H") == {"H": {"state": 0, "share": 0.0}}
    assert (failed(report), report.stopped, report.unrestored) == (set(), "", ())
    assert skipped(report)["warms", "H", None] == "no command by itself makes it heat"


class Zero(NamedTuple):
    tare: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale(Device):
    """A scale whose tare nobody sees."""

    kind = "scale"
    layout: ClassVar[type[Any]] = Zero
    readings = {"weight": Reading(lambda scale, state, view: view.at * 0.0 - state.tare, {"type": "number"}, "what lies on it", "kg")}
    verbs = {"tare": Verb(lambda scale, state, at: Zero(1.0), "call this nothing")}


def test_what_a_command_does_that_nobody_can_see_is_not_commanded() -> None:
    text = """spec = "1.0"
[rig.endpoints]
reset = { url = "/Reset", verb = "reset", reply = { done = true } }
[interfaces.scale]
get = { url = "/{id}", reply = { kg = "{weight}" } }
tare = { url = "/{id}/tare", verb = "tare", reply = { kg = "{weight}" } }
[devices]
S = { kind = "scale", interface = "scale" }
"""
    with hardware(text, kinds={**BUILT_IN, "scale": Scale}) as rig:
        report = rig.verify()

        assert not rig.asked & {"/S/tare", "/Reset"}
    why = "nothing that S shows is changed by its commands, so what they do could not be undone"
    assert skipped(report)["effect", "S", "tare"] == why
    assert skipped(report)["reset", None, "reset"] == "a reset would change S, which could not be brought back"
