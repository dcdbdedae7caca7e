"""Defective servers, one test each: `verify` names the defect, and blames nothing else.

Each is the small rig of `spoiled` with one thing wrong. What is expected of a report is all that failed, as (check, device, endpoint), and
what is told of it.
"""

from __future__ import annotations

from mockbrew.conformance.options import Options
from mockbrew.conformance.results import FAILED, Report
from mockbrew.conformance.run import verify
from mockbrew.spec import parse
from tests.conformance import defects
from tests.conformance.spoiled import SMALL, Defect, Reply, Rig, serving, sound

Failed = set[tuple[str, str | None, str | None]]
Told = tuple[str, str, str]  # where, expected, got


def held(defect: Defect, *, layout: bool = True) -> Report:
    """A server with this defect, held against the spec of the small rig."""
    spec = parse(SMALL)
    with serving(defect, spec) as url:
        return verify(url, spec, Options(layout=layout), say=lambda sentence: None)


def failed(report: Report) -> Failed:
    return {(check.name, check.device, check.endpoint) for check in report.of(FAILED)}


def told(report: Report, name: str, device: str | None = None) -> set[Told]:
    """What is told of a failed check."""
    checks = [check for check in report.of(FAILED) if (check.name, check.device) == (name, device)]
    return {(each.where, each.expected, each.got) for check in checks for each in check.differences}


def test_a_sound_server_passes_and_nothing_is_left_out() -> None:
    report = held(sound)

    assert (failed(report), report.stopped, report.unrestored) == (set(), "", ())
    assert report.passed
    assert {check.name: check.reason for check in report.of("skipped")} == {}


# -- one reply -----------------------------------------------------------------------------------------------------


def test_keys_in_another_order() -> None:
    report = held(defects.data("/getB.py", lambda value: dict(reversed(value.items()))))

    assert failed(report) == {("layout", "B", "get")}


def test_keys_in_another_order_are_right_where_any_layout_will_do() -> None:
    assert held(defects.data("/getB.py", lambda value: dict(reversed(value.items()))), layout=False).passed


def test_a_blank_after_the_colon() -> None:
    report = held(defects.body("/startP1.py", lambda body: body.replace(b":", b": ")))

    assert failed(report) == {("layout", "P1", "start")}


def test_a_state_that_is_a_text() -> None:
    report = held(defects.data("/getB.py", lambda value: {**value, "State": str(value["State"])}))

    assert ("schema", "B", "get") in failed(report)
    assert {device for _, device, _ in failed(report)} == {"B"}


def test_a_number_without_its_fraction() -> None:
    report = held(defects.body("/getCible1.py", lambda body: body.replace(b".0}", b"}")))

    assert failed(report) == {("layout", "PID1", "get_target")}


def test_another_content_type() -> None:
    report = held(defects.header("/getTemp3.py", "text/html"))

    assert failed(report) == {("content-type", "Temp3", "get")}
    assert told(report, "content-type", "Temp3") == {("header Content-Type", "application/json", "text/html")}


def test_a_missing_key() -> None:
    report = held(defects.data("/getTemp3.py", lambda value: {"Temp": value["Temp"]}))

    assert failed(report) == {("schema", "Temp3", "get")}
    assert told(report, "schema", "Temp3") == {("body.Sensor", "there", "missing")}


def test_a_key_too_many() -> None:
    report = held(defects.data("/getTemp3.py", lambda value: {**value, "Unit": "C"}))

    assert failed(report) == {("schema", "Temp3", "get")}
    assert told(report, "schema", "Temp3") == {("body.Unit", "not there", '"C"')}


def test_the_name_of_another_sensor() -> None:
    report = held(defects.data("/getA.py", lambda value: {**value, "Sensor": "VanneB"}))

    assert failed(report) == {("schema", "A", "get")}
    assert told(report, "schema", "A") == {("body.Sensor", '"VanneA"', '"VanneB"')}


def test_an_error_with_status_200() -> None:
    report = held(defects.instead("/getTemp3.py", 200, b'{"error":"no probe"}'))

    assert ("schema", "Temp3", "get") in failed(report)
    assert {device for _, device, _ in failed(report)} == {"Temp3"}


def test_a_500() -> None:
    report = held(defects.instead("/startB.py", 500, b""))

    assert ("status", "B", "start") in failed(report)
    assert {device for _, device, _ in failed(report)} == {"B"}
    assert told(report, "status", "B") == {("status", "200", "500")}


def test_a_temperature_that_is_null() -> None:
    report = held(defects.temperature("/getTemp3.py", lambda shown: None))

    assert failed(report) == {("value", "Temp3", "get")}
    assert told(report, "value", "Temp3") == {("Temp3.temperature", "a value", "null")}


def test_a_body_that_is_cut_off() -> None:
    report = held(defects.truncated("/getTemp3.py"))

    assert ("status", "Temp3", "get") in failed(report)
    assert {device for _, device, _ in failed(report)} == {"Temp3"}


def test_a_byte_order_mark() -> None:
    report = held(defects.body("/getB.py", lambda body: b"\xef\xbb\xbf" + body))

    assert ("json", "B", "get") in failed(report)
    assert {device for _, device, _ in failed(report)} == {"B"}


# -- methods and mistakes ------------------------------------------------------------------------------------------


def test_a_body_after_head() -> None:
    report = held(defects.head_has_a_body("/getB.py"))

    assert failed(report) == {("head", "B", "get")}


def test_a_command_by_head() -> None:
    report = held(defects.as_get("/startB.py", "HEAD"))

    assert failed(report) == {("head", "B", "start")}


