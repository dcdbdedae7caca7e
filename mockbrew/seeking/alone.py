"""Readings of devices that look at nothing but their own state: what they show follows from the device and that state, at any time."""

from __future__ import annotations

from typing import Any

from mockbrew.conditions.intervals import Interval, Undecided
from mockbrew.devices.base import Device
from mockbrew.devices.declare import Value


class _Asked(Exception):
    """A reading looks at more than it is shown."""


class Nothing:
    """A view that shows nothing; others show something."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        raise _Asked


NOTHING = Nothing()


def shown_alone(device: Device, state: Any, reading: str, view: Any = NOTHING) -> Value | Interval:
    """What it shows, whatever else there is than the view shows; an interval where its state has some. Raises Undecided."""
    try:
        shown: Value | Interval = device.readings[reading].read(device, state, view)
    except _Asked:
        raise Undecided from None
    return shown
