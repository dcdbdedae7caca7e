"""Rules on the small rig, and what is found by them."""

from __future__ import annotations

from typing import Any

from mockbrew.rigs import DEFAULT
from mockbrew.verdicts import Verdict
from tests.rigs.small import KETTLE, Bench

RULES = """
[hazards]
open = { when = "A.on" }
warm = { when = "Kettle.temperature >= 30", severity = "warning", title = "warm water" }
slow = { when = "Kettle.temperature >= 30", hold_off = 100 }
both = { when = "A.on and H.on" }
"""
TEXT = KETTLE + RULES


def verdict(rig: Bench) -> Verdict:
    return rig.rigs.judged(DEFAULT, rig.rigs.patience())


def found(rig: Bench, rule: str | None = None) -> list[tuple[Any, ...]]:
    """Rule, begin and end of each, s."""
    return [(each["rule"], each["begins"], each["ends"]) for each in verdict(rig).hazards if rule in (None, each["rule"])]
