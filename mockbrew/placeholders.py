"""Placeholders: what they stand for in the reply of an endpoint, once the cell of its device is looked at. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockbrew.devices.base import Device
from mockbrew.devices.declare import Value
from mockbrew.errors import Unreadable
from mockbrew.plant import Look


def values(device: Device, look: Look, arguments: Mapping[str, Any]) -> Callable[[str], Any]:
    """By name: a reading, or an argument where the device has no reading of that name. Raises Unreadable when it is asked for one."""
    return lambda name: _readable(device, name, look.reading(device.name, name)) if name in device.readings else arguments[name]


def _readable(device: Device, name: str, value: Value) -> Value:
    """The value of a reading, if the device has one to show."""
    why = device.refusal(name, value)
    if why is not None:
        raise Unreadable(device.name, name, why)
    return value
