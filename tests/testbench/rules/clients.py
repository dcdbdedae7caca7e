"""What clients of the wire ask, and what faults and rules make of it."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.testbench.model import Rig
from tests.testbench.together import Together, rigs, ways

CLIENTS = ("A", "H", "C")
PATHS = {"A": ("/getA", "/startA", "/stopA"), "H": ("/getH", "/startH", "/stopH"), "C": ("/getC", "/startC", "/stopC")}


class Clients(Together):
    """They read, switch, set, and misspell."""

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
