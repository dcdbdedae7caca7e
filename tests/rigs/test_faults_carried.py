"""Faults of a rig whose spec is changed: which go on, which are dropped, and what the log says."""

from __future__ import annotations

import pytest

from tests.app.asking import Bench
from tests.app.faulty import fail, listed
from tests.rigs.changing import NEW_VALVE, change


def names(bench: Bench) -> list[str]:
    bench.ask("/getT")  # whoever asks first takes the rig to the new spec
    return [each["name"] for each in listed(bench)]


def test_faults_go_on_with_all_that_they_have_counted(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    fail(bench, fault="stuck_on", device="A")
    fail(bench, fault="ignores", device="B", every=2, name="deaf")
    fail(bench, fault="status", code=500, endpoint="/getH", count=2)
    for path in ("/startB", "/stopB", "/startB"):
        bench.get(path)
    bench.ask("/getH")
    before = listed(bench)

    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert names(bench) == ["f1", "deaf", "f2"]
    assert listed(bench) == before
    assert (before[1]["matched"], before[1]["hits"], before[2]["hits"]) == (3, 1, 1)
    assert bench.admin("GET", "state?only=A").json()["devices"]["A"]["on"] == 1
    assert bench.get("/startB") == "1"
    assert listed(bench)[1]["hits"] == 2  # the fourth command, the second that it ignores
    assert [bench.ask("/getH").status for _ in range(2)] == [500, 200]
    assert "faults are dropped" not in caplog.text


def test_faults_of_devices_that_go_or_become_another_kind_are_dropped(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    for name in "ABHT":
        fail(bench, fault="frozen" if name == "T" else "stuck", device=name, name=name)

    change(bench, 'A = { kind = "valve", interface = "switch" }\n', "")
    change(bench, 'B = { kind = "valve"', 'B = { kind = "pump"')

    assert names(bench) == ["H", "T"]
    assert "rig 'default': faults are dropped, since what they were about has changed: A, B" in caplog.text


def forget_how_to_fail(bench: Bench) -> None:
    """As if a newer version of the kind were installed, which knows a failure no more."""
    kind = bench.kinds["heater"]
    less = type("Heater", (kind,), {"__slots__": (), "failures": {"stuck": kind.failures["stuck"]}, "kind": "heater"})
    bench.kinds = {**bench.kinds, "heater": less}
    bench.restart()


def test_where_a_kind_knows_a_fault_no_more_its_cell_starts_fresh_with_the_next_spec(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    fail(bench, fault="weak", device="H", share=0.5)
    fail(bench, fault="stuck_on", device="A")

    forget_how_to_fail(bench)
    change(bench, "[devices]\n", f"[devices]\n{NEW_VALVE}")

    assert names(bench) == ["f2"]
    assert "the state of cell 'Kettle' is damaged (no device 'H' fails like 'weak')" in caplog.text
    assert "faults are dropped, since what they were about has changed: f1" in caplog.text


def test_a_reset_mends_a_cell_whose_faults_nobody_knows_and_keeps_those_of_transport(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    fail(bench, fault="weak", device="H", share=0.5)
    fail(bench, fault="empty", endpoint="/getA")
    forget_how_to_fail(bench)
    assert bench.ask("/getT").status == 503

    assert bench.admin("POST", "reset").status == 200

    assert bench.get("/getT") == "20.0"
    assert names(bench) == ["f2"]
    assert bench.get("/getA") == ""
    assert "rig 'default' is reset without the faults of its devices: " in caplog.text


def test_faults_about_endpoints_that_are_gone_are_dropped(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    fail(bench, fault="empty", device="A", name="of-a")
    fail(bench, fault="empty", endpoint="/getB", name="of-b")
    fail(bench, fault="delay", seconds=0, name="of-all")

    change(bench, 'A = { kind = "valve", interface = "switch" }\n', "")
    change(bench, 'get = { url = "/get{id}", reply = "{state}" }', 'get = { url = "/{id}", reply = "{state}" }')

    assert names(bench) == ["of-all"]
    assert "faults are dropped, since what they were about has changed: of-a, of-b" in caplog.text


def test_a_dropped_fault_leaves_no_counter_to_the_next_of_its_name(bench: Bench) -> None:
    fail(bench, fault="empty", endpoint="/getA", count=1)
    bench.ask("/getA")
    line = 'A = { kind = "valve", interface = "switch" }\n'
    change(bench, line, "")
    assert names(bench) == []
    change(bench, "[devices]\n", f"[devices]\n{line}")
    bench.ask("/getT")

    fail(bench, fault="empty", endpoint="/getA", count=1)

    assert listed(bench)[0]["hits"] == 0
    assert bench.get("/getA") == ""


def test_a_cell_that_is_split_or_joined_keeps_its_faults(bench: Bench) -> None:
    fail(bench, fault="stuck_on", device="B")
    fail(bench, fault="offset", device="T", kelvin=3)
    joiner = 'K = { kind = "thermostat", interface = "pid", probe = "T", heaters = ["B"], setpoint = 5 }\n'

    change(bench, "[devices]\n", f"[devices]\n{joiner}")

    assert bench.get("/getT") == "23.0"
    assert bench.admin("GET", "state?only=B").json()["devices"]["B"]["on"] == 1
    assert names(bench) == ["f1", "f2"]
    change(bench, joiner, "")
    assert bench.get("/getT") == "23.0"
    assert names(bench) == ["f1", "f2"]
