"""The client against a real server: each resource of the control plane, and what it makes of the answers."""

from __future__ import annotations

import json

import pytest

from mockbrew.admin.resources import PREFIX
from mockbrew.admin.table import RESOURCES
from mockbrew.client import Cause, Fault, Hazard, Instant, Refused, Rig, Server, Snapshot
from tests.app.asking import Bench
from tests.client.conftest import Recorded

OF_OTHERS = ("docs", "provider-states")  # a page for people; for what verifies Pacts


@pytest.fixture
def rig(server: Server) -> Rig:
    rig = server.rig("team-a")
    rig.clock.freeze()
    return rig


def tour(server: Server, rig: Rig) -> None:
    """Everything that the client can do, once."""
    rig.seed(7)
    rig.clock.run(2)
    rig.clock.advance(60)
    rig.clock.freeze()
    rig.run_until("Temp1 >= 0", limit=60)
    rig.record("requests")
    rig.fault("frozen", "Temp3")
    rig.mend("f1")
    rig.mend()
    rig.set_state(vessels={"Mashtun": {"temperature": 65}})
    rig.restore(rig.snapshot("here"))
    rig.forget_snapshot("here")
    rig.verify({"never": {"where": "verb == 'start'"}})
    rig.history("Temp1")
    rig.reset()
    assert (rig.faults, rig.snapshots, rig.hazards, rig.clock.rate, rig.about["seed"]) == ((), (), (), 0, 7)
    assert rig.state("Mashtun")["vessels"]["Mashtun"]["temperature"] == 20
    assert [entry.verb for entry in rig.journal][:2] == ["clock", "seed"]
    rig.forget_hazards()
    rig.forget_journal()
    rig.delete()
    assert server.rigs == {}
    assert all((server.health, server.ready, server.spec, server.routes, server.openapi, server.resources))


def test_every_resource_of_the_control_plane_is_reached(server: Server, rig: Rig, recorded: Recorded) -> None:
    tour(server, rig)

    ways = [(method, path.partition(PREFIX)[2]) for method, path in recorded.asked if PREFIX in path]
    missed = [each.path for each in RESOURCES if not any(method == each.method and each.place(path) is not None for method, path in ways)]
    assert sorted({*missed} - {*OF_OTHERS}) == []


def test_a_rig_speaks_to_its_own_endpoints_and_no_other(server: Server, rig: Rig) -> None:
    reply = rig.get("/startB.py")

    assert (reply.status, reply.json(), reply.text) == (200, {"Sensor": "VanneB", "State": 1}, '{"Sensor":"VanneB","State":1}')
    assert reply.headers["x-mockbrew-rig"] == "team-a"
    assert server.rig().get("/getB.py").json()["State"] == 0
    assert rig.url == f"{server.url}/rigs/team-a"


def test_the_wire_s_refusals_are_replies(rig: Rig) -> None:
    assert rig.get("/getZ.py").status == 404
    assert rig.request("DELETE", "/getA.py").status == 405
    assert rig.get("/é \n").status == 404


def test_a_clock_tells_and_takes_seconds(rig: Rig, bench: Bench) -> None:
    assert rig.clock.now == Instant(0.0, 0, stands_still=False, horizon=2592000.0)
    assert rig.clock.advance(1.5).time == 1.5
    assert rig.clock.jump(60).time == rig.clock.time == 60.0
    rig.clock.run(10)
    bench.wait(6)

    assert rig.clock.freeze().time == pytest.approx(120, abs=1)


def test_run_until_tells_when_and_how_long_it_took(rig: Rig) -> None:
    rig.clock.advance(10)
    rig.get("/startB1.py")

    reached = rig.run_until("HotTank.temperature >= 25", limit=7200)

    assert 10 + reached.waited == pytest.approx(reached.time)
    assert rig.state("HotTank")["vessels"]["HotTank"]["temperature"] == pytest.approx(25)


def test_what_did_not_come_true_is_refused_with_how_near_it_came(rig: Rig) -> None:
    with pytest.raises(Refused) as refused:
        rig.run_until("Temp3 >= 65", limit=600)

    assert (refused.value.status, refused.value.members["nearest"]) == (409, "Temp3 came as near as 20 to 65")
    assert rig.clock.time == 600


def test_hazards_are_values_and_those_of_earlier_runs_are_there_too(rig: Rig) -> None:
    rig.snapshot("begin")
    rig.set_state(vessels={"Ebu": {"volume": 3}})
    rig.clock.advance(5)
    rig.get("/startB2.py")
    rig.clock.advance(10)
    (hazard,) = rig.hazards
    run = rig.about["run"]

    when = ("dry-fire-kettle", "burner under an empty kettle", "danger", "B2.on and Ebu.volume < 5")
    assert hazard == Hazard(*when, run, 5.0, None, Cause(2, "B2", "turn_on", {}, 5.0))

    rig.restore("begin")

    assert rig.hazards == ()
    assert [each.ends for each in rig.find_hazards(run="all")] == [15.0]
    assert rig.find_hazards(run=run) == rig.find_hazards("dry-fire-kettle", severity="danger", from_=5, until=15, run="all")
    assert rig.find_hazards("boil-over", run="all") == ()


