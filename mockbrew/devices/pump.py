"""Pump: moves liquid, or not."""

from __future__ import annotations

from dataclasses import dataclass

from mockbrew.devices.switch import Switch


@dataclass(frozen=True, slots=True, kw_only=True)
class Pump(Switch):
    """A pump with one speed: 1 is running, 0 stands."""

    kind = "pump"
