"""Where `verify` commands nothing at all: something is on, cannot be read, or only readings are asked for."""

from __future__ import annotations

import pytest

from mockbrew.admin.access import CLOSED
from mockbrew.conformance.known.contract import Contract
from mockbrew.conformance.run import verify
from mockbrew.endpoints import Endpoint
from mockbrew.spec import parse
from tests.conformance.hardware import Hardware, hardware, skipped, with_eyes
from tests.conformance.spoiled import SMALL, Reply, Rig, serving

COMMANDS = ("start", "stop", "set", "Reset")


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


def _readings(rig: Hardware) -> list[Endpoint]:
    return [point.endpoint for point in Contract(rig.bench.read_spec()).reading_points]
