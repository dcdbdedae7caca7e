"""Who makes a rig, what shows one that is not there, and which spec each follows."""

from __future__ import annotations

import pytest

from tests.app.asking import Bench
from tests.app.rigs.roll import DAY, OFF, ON, rigs

CROSS_SITE = {"HTTP_SEC_FETCH_SITE": "cross-site"}


def test_reading_a_rig_that_is_not_there_shows_the_initial_state_and_makes_nothing(bench: Bench) -> None:
    bench.wait(600)

    for path, body in (("getA.py", OFF), ("getTemp1.py", b'{"Sensor":"HotTank","Temp":20.0}')):
        answer = bench.ask(f"/rigs/team-a/{path}")
        assert (answer.status, answer.body, answer.headers["X-Mockbrew-Rig"]) == (200, body, "team-a; new")
    assert bench.ask("/rigs/team-a/getA.py", "HEAD").headers["X-Mockbrew-Rig"] == "team-a; new"
    assert rigs(bench) == []


@pytest.mark.parametrize("path", ["startA.py", "setCible1_65.py", "Reset.py"])
def test_the_first_command_makes_a_rig_whose_time_begins_then(bench: Bench, path: str) -> None:
    bench.wait(600)

    answer = bench.ask(f"/rigs/team-a/{path}")

    assert (answer.status, answer.headers["X-Mockbrew-Rig"]) == (200, "team-a")
    assert rigs(bench) == ["team-a"]
    assert bench.admin("GET", "clock", rig="team-a").json()["time"] == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "setCible1_999.py", 400),
        ("GET", "startZ.py", 404),
        ("PUT", "startA.py", 405),
        ("HEAD", "startA.py", 405),
        ("OPTIONS", "startA.py", 204),
    ],
)
def test_what_commands_nothing_makes_no_rig(bench: Bench, method: str, path: str, status: int) -> None:
    assert bench.ask(f"/rigs/team-a/{path}", method).status == status

    assert rigs(bench) == []


def test_a_page_of_another_site_makes_no_rig_but_may_speak_to_one(bench: Bench) -> None:
    answer = bench.ask("/rigs/team-a/startA.py", **CROSS_SITE)

    assert answer.status == 403
    assert answer.json()["detail"] == "a page of another site may not make a rig; rig 'team-a' was not made"
    assert rigs(bench) == []
    assert bench.ask("/rigs/team-a/getA.py", **CROSS_SITE).body == OFF
    bench.ask("/rigs/team-a/stopA.py")
    assert bench.ask("/rigs/team-a/startA.py", **CROSS_SITE).body == ON
    assert bench.ask("/startA.py", **CROSS_SITE).body == ON


def test_a_rig_that_stands_still_says_so_after_its_name(bench: Bench) -> None:
    bench.ask("/rigs/team-a/startA.py")
    bench.admin("POST", "clock/advance", {"seconds": 30 * DAY}, rig="team-a")

    assert bench.ask("/rigs/team-a/getA.py").headers["X-Mockbrew-Rig"] == "team-a; stands-still"
    assert "X-Mockbrew-Rig" not in bench.ask("/getA.py").headers


def test_each_rig_follows_a_changed_spec_when_it_is_next_asked(bench: Bench) -> None:
    for rig in ("team-a", "team-b"):
        bench.ask(f"/rigs/{rig}/startA.py")
    before = bench.app.spec.digest
    bench.text = bench.text.replace("[devices]\n", '[devices]\nK = { kind = "valve", interface = "switch", sensor = "VanneK" }\n', 1)
    bench.restart()

    assert bench.ask("/rigs/team-a/startK.py").body == b'{"Sensor":"VanneK","State":1}'

    assert {row.name: row.spec == before for row in bench.store.rigs()} == {"team-a": False, "team-b": True}
    assert bench.ask("/rigs/team-b/getK.py").body == b'{"Sensor":"VanneK","State":0}'
    assert bench.ask("/rigs/team-b/getA.py").body == bench.ask("/rigs/team-a/getA.py").body == ON
    assert {row.spec for row in bench.store.rigs()} == {bench.app.spec.digest}
