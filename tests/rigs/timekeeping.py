"""The clock of a rig as tests keep it: its keeper, its time, and what the journal says of it."""

from __future__ import annotations

import json
from typing import Any

from mockbrew.clock import SECOND
from mockbrew.rigs import DEFAULT
from mockbrew.testbench.clock import Timekeeper
from tests.rigs.small import Bench

HOUR = 3_600 * SECOND


def keeper(rig: Bench) -> Timekeeper:
    return Timekeeper(rig.rigs, rig.wait)


def at(rig: Bench) -> int:
    """Virtual ns, now."""
    return keeper(rig).show(DEFAULT).at


def journal(rig: Bench) -> list[dict[str, Any]]:
    return [json.loads(entry.body) for entry in rig.store.journal(rig.rigs.row(DEFAULT), 0, 100)]
