"""What `verify` does not do to real hardware: heat where that is not certainly safe, command what heats already, write when it reads."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from mockbrew.admin.access import CLOSED
from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.opening import Times
from mockbrew.conformance.results import REAL, VIRTUAL
from mockbrew.conformance.run import verify
from mockbrew.devices import BUILT_IN
from mockbrew.devices.declare import Number, Verb
from mockbrew.devices.thermostat import Thermostat
from mockbrew.endpoints import Endpoint
from mockbrew.settings import REFERENCE
from mockbrew.spec import parse
from tests.conformance.hardware import Hardware, failed, hardware, skipped, with_eyes
from tests.conformance.spoiled import SMALL, Reply, Rig, serving

HEATERS = ("B1", "R1")
COMMANDS = ("start", "stop", "set", "Reset")


def heating_requests(rig: Hardware) -> list[str]:
    """All that could heat: a start of a heater, or of a controller whose setpoint is not below what its probe shows."""
    found: list[str] = []

    def look(method: str, path: str) -> None:
        for number, heater in (("1", "B1"), ("3", "R1")):
            shown = rig.shown(f"PID{number}", f"Temp{number}")
            cold = shown[f"PID{number}"]["setpoint"] < shown[f"Temp{number}"]["temperature"] - 1
            if path == f"/start{heater}.py" or (path == f"/startPID{number}.py" and not cold):
                found.append(f"{method} {path}")

    rig.before = look
    return found


def test_where_it_is_unknown_whether_heating_is_safe_not_one_request_heats_whatever_its_method() -> None:
    with hardware() as rig:
        heating = heating_requests(rig)

        report = rig.verify()

        assert heating == []
        assert (report.pace, report.commanded, report.passed) == (REAL, True, True)
        assert all(rig.shown(name)[name]["on"] == 0 for name in HEATERS)


def test_what_was_not_heated_is_skipped_with_the_reading_that_nobody_shows() -> None:
    with hardware() as rig:
        reasons = skipped(rig.verify())

    why = "B1 may not heat: 'HotTank.volume >= 10 and Temp1 < 70' is not certain: nobody shows HotTank.volume"
    assert reasons["warms", "B1", None] == reasons["effect", "B1", "start"] == why
    assert {device for _, device, _ in reasons} == {"B1", "R1", "PID1", "PID3"}


def test_of_what_may_not_heat_everything_else_is_looked_at_all_the_same() -> None:
    with hardware() as rig:
        reasons = skipped(rig.verify())

    assert not [key for key in reasons if key[1:] == ("B1", "stop")]
    assert {key for key in reasons if key[1] == "PID1"} == {("heats", "PID1", None), ("releases", "PID1", None)}


def test_without_any_condition_nothing_that_heats_is_switched_on() -> None:
    text = SMALL[: SMALL.index("[verify.devices]")] + SMALL[SMALL.index("[vessels]") :]
    with hardware(text) as rig:
        heating = heating_requests(rig)

        reasons = skipped(rig.verify())

    assert heating == []
    assert reasons["warms", "B1", None] == "B1 declares no `safe` in [verify.devices], so it is never heated"


def test_where_the_owner_has_declared_what_can_be_seen_all_of_it_is_looked_at() -> None:
    with hardware(with_eyes()) as rig:
        report = rig.verify()

    assert (failed(report), skipped(report), report.stopped, report.unrestored) == (set(), {}, "", ())
    assert report.pace == REAL


def test_a_probe_that_shows_nothing_makes_nothing_certain() -> None:
    with hardware(with_eyes()) as rig:
        rig.fault(fault="open_circuit", device="Temp1")
        report = rig.verify()

        assert "/startB1.py" not in rig.asked
    assert "nobody shows Temp1.temperature" in skipped(report)["warms", "B1", None]
    assert "Temp1.temperature shows null" in report.notes


def test_what_is_no_longer_safe_is_switched_off_at_once() -> None:
    with hardware(with_eyes().replace('B1   = { safe = "Temp1 < 70" }', 'B1   = { safe = "Temp1 < 20.3" }')) as rig:
        report = rig.verify()

        last = max(at for at, asked in enumerate(rig.log) if asked == ("GET", "/startB1.py"))
        after = [path for method, path in rig.log[last + 1 :]]
        assert rig.shown("B1")["B1"]["on"] == 0
        assert rig.shown("Temp1")["Temp1"]["temperature"] < 20.5
    assert "/stopB1.py" in after[:60]
    assert skipped(report)["warms", "B1", None] == ("B1 may not heat: 'Temp1 < 20.3' is not certain: it is not so now; it was switched off")


@pytest.mark.parametrize("start", ["/startB1.py", "/startPID1.py"])
def test_where_something_is_found_on_that_heats_there_is_no_command_at_all(start: str) -> None:
    with hardware(with_eyes()) as rig:
        rig.bench.get(start)

        report = rig.verify()

        assert {method for method, _ in rig.log} == {"GET"}
        assert not [path for path in rig.asked if path.startswith(tuple(f"/{word}" for word in COMMANDS))]
        assert rig.shown("B1")["B1"]["on"] == 1
    assert (report.commanded, report.passed) == (False, False)
    assert report.stopped.endswith("on: nothing is commanded while something heats")
    assert start.removeprefix("/start").removesuffix(".py") in report.stopped


def test_where_it_cannot_be_read_whether_something_heats_there_is_no_command_at_all() -> None:
    with hardware(with_eyes()) as rig:
        rig.fault(fault="status", endpoint="/getB1.py", code=500)

        report = rig.verify()

        assert {method for method, _ in rig.log} == {"GET"}
    assert report.stopped == (
        "whether B1 is on cannot be read: nothing is commanded while something may heat; "
        "if the server does not have it, give --spec one without it to check the rest"
    )


@pytest.mark.parametrize("plane", [False, True])
def test_only_reading_is_only_reading(plane: bool) -> None:  # noqa: FBT001 - a parameter of the test
    with hardware(with_eyes(), plane=plane) as rig:
        report = rig.verify(read_only=True)

        assert {method for method, _ in rig.log} == {"GET"}
        assert rig.asked == {endpoint.url for endpoint in _readings(rig)}
    assert (report.passed, report.commanded) == (True, False)
    assert set(skipped(report).values()) == {"only readings are asked for"}


def test_a_pump_with_a_condition_of_its_own_does_not_run_without_it() -> None:
    declared = with_eyes().replace("[verify.devices]", '[verify.devices]\nP1 = { safe = "HotTank.volume > 5" }')
    for plane in (False, True):
        with hardware(declared, plane=plane) as rig:
            reasons = skipped(rig.verify())

            assert ("/startP1.py" in rig.asked) == plane
        why = "P1 may not be on: 'HotTank.volume > 5' is not certain: nobody shows HotTank.volume"
        assert reasons.get(("effect", "P1", "start")) == (None if plane else why)
        assert ("effect", "P1", "stop") not in reasons


def test_a_pump_whose_condition_ceases_is_switched_off() -> None:
    declared = with_eyes().replace("[verify.devices]", '[verify.devices]\nP1 = { safe = "Temp1 < 30", settle = 10 }')
    with hardware(declared) as rig:

        def before(method: str, path: str) -> None:
            if path == "/getTemp1.py" and rig.shown("P1")["P1"]["on"]:
                rig.bench.admin("PATCH", "state", {"vessels": {"HotTank": {"temperature": 60}}})
                rig.bench.wait(100)

        rig.before = before
        reasons = skipped(rig.verify())

        assert rig.shown("P1")["P1"]["on"] == 0
    assert reasons["effect", "P1", "start"] == ("P1 may not be on: 'Temp1 < 30' is not certain: it is not so now; it was switched off")


def test_no_two_things_are_open_or_run_at_once() -> None:
    together: list[int] = []
    with hardware(with_eyes()) as rig:

        def before(method: str, path: str) -> None:
            together.append(sum(shown["on"] for name, shown in rig.shown("A", "B", "P1", "B1", "R1").items()))
            if "PID" in path or rig.shown("PID1")["PID1"]["on"]:
                together.pop()  # its heater and its pump belong together

        rig.before = before
        rig.verify()

    assert set(together) == {0, 1}


def test_what_heats_without_being_told_to_is_switched_off_and_ends_the_run() -> None:
    with hardware(with_eyes()) as rig:

        def before(method: str, path: str) -> None:
            if (method, path) == ("GET", "/startA.py"):
                rig.bench.get("/startB1.py")

        rig.before = before
        report = rig.verify()

        assert rig.shown("B1")["B1"]["on"] == 0
    assert report.stopped == "B1 is on, and nobody here switched it on"
    assert ("others", "A", "start") in failed(report)
    assert report.unrestored == ()


def test_what_a_mistake_at_a_reading_switches_on_is_switched_off_and_ends_the_run() -> None:
    with hardware(with_eyes()) as rig:

        def before(method: str, path: str) -> None:
            if (method, path) == ("PUT", "/getB1.py"):
                rig.bench.get("/startB1.py")

        rig.before = before
        report = rig.verify()

        assert rig.shown("B1")["B1"]["on"] == 0
    assert (report.stopped, report.unrestored) == ("B1 is on, and nobody here switched it on", ())


def test_what_comes_on_while_it_is_waited_is_seen_at_once() -> None:
    with hardware(with_eyes()) as rig:
        lit: list[float] = []

        def sleep(seconds: float) -> None:
            dark = not any(shown["on"] for shown in rig.shown("B1", "R1", "PID1", "PID3").values())
            if dark and not lit and seconds >= 1 and rig.log[-1] == ("GET", "/getCible3.py"):
                rig.bench.get("/startB1.py")
                lit.append(rig.slept)
            rig.slept += seconds
            rig.bench.wait(seconds)

        def before(method: str, path: str) -> None:
            if path == "/stopB1.py" and len(lit) == 1:
                lit.append(rig.slept)

        rig.before = before
        report = verify(rig.url, rig.bench.read_spec(), times=Times(sleep, lambda: rig.slept))

        assert rig.shown("B1")["B1"]["on"] == 0
    assert report.stopped == "B1 is on, and nobody here switched it on"
    assert lit[1] - lit[0] <= 1


def test_a_heater_of_which_nothing_can_be_read_after_its_stop_is_not_taken_for_off() -> None:
    with hardware(with_eyes()) as rig:

        def before(method: str, path: str) -> None:
            if (method, path) == ("GET", "/startB1.py"):
                rig.fault(fault="status", endpoint="/getB1.py", code=500)

        rig.before = before
        report = rig.verify()

    assert report.stopped.startswith("B1 does not go off")
    assert report.unrestored[0].startswith("B1.state is not shown")


HOT_WATER = """
[devices]
V = { kind = "valve", interface = "switch", sensor = "hot water" }
THERMO = { kind = "thermostat", interface = "controller", number = 9, sensor = "HotTank", probe = "Temp1", heaters = ["V"], setpoint = 50 }
"""


def test_a_loop_heats_whatever_its_outputs_are() -> None:
    with hardware(with_eyes().replace("\n[devices]\n", HOT_WATER)) as rig:
        started: list[float] = []

        def before(method: str, path: str) -> None:
            if path == "/startTHERMO.py":
                started.append(rig.shown("THERMO")["THERMO"]["setpoint"])

        rig.before = before
        reasons = skipped(rig.verify())

    assert set(started) == {0.0}
    assert reasons["heats", "THERMO", None] == "THERMO declares no `safe` in [verify.devices], so it is never heated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kettle(Thermostat):
    """Starts with a setpoint of its order."""

    kind = "kettle"
    verbs = {
        **Thermostat.verbs,
        "heat": Verb(
            lambda loop, state, at, setpoint: Thermostat.verbs["start"].apply(loop, state._replace(setpoint=setpoint), at),
            "start with this setpoint",
            {"setpoint": Number("lowest", "highest", "degC")},
        ),
    }


def test_a_start_with_a_setpoint_counts_by_that_and_not_by_the_one_before() -> None:
    text = SMALL.replace('/start{id}.py", verb = "start"', '/heat{id}_{setpoint}.py", verb = "heat"')
    for old, new in (('kind = "pid"', 'kind = "kettle"'), ("window = 30", ""), ("window = 10", ""), ('pumps = ["P1"]', "")):
        text = text.replace(old, new)
    with hardware(text, kinds={**BUILT_IN, "kettle": Kettle}) as rig:
        heated: list[str] = []

        def before(method: str, path: str) -> None:
            if path.startswith("/heatPID") and path not in ("/heatPID1_0.py", "/heatPID3_0.py"):
                heated.append(f"{method} {path}")

        rig.before = before
        report = rig.verify()

    assert heated == []
    assert skipped(report)["rests", "PID1", None].startswith("PID1 may not heat: ")


def test_a_server_that_is_no_brewery_is_asked_for_readings_only_and_told_so() -> None:
    def anything(rig: Rig, method: str, path: str) -> Reply:
        asked.append(method)
        return Reply(404, {"Content-Type": "text/html"}, b"<h1>Not found</h1>")

    asked: list[str] = []
    with serving(anything, access=CLOSED) as url:
        report = verify(url, parse(SMALL))

    assert report.stopped == (
        "none of the 11 readings can be read: is this the right address (of a mockbrew: http://HOST:PORT or http://HOST:PORT/rigs/NAME), "
        "and its spec? Nothing else is asked"
    )
    assert set(asked) == {"GET"}


def test_a_new_hazard_ends_the_run_with_everything_off() -> None:
    rule = '[hazards.pumping]\ntitle = "the pump runs"\nwhen = "P1.on"\n'
    for plane in (False, True):
        with hardware(with_eyes() + rule, plane=plane) as rig:
            report = rig.verify()

            assert rig.shown("P1", "A") == {"P1": {"state": 0, "on": 0}, "A": {"state": 0, "on": 0}}
        assert report.stopped == "hazard 'pumping': the pump runs"
        assert (report.unrestored, report.pace) == ((), VIRTUAL if plane else REAL)


def test_a_hazard_that_was_there_before_is_nobodys_fault() -> None:
    with hardware(with_eyes() + '[hazards.shut]\nwhen = "not A.on and not B.on"\n') as rig:
        report = rig.verify()

    assert not report.stopped


def test_a_rule_with_a_hold_off_may_be_broken_for_less() -> None:
    with hardware(with_eyes() + '[hazards.pumping]\nwhen = "P1.on"\nhold_off = 30\n') as rig:
        report = rig.verify()

    assert not report.stopped


def test_the_reference_rig_as_it_is_passes_and_nothing_is_left_out() -> None:
    with hardware(REFERENCE.read_text("utf-8"), plane=True) as rig:
        report = rig.verify()

    assert (failed(report), skipped(report), report.stopped, report.unrestored) == (set(), {}, "", ())
    assert report.passed


def _readings(rig: Hardware) -> list[Endpoint]:
    return [point.endpoint for point in Contract(rig.bench.read_spec()).reading_points]
