"""What `verify` leaves behind: all that it found, however it ends; and what it says where it could not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.known.prediction import predictions
from mockbrew.conformance.results import Exchange
from mockbrew.conformance.safe.restoring import obstacle, way_back
from mockbrew.spec import parse
from tests.conformance.hardware import Dead, Hardware, hardware, skipped, with_eyes
from tests.conformance.spoiled import SMALL

NAMES = ("A", "B", "P1", "B1", "R1", "PID1", "PID3")


def commanded(rig: Hardware) -> dict[str, dict[str, Any]]:
    """What commands change, as it really is."""
    return {name: {key: shown[key] for key in ("state", "setpoint") if key in shown} for name, shown in rig.shown(*NAMES).items()}


def disturbed(rig: Hardware) -> dict[str, dict[str, Any]]:
    """A rig at work: a valve is open, a pump runs, two setpoints are others."""
    for path in ("/startA.py", "/startP1.py", "/setCible1_66.5.py", "/setCible3_70.py"):
        rig.bench.get(path)
    return commanded(rig)


def interrupted(after: int) -> Callable[[Exchange], None]:
    """Ctrl-C while a request is under way."""
    count: list[int] = []

    def seen(exchange: Exchange) -> None:
        count.append(1)
        if len(count) == after:
            raise KeyboardInterrupt

    return seen


def test_at_the_end_all_is_as_it_was_found() -> None:
    with hardware(with_eyes()) as rig:
        found = disturbed(rig)

        report = rig.verify()

        assert commanded(rig) == found
    assert (report.unrestored, report.stopped) == ((), "")


@pytest.mark.parametrize("after", [5, 60, 200, 400, 600, 800, 1000])
def test_after_an_interrupt_wherever_it_comes_all_is_as_it_was_found(after: int) -> None:
    with hardware(with_eyes()) as rig:
        found = disturbed(rig)

        report = rig.verify(seen=interrupted(after))

        assert commanded(rig) == found
    assert (report.unrestored, report.stopped, report.passed) == ((), "interrupted", False)


def test_what_an_interrupt_finds_heating_is_off_with_the_next_requests() -> None:
    with hardware(with_eyes()) as rig:

        def seen(exchange: Exchange) -> None:
            if exchange.method == "GET" and exchange.url == "/startB1.py":
                raise KeyboardInterrupt

        report = rig.verify(seen=seen)

        assert [path for _, path in rig.log][-40:].count("/stopB1.py") == 1
        assert rig.log[rig.log.index(("GET", "/startB1.py")) + 1][1] in ("/stopPID1.py", "/getPID1.py", "/stopB1.py")
        assert rig.shown("B1")["B1"]["on"] == 0
    assert report.stopped == "interrupted"


def test_after_a_bug_all_is_as_it_was_found_and_the_bug_is_seen() -> None:
    def seen(exchange: Exchange) -> None:
        if exchange.url == "/startB1.py":
            raise ZeroDivisionError

    with hardware(with_eyes()) as rig:
        found = disturbed(rig)

        with pytest.raises(ZeroDivisionError):
            rig.verify(seen=seen)

        assert commanded(rig) == found


def test_a_server_that_dies_while_something_heats_is_tried_again_until_it_is_back() -> None:
    dead: list[int] = []

    def before(method: str, path: str) -> None:
        if (method, path) == ("GET", "/startB1.py") or dead:
            dead.append(1)
        if 1 < len(dead) < 12:
            raise Dead

    with hardware(with_eyes()) as rig:
        found = disturbed(rig)
        rig.before = before

        report = rig.verify()

        assert commanded(rig) == found
    assert report.stopped.startswith("the server is gone: ")
    assert report.unrestored == ()
    assert any("trying again to restore what was found, in 0.5 s" in sentence for sentence in rig.said)


def test_a_server_that_does_not_come_back_is_told_aloud_with_all_that_may_be_otherwise() -> None:
    dead: list[int] = []

    def before(method: str, path: str) -> None:
        if dead:
            raise Dead
        if (method, path) == ("GET", "/startB1.py"):
            dead.append(1)

    with hardware(with_eyes()) as rig:
        rig.before = before

        report = rig.verify(patience=20)

        assert rig.shown("B1")["B1"]["on"] == 1
        assert 15 < rig.slept_since_lost() <= 21
    assert report.unrestored[3].startswith("B1: whether it is as it was found has not been seen (the server is gone: ")
    assert len(report.unrestored) == len(NAMES)
    assert [sentence for sentence in rig.said if sentence.startswith("NOT RESTORED: B1")]
    assert not report.passed


def test_what_does_not_go_back_is_told_with_what_it_is() -> None:
    with hardware(with_eyes()) as rig:
        for url in ("/stopA.py", "/Reset.py"):
            rig.fault(fault="status", endpoint=url, code=500)

        report = rig.verify()

    assert report.unrestored == ("A.state is 1 and was found 0",)
    assert "NOT RESTORED: A.state is 1 and was found 0" in rig.said


def interrupts(*at: int) -> Callable[[Exchange], None]:
    """Ctrl-C at these requests."""
    count: list[int] = []

    def seen(exchange: Exchange) -> None:
        count.append(1)
        if len(count) in at:
            raise KeyboardInterrupt

    return seen


def test_a_second_interrupt_does_not_keep_anything_from_being_restored() -> None:
    with hardware(with_eyes()) as rig:
        found = disturbed(rig)

        report = rig.verify(seen=interrupts(200, 202))

        assert commanded(rig) == found
    told = next(sentence for sentence in rig.said if "may not be as found" in sentence)
    assert told == "interrupted, but A, B, P1, B1, R1, PID1, PID3 may not be as found: restoring goes on; once more abandons it"
    assert (report.unrestored, report.stopped) == ((), "interrupted")


def test_a_third_interrupt_abandons_the_restoring_and_is_told_with_what_may_be_otherwise() -> None:
    with hardware(with_eyes()) as rig:
        report = rig.verify(seen=interrupts(200, 202, 204))

    assert "interrupted again: restoring is abandoned" in rig.said
    assert report.unrestored
    assert f"NOT RESTORED: {report.unrestored[0]}" in rig.said


def test_an_interrupt_while_all_is_restored_at_the_end_is_told_and_all_is_restored() -> None:
    with hardware(with_eyes()) as rig:
        found = disturbed(rig)
        exchanges: list[Exchange] = []
        whole = rig.verify(seen=exchanges.append)
        assert whole.passed

        report = rig.verify(seen=interrupts(len(exchanges) - 2))

        assert commanded(rig) == found
    assert (report.unrestored, report.stopped, report.passed) == ((), "interrupted", False)


def test_a_terminal_that_is_gone_keeps_nothing_from_being_restored() -> None:
    heating: list[int] = []

    def seen(exchange: Exchange) -> None:
        heating.extend([1] if exchange.url == "/startB1.py" and exchange.method == "GET" else [])
        if heating:
            raise OSError(5, "Input/output error")

    with hardware(with_eyes()) as rig:
        found = disturbed(rig)

        with pytest.raises(OSError, match="Input/output error"):
            rig.verify(seen=seen)

        assert commanded(rig) == found


def test_a_controller_that_no_longer_answers_keeps_nobody_from_switching_its_heater_off() -> None:
    dead: list[int] = []
    with hardware(with_eyes()) as rig:

        def before(method: str, path: str) -> None:
            if dead or (path == "/getB1.py" and all(shown["on"] for shown in rig.shown("PID1", "B1").values())):
                dead.append(len(rig.log))
                if "PID1" in path or "Cible1" in path:
                    raise Dead

        rig.before = before

        report = rig.verify(patience=5)

        assert "/stopB1.py" in [path for _, path in rig.log[dead[0] :]]
    assert "PID1" in {sentence.partition(":")[0].partition(".")[0] for sentence in report.unrestored}


def test_where_a_controller_does_not_stop_its_setpoint_is_not_raised_again() -> None:
    raised: list[str] = []
    with hardware(with_eyes()) as rig:
        disturbed(rig)

        def before(method: str, path: str) -> None:
            if path == "/startPID1.py" and method == "GET":
                rig.fault(fault="status", endpoint="/stopPID1.py", code=500)
            if rig.shown("PID1")["PID1"]["on"] and path == "/setCible1_66.5.py":
                raised.append(path)

        rig.before = before
        report = rig.verify()

    assert raised == []
    assert "PID1.state is 1 and was found 0" in report.unrestored[0]
    assert "PID1.setpoint is 0" in report.unrestored[0]


def test_pumps_stop_before_valves_shut_and_valves_open_before_pumps_run() -> None:
    lines = with_eyes().splitlines()
    pump = next(line for line in lines if line.startswith("P1 "))
    lines.remove(pump)
    lines.insert(lines.index("[devices]") + 1, pump)
    with hardware("\n".join(lines)) as rig:
        for path in ("/startB.py", "/startP1.py"):
            rig.bench.get(path)
        found = commanded(rig)

        def before(method: str, path: str) -> None:
            if (method, path) == ("POST", "/Reset.py"):
                for other in ("/stopB.py", "/startA.py"):
                    rig.bench.get(other)
                rig.log.append(("", "here"))

        rig.before = before
        rig.verify()

        assert commanded(rig) == found
    after = [path for _, path in rig.log[rig.log.index(("", "here")) :] if path in ("/startB.py", "/startP1.py")]
    assert after == ["/startB.py", "/startP1.py"]


# -- what cannot be brought back is not commanded ------------------------------------------------------------------


def with_valve(text: str, *endpoints: str) -> str:
    """The spec with one more valve, L, that has these endpoints."""
    interface = "\n".join(["[interfaces.own]", *endpoints, "[verify]\n"])
    return text.replace("[verify]\n", interface).replace("[devices]\n", '[devices]\nL = { kind = "valve", interface = "own" }\n')


def test_what_no_command_brings_back_is_not_commanded() -> None:
    text = with_eyes().replace('stop  = { url = "/stop{id}.py"', 'halt  = { url = "/halt{id}.py"')
    only_on = with_valve(
        text,
        'get = { url = "/getL.py", reply = { State = "{state}" } }',
        'start = { url = "/startL.py", verb = "turn_on", reply = { State = "{state}" } }',
    )
    with hardware(only_on) as rig:
        reasons = skipped(rig.verify())

        assert "/startL.py" not in rig.asked
    assert reasons["effect", "L", "start"] == "no command brings L.state back to 0"


def test_what_nobody_shows_is_not_commanded() -> None:
    blind = with_valve(
        SMALL,
        'start = { url = "/on.py", verb = "turn_on", reply = { } }',
        'stop = { url = "/off.py", verb = "turn_off", reply = { } }',
    )
    with hardware(blind) as rig:
        reasons = skipped(rig.verify())

        assert not rig.asked & {"/on.py", "/off.py", "/Reset.py"}
    assert reasons["effect", "L", "start"] == "no endpoint shows all that the commands of L change, so it could not be brought back"
    assert reasons["reset", None, "reset"] == "a reset would change L, which could not be brought back"


def test_the_way_back_of_a_controller_is_its_setpoint_and_its_stop() -> None:
    contract = Contract(parse(SMALL))
    known = predictions(contract)["PID1"]
    found, now = {"state": 0, "setpoint": 66.5}, {"state": 1, "setpoint": 0.0}

    assert obstacle(contract, known, found) == ""
    assert [each.path for each in way_back(contract, known, found, now)] == ["/stopPID1.py", "/setCible1_66.5.py"]
    assert [each.path for each in way_back(contract, known, {**found, "state": 1}, {"state": 0, "setpoint": 0.0})] == [
        "/setCible1_66.5.py",
        "/startPID1.py",
    ]
    assert way_back(contract, known, found, found) == []


def test_a_value_that_no_url_can_write_is_no_value_to_come_back_to() -> None:
    contract = Contract(parse(SMALL))

    assert obstacle(contract, predictions(contract)["PID1"], {"state": 0, "setpoint": 1e-7}) == (
        "no command brings PID1.setpoint back to 1e-07"
    )