def test_what_came_before_a_hazard_may_be_no_device_s(rig: Rig) -> None:
    rig.get("/startB2.py")
    rig.set_state(vessels={"Ebu": {"volume": 3}})

    (hazard,) = rig.hazards

    assert hazard.after == Cause(2, None, "patch", {"Ebu": {"volume": 3}}, 0.0)


def test_faults_are_values_and_are_mended_by_name_or_as_they_are(rig: Rig) -> None:
    frozen = rig.fault("frozen", "Temp3", name="hangs", from_=60)
    busy = rig.fault("status", endpoint="/getA.py", code=503, count=1)

    assert (frozen.name, frozen.sort, frozen.device, frozen.state, frozen.document["from"]) == ("hangs", "frozen", "Temp3", "waiting", 60.0)
    assert rig.get("/getA.py").status == 503
    assert rig.faults == (frozen, Fault("f1", "status", None, "/getA.py", "over", 1, 1))
    assert rig.mend(frozen, busy.name) == ("hangs", "f1")
    assert not rig.faults


def test_the_journal_is_read_whole_page_by_page(rig: Rig) -> None:
    rig.record("requests")
    for _ in range(7):
        rig.get("/getTemp1.py")

    assert [entry.url for entry in rig.journal] == ["/__admin/clock", "/__admin/journal", *["/getTemp1.py"] * 7]
    assert list(rig.entries(page=3)) == list(rig.journal)
    assert [entry.number for entry in rig.entries("device == 'Temp1'", after=4, page=3)] == [5, 6, 7, 8, 9]
    assert list(rig.entries(device="Temp2")) == []


def test_an_entry_says_what_was_asked_and_what_it_changed(rig: Rig) -> None:
    rig.get("/setCible1_66.5.py")
    rig.get("/startB1.py")

    asked, started = rig.entries("verb != 'clock'")

    assert (asked.device, asked.verb, asked.arguments, asked.status) == ("PID1", "set_setpoint", {"setpoint": 66.5}, 200)
    assert (started.event, started.time, started.changes["B1"]) == (2, 0.0, {"state": [0, 1]})
    assert json.loads(started.reply or "") == {"Sensor": "Bruleur1", "State": 1}
    assert (started.fault, started.unmatched, started.near) == (None, None, ())


def test_a_request_that_no_endpoint_took_says_what_came_nearest(rig: Rig) -> None:
    rig.record("requests")
    rig.get("/getTemp9.py")

    (entry,) = rig.entries("unmatched != null")

    assert (entry.unmatched, entry.near[0]["url"]) == ("path", "/getTemp3.py")


def test_expectations_that_are_not_met_are_refused_in_words(rig: Rig) -> None:
    rig.record("requests")
    rig.get("/startB1.py")

    assert rig.verify({"count": {"where": "device == 'B1'", "exactly": 1}})["passed"]
    with pytest.raises(Refused, match="409: 1 of 1 expectations not met") as refused:
        rig.verify({"never": {"where": "device == 'B1'"}})
    assert refused.value.members["checked"][0]["found"] == 1


def test_a_snapshot_is_a_value_and_brings_time_back(rig: Rig) -> None:
    rig.clock.advance(60)

    kept = rig.snapshot("warm")

    assert (kept.name, kept.time, kept.rate) == ("warm", 60.0, 0)
    assert rig.snapshots == (kept,)
    assert isinstance(kept, Snapshot)
    rig.clock.advance(60)
    rig.restore(kept)
    assert rig.clock.time == 60.0


def test_history_has_a_value_for_each_instant(rig: Rig) -> None:
    rig.get("/startB1.py")
    rig.clock.advance(100)

    history = rig.history("Temp1", "HotTank.volume", from_=0, until=100, points=3)

    assert history.times == (0.0, 50.0, 100.0)
    assert history.readings["HotTank.volume"] == (40.0, 40.0, 40.0)
    assert history.readings["Temp1.temperature"][0] == 20.0
    assert 100.0 in rig.history("B1.state", boundaries=True).times
    assert rig.history_csv("HotTank.volume", points=2) == "time,HotTank.volume\r\n0.0,40.0\r\n100.0,40.0\r\n"


def test_names_are_quoted_so_none_reaches_another_resource(server: Server, rig: Rig) -> None:
    kept = rig.snapshot("here")

    with pytest.raises(Refused, match=r"404: rig 'team-a' has no snapshot 'here\?now'"):
        rig.forget_snapshot("here?now")
    assert rig.snapshots == (kept,)
    with pytest.raises(Refused, match="can't be the name of a rig"):
        server.rig("A b").clock.freeze()
    with pytest.raises(Refused, match="404: no rig 'none'"):
        server.delete("none")
    assert list(server.rigs) == ["team-a"]


def test_a_rig_that_is_not_there_can_be_commanded_and_not_asked(server: Server) -> None:
    rig = server.rig("new")

    with pytest.raises(Refused, match="404: no rig 'new'"):
        _ = rig.hazards
    rig.reset()
    assert list(server.rigs) == ["new"]
