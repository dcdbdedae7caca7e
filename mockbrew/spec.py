"""The spec: what a rig is made of and how it is spoken to, checked and frozen.

Vessels and pipes are entries of a kind that has a table of its own. An endpoint belongs to one entry, or to the rig.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

import tomli

from mockbrew import lines
from mockbrew.checks import slips
from mockbrew.checks.endpoints import JSON, Written, subtables
from mockbrew.checks.examination import Examined, examine
from mockbrew.checks.findings import Finding, dotted
from mockbrew.checks.positions import locate
from mockbrew.checks.users import Users
from mockbrew.clock import nanoseconds
from mockbrew.conditions import Condition
from mockbrew.coupling import cells
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device, Kinds, Surroundings
from mockbrew.errors import Fault, SpecError
from mockbrew.schema import SETTLE, SEVERITY, WATCH

VERSION = (1, 0)  # of the spec's format: a newer one is refused
STATES = 2  # how `plant.encode` writes the states of a cell: another number, and states written before are not read
SHORT = (",", ":")  # what JSON has between its values without white space
RIG_VERBS = {"reset": "put plant and controllers back to the spec's initial state"}


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


class Entry(NamedTuple):
    """A device as the spec declares it. labels: its words and numbers that its interface asks for and its kind doesn't know."""

    device: Device
    interface: str | None
    labels: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """Something about the plant that a client must not break: a hazard while `when` holds.

    severity: "warning" or "danger". hold_off: ns that it must last before it counts. refuse: what would break it is not done.
    """

    name: str
    when: Condition
    severity: str
    hold_off: int
    refuse: bool
    title: str


@dataclass(frozen=True, slots=True)
class Care:
    """How a verification treats one device.

    settle: s after a command until its effect must show. safe: what must certainly hold while the device may heat; without one it never
    may.
    """

    settle: float
    safe: Condition | None = None


@dataclass(frozen=True, slots=True)
class Verify:
    """How a server that claims this contract is verified; it may be real hardware.

    settle: s, of devices without one of their own. watch: s for which a temperature is watched while something heats. devices: those of
    which something special is said; `care` knows all.
    """

    settle: float
    watch: float
    devices: Mapping[str, Care]

    def care(self, device: str) -> Care:
        """How this device is treated."""
        return self.devices.get(device) or Care(self.settle)


@dataclass(frozen=True, slots=True)
class Spec:
    """A checked spec. Mappings keep the order of the file; `entries` has the vessels first, then the pipes.

    interfaces: patterns by interface. overrides: patterns by (device, endpoint). rig_endpoints: those that belong to no device.
    errors: by HTTP status, 0 for all others. hazards: rules by name. cells: the names of the entries that the spec couples; the first one
    names the cell. text: the TOML's data as JSON, of 100,000 devices a tenth of what it is as objects; digest: what identifies it together
    with the kinds' layouts. cors: the origins whose pages may read replies. verify: how to verify a server of it.
    """

    title: str
    surroundings: Surroundings
    entries: Mapping[str, Entry]
    interfaces: Mapping[str, Mapping[str, Pattern]]
    overrides: Mapping[tuple[str, str], Pattern]
    rig_endpoints: Mapping[str, Pattern]
    errors: Mapping[int, ErrorShape]
    hazards: Mapping[str, Rule]
    cells: tuple[tuple[str, ...], ...]
    text: str = field(repr=False)
    digest: str
    cors: tuple[str, ...]
    verify: Verify

    @property
    def document(self) -> Mapping[str, Any]:
        """The TOML as data, made anew each time."""
        made: dict[str, Any] = json.loads(self.text)
        return made

    def patterns(self, name: str) -> list[Pattern]:
        """The endpoints of one entry, overrides applied."""
        interface = self.entries[name].interface
        shared = self.interfaces[interface].values() if interface is not None else ()
        return [self.overrides.get((name, pattern.name), pattern) for pattern in shared]


# -- from text or data to a spec -----------------------------------------------------------------------------------


def parse(text: str, source: str = "spec.toml", kinds: Kinds = BUILT_IN) -> Spec:
    """The spec that a TOML text declares. Raises SpecError with everything that is wrong in it; `source` is how messages call the file."""
    return _checked(read_toml(text, source), kinds, source, text)


def from_document(document: Mapping[str, Any], source: str, kinds: Kinds = BUILT_IN) -> Spec:
    """The spec of a `Spec.document`, however old. Raises SpecError, whose faults then have no positions."""
    return _checked(document, kinds, source, None)


