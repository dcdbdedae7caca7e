"""Whichever way a request takes through the app, the reply is the same byte for byte.

Three ways: of an app that has answered before and remembers what it may, of one that has just begun, and of the definitions.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew.app import App
from mockbrew.endpoints import Endpoint
from mockbrew.router import Router
from tests.app import long_way
from tests.app.asking import REFERENCE_TEXT, Bench, on_file, on_memory
from tests.app.long_way import Answered
from tests.app.test_following import WITH_K

ROUTER = Router(on_memory().app.spec)
READINGS = [endpoint for endpoint in ROUTER.endpoints if not endpoint.commands]
SOME = [endpoint for endpoint in READINGS if endpoint.device in ("A", "P1", "B1", "PID1", "Temp1", "Temp2")]
COMMANDS = ("/startA.py", "/stopA.py", "/startPID1.py", "/startPID2.py", "/stopPID1.py", "/startP1.py", "/setCible2_66.5.py", "/Reset.py")
HOUR, DAY = 3_600, 86_400  # s


def asked(app: App, path: str, method: str = "GET", **environ: Any) -> Answered:
    """One request, with all that is answered."""
    said: list[tuple[str, list[tuple[str, str]]]] = []
    body = b"".join(app({"REQUEST_METHOD": method, "PATH_INFO": path, **environ}, lambda status, fields: said.append((status, fields))))
    ((status, fields),) = said
    return status, fields, body


def running(bench: Bench) -> App:
    """What has answered before."""
    return bench.app


def begun(bench: Bench) -> App:
    """What a process answers with that starts now, on the same store."""
    return Bench(bench.store, bench.text, bench.kinds, bench.machine).app


def row(bench: Bench, rig: str, **changed: Any) -> None:
    """Change the row of a rig, if there is one."""
    with bench.store.transaction() as transaction:
        before = transaction.rig(rig)
        if before is not None:
            transaction.put_rig(replace(before, **changed))


def clock(bench: Bench, rig: str, rate: float) -> None:
    bench.admin("PUT", "clock", {"rate": rate}, rig=rig)
    bench.wait(1)


def a_month(bench: Bench, rig: str) -> None:
    """With nothing on, so that it is not long to compute."""
    bench.ask(f"/rigs/{rig}/Reset.py")
    bench.wait(31 * DAY)


def restored(bench: Bench, rig: str) -> None:
    bench.admin("POST", "snapshots", {"name": f"s{bench.machine.since_boot}"}, rig=rig)
    bench.ask(f"/rigs/{rig}/startB1.py")
    bench.wait(7)
    bench.admin("POST", f"snapshots/s{bench.machine.since_boot - 7 * 10**9}/restore", rig=rig)


def another_spec(bench: Bench, rig: str) -> None:
    """The file has another device, and a process that has started since has taken the rig there."""
    bench.text = WITH_K if bench.text == REFERENCE_TEXT else REFERENCE_TEXT
    asked(begun(bench), f"/rigs/{rig}/getA.py")


def commanded(path: str) -> Callable[[Bench, str], object]:
    return lambda bench, rig: bench.ask(f"/rigs/{rig}{path}")


STEPS: Mapping[str, Callable[[Bench, str], object]] = {
    "a moment": lambda bench, _: bench.wait(0.3),
    "two minutes": lambda bench, _: bench.wait(120),
    "a day and more": lambda bench, _: bench.wait(26 * HOUR),
    "a month": a_month,
    "at x60": lambda bench, rig: clock(bench, rig, 60),
    "at x0.1": lambda bench, rig: clock(bench, rig, 0.1),
    "frozen": lambda bench, rig: clock(bench, rig, 0),
    "a change of the clock is announced": lambda bench, rig: row(bench, rig, changing=bench.store.wall() + 10**9),
    "a probe breaks": lambda bench, rig: bench.admin("POST", "faults", {"fault": "open_circuit", "device": "Temp1"}, rig=rig),
    "a valve sticks": lambda bench, rig: bench.admin("POST", "faults", {"fault": "stuck", "device": "A"}, rig=rig),
    "replies are spoilt": lambda bench, rig: bench.admin("POST", "faults", {"fault": "status", "code": 500, "device": "P1"}, rig=rig),
    "faults are mended": lambda bench, rig: bench.admin("DELETE", "faults", rig=rig),
    "all is recorded": lambda bench, rig: row(bench, rig, recording=1),
    "no more is recorded": lambda bench, rig: row(bench, rig, recording=0),
    "a snapshot is restored": restored,
    "another spec": another_spec,
    "deleted": lambda bench, rig: bench.ask(f"/__admin/rigs/{rig}", "DELETE"),
    **{path: commanded(path) for path in COMMANDS},
}

steps = st.lists(st.sampled_from(sorted(STEPS)), max_size=7)
names = st.sampled_from(["default", "team-a"])


def by_all_ways(bench: Bench, endpoint: Endpoint, rig: str) -> list[Answered]:
    """The replies to the same reading of a rig, which is named as it can be."""
    url = endpoint.url
    ways = [(f"/rigs/{rig}{url}", {}), (url, {"HTTP_X_MOCKBREW_RIG": rig}), *([(url, {})] if rig == "default" else [])]
    return [asked(app, path, **environ) for app in (bench.app, begun(bench), bench.app) for path, environ in ways]


def lived(bench: Bench, rig: str, story: Sequence[str], look: Callable[[], object]) -> None:
    """Go through it, and let the app remember what it may on the way."""
    for step in story:
        look()
        STEPS[step](bench, rig)
        asked(bench.app, f"/rigs/{rig}/getTemp1.py")


@pytest.mark.parametrize("kept", ["memory", "file"])
@given(story=steps, rig=names)
@settings(deadline=None, max_examples=25)
def test_a_reading_is_the_same_by_every_way(kept: str, story: Sequence[str], rig: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = on_file(Path(folder)) if kept == "file" else on_memory()
        lived(bench, rig, story, lambda: asked(bench.app, f"/rigs/{rig}/getA.py"))

        for endpoint in SOME:
            first, *others = by_all_ways(bench, endpoint, rig)

            assert [other for other in others if other != first] == []
            if first[0] == "200 OK":
                assert first == long_way.reading(bench.app.spec, bench.store, endpoint, rig)
        bench.store.close()


@given(story=steps, rig=names, endpoint=st.sampled_from(READINGS), method=st.sampled_from(["HEAD", "OPTIONS", "POST", "PUT", "get", ""]))
@settings(deadline=None, max_examples=40)
def test_another_method_is_answered_alike_by_who_remembers_and_by_who_has_just_begun(
    story: Sequence[str], rig: str, endpoint: Endpoint, method: str
) -> None:
    bench = on_memory()
    lived(bench, rig, story, lambda: None)
    path = f"/rigs/{rig}{endpoint.url}"

    got, (status, fields, body) = asked(bench.app, path), asked(bench.app, path, method)

    assert asked(begun(bench), path, method) == (status, fields, body)
    if method == "HEAD":
        assert (status, fields, body) == (*got[:2], b"")
    else:
        assert status == ("204 No Content" if method == "OPTIONS" else "405 Method Not Allowed")


@given(story=steps, rig=names)
@settings(deadline=None, max_examples=25)
def test_a_command_is_answered_alike_by_who_remembers_and_by_who_has_just_begun(story: Sequence[str], rig: str) -> None:
    """Two rigs that have lived through the same, of which one is commanded by each."""
    told = []
    for app_of in (running, begun):
        bench = on_memory()
        lived(bench, rig, story, partial(asked, bench.app, f"/rigs/{rig}/getA.py"))
        told.append([asked(app_of(bench), f"/rigs/{rig}{path}") for path in (*COMMANDS, "/setCible1_999.py", "/startNope.py")])

    assert told[0] == told[1]


def test_every_reading_of_the_reference_rig_is_seen_by_the_long_way_too() -> None:
    bench = on_memory()
    for path in ("/startPID1.py", "/startPID2.py", "/startPID3.py", "/startA.py", "/startB.py"):
        bench.get(path)
    bench.wait(1234.5)

    for endpoint in READINGS:
        assert asked(bench.app, endpoint.url) == long_way.reading(bench.app.spec, bench.store, endpoint, "default")


def test_a_list_of_header_fields_is_each_reply_s_own() -> None:
    """A server may add to it."""
    bench = on_memory()
    first = asked(bench.app, "/getA.py")
    first[1].append(("Server", "some"))

    assert ("Server", "some") not in asked(bench.app, "/getA.py")[1]
