"""Faults of a rig through the control plane: set, listed, deleted; all or none, each mistake told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockbrew.journal import entries, shown
from tests.app.asking import Bench, on_file, on_memory
from tests.app.faulty import OFF, errors, fail, listed


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    made.admin("PUT", "clock", {"rate": 0})
    yield made
    made.store.close()


def test_a_fault_is_set_with_all_that_it_is(bench: Bench) -> None:
    asked = {"name": "flaky", "fault": "status", "code": 503, "retry_after": 2, "device": "A", "endpoint": "/getA.py"}
    asked |= {"probability": 0.5, "seed": 3, "count": 7, "from": 1.5, "until": 60, "applied": True, "announce": True}

    told = fail(bench, **asked)

    assert told == {**asked, "until": 60.0, "state": "waiting", "matched": 0, "hits": 0}
    assert listed(bench) == [told]


def test_a_fault_of_a_device_is_set_beside_one_of_transport_and_gets_the_first_free_name(bench: Bench) -> None:
    told = [fail(bench, fault="empty", name="f2"), fail(bench, fault="stuck", device="B1"), fail(bench, fault="closed", count=1)]

    assert [each["name"] for each in told] == ["f2", "f1", "f3"]
    assert told[1] == {
        "name": "f1",
        "fault": "stuck",
        "device": "B1",
        "probability": 1.0,
        "from": 0.0,
        "state": "acting",
        "matched": 0,
        "hits": 0,
    }
    assert listed(bench) == told


def test_several_are_set_at_once(bench: Bench) -> None:
    answer = bench.admin(
        "POST", "faults", {"faults": [{"fault": "stuck", "device": "B1"}, {"fault": "weak", "device": "B1", "share": 0.5}]}
    )

    assert answer.status == 201
    assert answer.json()["faults"] == listed(bench)
    assert [each["name"] for each in listed(bench)] == ["f1", "f2"]


def test_of_several_of_which_one_is_wrong_none_is_made_and_all_mistakes_are_told(bench: Bench) -> None:
    wrong = [
        {"fault": "empty"},
        {"fault": "delay", "seconds": 11, "x": 1},
        {"fault": "stuck", "device": "B11"},
        {"device": "A"},
        {"name": 1},
    ]

    told = errors(bench.admin("POST", "faults", {"faults": wrong}))

    assert list(told) == ["faults[1].seconds", "faults[1].x", "faults[2].device", "faults[3].fault", "faults[4].name", "faults[4].fault"]
    assert listed(bench) == []


MISTAKES = {
    "an unknown sort": ({"fault": "stuk"}, {"fault": "(did you mean 'stuck'?)"}),
    "no sort": ({"seconds": 1}, {"fault": "missing; it must be one of closed, content_type, delay, drift, empty"}),
    "a sort that is no text": ({"fault": 3}, {"fault": "3 is no sort of fault; it must be one of closed"}),
    "no device": ({"fault": "stuck"}, {"device": "missing; 'stuck' is a fault of a device: name which"}),
    "an unknown device": ({"fault": "stuck", "device": "B11"}, {"device": "unknown device 'B11'; known: A, B, B1, B2"}),
    "a device that is no text": ({"fault": "stuck", "device": 1}, {"device": "1 is not the name of a device; give one"}),
    "a fault that the kind has not": ({"fault": "weak", "device": "A"}, {"fault": "unknown fault 'weak' of A, a valve; known: "}),
    "no form of a delay": ({"fault": "delay"}, {"seconds": "missing; 'delay' needs seconds, or low and high, or median and sigma"}),
    "half a form": ({"fault": "delay", "low": 1}, {"high": "missing; 'delay' needs low and high"}),
    "two forms": ({"fault": "delay", "seconds": 1, "median": 1}, {"fault": "it has seconds and median"}),
    "an interval the wrong way round": ({"fault": "delay", "low": 2, "high": 1}, {"low": "2 s is more than high, 1 s; change one of them"}),
    "no code": ({"fault": "status"}, {"code": "missing; 'status' needs code"}),
    "a code that is no error": ({"fault": "status", "code": 200}, {"code": "200 is out of range; it must be an integer from 400 to 599"}),
    "too long": ({"fault": "delay", "seconds": 10.5}, {"seconds": "10.5 is out of range; it must be a number from 0 to 10 s"}),
    "not a content type": ({"fault": "content_type", "type": "html"}, {"type": "'html' is a text; it must be a content type"}),
    "a content type that would break a header": ({"fault": "content_type", "type": "a/b\r\nX: y"}, {"type": "it must be a content type"}),
    "a name that no path has": ({"fault": "empty", "name": "a/b"}, {"name": "'a/b' is a text; it must be a name of up to 64 letters"}),
    "a name of a device's fault": ({"fault": "stuck", "device": "A", "name": "ä"}, {"name": "it must be a name of up to 64 letters"}),
    "a chance above one": ({"fault": "empty", "probability": 1.5}, {"probability": "1.5 is out of range; it must be a number from 0 to 1"}),
    "a count of none": ({"fault": "empty", "count": 0}, {"count": "0 is out of range; it must be an integer from 1 to 1000000"}),
    "a past begin": ({"fault": "empty", "from": 1}, {"from": "1 s is over; it is 5.0 s now, give that or later"}),
    "an end before the begin": ({"fault": "empty", "from": 9, "until": 8}, {"until": "8 s is not after its beginning, 9.0 s"}),
    "a past end": ({"fault": "empty", "until": 4}, {"until": "4 s is not after its beginning, 5.0 s"}),
    "an endpoint that nobody has": (
        {"fault": "empty", "endpoint": "/getZ.py"},
        {"endpoint": "unknown endpoint '/getZ.py'; known: '/Reset.py', '/getA.py'"},
    ),
    "a device without endpoints": ({"fault": "empty", "device": "Mashtun"}, {"device": "unknown device 'Mashtun' of an endpoint"}),
    "an endpoint of another device": (
        {"fault": "empty", "device": "A", "endpoint": "/getB.py"},
        {"endpoint": "'/getB.py' is of B, not of A; leave one of the two out"},
    ),
    "the rig's endpoint": ({"fault": "empty", "device": "A", "endpoint": "/Reset.py"}, {"endpoint": "'/Reset.py' is of the rig, not of A"}),
    "applied, of a delay": ({"fault": "delay", "seconds": 1, "applied": True}, {"applied": "unknown field 'applied'; known: announce"}),
    "announced, without a reply": ({"fault": "closed", "announce": True}, {"announce": "unknown field 'announce'; known: applied"}),
    "another sort's parameter": ({"fault": "empty", "code": 500}, {"code": "unknown field 'code'; known: "}),
}


@pytest.mark.parametrize(("document", "wanted"), MISTAKES.values(), ids=MISTAKES)
def test_a_fault_with_a_mistake_is_refused_and_none_is_made(bench: Bench, document: dict[str, Any], wanted: dict[str, str]) -> None:
    bench.admin("POST", "clock/advance", {"seconds": 5})

    told = errors(bench.admin("POST", "faults", document))

    assert list(told) == list(wanted)
    assert all(part in told[name] for name, part in wanted.items()), told
    assert listed(bench) == []


def test_a_list_stands_alone(bench: Bench) -> None:
    told = errors(bench.admin("POST", "faults", {"faults": [{"fault": "empty"}], "device": "A"}))

    assert told == {"device": "this stands beside a list of faults; put it into one of them"}
    assert listed(bench) == []


def test_a_list_of_none_is_a_mistake(bench: Bench) -> None:
    assert errors(bench.admin("POST", "faults", {"faults": []})) == {"faults": "nothing is set; give at least one fault"}
    assert bench.admin("GET", "faults").json() == {"rig": "default", "faults": []}


def test_a_name_is_given_once(bench: Bench) -> None:
    first = fail(bench, fault="empty", name="same")
    again = bench.admin("POST", "faults", {"fault": "closed", "name": "same"})
    twice = bench.admin("POST", "faults", {"faults": [{"fault": "closed", "name": "x"}, {"fault": "empty", "name": "x"}]})

    assert (again.status, again.json()["detail"]) == (
        409,
        "fault 'same' is there already; give another name, or DELETE it first; nothing was changed",
    )
    assert errors(twice) == {"faults[1].name": "'x' is given twice; give each fault a name of its own"}
    assert listed(bench) == [first]


def test_a_rig_has_a_hundred_faults_at_most(bench: Bench) -> None:
    bench.admin("POST", "faults", {"faults": [{"fault": "empty", "device": "A"}] * 99})
    more = bench.admin("POST", "faults", {"faults": [{"fault": "empty"}] * 2})

    assert (more.status, more.json()["detail"]) == (409, "a rig has 100 faults at most; DELETE those that are over; nothing was changed")
    assert len(listed(bench)) == 99
    assert fail(bench, fault="empty")["name"] == "f100"


def test_far_too_many_are_refused_before_any_is_looked_at(bench: Bench) -> None:
    more = bench.admin("POST", "faults", {"faults": [{"fault": "no such thing"}] * 101})

    assert (more.status, more.json()["detail"]) == (409, "a rig has 100 faults at most; DELETE those that are over; nothing was changed")
    assert listed(bench) == []


def test_one_is_deleted_by_its_name_and_the_others_stay(bench: Bench) -> None:
    for name in ("a", "b", "c"):
        fail(bench, fault="stuck_on" if name == "b" else "empty", device="P1", name=name)

    deleted = bench.admin("DELETE", "faults/b")

    assert (deleted.status, deleted.json()) == (200, {"rig": "default", "deleted": ["b"]})
    assert [each["name"] for each in listed(bench)] == ["a", "c"]


def test_one_that_is_not_there_is_not_deleted(bench: Bench) -> None:
    kept = fail(bench, fault="empty", name="flaky")

    answer = bench.admin("DELETE", "faults/flakey")

    assert (answer.status, answer.json()["detail"]) == (404, "no fault 'flakey'; known: flaky (did you mean 'flaky'?)")
    assert listed(bench) == [kept]


def test_all_are_deleted_and_what_they_did_is_over(bench: Bench) -> None:
    fail(bench, fault="status", code=500)
    fail(bench, fault="open_circuit", device="Temp1")

    assert bench.admin("DELETE", "faults").json() == {"rig": "default", "deleted": ["f1", "f2"]}
    assert listed(bench) == []
    assert bench.admin("DELETE", "faults").json() == {"rig": "default", "deleted": []}
    assert json.loads(bench.get("/getTemp1.py"))["Temp"] == 20.0


def test_a_name_that_is_free_again_begins_to_count_anew(bench: Bench) -> None:
    fail(bench, fault="empty", count=1)
    bench.ask("/getA.py")
    bench.admin("DELETE", "faults/f1")

    fail(bench, fault="empty", count=1)

    assert bench.get("/getA.py") == ""
    assert bench.get("/getA.py") == OFF


def test_setting_and_deleting_are_in_the_journal(bench: Bench) -> None:
    told = fail(bench, fault="stuck", device="B1")
    bench.admin("DELETE", "faults")

    row = bench.store.rigs()[0]
    said = [shown(row, entry) for entry in entries(bench.store, row)][-2:]

    assert [(each["method"], each["url"], each["verb"], each["arguments"]) for each in said] == [
        ("POST", "/__admin/faults", "fault", {"faults": [told]}),
        ("DELETE", "/__admin/faults", "mend", {"faults": ["f1"]}),
    ]


def test_a_rig_that_is_not_there_has_no_faults_to_list_and_is_made_by_setting_one(bench: Bench) -> None:
    assert bench.admin("GET", "faults", rig="team-a").status == 404
    assert bench.admin("DELETE", "faults", rig="team-a").status == 404

    assert bench.admin("POST", "faults", {"fault": "stuck", "device": "A"}, rig="team-a").status == 201
    assert len(bench.admin("GET", "faults", rig="team-a").json()["faults"]) == 1
    assert listed(bench) == []


def test_faults_are_kept_when_the_process_ends(bench: Bench) -> None:
    fail(bench, fault="stuck", device="B1")
    fail(bench, fault="empty", device="A", count=3)
    bench.ask("/getA.py")
    before = listed(bench)

    bench.restart()

    assert listed(bench) == before
    assert before[1]["hits"] == 1


def test_a_reset_leaves_faults_at_work_with_their_counters(bench: Bench) -> None:
    fail(bench, fault="stuck_on", device="P1")
    fail(bench, fault="status", code=500, device="A", count=2)
    bench.ask("/getA.py")
    before = listed(bench)

    bench.get("/Reset.py")

    assert listed(bench) == before
    assert bench.admin("GET", "state?only=P1").json()["devices"]["P1"]["on"] == 1
    assert [bench.ask("/getA.py").status for _ in range(2)] == [500, 200]


def test_the_end_of_a_window_is_seen(bench: Bench) -> None:
    fail(bench, fault="status", code=500, **{"from": 10, "until": 20})
    seen = []
    for _ in range(3):
        seen.append((listed(bench)[0]["state"], bench.ask("/getA.py").status))
        bench.admin("POST", "clock/advance", {"seconds": 10})

    assert seen == [("waiting", 200), ("acting", 500), ("over", 200)]