def read_toml(text: str, source: str) -> dict[str, Any]:
    """A TOML text as data. Raises SpecError."""
    try:
        return lines.loads(text)
    except tomli.TOMLDecodeError as error:
        fault = Fault(error.lineno, error.colno, "", f"bad TOML: {slips.told(error, text)}")
    except RecursionError:
        fault = Fault(1, 1, "", "bad TOML: hundreds of tables or lists stand in each other; make it flatter")
    except ValueError:  # Python reads no integer of more than 4300 digits
        long = re.search("[0-9][0-9_]{4300,}", text)
        before = text[: long.start()] if long else ""
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        fault = Fault(*place, "", "bad TOML: an integer has thousands of digits; write one of 64 bits")
    raise SpecError(source, [fault])


def _checked(document: Mapping[str, Any], kinds: Kinds, source: str, text: str | None) -> Spec:
    examined = examine(document, kinds, VERSION, RIG_VERBS)
    if examined.findings:
        raise SpecError(source, locate(examined.findings, text) if text is not None else [_nowhere(found) for found in examined.findings])
    return _spec(document, examined)


def _nowhere(finding: Finding) -> Fault:
    return Fault(0, 0, dotted(finding.path), finding.message)


def _spec(document: Mapping[str, Any], examined: Examined) -> Spec:
    entries = {name: Entry(each.device, each.interface, each.words) for name, each in examined.entries.items() if each.device is not None}
    text = json.dumps(document, separators=SHORT, allow_nan=False)
    return Spec(
        title=document.get("rig", {}).get("title", ""),
        surroundings=examined.surroundings,
        entries=MappingProxyType(entries),
        interfaces=MappingProxyType({name: _patterns(endpoints) for name, endpoints in examined.interfaces.items()}),
        overrides=MappingProxyType(_overrides(examined.users)),
        rig_endpoints=_patterns(examined.rig_endpoints),
        errors=MappingProxyType(dict(_error_shapes(document))),
        hazards=MappingProxyType({name: _rule(document, name, when) for name, when in examined.conditions.items()}),
        cells=tuple(cells({name: entry.device for name, entry in entries.items()})),
        text=text,
        digest=_digest(text, (entry.device for entry in entries.values())),
        cors=tuple(document.get("server", {}).get("cors", ())),
        verify=_verify(document.get("verify", {}), examined.safe),
    )


def _overrides(users: Iterable[Users]) -> dict[tuple[str, str], Pattern]:
    """By device and endpoint. Those that say the same are one, of which a router makes one route."""
    once: dict[str, Pattern] = {}
    own = ((alike.entries, endpoint) for alike in users for endpoint in alike.endpoints if endpoint.path[0] == "overrides")
    made = ((entry.name, _pattern(endpoint)) for entries, endpoint in own for entry in entries)
    return {(name, pattern.name): once.setdefault(repr(pattern), pattern) for name, pattern in made}


def _patterns(endpoints: Mapping[str, Written]) -> Mapping[str, Pattern]:
    return MappingProxyType({name: _pattern(endpoint) for name, endpoint in endpoints.items()})


def _pattern(endpoint: Written) -> Pattern:
    return Pattern(endpoint.name, endpoint.url, endpoint.verb, endpoint.reply, endpoint.content_type)


def _error_shapes(document: Mapping[str, Any]) -> Iterator[tuple[int, ErrorShape]]:
    for (_, status), table in subtables(document, "errors"):
        yield 0 if status == "default" else int(status), ErrorShape(table["reply"], table.get("content_type", JSON))


def _rule(document: Mapping[str, Any], name: str, when: Condition) -> Rule:
    table = document["hazards"][name]
    hold_off = nanoseconds(table.get("hold_off", 0))
    return Rule(name, when, table.get("severity", SEVERITY), hold_off, table.get("refuse", False), table.get("title", ""))


def _verify(table: Mapping[str, Any], safe: Mapping[str, Condition]) -> Verify:
    settle = float(table.get("settle", SETTLE))
    said: Mapping[str, Mapping[str, Any]] = table.get("devices", {})
    devices = {name: Care(float(care.get("settle", settle)), safe.get(name)) for name, care in said.items()}
    return Verify(settle, float(table.get("watch", WATCH)), MappingProxyType(devices))


def _digest(text: str, devices: Iterable[Device]) -> str:
    """What identifies a spec: what it says, but for comments and white space, and how the states of its kinds are laid out.

    The order of keys counts: replies have it.
    """
    layouts = {device.kind: list(device.layout._fields) for device in {type(device): device for device in devices}.values()}
    version, states, layout = (json.dumps(each, separators=SHORT) for each in (VERSION, STATES, sorted(layouts.items())))
    return hashlib.sha256(f"[{version},{states},{text},{layout}]".encode("ascii")).hexdigest()
