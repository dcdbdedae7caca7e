"""What the control plane says of the server itself, and of its rigs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mockbrew.admin.about import MOST
from mockbrew.fingerprint import fingerprint
from tests.app.asking import Bench, on_file, on_memory


@pytest.fixture
def bench() -> Bench:
    return on_memory()


# -- the server ----------------------------------------------------------------------------------------------------


def test_health_touches_nothing(tmp_path: Path) -> None:
    answer = on_file(tmp_path).ask("/__admin/health")

    assert (answer.status, answer.json()) == (200, {"status": "alive"})
    assert list(tmp_path.iterdir()) == []


def test_readiness_names_the_spec_and_how_the_machine_computes_and_makes_no_rig(bench: Bench) -> None:
    answer = bench.ask("/__admin/ready")

    assert answer.status == 200
    assert answer.json() == {"status": "ready", "spec": bench.app.spec.digest, "fingerprint": fingerprint()}
    assert bench.store.rigs() == []


def test_a_server_whose_store_can_t_be_read_is_not_ready_but_lives(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("no database")
    bench = on_file(tmp_path)

    answer = bench.ask("/__admin/ready")

    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert bench.ask("/__admin/health").status == 200


def test_the_fingerprint_is_of_the_machine_alone() -> None:
    again = fingerprint.__wrapped__()

    assert again == fingerprint()
    assert len(again) == 16


def test_the_spec_is_shown_as_data(bench: Bench) -> None:
    shown = bench.ask("/__admin/spec").json()

    assert (shown["title"], shown["digest"]) == ("Brasserie trois cuves", bench.app.spec.digest)
    assert shown["document"] == bench.app.spec.document


def test_the_routes_of_some_devices_are_listed_as_among_all(bench: Bench) -> None:
    every = bench.ask("/__admin/routes").json()["routes"]

    some = bench.admin("GET", "routes?only=Temp1&only=PID2").json()["routes"]

    assert len(every) == 67
    assert some == [route for device in ("Temp1", "PID2") for route in every if route["device"] == device]


def test_routes_of_what_is_not_there_are_refused(bench: Bench) -> None:
    answer = bench.admin("GET", "routes?only=Temp1&only=Tmp2")

    assert answer.status == 400
    assert [error["message"].rpartition(" (")[2] for error in answer.json()["errors"]] == ["did you mean 'Temp2'?)"]


def test_more_routes_than_one_answer_shows_are_asked_for_by_device() -> None:
    valves = "\n".join(f'V{number} = {{ kind = "valve", interface = "switch" }}' for number in range(MOST + 1))
    bench = on_memory(f'spec = "1.0"\n[interfaces.switch]\nget = {{ url = "/{{id}}", reply = 1 }}\n[devices]\n{valves}')

    refused, shown = bench.admin("GET", "routes"), bench.admin("GET", "routes?only=V10000")

    assert refused.status == 400
    assert "10001 endpoints are more than one answer shows, 10000; name the devices" in refused.json()["detail"]
    assert [route["url"] for route in shown.json()["routes"]] == ["/V10000"]


# -- rigs ----------------------------------------------------------------------------------------------------------


def test_a_rig_is_told_without_a_look_at_its_plant(bench: Bench) -> None:
    bench.get("/startA.py")
    bench.wait(2.5)

    assert bench.ask("/__admin/rig").json() == {
        "rig": "default",
        "run": 1,
        "spec": bench.app.spec.digest,
        "seed": 0,
        "clock": {"time": 2.5, "rate": 1, "stands_still": False},
        "events": 1,
        "resets": 0,
        "recording": False,
        "idle": 2.5,
    }


def test_the_rigs_are_listed_by_name(bench: Bench) -> None:
    assert bench.ask("/__admin/rigs").json() == {"rigs": []}

    for rig in ("team-b", "default", "team-a"):
        bench.get(f"/rigs/{rig}/startA.py")

    assert [rig["rig"] for rig in bench.ask("/__admin/rigs").json()["rigs"]] == ["default", "team-a", "team-b"]


def test_a_deleted_rig_is_gone_and_begins_anew(bench: Bench) -> None:
    bench.get("/rigs/team-a/startA.py")
    bench.get("/rigs/team-b/startA.py")

    answer = bench.admin("DELETE", "rigs/team-a")

    assert (answer.status, answer.json()) == (200, {"rig": "team-a", "deleted": True})
    assert bench.admin("GET", "rig", rig="team-a").status == 404
    assert bench.get("/rigs/team-a/getA.py") == '{"Sensor":"VanneA","State":0}'
    assert bench.get("/rigs/team-b/getA.py") == '{"Sensor":"VanneA","State":1}'


def test_a_rig_that_is_not_there_can_t_be_deleted(bench: Bench) -> None:
    bench.get("/startA.py")

    answer = bench.admin("DELETE", "rigs/team-a")

    assert (answer.status, answer.json()["rig"]) == (404, "team-a")
    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":1}'


def test_no_rig_has_such_a_name(bench: Bench) -> None:
    answer = bench.admin("DELETE", "rigs/Team")

    assert answer.status == 400
    assert answer.json()["detail"].startswith("'Team' can't be the name of a rig; ")


def test_the_default_rig_can_be_deleted_too_and_is_there_again_at_once(bench: Bench) -> None:
    assert bench.admin("DELETE", "rigs/default").status == 200
    bench.get("/startA.py")

    assert bench.admin("DELETE", "rigs/default").status == 200

    assert bench.get("/getA.py") == '{"Sensor":"VanneA","State":0}'
    assert bench.ask("/__admin/rig").json()["events"] == 0


def test_a_reset_is_that_of_the_wire_and_in_the_journal(bench: Bench) -> None:
    bench.get("/rigs/team-a/startA.py")

    answer = bench.admin("POST", "reset", rig="team-a")

    assert (answer.status, answer.body) == (200, b'{"rig":"team-a","reset":true}')
    assert bench.get("/rigs/team-a/getA.py") == '{"Sensor":"VanneA","State":0}'
    assert bench.admin("GET", "rig", rig="team-a").json()["resets"] == 1
    row = next(row for row in bench.store.rigs() if row.name == "team-a")
    said = json.loads(bench.store.journal(row, 1, 1)[0].body)
    assert (said["method"], said["url"], said["verb"]) == ("POST", "/__admin/reset", "reset")


# -- seeds ---------------------------------------------------------------------------------------------------------


def hits(bench: Bench, rig: str, **fault: int) -> list[int]:
    """The statuses of twenty requests to a rig with a fault that hits about half of them."""
    bench.admin("POST", "faults", {"name": "flaky", "fault": "status", "code": 503, "probability": 0.5, **fault}, rig=rig)
    return [bench.ask(f"/rigs/{rig}/getA.py").status for _ in range(20)]


def test_a_rig_is_given_a_seed_before_anything_happens_to_it(bench: Bench) -> None:
    given = bench.admin("PUT", "rig", {"seed": 7}, rig="team-a")
    seeded, other = hits(bench, "team-a"), on_memory()
    other.get("/rigs/team-a/startA.py")

    assert (given.status, given.json()["seed"], given.json()["events"]) == (200, 7, 0)
    assert {200, 503} == set(seeded)
    assert hits(other, "team-a") != seeded
    (entry,) = [each for each in bench.admin("GET", "journal", rig="team-a").json()["entries"] if each.get("verb") == "seed"]
    assert (entry["arguments"], entry["status"]) == ({"seed": 7}, 200)


@pytest.mark.parametrize("doing", ["startA", "wait", "fault"])
def test_a_rig_that_has_gone_on_with_its_seed_keeps_it(bench: Bench, doing: str) -> None:
    bench.admin("PUT", "clock", {"rate": 0 if doing == "fault" else 1}, rig="team-a")
    if doing == "startA":
        bench.get("/rigs/team-a/startA.py")
    elif doing == "wait":
        bench.wait(2)
    else:
        bench.admin("POST", "faults", {"fault": "empty", "probability": 0.5}, rig="team-a")
    before = bench.admin("GET", "rig", rig="team-a").json()

    answer = bench.admin("PUT", "rig", {"seed": 7}, rig="team-a")

    assert (answer.status, answer.json()["seed"]) == (409, 0)
    assert "all with the seed 0; give it its seed before anything happens to it, at 0 s, or DELETE it" in answer.json()["detail"]
    assert bench.admin("GET", "rig", rig="team-a").json() == before


def test_the_seed_that_a_rig_has_can_be_given_to_it_at_any_time(bench: Bench) -> None:
    bench.admin("PUT", "rig", {"seed": 7})
    bench.get("/startA.py")
    before = bench.admin("GET", "rig").json()

    answer = bench.admin("PUT", "rig", {"seed": 7})

    assert (answer.status, answer.json()) == (200, before)


def test_a_fault_with_a_seed_of_its_own_fails_alike_on_a_rig_of_any_name_and_seed(bench: Bench) -> None:
    bench.admin("PUT", "rig", {"seed": 3}, rig="team-b")

    assert hits(bench, "team-a", seed=7) == hits(bench, "team-b", seed=7)
    assert hits(bench, "team-c") != hits(bench, "team-d")


def test_each_resource_is_listed_with_what_it_does_as_an_order(bench: Bench) -> None:
    resources = bench.ask("/__admin/").json()["resources"]
    does = [each["does"] for methods in resources.values() for each in methods.values()]

    assert {said.split()[0] for said in does} <= {
        *(
            "check",
            "delete",
            "empty",
            "end",
            "forget",
            "give",
            "jump",
            "keep",
            "let",
            "list",
            "put",
            "record",
            "say",
            "set",
            "show",
            "take",
        ),
        "tell",
    }
