"""Snapshots as the control plane takes and restores them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.asking import Bench, on_file, on_memory


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    yield made
    made.store.close()


def played(bench: Bench) -> list[bytes]:
    """Replies to the same requests at the same virtual times, with faults at work."""
    replies = []
    for pause, path in [
        (3.0, "/startPID2.py"),
        (0.0, "/startA.py"),
        (600.0, "/setCible1_62.py"),
        (50.0, "/stopB1.py"),
        (1.0, "/startA.py"),
        (9.0, "/stopA.py"),
        (700.5, "/stopPID1.py"),
    ]:
        bench.wait(pause)
        replies += [bench.ask(path).body]
        replies += [bench.ask(f"/get{name}.py").body for name in ("Temp1", "Temp2", "Temp3", "A", "B1", "P1", "Cible1")]
    return replies


def stored(bench: Bench) -> list[tuple[str, int, str]]:
    (row,) = bench.store.rigs()
    return [(name, cell.at, cell.body) for name, cell in bench.store.cells(row)]


def test_a_restored_rig_answers_the_same_bytes_with_controllers_and_faults(bench: Bench) -> None:
    for fault in (
        {"fault": "noise", "device": "Temp1", "deviation": 0.4},
        {"fault": "ignores", "device": "A", "every": 2},
        {"fault": "status", "endpoint": "/getTemp3.py", "code": 503, "probability": 0.5},
    ):
        assert bench.admin("POST", "faults", fault).status == 201
    bench.get("/startPID1.py")
    bench.wait(123.4)
    bench.admin("POST", "snapshots", {"name": "mash"})

    first, after = played(bench), stored(bench)
    faults = bench.admin("GET", "faults").json()
    bench.admin("DELETE", "faults")
    bench.get("/Reset.py")
    bench.wait(5000)
    bench.admin("POST", "snapshots/mash/restore")
    second, again = played(bench), stored(bench)
    told = bench.admin("GET", "faults").json()

    assert second == first
    assert again == after
    assert told == faults
    assert len({reply for reply in first if b"503" in reply}) == 1


def test_taking_restoring_listing_deleting(bench: Bench) -> None:
    bench.get("/startA.py")
    bench.wait(60)

    taken = bench.admin("POST", "snapshots", {"name": "mash-in"})
    listed = bench.admin("GET", "snapshots").json()
    bench.wait(60)
    restored = bench.admin("POST", "snapshots/mash-in/restore")
    deleted = bench.admin("DELETE", "snapshots/mash-in")

    body = taken.json()
    assert (taken.status, body["name"], body["time"], body["rate"]) == (201, "mash-in", 60.0, 1.0)
    assert listed == {"rig": "default", "snapshots": [{key: value for key, value in body.items() if key != "rig"}]}
    assert (restored.status, restored.json()) == (
        200,
        {"rig": "default", "restored": "mash-in", "run": body["run"] + 1, "time": 60.0, "rate": 1.0},
    )
    assert (deleted.status, deleted.json()) == (200, {"rig": "default", "deleted": "mash-in"})
    assert bench.admin("GET", "snapshots").json() == {"rig": "default", "snapshots": []}


def test_a_rig_has_its_own_snapshots(bench: Bench) -> None:
    bench.admin("POST", "snapshots", {"name": "mine"}, rig="team-a")
    bench.get("/startA.py")

    assert bench.admin("GET", "snapshots").json()["snapshots"] == []
    assert bench.admin("POST", "snapshots/mine/restore").status == 404
    assert bench.admin("POST", "snapshots/mine/restore", rig="team-a").status == 200


def test_the_first_snapshot_makes_the_rig(bench: Bench) -> None:
    assert bench.admin("POST", "snapshots", {"name": "zero"}, rig="new").status == 201

    assert [row.name for row in bench.store.rigs()] == ["new"]


def test_an_absent_rig_can_t_be_restored_and_is_not_made(bench: Bench) -> None:
    asked = [
        bench.admin("GET", "snapshots", rig="absent"),
        bench.admin("POST", "snapshots/mash/restore", rig="absent"),
        bench.admin("DELETE", "snapshots/mash", rig="absent"),
    ]

    assert [answer.status for answer in asked] == [404, 404, 404]
    assert bench.store.rigs() == []


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, [{"field": "name", "message": "missing; it must be a text"}]),
        (
            {"name": "Mash"},
            [
                {
                    "field": "name",
                    "message": "'Mash' can't be a name; one begins with a-z or 0-9, goes on with those, '.', '_' or '-', up to 64 in all",
                }
            ],
        ),
    ],
)
def test_what_is_no_name_is_refused(bench: Bench, body: dict[str, str], errors: list[dict[str, str]]) -> None:
    bench.get("/startA.py")

    answer = bench.admin("POST", "snapshots", body)
    assert answer.status == 400
    assert [error["field"] for error in answer.json()["errors"]] == [error["field"] for error in errors]
    assert bench.admin("GET", "snapshots").json()["snapshots"] == []


def test_a_name_that_is_taken_is_a_conflict(bench: Bench) -> None:
    bench.admin("POST", "snapshots", {"name": "mash"})
    bench.wait(10)

    assert bench.admin("POST", "snapshots", {"name": "mash"}).status == 409
    assert [each["time"] for each in bench.admin("GET", "snapshots").json()["snapshots"]] == [0.0]
