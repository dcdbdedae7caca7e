"""Valve: lets liquid through, or not."""

from __future__ import annotations

from dataclasses import dataclass

from mockbrew.devices.switch import Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Valve(Switch):
    """A two-way valve: 1 is open, 0 is shut."""

    kind = "valve"
