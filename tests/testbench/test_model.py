"""The bench against a simple model: whatever clients do to rigs, clocks, faults, snapshots and states, through either of two processes.

After every step both processes show the same bytes of every rig, and what the model says of it: that is also what refusals change.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mockbrew.clock import nanoseconds
from mockbrew.stores import open_store
from tests.app.asking import Bench
from tests.app.replies import Answer
from tests.stores.rows import Machine
from tests.testbench.kettles import SPEC
from tests.testbench.model import RUN_UNTIL, SECOND, STUCK, Fault, Kept, Rig

NAMES = ("default", "team-a", "team-b")
CLIENTS = ("A", "H", "C")
PATHS = {"A": ("/getA", "/startA", "/stopA"), "H": ("/getH", "/startH", "/stopH"), "C": ("/getC", "/startC", "/stopC")}
WATCHED = ("/getT", "/getU", "/getC", "/targetC", "/getH")  # which no fault is about
WEEKEND = 27 * 3600  # s, after which an idle rig is gone
FEW = ("a", "b")

rigs, ways, names = st.sampled_from((*NAMES, "team-a", "team-a")), st.integers(0, 1), st.sampled_from(FEW)
windows = st.tuples(st.none() | st.integers(1, 90), st.none() | st.integers(1, 90))  # s from now to the begin, and from there to the end

transport = {
    "probability": st.sampled_from([1.0, 1.0, 0.0]),
    "applied": st.booleans(),
    "code": st.sampled_from([500, 503]),
    "fault": st.just("status"),
    "device": st.just("A"),
    "announce": st.just(False),  # noqa: FBT003  # a value of JSON
}
broken = st.sampled_from([{"fault": sort, "device": "A"} for sort in STUCK]) | st.fixed_dictionaries(
    transport, optional={"endpoint": st.sampled_from(["/startA", "/getA"]), "count": st.integers(1, 2)}
)

# What nobody can do, and how it is refused. None of it changes anything, or makes a rig.
REFUSED: list[tuple[str, str, Any, int]] = [
    ("PUT", "clock", {"rate": -1}, 400),
    ("PUT", "clock", {"rate": 2, "speed": 1}, 400),
    ("PUT", "clock", {}, 400),
    ("PUT", "clock", b'{"rate": 1, "rate": 2}', 400),
    ("POST", "clock/advance", {"seconds": "10"}, 400),
    ("POST", "clock/run-until", {"condition": "A.on ==", "limit": 10}, 400),
    ("POST", "clock/run-until", {"condition": "Z.on", "limit": 10}, 400),
    ("POST", "faults", {"fault": "stuck_on", "device": "Z"}, 400),
    ("POST", "faults", {"faults": [{"fault": "stuck_on", "device": "A"}, {"fault": "stuck_on", "device": "A", "count": 0}]}, 400),
    ("POST", "faults", {"faults": [{"fault": "stuck", "device": "A", "name": "z"}, {"fault": "empty", "name": "z"}]}, 400),
    ("PATCH", "state", {"vessels": {"Kettle": {"volume": 3, "temperature": "warm"}}}, 400),
    ("PATCH", "state", {"vessels": {"Kettle": {"volume": 3}, "Keg": {"volume": 3}}}, 400),
    ("PATCH", "state", {"devices": {"A": {"state": 1}, "C": {"setpoint": 999}}}, 400),
    ("PATCH", "state", b"{", 400),
    ("POST", "snapshots", {"name": "../a"}, 400),
    ("POST", "snapshots", {}, 400),
    ("POST", "snapshots/nobody/restore", None, 404),
    ("DELETE", "snapshots/nobody", None, 404),
    ("DELETE", "faults/nobody", None, 404),
    ("PUT", "journal", {"record": "all"}, 400),
    ("POST", "reset", {"hard": True}, 400),
    ("POST", "clock", {"rate": 2}, 405),
    ("GET", "clocks", None, 404),
]


class Together(RuleBasedStateMachine):
    """Two processes on one store, and what the model says. clock: shows what the model takes for the wall."""

    url = ""

    @initialize()
    def start(self) -> None:
        self.directory = tempfile.TemporaryDirectory()
        self.file = Path(self.directory.name) / "rigs.db"
        self.machine = Machine()
        url = self.url.format(self.file)
        first = open_store(url, machine=self.machine)
        stores = [first, open_store(url, machine=self.machine) if first.shared else first]
        self.ways = [Bench(store, SPEC, machine=self.machine) for store in stores]
        self.shift = first.wall() - self.machine.since_boot
        self.rigs: dict[str, Rig] = {}
        self.lives = 0
        self.seen: dict[str, tuple[tuple[int, int], int, bytes]] = {}  # of a rig: its life and run, virtual ns, and all that it showed
        self.given: dict[tuple[str, int, int], int] = {}  # runs, as the server numbers them
        self.alone = True  # whether nothing was done but to the rig `touched`
        self.touched = ""

    @property
    def wall(self) -> int:
        return self.machine.since_boot + self.shift

    # -- short words ---------------------------------------------------------------------------------------------

    def fresh(self, name: str) -> Rig:
        return Rig(name, Kept(0, self.wall))

    def there(self, name: str) -> Rig:
        """The rig, which is made if it is not there yet."""
        if name not in self.rigs:
            self.lives += 1
            self.rigs[name] = self.fresh(name)
            self.rigs[name].life = self.lives
        return self.rigs[name]

    def admin(self, way: int, name: str, method: str, path: str, body: Any = None) -> Answer:
        self.touched = name
        return self.ways[way].admin(method, path, body, rig=name)

    def done(self, way: int, name: str, method: str, path: str, body: Any = None) -> Any:
        answer = self.admin(way, name, method, path, body)

        assert answer.status in (200, 201), answer
        return answer.json()

    def wire(self, way: int, name: str, path: str) -> Answer:
        self.touched = name
        return self.ways[way].ask(f"/rigs/{name}{path}")

    # -- time ----------------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([0.001, 0.25, 30, 3600]))
    def wait(self, seconds: float) -> None:
        self.touched = ""
        self.ways[0].wait(seconds)

    @rule()
    def everybody_goes_home(self) -> None:
        """Who is idle for a day is gone."""
        self.wait(WEEKEND)
        self.rigs = {name: rig for name, rig in self.rigs.items() if name == "default"}

    @rule(way=ways, name=rigs, rate=st.sampled_from(["0", "1", "60", "0.1", "100000"]), ahead=st.none() | st.integers(0, 500))
    def set_the_clock(self, way: int, name: str, rate: str, ahead: int | None) -> None:
        rig = self.there(name)
        at, soon = rig.at(self.wall), rig.at(rig.soon(self.wall))
        goal = None if ahead is None else soon // SECOND + 1 + ahead

        told = self.done(way, name, "PUT", "clock", {"rate": float(rate), **({} if goal is None else {"time": goal})})

        rig.jump(self.wall, soon if goal is None else goal * SECOND, Fraction(rate))
        rig.say(at, "PUT /__admin/clock", 200)
        assert (told["time"], told["rate"]) == (rig.now.base / SECOND, float(rate))

    @rule(way=ways, name=rigs, seconds=st.sampled_from([0, 0.5, 77, 3600, 2_592_000]))
    def advance(self, way: int, name: str, seconds: float) -> None:
        rig = self.there(name)
        at, goal = rig.at(self.wall), rig.at(rig.soon(self.wall)) + nanoseconds(seconds)

        told = self.done(way, name, "POST", "clock/advance", {"seconds": seconds})

        rig.jump(self.wall, goal)
        rig.say(at, "POST /__admin/clock/advance", 200)
        assert told["time"] == rig.now.base / SECOND

    @rule(way=ways, name=rigs, really=st.integers(0, 1), limit=st.integers(0, 200))
    def run_until(self, way: int, name: str, really: int, limit: int) -> None:
        rig = self.there(name)
        at = rig.at(self.wall)
        until = min(at + limit * SECOND, rig.now.last + 30 * 86_400 * SECOND)
        found = rig.first(really, at, max(until, at))
        goal = max(until, at) if found is None else found
        later = goal > rig.at(rig.soon(self.wall))

        answer = self.admin(way, name, "POST", "clock/run-until", {"condition": f"A.on == {really}", "limit": limit})

        if later:
            rig.jump(self.wall, goal)
            rig.say(at, f"POST {RUN_UNTIL}", answer.status)
        assert answer.status == (409 if found is None else 200)
        if found is not None:
            assert answer.json()["time"] == found / SECOND
            assert answer.json()["waited"] == (found - at) / SECOND

    @rule(way=ways, name=rigs, back=st.integers(1, 3))
    def time_does_not_go_back(self, way: int, name: str, back: int) -> None:
        rig = self.rigs.get(name) or self.fresh(name)
        goal = rig.at(rig.soon(self.wall)) // SECOND - back
        if goal >= 0:
            assert self.admin(way, name, "PUT", "clock", {"time": goal, "rate": 7}).status == 409

    # -- clients -------------------------------------------------------------------------------------------------

    @rule(way=ways, name=rigs, device=st.sampled_from(CLIENTS), word=st.integers(0, 2))
    def ask(self, way: int, name: str, device: str, word: int) -> None:
        """Read a device, switch it on, or off."""
        path = PATHS[device][word]
        rig, absent = (self.rigs.get(name) or self.fresh(name)), name not in self.rigs
        at = rig.at(self.wall)
        fault = rig.struck(at, path) if device == "A" else None

        answer = self.wire(way, name, path)

        if word and self.refused(rig, device, word):
            assert (answer.status, answer.json()["rule"]) == (409, "dry-fire")
            if not absent:
                rig.say(at, f"GET {path}", 409)
            return
        code = fault.document["code"] if fault else 200
        if word and (fault is None or fault.document["applied"]):
            rig = self.there(name)
            at = rig.happened(self.wall)
            rig.now.switches[device] = 2 - word
            rig.say(at, f"GET {path}", code)
        elif fault or (rig.recording and not word):
            rig.say(at, f"GET {path}", code)
        assert answer.status == code
        if fault is None:
            assert answer.body == b"%d" % rig.now.switches[device]
            assert answer.headers.get("X-Mockbrew-Rig") == (f"{name}; new" if absent and not word else self.said(rig))

    def refused(self, rig: Rig, device: str, word: int) -> bool:
        return device == "H" and word == 1 and not rig.now.switches["H"] and rig.now.volume < 5

    def said(self, rig: Rig) -> str | None:
        if rig.still(self.wall):
            return f"{rig.name}; stands-still"
        return None if rig.name == "default" else rig.name

    @rule(way=ways, name=rigs, wanted=st.sampled_from([50.5, 65.0, 110.0]))
    def set_a_target(self, way: int, name: str, wanted: float) -> None:
        rig = self.there(name)

        answer = self.wire(way, name, f"/setC_{wanted}")

        rig.now.target = wanted
        rig.say(rig.happened(self.wall), f"GET /setC_{wanted}", 200)
        assert answer.body == b"%s" % repr(wanted).encode()

    @rule(way=ways, name=rigs, path=st.sampled_from(["/setC_999", "/setC_warm", "/getZ", "/setC_", "/getT/"]))
    def ask_for_what_is_refused(self, way: int, name: str, path: str) -> None:
        rig = self.rigs.get(name)

        answer = self.wire(way, name, path)

        assert answer.status in (400, 404)
        if rig is not None and (answer.status == 400 or rig.recording):
            rig.say(rig.at(self.wall), f"GET {path}", answer.status)

    # -- faults --------------------------------------------------------------------------------------------------

    @rule(way=ways, name=rigs, called=st.none() | names, fault=broken, window=windows)
    def set_a_fault(self, way: int, name: str, called: str | None, fault: dict[str, Any], window: tuple[int | None, int | None]) -> None:
        """Break valve A, or spoil replies about it."""
        rig = self.rigs.get(name) or self.fresh(name)
        at = rig.at(self.wall)
        begins = at if window[0] is None else (at // SECOND + window[0]) * SECOND
        ends = None if window[1] is None else (begins // SECOND + 1 + window[1]) * SECOND
        times = {**({} if window[0] is None else {"from": begins / SECOND}), **({} if ends is None else {"until": ends / SECOND})}

        answer = self.admin(way, name, "POST", "faults", {**fault, **times, **({} if called is None else {"name": called})})

        if called in rig.now.faults:
            assert answer.status == 409, answer
            return
        assert answer.status == 201, answer
        rig = self.there(name)
        called = called or next(free for free in map("f{}".format, range(1, 99)) if free not in rig.now.faults)
        if fault["fault"] in STUCK:
            rig.happened(self.wall)
        document = {"name": called, "probability": 1.0, **fault, "from": begins / SECOND, **times}
        rig.now.faults[called] = Fault(document, begins, ends)
        rig.say(at, "POST /__admin/faults", 201)
        assert answer.json() == {"rig": name, **rig.now.faults[called].shown(at)}

    @rule(way=ways, name=rigs, called=names | st.sampled_from(["f1", None]))
    def mend(self, way: int, name: str, called: str | None) -> None:
        path = "faults" if called is None else f"faults/{called}"

        answer = self.admin(way, name, "DELETE", path)

        rig = self.rigs.get(name)
        if rig is None or (called is not None and called not in rig.now.faults):
            assert answer.status == 404
            return
        gone = [each for each in rig.now.faults if called in (None, each)]
        assert answer.json() == {"rig": name, "deleted": gone}
        if any(rig.now.faults[each].document["fault"] in STUCK for each in gone):
            rig.happened(self.wall)
        if gone:
            rig.say(rig.at(self.wall), f"DELETE /__admin/{path}", 200)
        rig.now.faults = {each: fault for each, fault in rig.now.faults.items() if each not in gone}

    # -- snapshots, states, rigs ---------------------------------------------------------------------------------

    @rule(way=ways, name=rigs, called=names)
    def take(self, way: int, name: str, called: str) -> None:
        answer = self.admin(way, name, "POST", "snapshots", {"name": called})

        rig = self.there(name)
        if called in rig.snapshots:
            assert answer.status == 409
            return
        assert answer.status == 201
        rig.say(rig.at(self.wall), "POST /__admin/snapshots", 201)
        rig.take(called, self.wall)

    @rule(way=ways, which=st.integers(0, 99))
    def restore(self, way: int, which: int) -> None:
        """One that there is."""
        taken = [(name, called) for name, rig in sorted(self.rigs.items()) for called in rig.snapshots]
        if taken:
            self.restore_or_forget(way, *taken[which % len(taken)], "POST")

    @rule(way=ways, name=rigs, called=names, method=st.sampled_from(["POST", "DELETE"]))
    def restore_or_forget_any(self, way: int, name: str, called: str, method: str) -> None:
        self.restore_or_forget(way, name, called, method)

    def restore_or_forget(self, way: int, name: str, called: str, method: str) -> None:
        path = f"snapshots/{called}" if method == "DELETE" else f"snapshots/{called}/restore"

        answer = self.admin(way, name, method, path)

        rig = self.rigs.get(name)
        if rig is None or called not in rig.snapshots:
            assert answer.status == 404
            return
        assert answer.status == 200, answer
        if method == "DELETE":
            del rig.snapshots[called]
        else:
            rig.restore(called, self.wall)
        rig.say(rig.at(self.wall), f"{method} /__admin/{path}", 200)

    @rule(way=ways, name=rigs, volume=st.sampled_from([2, 4.5, 30]), switch=st.none() | st.integers(0, 1))
    def patch(self, way: int, name: str, volume: float, switch: int | None) -> None:
        devices = {} if switch is None else {"devices": {"A": {"state": switch}}}

        told = self.done(way, name, "PATCH", "state", {"vessels": {"Kettle": {"volume": volume}}, **devices})

        rig = self.there(name)
        rig.now.volume = volume
        rig.now.switches["A"] = rig.now.switches["A"] if switch is None else switch
        rig.say(rig.happened(self.wall), "PATCH /__admin/state", 200)
        assert told["vessels"]["Kettle"]["volume"] == volume

    @rule(way=ways, name=rigs, door=st.sampled_from(["POST /__admin/reset", "GET /reset"]))
    def reset(self, way: int, name: str, door: str) -> None:
        method, path = door.split()
        self.touched = name

        answer = self.ways[way].admin(method, "reset", rig=name) if method == "POST" else self.wire(way, name, path)

        rig = self.there(name)
        rig.reset(self.wall)
        rig.say(rig.at(self.wall), door, 200)
        assert answer.status == 200

    @rule(way=ways, name=rigs)
    def delete(self, way: int, name: str) -> None:
        answer = self.admin(way, "default", "DELETE", f"rigs/{name}")

        self.touched = name
        assert answer.status == (200 if name in self.rigs else 404)
        self.rigs.pop(name, None)

    # -- the journal ---------------------------------------------------------------------------------------------

    @rule(way=ways, name=rigs, recording=st.booleans())
    def record(self, way: int, name: str, recording: bool) -> None:  # noqa: FBT001  # drawn, not chosen
        self.done(way, name, "PUT", "journal", {"record": "requests" if recording else "commands"})

        rig = self.there(name)
        rig.recording = recording
        rig.say(rig.at(self.wall), "PUT /__admin/journal", 200)

    @rule(way=ways, name=rigs)
    def empty_the_journal(self, way: int, name: str) -> None:
        answer = self.admin(way, name, "DELETE", "journal")

        assert answer.status == (200 if name in self.rigs else 404)
        if name in self.rigs:
            self.rigs[name].journal.clear()

    # -- what is refused -----------------------------------------------------------------------------------------

    @rule(way=ways, name=rigs, asked=st.sampled_from(REFUSED))
    def ask_for_what_nobody_can_do(self, way: int, name: str, asked: tuple[str, str, Any, int]) -> None:
        method, path, body, status = asked

        assert self.admin(way, name, method, path, body).status == status

    # -- what is so after every step -----------------------------------------------------------------------------

    @invariant()
    def every_rig_is_as_the_model_says(self) -> None:
        if not hasattr(self, "ways"):
            return
        self.there("default")
        for name in NAMES:
            if name in self.rigs:
                self.both_show(self.rigs[name])
            else:
                self.nobody_makes(name)
        shown = [[each["rig"] for each in way.admin("GET", "rigs").json()["rigs"]] for way in self.ways]
        assert shown == [sorted(self.rigs)] * 2

    def both_show(self, rig: Rig) -> None:
        at = rig.at(self.wall)
        for path in WATCHED:
            self.agree(rig.name, path)
            for _ in self.ways:
                if rig.recording:
                    rig.say(at, f"GET {path}", 200)
        state, clock, faults, snapshots, journal = (
            self.agree(rig.name, path)
            for path in ("/__admin/state", "/__admin/clock", "/__admin/faults", "/__admin/snapshots", "/__admin/journal?after=0&limit=1000")
        )
        self.is_state(rig, at, state.json())
        self.goes_on(rig, at, state.body)
        still = rig.still(self.wall)
        assert (clock.json()["time"], clock.json()["rate"], clock.json()["stands_still"]) == (at / SECOND, float(rig.now.rate), still)
        assert faults.json()["faults"] == [fault.shown(at) for fault in rig.now.faults.values()]
        taken = {each["name"]: each["time"] for each in snapshots.json()["snapshots"]}
        assert taken == {name: then / SECOND for name, (then, _) in rig.snapshots.items()}
        self.is_journal(rig, journal.json())

    def agree(self, name: str, path: str) -> Answer:
        """What both processes answer: the same, to the byte."""
        path, _, query = path.partition("?")
        first, second = (way.ask(f"/rigs/{name}{path}", QUERY_STRING=query) for way in self.ways)
        assert first == second
        assert first.status == 200, first
        return first

    def is_state(self, rig: Rig, at: int, state: Any) -> None:
        devices = state["devices"]
        assert state["time"] == at / SECOND
        assert {name: devices[name]["state"] for name in rig.now.switches} == rig.now.switches
        assert (devices["A"]["on"], devices["C"]["setpoint"]) == (rig.really(at), rig.now.target)
        assert state["vessels"]["Kettle"]["volume"] == rig.now.volume
        known = self.given.setdefault((rig.name, rig.life, rig.runs), state["run"])
        assert state["run"] == known
        assert len(set(self.given.values())) == len(self.given)

    def goes_on(self, rig: Rig, at: int, shown: bytes) -> None:
        """Time does not go back in a run; and who does something to one rig does nothing to the others."""
        run = rig.life, rig.runs
        before, then, body = self.seen.get(rig.name, (run, 0, b""))
        if before == run:
            assert at >= then
            assert self.touched in (rig.name, "") or at > then or not body or shown == body
        self.seen[rig.name] = run, at, shown

    def is_journal(self, rig: Rig, journal: Any) -> None:
        keys = {(rig.life, runs): self.given.get((rig.name, rig.life, runs)) for runs in range(rig.runs + 1)}
        expected = [(number, keys[rig.life, runs], at / SECOND, asked, status) for number, runs, at, asked, status in rig.journal[:1000]]
        told = [
            (each["number"], each["run"], each["time"], f"{each['method']} {each['url']}", each.get("status"))
            for each in journal["entries"]
        ]
        assert told == expected
        assert journal["record"] == ("requests" if rig.recording else "commands")

    def nobody_makes(self, name: str) -> None:
        """Looking at a rig that is not there shows a new one, and makes none."""
        for way in self.ways:
            read = way.ask(f"/rigs/{name}/targetC")
            assert (read.body, read.headers["X-Mockbrew-Rig"]) == (b"60", f"{name}; new")
            assert [way.admin("GET", path, rig=name).status for path in ("state", "clock", "journal")] == [404, 404, 404]

    # -- the end -------------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        if not hasattr(self, "ways"):
            return
        self.ways[0].admin("POST", "reset", rig="last")  # who makes a rig clears away those that are gone
        for each in self.ways[1].admin("GET", "rigs").json()["rigs"]:
            assert self.ways[1].admin("DELETE", f"rigs/{each['rig']}").status == 200
        for way in self.ways:
            way.store.close()
        self.nothing_is_left()
        self.directory.cleanup()

    def nothing_is_left(self) -> None:
        """Of rigs that were deleted."""


class Memory(Together):
    url = "memory://"


class Sqlite(Together):
    url = "sqlite:///{}"

    def nothing_is_left(self) -> None:
        tables = ("rig", "cell", "ahead", "event", "note", "journal", "garbage")
        with closing(sqlite3.connect(self.file)) as connection:
            left = {table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
        assert left == dict.fromkeys(tables, 0)


@pytest.mark.parametrize("machine", [Memory, Sqlite])
def test_a_bench_does_what_a_simple_model_does(machine: type[Together]) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=50))
