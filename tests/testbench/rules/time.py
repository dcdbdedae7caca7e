"""What is done to the clocks of rigs."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st
from hypothesis.stateful import rule

from mockbrew.clock import nanoseconds
from tests.testbench.model import RUN_UNTIL, SECOND
from tests.testbench.together import Together, rigs, ways

WEEKEND = 27 * 3600  # s, after which an idle rig is gone


class Time(Together):
    """It goes by, and is set, and jumps."""

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
