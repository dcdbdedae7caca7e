"""The clock of a rig by the control plane: told, set, advanced, and run until a condition holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockbrew.clock import SECOND, nanoseconds
from mockbrew.testbench.clock import AHEAD
from tests.app.asking import Bench, on_file, on_memory
from tests.plant.oracle import Command, Oracle

SOON = AHEAD / SECOND  # s of wall between a change and the instant from which it holds
MONTH = 30 * 86_400  # s


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    yield made
    made.store.close()


def clock(bench: Bench, rig: str = "default") -> Any:
    return bench.admin("GET", "clock", rig=rig).json()


def refused(bench: Bench, method: str, path: str, body: Any) -> list[tuple[str, str]]:
    """The errors of a request that must change nothing."""
    before = clock(bench)

    answer = bench.admin(method, path, body)

    assert answer.status == 400
    assert clock(bench) == before
    return [(error["field"], error["message"]) for error in answer.json()["errors"]]


def test_a_clock_tells_time_rate_and_horizon(bench: Bench) -> None:
    bench.get("/startA.py")
    bench.wait(12.5)

    assert clock(bench) == {"rig": "default", "time": 12.5, "rate": 1, "stands_still": False, "horizon": MONTH}


def test_a_rate_is_set_as_it_was_written(bench: Bench) -> None:
    bench.get("/startA.py")

    answer = bench.admin("PUT", "clock", {"rate": 0.1})
    bench.wait(SOON + 30)

    assert answer.json() == {"rig": "default", "time": SOON, "rate": 0.1, "stands_still": False, "horizon": MONTH}
    assert clock(bench)["time"] == SOON + 3


def test_a_frozen_rig_reads_the_same_however_long_one_waits(bench: Bench) -> None:
    bench.get("/startB1.py")
    bench.wait(60)

    bench.admin("PUT", "clock", {"rate": 0})
    frozen = bench.get("/getTemp1.py")
    bench.wait(5000)

    assert bench.get("/getTemp1.py") == frozen
    assert clock(bench)["rate"] == 0


def test_a_mash_of_an_hour_goes_by_in_one_request(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    bench.get("/setCible3_65.py")
    bench.get("/startPID3.py")

    told = bench.admin("POST", "clock/advance", {"seconds": 3600}).json()

    assert told["time"] == 3600
    assert float(bench.get("/getTemp3.py").split(":")[-1].rstrip("}")) == pytest.approx(65, abs=0.5)


def test_time_and_rate_are_set_together_and_time_not_back(bench: Bench) -> None:
    bench.get("/startA.py")
    told = bench.admin("PUT", "clock", {"time": 100, "rate": 0}).json()
    assert (told["time"], told["rate"]) == (100, 0)

    back = bench.admin("PUT", "clock", {"time": 99.5, "rate": 1})

    assert back.status == 409
    assert back.json()["detail"] == "rig 'default': it is 100.0 s there already, and time never goes back to 99.5 s; nothing was changed"
    assert (clock(bench)["time"], clock(bench)["rate"]) == (100, 0)


@pytest.mark.parametrize(
    ("method", "path", "body", "errors"),
    [
        ("PUT", "clock", {}, [("", 'nothing is set; give "rate", "time", or both')]),
        ("PUT", "clock", {"rate": -1}, [("rate", "-1 is out of range; it must be a number from 0 to 100000")]),
        ("PUT", "clock", {"rate": 100_001}, [("rate", "100001 is out of range; it must be a number from 0 to 100000")]),
        ("PUT", "clock", {"rate": True}, [("rate", "true is a boolean; it must be a number from 0 to 100000")]),
        ("PUT", "clock", b'{"rate": NaN}', [("", "NaN is no number of JSON; write a finite one")]),
        (
            "PUT",
            "clock",
            {"rat": 1, "time": -5},
            [
                ("time", "-5 is out of range; it must be a number from 0 to 8640000000 s"),
                ("rat", "unknown field 'rat'; known: rate, time (did you mean 'rate'?)"),
            ],
        ),
        ("POST", "clock/advance", {"seconds": 1e9}, [("seconds", "1000000000.0 is out of range; it must be a number from 0 to 2592000 s")]),
        ("POST", "clock/advance", {"seconds": -1}, [("seconds", "-1 is out of range; it must be a number from 0 to 2592000 s")]),
        ("POST", "clock/advance", {}, [("seconds", "missing; it must be a number from 0 to 2592000 s, how far to jump in virtual time")]),
        (
            "POST",
            "clock/run-until",
            {"condition": "A == 1"},
            [("limit", "missing; it must be a number from 0 to 2592000 s, how far to look for it in virtual time")],
        ),
        (
            "POST",
            "clock/run-until",
            {"condition": "Temp3 => 65", "limit": 60},
            [("condition", "column 7: '=>' means nothing here; write >=")],
        ),
    ],
)
def test_what_no_clock_can_do_is_refused_and_changes_nothing(
    bench: Bench, method: str, path: str, body: Any, errors: list[tuple[str, str]]
) -> None:
    bench.get("/startA.py")

    assert refused(bench, method, path, body) == errors


def test_an_advance_that_ends_at_the_horizon_says_so_and_so_do_readings(bench: Bench) -> None:
    bench.get("/startA.py")
    bench.wait(10)

    told = bench.admin("POST", "clock/advance", {"seconds": MONTH}).json()

    assert told == {"rig": "default", "time": MONTH, "rate": 1, "stands_still": True, "horizon": MONTH}
    assert bench.ask("/getA.py").headers["X-Mockbrew-Rig"] == "default; stands-still"
    assert bench.ask("/rigs/default/getA.py").headers["X-Mockbrew-Rig"] == "default; stands-still"


def test_run_until_tells_when_it_held_first_and_how_long_that_took(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    bench.get("/startB1.py")
    began = clock(bench)["time"]

    told = bench.admin("POST", "clock/run-until", {"condition": "Temp1 >= 40 and B1.on", "limit": 7200}).json()

    assert told == {**clock(bench), "waited": pytest.approx(told["time"] - began)}
    assert float(bench.get("/getTemp1.py").split(":")[-1].rstrip("}")) == pytest.approx(40, abs=1e-9)


def test_run_until_that_does_not_get_there_is_a_problem_with_the_nearest_value(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    bench.get("/startB1.py")

    answer = bench.admin("POST", "clock/run-until", {"condition": "Temp1 >= 90", "limit": 60})

    problem = answer.json()
    assert answer.status == 409
    assert problem["nearest"] == f"Temp1 came as near as {float(bench.get('/getTemp1.py').split(':')[-1].rstrip('}')):.6g} to 90"
    assert problem["time"] == clock(bench)["time"] == 60
    assert problem["stands_still"] is False


def test_run_until_that_takes_long_says_where_it_is_and_when_to_ask_again(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    bench.get("/startPID1.py")
    late = iter(range(10**6))
    bench.app._served.rigs.anchors.stopwatch = lambda: next(late) / 10

    answer = bench.admin("POST", "clock/run-until", {"condition": "Temp1 >= 99", "limit": MONTH})

    problem = answer.json()
    assert answer.status == 503
    assert answer.headers["Retry-After"] == "1"
    assert 0 < problem["time"] == clock(bench)["time"] < MONTH
    assert problem["time"] + problem["limit"] == pytest.approx(MONTH, abs=1)


def test_each_rig_has_a_clock_of_its_own_and_who_only_asks_makes_none(bench: Bench) -> None:
    assert bench.admin("GET", "clock", rig="team-a").status == 404

    bench.admin("POST", "clock/advance", {"seconds": 600}, rig="team-a")

    assert clock(bench, "team-a")["time"] == 600
    assert clock(bench)["time"] == 0


CROSSINGS = [
    (["/startB1.py"], "Temp1 >= 60", "Temp1", 60.0),
    (["/startB2.py", "/startB1.py", "/startB.py", "/startC.py", "/startP1.py"], "Temp3 > 25 and P1.on", "Temp3", 25.0),
]
ORDERS = {"/startP1.py": "P1", "/startB.py": "B", "/startC.py": "C", "/startB1.py": "B1", "/startB2.py": "B2"}


@pytest.mark.parametrize(("paths", "condition", "probe", "threshold"), CROSSINGS)
def test_an_independent_integrator_crosses_at_the_same_microsecond(
    bench: Bench, paths: list[str], condition: str, probe: str, threshold: float
) -> None:
    bench.admin("PUT", "clock", {"rate": 0})
    history: list[Command] = []
    for path in paths:
        bench.admin("POST", "clock/advance", {"seconds": 100})
        bench.get(path)
        history.append((nanoseconds(clock(bench)["time"]), ORDERS[path], "turn_on", {}))

    told = bench.admin("POST", "clock/run-until", {"condition": condition, "limit": 7200}).json()

    devices = [entry.device for entry in bench.app.spec.entries.values()]
    at = nanoseconds(told["time"])
    there, later = Oracle(devices, bench.app.spec.surroundings, history).sights([at, at + SECOND])
    slope = later.probes[probe] - there.probes[probe]  # K/s
    assert slope > 1e-3
    assert abs(there.probes[probe] - threshold) / slope < 1e-6


def test_a_rate_is_written_in_one_form_wherever_it_is_told(bench: Bench) -> None:
    bench.admin("PUT", "clock", {"rate": 2})
    taken = bench.admin("POST", "snapshots", {"name": "twice"})
    told = [bench.admin("GET", path) for path in ("clock", "rig", "rigs", "snapshots")]
    told += [taken, bench.admin("POST", "snapshots/twice/restore")]

    assert all(b'"rate":2,' in each.body or b'"rate":2}' in each.body for each in told), told
