"""A client of the control plane for tests in Python, with nothing but the standard library.

    from mockbrew.client import Server

    rig = Server("http://127.0.0.1:8890").rig("team-a")
    rig.clock.freeze()
    ...                                         # the program under test speaks to rig.url
    rig.run_until("Temp3 >= 65", limit=7200)
    assert not rig.hazards

Times are virtual seconds. What is said of a rig is asked of the server each time: nothing is kept, and nothing has to be closed.
Two errors can come of any request: `Refused`, with what the server said, and `Unreachable`; both are `ClientError`.
"""

from __future__ import annotations

from mockbrew.client.answers import Cause, Entry, Fault, Hazard, History, Instant, Reply, Snapshot
from mockbrew.client.clock import Clock
from mockbrew.client.errors import ClientError, Refused, Unreachable
from mockbrew.client.rig import Rig
from mockbrew.client.server import Server

__all__ = [
    "Cause",
    "ClientError",
    "Clock",
    "Entry",
    "Fault",
    "Hazard",
    "History",
    "Instant",
    "Refused",
    "Reply",
    "Rig",
    "Server",
    "Snapshot",
    "Unreachable",
]
