"""How many rigs there are, and for how long after their last use."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from mockbrew.errors import StoreError, TooManyRigs
from mockbrew.roster import CAP, DEFAULT, EXPIRED, IDLE, USED, Roster, listed
from mockbrew.stores.base import RigRow, Store, Transaction
from tests.app.asking import Bench
from tests.app.rigs.roll import DAY, HOUR, OFF, ON, rigs


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


def test_another_cap_is_the_rosters(bench: Bench) -> None:
    roster = Roster(bench.app._served.rigs.spec, bench.store, cap=2)
    for name in ("a", "b"):
        make(roster, name)
    with pytest.raises(TooManyRigs, match=r"^2 rigs are in use, which is the most there may be"):
        make(roster, "c")
    make(roster, DEFAULT)

    assert [row.name for row in bench.store.rigs()] == ["a", "b", "default"]


def test_nobody_looks_for_idle_rigs_before_one_can_be(bench: Bench) -> None:
    roster = Roster(bench.app._served.rigs.spec, bench.store)
    made = {name: make(roster, name) for name in ("a", "b")}
    assert roster.expiry.due == made["a"].used + IDLE

    with bench.store.transaction() as transaction:
        transaction.put_rig(replace(made["a"], used=made["a"].used - IDLE))  # as it never happens
    make(roster, "c")
    assert [row.name for row in bench.store.rigs()] == ["a", "b", "c"]

    bench.wait(26 * HOUR)
    make(roster, "d")
    assert [row.name for row in bench.store.rigs()] == ["d"]


def make(roster: Roster, name: str) -> RigRow:
    with roster.store.transaction() as transaction:
        row = roster.current(transaction, name, roster.store.wall())
        transaction.put_rig(row)
    return row


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
