"""Interlocks: the rules of a spec that refuse what would break them, as its cells have them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from mockbrew.cells import Interlock
from mockbrew.conditions import Condition
from mockbrew.devices.base import View
from mockbrew.spec import Spec


def interlocks(spec: Spec) -> Mapping[str, tuple[Interlock, ...]]:
    """By the name of the cell, in the order of the spec."""
    home = {name: members[0] for members in spec.cells for name in members}
    found: dict[str, tuple[Interlock, ...]] = {}
    for rule in spec.hazards.values():
        if rule.refuse:
            cell = home[rule.when.variables[0].device]
            found[cell] = (*found.get(cell, ()), Interlock(rule.name, partial(_holds, rule.when)))
    return found


def _holds(condition: Condition, view: View) -> bool:
    return condition.holds(lambda variable: view.reading(variable.device, variable.reading))