def test_a_command_by_put() -> None:
    report = held(defects.as_get("/startB.py", "PUT"))

    assert failed(report) == {("methods", "B", "start")}


def test_a_reading_by_put() -> None:
    report = held(defects.as_get("/getB.py", "PUT"))

    assert failed(report) == {("methods", "B", "get")}


def test_no_command_by_post() -> None:
    report = held(defects.refused("/startB.py", "POST"))

    assert failed(report) == {("post", "B", "start")}


def test_unknown_paths_that_are_answered() -> None:
    report = held(defects.unknown_paths_are_good)

    assert failed(report) == {("unknown-path", None, None)}


def test_a_setpoint_out_of_range_that_is_taken() -> None:
    report = held(defects.every_setpoint("1"))

    assert failed(report) == {("bad-argument", "PID1", "set_target")}


def test_a_setpoint_that_is_refused_and_changes_it_all_the_same() -> None:
    report = held(defects.refused_and_set("1", 42.5))

    assert failed(report) == {("bad-argument", "PID1", "set_target")}
    assert {(where, got) for where, _, got in told(report, "bad-argument", "PID1")} == {("PID1.setpoint", "42.5")}


def test_a_setpoint_out_of_range_that_is_silently_another() -> None:
    report = held(defects.clamped("1", 110))

    assert failed(report) == {("bad-argument", "PID1", "set_target")}


# -- commands ------------------------------------------------------------------------------------------------------


def test_a_stop_that_does_not_stop() -> None:
    report = held(defects.told_only("/stopB.py", "/getB.py"))

    assert ("effect", "B", "stop") in failed(report)
    assert {device for _, device, _ in failed(report)} <= {"B"}
    assert told(report, "effect", "B") == {("B.state", "0", "1")}


def test_a_start_that_does_not_start() -> None:
    report = held(defects.told_only("/startP1.py", "/getP1.py"))

    assert ("effect", "P1", "start") in failed(report)
    assert {device for _, device, _ in failed(report)} == {"P1"}
    assert told(report, "effect", "P1") == {("P1.state", "1", "0")}


def test_a_reading_that_is_one_request_late() -> None:
    report = held(defects.late("/getB.py"))

    assert ("prompt", "B", "start") in failed(report)
    assert {device for _, device, _ in failed(report)} == {"B"}


def test_a_setpoint_that_is_set_on_another_controller() -> None:
    report = held(defects.of_another("3", "1"))

    assert {("effect", "PID3", "set_target"), ("others", "PID3", "set_target")} <= failed(report)
    assert {device for _, device, _ in failed(report)} == {"PID3"}


def test_a_valve_that_opens_another_one_too() -> None:
    report = held(defects.also("/startA.py", "/startB.py"))

    assert failed(report) == {("others", "A", "start")}
    assert told(report, "others", "A") == {("B.state", "0", "1")}


def test_a_reset_that_leaves_a_pump_on() -> None:
    report = held(defects.left_at_reset("/getP1.py", lambda shown: "/startP1.py" if shown["State"] else None))

    assert failed(report) == {("reset", None, "reset")}
    assert told(report, "reset") == {("P1.state", "0", "1")}


def test_a_reset_that_leaves_a_setpoint() -> None:
    report = held(defects.left_at_reset("/getCible1.py", lambda shown: f"/setCible1_{shown['Cible']}.py"))

    assert failed(report) == {("reset", None, "reset")}
    assert {where for where, _, _ in told(report, "reset")} == {"PID1.setpoint"}


def test_a_reset_by_post_that_leaves_a_setpoint() -> None:
    report = held(defects.left_at_reset("/getCible1.py", lambda shown: f"/setCible1_{shown['Cible']}.py", ("POST",)))

    assert failed(report) == {("post", None, "reset")}
    assert {where for where, _, _ in told(report, "post")} == {"PID1.setpoint"}


def test_a_setpoint_that_is_lost_after_a_while() -> None:
    report = held(defects.lost("1", 20))

    assert failed(report) == {("holds", "PID1", None)}


# -- heat ----------------------------------------------------------------------------------------------------------


def test_a_temperature_that_falls_while_it_heats() -> None:
    report = held(defects.temperature("/getTemp1.py", lambda shown: 40.0 - shown))

    assert ("warms", "B1", None) in failed(report)
    assert {device for _, device, _ in failed(report)} <= {"B1"}


def test_a_temperature_that_stands_still_while_it_heats() -> None:
    report = held(defects.temperature("/getTemp1.py", lambda shown: 20.5))

    assert failed(report) == {("warms", "B1", None)}


def test_a_controller_that_never_heats() -> None:
    report = held(defects.idle("1"))

    assert failed(report) == {("heats", "PID1", None)}


def test_a_controller_that_leaves_its_heater_on() -> None:
    report = held(defects.keeps_its_heater_on("1", "B1"))

    assert failed(report) == {("releases", "PID1", None)}


# -- all of them ---------------------------------------------------------------------------------------------------


def test_nothing_is_commanded_where_only_readings_are_asked_for() -> None:
    methods: list[str] = []

    def defect(rig: Rig, method: str, path: str) -> Reply:
        methods.append(f"{method} {path}")
        return rig(path, method)

    spec = parse(SMALL)
    with serving(defect, spec) as url:
        report = verify(url, spec, Options(read_only=True), say=lambda sentence: None)

    assert failed(report) == set()
    assert not report.commanded
    assert all(asked.startswith("GET /get") for asked in methods)
