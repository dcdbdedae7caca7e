"""Rigs by their names: who is spoken to, who makes one, how many there are, and when they go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from mockbrew.errors import StoreError
from mockbrew.roster import CAP, EXPIRED, IDLE, USED, listed
from mockbrew.stores import open_store
from mockbrew.stores.base import RigRow, Store, Transaction
from tests.app.asking import Bench, on_file, on_memory
from tests.app.replies import Answer

OFF = b'{"Sensor":"VanneA","State":0}'
ON = b'{"Sensor":"VanneA","State":1}'
LONGEST = "a" * 64
CROSS_SITE = {"HTTP_SEC_FETCH_SITE": "cross-site"}
HOUR, DAY = 3_600, 86_400


@pytest.fixture(params=["memory", "file"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = on_file(tmp_path) if request.param == "file" else on_memory()
    yield made
    made.store.close()


def rigs(bench: Bench) -> list[str]:
    return [row.name for row in bench.store.rigs()]


def by_header(bench: Bench, path: str, rig: str, **environ: Any) -> Answer:
    return bench.ask(path, HTTP_X_MOCKBREW_RIG=rig, **environ)


# -- which rig -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["team-a", "a", "0", "a.b_c-d", LONGEST, "rigs", "default2"])
def test_a_rig_is_named_by_prefix_or_by_header_and_is_none_of_the_others_business(bench: Bench, name: str) -> None:
    assert bench.ask(f"/rigs/{name}/startA.py").body == ON

    assert by_header(bench, "/getA.py", name).body == ON
    assert by_header(bench, f"/rigs/{name}/getA.py", name).body == ON
    assert bench.ask(f"/rigs/{name}/getA.py").headers["X-Mockbrew-Rig"] == name
    assert bench.ask("/getA.py").body == OFF
    assert bench.ask("/rigs/other/getA.py").body == OFF


def test_the_default_rig_has_a_name_too(bench: Bench) -> None:
    assert bench.ask("/rigs/default/startA.py").body == ON

    assert bench.ask("/getA.py").body == ON
    assert by_header(bench, "/getA.py", "default").body == ON
    assert "X-Mockbrew-Rig" not in bench.ask("/rigs/default/getA.py").headers


def test_prefix_and_header_that_differ_are_refused_and_neither_is_spoken_to(bench: Bench) -> None:
    answer = by_header(bench, "/rigs/team-a/startA.py", "team-b")

    assert answer.status == 400
    assert answer.json()["detail"] == "the path speaks to rig 'team-a', the header X-Mockbrew-Rig to 'team-b'; leave one of them out"
    assert rigs(bench) == []


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/setCible1_200.py", 400),
        ("GET", "/getZ.py", 404),
        ("POST", "/getA.py", 405),
        ("GET", "/__admin/rig", 404),
        ("GET", "/__admin/rgi", 404),
        ("POST", "/__admin/clock/advance", 400),
        ("OPTIONS", "/getA.py", 204),
        ("OPTIONS", "/__admin/rig", 204),
    ],
)
def test_refusals_name_their_rig_too_but_for_the_default_one(bench: Bench, method: str, path: str, status: int) -> None:
    named, plain = bench.ask(f"/rigs/team-a{path}", method, **{"wsgi.input": BytesIO()}), bench.ask(path, "OPTIONS")

    assert (named.status, named.headers["X-Mockbrew-Rig"]) == (status, "team-a")
    assert "X-Mockbrew-Rig" not in plain.headers
    assert rigs(bench) == []


WRONG = [
    "",
    ".",
    "..",
    "-a",
    "_a",
    ".a",
    "Team",
    "team a",
    "équipe",
    "a\n",
    "a\x00",
    "a%2fb",
    "a+b",
    f"{LONGEST}a",
    "a" * 5000,
]


@pytest.mark.parametrize("name", WRONG)
def test_a_name_that_no_rig_can_have_is_refused_by_path_and_header_and_makes_none(bench: Bench, name: str) -> None:
    wire = name.encode().decode("latin-1")
    shown = wire if len(wire) <= 64 else f"{wire[:64]}..."
    meant = " (did you mean 'team'?)" if name == "Team" else ""

    for answer in (bench.ask(f"/rigs/{wire}/startA.py"), by_header(bench, "/startA.py", wire)):
        assert answer.status == 400
        assert answer.json()["detail"] == (
            f"{shown!r} can't be the name of a rig; one begins with a-z or 0-9, goes on with those, '.', '_' or '-', up to 64 in all{meant}"
        )
    assert rigs(bench) == []


@pytest.mark.parametrize(
    "path",
    [
        "/rigs",  # nobody is named
        "/rigs/team-a",  # nothing is asked
        "/rigs/team-a/",
        "/rigs/team-a/..",
        "/rigs/team-a/../startA.py",  # as a server decodes it, also from %2e%2e and %2f
        "/rigs/team-a/../team-b/startA.py",
        "/rigs/team-a//startA.py",
        "/rigs/team-a/rigs/team-b/startA.py",
        "//rigs/team-a/startA.py",
        "/rigs/team-a/x/startA.py",
    ],
)
def test_a_path_that_leads_nowhere_is_unknown_and_makes_no_rig(bench: Bench, path: str) -> None:
    answer = bench.ask(path)

    assert answer.status == 404
    assert answer.json()["detail"].startswith("no endpoint ")
    assert not {"team-a", "team-b"} & set(rigs(bench))


# -- who makes one -------------------------------------------------------------------------------------------------


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


# -- how many, and for how long ------------------------------------------------------------------------------------


def fill(bench: Bench, used: int = 0) -> None:
    """As many rigs as there may be, used so many ns before now."""
    bench.ask("/rigs/r0/startA.py")
    with bench.store.transaction() as transaction:
        first = transaction.rig("r0")
        assert first is not None
        for number in range(CAP):
            transaction.put_rig(replace(first, name=f"r{number}", used=bench.store.wall() - used))


def test_there_are_no_more_rigs_than_the_cap_and_those_there_are_go_on(bench: Bench) -> None:
    fill(bench)
    bench.get("/getA.py")

    answer = bench.ask("/rigs/team-a/startA.py")

    assert answer.status == 503
    assert answer.json()["detail"] == (
        "1000 rigs are in use, which is the most there may be; DELETE one under /__admin/rigs/; nothing was changed"
    )
    assert answer.json()["cap"] == CAP
    assert len(rigs(bench)) == CAP + 1
    assert bench.ask("/rigs/team-a/getA.py").headers["X-Mockbrew-Rig"] == "team-a; new"
    assert bench.ask("/rigs/r7/stopA.py").body == OFF
    assert bench.ask("/startA.py").body == ON
    bench.admin("DELETE", "rigs/r7")
    assert bench.ask("/rigs/team-a/startA.py").body == ON


def test_where_all_are_idle_a_new_one_takes_their_place(bench: Bench) -> None:
    fill(bench, used=IDLE + 1)
    bench.get("/startA.py")

    assert bench.ask("/rigs/team-a/startA.py").body == ON
    assert [row.name for row in listed(bench.store, bench.store.wall())] == ["default", "team-a"]
    assert bench.get("/getA.py").encode() == ON


def test_idle_rigs_are_dropped_a_few_at_a_time(bench: Bench) -> None:
    fill(bench, used=IDLE + 1)
    before = len(bench.store.rigs())

    bench.ask("/rigs/team-a/startA.py")
    assert len(bench.store.rigs()) == before - EXPIRED + 1
    for number in range(CAP // EXPIRED):
        bench.ask(f"/rigs/team-{number}/startA.py")

    assert {row.name for row in bench.store.rigs()} == {row.name for row in listed(bench.store, bench.store.wall())}


def test_a_rig_that_nobody_has_used_for_a_day_is_gone_but_never_the_default_one(bench: Bench) -> None:
    bench.ask("/rigs/team-a/startA.py")
    bench.ask("/startA.py")
    bench.wait(25 * HOUR + 1)

    assert bench.ask("/rigs/team-a/getA.py").headers["X-Mockbrew-Rig"] == "team-a; new"
    assert bench.ask("/rigs/team-a/getA.py").body == OFF
    assert bench.admin("GET", "clock", rig="team-a").status == 404
    assert bench.admin("DELETE", "rigs/team-a").status == 404
    assert [row.name for row in listed(bench.store, bench.store.wall())] == ["default"]
    assert bench.get("/getA.py").encode() == ON

    bench.ask("/rigs/team-a/startB.py")
    assert bench.ask("/rigs/team-a/getA.py").body == OFF
    assert bench.admin("GET", "clock", rig="team-a").json()["time"] == 0


@pytest.mark.parametrize("path", ["getA.py", "startB.py", "__admin/state", "__admin/clock"])
def test_any_use_keeps_a_rig(bench: Bench, path: str) -> None:
    bench.ask("/rigs/team-a/startA.py")

    for _ in range(4):
        bench.wait(23 * HOUR)
        assert bench.ask(f"/rigs/team-a/{path}").status == 200

    assert bench.ask("/rigs/team-a/getA.py").body == ON


def test_a_change_of_its_clock_keeps_a_rig_too(bench: Bench) -> None:
    bench.ask("/rigs/team-a/startA.py")

    for _ in range(4):
        bench.wait(23 * HOUR)
        bench.admin("POST", "clock/advance", {"seconds": 1}, rig="team-a")

    assert bench.ask("/rigs/team-a/getA.py").body == ON


def test_a_use_is_noted_once_an_hour_so_a_day_without_any_is_never_less(bench: Bench) -> None:
    bench.ask("/rigs/team-a/startA.py")
    made = used(bench)
    bench.wait(HOUR)
    bench.ask("/rigs/team-a/getA.py")
    assert used(bench) == made

    bench.wait(24 * HOUR)
    assert bench.ask("/rigs/team-a/getA.py").body == ON
    assert used(bench) == bench.store.wall() == made + 25 * HOUR * 10**9

    assert IDLE - USED == DAY * 10**9


def used(bench: Bench) -> int:
    (row,) = bench.store.rigs()
    return row.used


def test_a_use_that_can_t_be_noted_is_no_reason_to_refuse_a_reading(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.ask("/rigs/team-a/startA.py")
    bench.wait(2 * HOUR)
    served = bench.app._served.rigs
    served.roster = replace(served.roster, store=ReadOnly(bench.store))

    answer = bench.ask("/rigs/team-a/getA.py")

    assert answer.body == ON
    assert "no note that rig 'team-a' is in use: the disk is full" in caplog.text


@dataclass(slots=True)
class ReadOnly:
    """A store that nobody can write to just now."""

    store: Store

    def transaction(self) -> AbstractContextManager[Transaction]:
        raise StoreError("the disk is full")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


# -- deleting ------------------------------------------------------------------------------------------------------


def test_deleting_a_rig_frees_what_it_had_stored(bench: Bench) -> None:
    bench.get("/startA.py")
    for _ in range(300):
        bench.ask("/rigs/team-a/startA.py")
    row = next(row for row in bench.store.rigs() if row.name == "team-a")
    assert kept(bench, row) == (300, 300, 1)

    bench.admin("DELETE", "rigs/team-a")

    assert kept(bench, row) == (0, 0, 0)
    assert bench.get("/getA.py").encode() == ON


def kept(bench: Bench, row: RigRow) -> tuple[int, int, int]:
    """Events, entries and cells."""
    store, cell = bench.store, bench.app._served.rigs.plant.home["A"]
    return len(list(store.events(row, cell))), len(store.journal(row, 0, 1000)), len(store.cells(row))


def test_a_file_does_not_grow_with_rigs_that_come_and_go(tmp_path: Path) -> None:
    bench = on_file(tmp_path)
    sizes = []
    for turn in range(6):
        for number in range(10):
            for _ in range(10):
                bench.ask(f"/rigs/t{turn}-{number}/startA.py")
            bench.admin("DELETE", f"rigs/t{turn}-{number}")
        bench.store.close()
        sizes.append((tmp_path / "state.db").stat().st_size)

    assert sizes[-1] == sizes[1]
    open_store(bench.store.url).close()


def test_what_idle_rigs_have_stored_goes_as_others_are_made(bench: Bench) -> None:
    for _ in range(300):
        bench.ask("/rigs/team-a/startA.py")
    row = bench.store.rigs()[0]
    bench.wait(26 * HOUR)

    for number in range(3):
        bench.ask(f"/rigs/r{number}/startA.py")

    assert kept(bench, row) == (0, 0, 0)


# -- another spec --------------------------------------------------------------------------------------------------


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
