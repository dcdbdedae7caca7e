"""Faults that are set and mended."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.testbench.model import SECOND, STUCK, Fault
from tests.testbench.together import Together, names, rigs, ways

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


class Faults(Together):
    """Of valve A, and of replies about it."""

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
