"""Placeholders: what they stand for in the reply of an endpoint, once the cell of its device is looked at. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mockbrew.devices.base import Device
from mockbrew.errors import Unreadable
from mockbrew.plant import Look


def values(device: Device, look: Look, arguments: Mapping[str, Any]) -> Callable[[str], Any]:
    """By name: a reading, or an argument where the device has no reading of that name. Raises Unreadable when it is asked for one."""

    def value(name: str) -> Any:
        if name not in device.readings:
            return arguments[name]
        found = look.reading(device.name, name)
        why = device.refusal(name, found)
        if why is not None:
            raise Unreadable(device.name, name, why)
        return found

    return value
