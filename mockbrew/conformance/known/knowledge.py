"""Knowledge: what has been seen of a rig. What was not seen is unknown, and so is a reading that shows nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mockbrew.conditions import Condition
from mockbrew.conditions.intervals import Undecided
from mockbrew.conditions.names import Variable
from mockbrew.devices.declare import Value

Key = tuple[str, str]
"""(device, reading)"""


class Knowledge:
    """shown: the latest values that endpoints showed. told: those that the control plane of a mock told."""

    def __init__(self) -> None:
        self.shown: dict[Key, Value] = {}
        self.told: dict[Key, Value] = {}

    def see(self, device: str, values: Mapping[str, Value]) -> None:
        """An endpoint showed it."""
        self.shown.update({(device, name): value for name, value in values.items()})

    def lose(self, device: str, names: Iterable[str]) -> None:
        """An endpoint did not show what it should have."""
        for name in names:
            self.shown.pop((device, name), None)

    def hear(self, state: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        """The control plane told it, by table, name and reading."""
        self.told = {
            (name, reading): value for table in state.values() for name, values in table.items() for reading, value in values.items()
        }

    def of(self, device: str) -> dict[str, Value]:
        """What a device showed."""
        return of_device(self.shown, device)

    def decide(self, condition: Condition, infer: Callable[[Variable], Value] | None = None) -> bool | None:
        """Whether a condition is so; None where that cannot be known. infer: what something unknown must be, or None."""

        def valued(variable: Variable) -> Value:
            value = self.value(variable)
            if value is None and infer is not None:
                value = infer(variable)
            if value is None:
                raise Undecided
            return value

        return condition.decide(valued)

    def value(self, variable: Variable) -> Value:
        """None if it is unknown."""
        key = variable.device, variable.reading
        shown = self.shown.get(key)
        return self.told.get(key) if shown is None else shown

    def unknown(self, condition: Condition) -> list[str]:
        """The readings of a condition that nobody shows."""
        return [variable.name for variable in condition.variables if self.value(variable) is None]


def of_device(values: Mapping[Key, Value], device: str) -> dict[str, Value]:
    """Those of one device, by reading."""
    return {name: value for (owner, name), value in values.items() if owner == device}
