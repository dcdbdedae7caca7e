"""A kind with a default beyond its own bounds. There is no module mockbrew_drip."""

from __future__ import annotations

from dataclasses import dataclass

from mockbrew.devices.base import Device
from mockbrew.devices.declare import number


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak(Device):
    """Loses more than it may."""

    kind = "leak"

    drops: float = number("how much it loses", unit="1/min", default=90.0, maximum=60)
