"""What `verify` switches on real hardware: what heats only where that is certainly safe."""

from __future__ import annotations

from dataclasses import dataclass

from mockbrew.conformance.results import REAL
from mockbrew.devices import BUILT_IN
from mockbrew.devices.declare import Number, Verb
from mockbrew.devices.thermostat import Thermostat
from mockbrew.settings import REFERENCE
from tests.conformance.hardware import Hardware, failed, hardware, skipped, with_eyes
from tests.conformance.spoiled import SMALL

HEATERS = ("B1", "R1")


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


def test_a_pump_with_a_condition_of_its_own_does_not_run_without_it() -> None:
    declared = with_eyes().replace("[verify.devices]", '[verify.devices]\nP1 = { safe = "HotTank.volume > 5" }')
    for plane in (False, True):
        with hardware(declared, plane=plane) as rig:
            reasons = skipped(rig.verify())

            assert ("/startP1.py" in rig.asked) == plane
        why = "P1 may not be on: 'HotTank.volume > 5' is not certain: nobody shows HotTank.volume"
        assert reasons.get(("effect", "P1", "start")) == (None if plane else why)
        assert ("effect", "P1", "stop") not in reasons


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


def test_the_reference_rig_as_it_is_passes_and_nothing_is_left_out() -> None:
    with hardware(REFERENCE.read_text("utf-8"), plane=True) as rig:
        report = rig.verify()

    assert (failed(report), skipped(report), report.stopped, report.unrestored) == (set(), {}, "", ())
    assert report.passed
