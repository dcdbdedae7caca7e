"""What is done to rigs as a whole: kept, taken back, patched, reset, deleted; and to their journals."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.testbench.together import Together, names, rigs, ways


class Rigs(Together):
    """Snapshots, states, rigs and journals."""

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
