"""Examples: requests that show what a resource does. `tour` asks them, of any spec, so that what is shown of their replies is real."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from mockbrew.devices.switch import EITHER
from mockbrew.endpoints import Address
from mockbrew.routes import addresses
from mockbrew.schema import table_of
from mockbrew.spec import Spec

MOST = 20  # entries of a spec that one example touches
WARM = 65  # degC

Step = tuple[str, str, Mapping[str, Any]]
"""A method, a path, and a body. The path stands behind `/__admin/`; one with a slash at its beginning is a URL of the rig."""


@dataclass(frozen=True, slots=True)
class Example:
    """One request to one resource, on a rig of its own that nothing has happened to yet, at 0 s.

    says: what it shows, in some words. name: in the place of `{name}`. before: what is asked first. status: of the reply; None for that
    of a success. rig: what the rig is called.
    """

    says: str = ""
    name: str = ""
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    before: tuple[Step, ...] = ()
    status: int | None = None
    rig: str = "default"


Examples = Callable[[Spec], Iterable[Example]]
"""Those of a resource, for a spec. One that a spec has no use for, such as a fault of a probe where there is none, is left out."""


def bare(spec: Spec) -> Iterable[Example]:
    """Of a resource that takes nothing."""
    return (Example(),)


def always(*examples: Example) -> Examples:
    """The same for any spec."""
    return lambda spec: examples


# -- what a spec has to show ---------------------------------------------------------------------------------------


def some(spec: Spec) -> list[str]:
    """Up to three of its vessels, pipes and devices, as far apart as they stand in it."""
    names = list(spec.entries)
    return list(dict.fromkeys([*names[:1], *names[len(names) // 2 :][:1], *names[-1:]]))


def a_vessel(spec: Spec) -> str | None:
    """Its first one."""
    return next(_vessels(spec), None)


def a_reading(spec: Spec) -> str | None:
    """Of a vessel's temperature, if it has one; else the first that there is."""
    vessel = a_vessel(spec)
    if vessel is not None:
        return f"{vessel}.temperature"
    return next((f"{name}.{reading}" for name, entry in spec.entries.items() for reading in entry.device.readings), None)


def conditions(spec: Spec) -> list[str]:
    """On readings, which conditions of other specs may not be."""
    reading, switch = a_reading(spec), next(_switches(spec), None)
    return [*([f"{reading} >= 50"] if _is_measured(spec, reading) else []), *([f"{switch}.state == 1"] if switch else []), "true"]


def _is_measured(spec: Spec, reading: str | None) -> bool:
    device, _, name = (reading or "").rpartition(".")
    return bool(device) and spec.entries[device].device.readings[name].schema.get("type") == "number"


def a_command(spec: Spec) -> Address | None:
    """The first endpoint of a device that changes something."""
    return next((each for each in addresses(spec) if each.endpoint.verb and each.endpoint.device), None)


def a_patch(spec: Spec) -> dict[str, Any]:
    """A warm vessel, something that is switched on; nothing, if there is neither."""
    vessel, device = a_vessel(spec), next(_switches(spec), None)
    warm = {} if vessel is None else {"vessels": {vessel: {"temperature": min(WARM, spec.surroundings.boiling_point)}}}
    return {**warm, **({} if device is None else {"devices": {device: {"state": 1}}})}


def worst(spec: Spec) -> tuple[Step, ...]:
    """Every vessel empty and everything on, for a minute."""
    empty = {name: {"volume": 0} for name in islice(_vessels(spec), MOST)}
    on = {name: {"state": 1} for name in islice(_switches(spec), MOST)}
    patch = {table: values for table, values in (("vessels", empty), ("devices", on)) if values}
    return (("PATCH", "state", patch), ("POST", "clock/advance", {"seconds": 60})) if patch else ()


def _vessels(spec: Spec) -> Iterator[str]:
    return (name for name, entry in spec.entries.items() if table_of(entry.device.kind) == "vessels")


def _switches(spec: Spec) -> Iterator[str]:
    """What can be set to be on or off."""
    for name, entry in spec.entries.items():
        preset = entry.device.presets.get("state")
        if preset is not None and preset.schema(entry.device, spec.surroundings) == EITHER:
            yield name
