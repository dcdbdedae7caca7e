"""Two processes on one store, and what the model says of it: after every step both show the same bytes of every rig, and that."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from mockbrew.stores import open_store
from tests.app.asking import Bench
from tests.app.replies import Answer
from tests.stores.rows import Machine
from tests.testbench.kettles import SPEC
from tests.testbench.model import SECOND, Kept, Rig

NAMES = ("default", "team-a", "team-b")
WATCHED = ("/getT", "/getU", "/getC", "/targetC", "/getH")  # which no fault is about

rigs, ways, names = st.sampled_from((*NAMES, "team-a", "team-a")), st.integers(0, 1), st.sampled_from(("a", "b"))


class Together(RuleBasedStateMachine):
    """What can be done to it is added by the classes of `rules`."""

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
