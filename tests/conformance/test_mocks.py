"""A server that is a mockbrew: whose clock jumps, whose state is told; a rig of its own; rules that refuse."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest

from mockbrew.conformance.opening import meet
from mockbrew.conformance.options import Options
from mockbrew.conformance.results import REAL, VIRTUAL
from mockbrew.conformance.run import verify
from mockbrew.spec import parse
from tests.conformance.hardware import failed, hardware, skipped, with_eyes
from tests.conformance.spoiled import SMALL, listening


def test_time_goes_by_without_anybody_waiting() -> None:
    with hardware(plane=True) as rig:
        report = rig.verify()

        assert rig.slept == 0
        assert rig.bench.admin("GET", "clock").json()["time"] > 300
    assert (report.pace, report.passed, skipped(report)) == (VIRTUAL, True, {})


def test_its_clock_goes_on_as_it_was_set() -> None:
    with hardware(plane=True) as rig:
        rig.bench.admin("PUT", "clock", {"rate": 0})

        report = rig.verify()

        assert rig.bench.admin("GET", "clock").json()["rate"] == 0
    assert report.passed


def test_a_clock_in_haste_is_told() -> None:
    with hardware(plane=True) as rig:
        rig.bench.admin("PUT", "clock", {"rate": 1000})

        report = rig.verify()

    assert report.notes == ("its clock runs at rate 1000, so what is on is so for long; freeze it before (rate 0)",)


@pytest.mark.parametrize(
    ("path", "body", "why"),
    [
        ("/clock/advance", b'{"time": "noon"}', "tells 'noon' as its time"),
        ("/hazards", b'{"time": 0, "hazards": {}}', "tells no hazards"),
        ("/clock/advance", b"[" * 100_000, "POST /__admin/clock/advance: 200"),
    ],
)
def test_a_control_plane_that_tells_nonsense_ends_the_run_and_breaks_nothing(path: str, body: bytes, why: str) -> None:
    with hardware(with_eyes(), plane=True) as rig:

        def lying(environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if environ["PATH_INFO"] == f"/__admin{path}" and "GET /startA.py" in asked:
                start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
                return (body,)
            asked.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
            return rig(environ, start_response)

        asked: list[str] = []
        with listening(lying) as url:
            report = verify(url, rig.bench.read_spec())

        assert not any(shown["on"] for shown in rig.shown("A", "B1", "R1", "PID1").values())
    assert why in report.stopped
    assert report.unrestored == ()


def test_a_rig_that_is_not_there_yet_is_made_and_others_are_left_alone() -> None:
    with hardware(plane=True) as rig:
        report = verify(f"{rig.url}/rigs/contract", parse(SMALL))

        assert rig.bench.admin("GET", "clock").json()["time"] == 0
        assert rig.bench.admin("GET", "journal").json()["entries"] == []
    assert (report.passed, report.pace, report.server) == (True, VIRTUAL, f"{rig.url}/rigs/contract")


def test_a_rig_that_is_only_read_is_not_made() -> None:
    with hardware(plane=True) as rig:
        report = verify(f"{rig.url}/rigs/contract", parse(SMALL), Options(read_only=True))

        assert "contract" not in json.dumps(rig.bench.ask("/__admin/rigs").json())
    assert report.passed


@pytest.mark.parametrize(("plane", "pace"), [(True, VIRTUAL), (False, REAL)])
def test_how_time_would_go_by_is_known_before_anything_is_done(*, plane: bool, pace: str) -> None:
    with hardware(plane=plane) as rig:
        assert meet(rig.url, parse(SMALL), Options()).pace == pace


def test_another_spec_than_that_of_the_mock_is_told() -> None:
    with hardware(plane=True) as rig:
        met = meet(rig.url, parse(with_eyes()), Options())
        report = verify(rig.url, parse(with_eyes()), Options(read_only=True))

    assert met.notes == report.notes == ("the server is a mockbrew with another spec than this one",)


def test_what_a_rule_of_the_spec_refuses_is_no_defect() -> None:
    rule = '[hazards.dry]\nwhen = "P1.on and not A.on"\nrefuse = true\n'
    with hardware(SMALL + rule, plane=True) as rig:
        report = rig.verify()

    why = "it was refused with a 409, as a rule of the spec wants it where the command would break it"
    assert (failed(report), report.stopped, report.unrestored) == (set(), "", ())
    assert skipped(report)["effect", "P1", "start"] == skipped(report)["status", "P1", "start"] == why
    assert skipped(report)["heats", "PID1", None] == "P1 did not come on, which a rule of the spec may refuse"


def test_a_409_that_no_rule_of_the_spec_explains_is_one() -> None:
    with hardware(plane=True) as rig:
        rig.fault(fault="status", endpoint="/startP1.py", code=409)

        report = rig.verify()

    assert ("status", "P1", "start") in failed(report)


def test_nobody_there_is_told_and_nothing_is_held_against_it() -> None:
    with hardware() as rig:
        url, spec = rig.url, rig.bench.read_spec()

    report = verify(url, spec)

    assert report.stopped.startswith(f"the server is gone: no connection to {url}: ")
    assert (failed(report), report.passed, report.unrestored) == (set(), False, ())
