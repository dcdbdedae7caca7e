"""What the distributions of test_plugins.py offer."""

from __future__ import annotations

from dataclasses import dataclass

from mockbrew.devices.base import Device
from mockbrew.devices.declare import number


@dataclass(frozen=True, slots=True, kw_only=True)
class Stirrer(Device):
    kind = "stirrer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Valve(Device):
    kind = "valve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak(Device):
    kind = "leak"

    drops: float = number("how fast it leaks", unit="1/min", default=90.0, maximum=60)
    colour: str = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nameless(Device):
    pass


NUMBER = 5
