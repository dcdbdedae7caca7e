"""Requests that faults of transport hold back, and what happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mockbrew.admin.access import LOCAL
from mockbrew.app import App
from tests.app.asking import Bench
from tests.app.faulty import OFF, ON, fail, journal, listed


def test_a_delay_holds_the_reply_back_and_then_serves_what_is_so(bench: Bench) -> None:
    def meanwhile(seconds: float) -> None:
        waited.append(seconds)
        inner.ask("/startA.py")

    waited: list[float] = []
    inner = Bench(bench.store, machine=bench.machine)  # another worker; it would wait for ever for a lock that is held
    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=meanwhile)
    fail(bench, fault="delay", seconds=2.5, endpoint="/getA.py", announce=True)

    answer = bench.ask("/getA.py")

    assert (answer.body.decode(), answer.headers["X-Mockbrew-Fault"]) == (ON, "f1")
    assert waited == [2.5]


def test_a_delayed_command_is_carried_out_after_the_wait(bench: Bench) -> None:
    seen: list[bytes] = []
    inner = Bench(bench.store, machine=bench.machine)
    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=lambda _: seen.append(inner.ask("/getA.py").body))
    fail(bench, fault="delay", seconds=1, endpoint="/startA.py")

    assert bench.get("/startA.py") == ON
    assert seen == [OFF.encode()]


def test_where_no_fault_hits_nobody_waits(bench: Bench) -> None:
    waited: list[float] = []
    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=waited.append)
    fail(bench, fault="delay", seconds=1, probability=0.0)

    assert bench.get("/startA.py") == ON
    assert bench.get("/getA.py") == ON
    assert waited == []
    assert listed(bench)[0]["matched"] == 2


def waits(bench: Bench, happens: Callable[[], object]) -> list[float]:
    """Let something happen whenever a reply is held back; the list of how long each is."""
    held: list[float] = []

    def wait(seconds: float) -> None:
        held.append(seconds)
        happens()

    bench.app = App(bench.read_spec, bench.store, bench.kinds, LOCAL, wait=wait)
    return held


def matched(bench: Bench, rig: str = "default") -> list[int]:
    return [each["matched"] for each in bench.admin("GET", "faults", rig=rig).json()["faults"]]


@pytest.mark.parametrize("path", ["/startA.py", "/getA.py"])
def test_a_request_that_follows_a_changed_spec_is_counted_once_and_waits_once(bench: Bench, path: str) -> None:
    fail(bench, fault="delay", seconds=3)

    def change() -> None:
        bench.text = bench.text.replace("[devices]\n", '[devices]\nK = { kind = "valve", interface = "switch", sensor = "VanneK" }\n', 1)
        Bench(bench.store, bench.text, machine=bench.machine).ask("/__admin/state")

    held = waits(bench, change)

    assert bench.get(path) == (ON if path == "/startA.py" else OFF)
    assert (held, matched(bench)) == ([3.0], [1])
    assert "K" in bench.app.spec.entries


@pytest.mark.parametrize("path", ["/startA.py", "/getA.py"])
def test_a_rig_that_is_deleted_while_a_request_waits_is_not_made_again(bench: Bench, path: str) -> None:
    bench.admin("POST", "faults", {"fault": "delay", "seconds": 3}, rig="team-a")
    waits(bench, lambda: bench.admin("DELETE", "rigs/team-a"))

    assert bench.ask(f"/rigs/team-a{path}").status == 404
    assert [row.name for row in bench.store.rigs()] == ["default"]


def test_what_waits_for_a_rig_that_is_deleted_and_made_again_meanwhile_knows_nothing_of_its_faults(bench: Bench) -> None:
    fail(bench, fault="delay", seconds=3)
    held = waits(bench, lambda: bench.admin("DELETE", "rigs/default"))

    assert bench.get("/startA.py") == ON
    assert (held, matched(bench)) == ([3.0], [])
    assert [each.get("fault") for each in journal(bench)] == [None]
