"""The story that is told of a rig at a test's end, and a piece of a test with something to tell."""

from __future__ import annotations

import re

import pytest

DRY = """
        mockbrew.set_state(vessels={"Ebu": {"volume": 3}})
        mockbrew.clock.advance(5)
        mockbrew.get("/startB2.py")
        mockbrew.clock.advance(10)
        mockbrew.get("/stopB2.py")
"""


def told(result: pytest.RunResult) -> str:
    """The story, without the digits by which a rig's name is unique."""
    lines = result.outlines
    begins = next(at for at, line in enumerate(lines) if " on the rig " in line or " named no rig " in line)
    ends = next(at for at, line in enumerate(lines[begins:], begins) if line.startswith("====="))
    return re.sub(r"-[0-9a-f]{8}'", "'", "\n".join(lines[begins:ends]))
