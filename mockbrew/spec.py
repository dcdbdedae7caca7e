"""The spec: what a rig is made of and how it is spoken to, checked and frozen.

Vessels are entries of kind `vessel` that have a table of their own. An endpoint belongs to one entry, or to the rig.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockbrew.devices.base import Device, Surroundings

VERSION = (1, 0)  # of the spec's format: a newer one is refused
RIG_VERBS = {"reset": "put plant and controllers back to the spec's initial state"}
RESERVED = ("/rigs/", "/__admin")  # URLs that belong to mockbrew


@dataclass(frozen=True, slots=True)
class Pattern:
    """One endpoint of an interface, shared by all devices that have it.

    url: with placeholders. verb: the command that it gives, None for a reading. reply: JSON tree with placeholders.
    """

    name: str
    url: str
    verb: str | None
    reply: Any
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class ErrorShape:
    """The hardware's own form of an error. reply: JSON tree with placeholders {status}, {title} and {detail}."""

    reply: Any
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A device as the spec declares it. labels: its words and numbers that its interface asks for and its kind doesn't know."""

    device: Device
    interface: str | None
    labels: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spec:
    """A checked spec. Mappings keep the order of the file; `entries` has the vessels first.

    interfaces: patterns by interface. overrides: patterns by (device, endpoint). rig_endpoints: those that belong to no device.
    errors: by HTTP status, 0 for all others. cells: the names of the entries that the spec couples; the first one names the cell.
    document: the TOML as data; digest: what identifies it together with the kinds' layouts.
    """

    title: str
    surroundings: Surroundings
    entries: Mapping[str, Entry]
    interfaces: Mapping[str, Mapping[str, Pattern]]
    overrides: Mapping[tuple[str, str], Pattern]
    rig_endpoints: Mapping[str, Pattern]
    errors: Mapping[int, ErrorShape]
    cells: tuple[tuple[str, ...], ...]
    document: Mapping[str, Any] = field(repr=False)
    digest: str

    def patterns(self, name: str) -> list[Pattern]:
        """The endpoints of one entry, overrides applied."""
        interface = self.entries[name].interface
        shared = self.interfaces[interface].values() if interface else ()
        return [self.overrides.get((name, pattern.name), pattern) for pattern in shared]
