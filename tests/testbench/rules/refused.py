"""What nobody can do."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.testbench.together import Together, rigs, ways

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


class Refused(Together):
    """Nothing of it changes anything."""

    @rule(way=ways, name=rigs, asked=st.sampled_from(REFUSED))
    def ask_for_what_nobody_can_do(self, way: int, name: str, asked: tuple[str, str, Any, int]) -> None:
        method, path, body, status = asked

        assert self.admin(way, name, method, path, body).status == status
