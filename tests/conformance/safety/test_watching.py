"""What `verify` sees while something is on, and switches off."""

from __future__ import annotations

from mockbrew.conformance.opening import Times
from mockbrew.conformance.results import REAL, VIRTUAL
from mockbrew.conformance.run import verify
from tests.conformance.hardware import failed, hardware, skipped, with_eyes


def test_what_is_no_longer_safe_is_switched_off_at_once() -> None:
    with hardware(with_eyes().replace('B1   = { safe = "Temp1 < 70" }', 'B1   = { safe = "Temp1 < 20.3" }')) as rig:
        report = rig.verify()

        last = max(at for at, asked in enumerate(rig.log) if asked == ("GET", "/startB1.py"))
        after = [path for method, path in rig.log[last + 1 :]]
        assert rig.shown("B1")["B1"]["on"] == 0
        assert rig.shown("Temp1")["Temp1"]["temperature"] < 20.5
    assert "/stopB1.py" in after[:60]
    assert skipped(report)["warms", "B1", None] == ("B1 may not heat: 'Temp1 < 20.3' is not certain: it is not so now; it was switched off")


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
