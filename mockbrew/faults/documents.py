"""Faults as documents: all those of a rig, of devices and of transport, in the order of their making; asked for, kept as text, and shown.

How far each has got is kept elsewhere: of a device's fault in its cell, of a fault of transport in a note.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any

from mockbrew.checks.findings import dotted, unknown
from mockbrew.checks.findings import shown as quoted
from mockbrew.checks.words import BODY
from mockbrew.checks.words import faults as findings
from mockbrew.clock import seconds
from mockbrew.endpoints import Endpoint
from mockbrew.errors import FaultExists, TooManyFaults
from mockbrew.faults import devices, transport
from mockbrew.faults.devices import Fault
from mockbrew.faults.sorts import SORTS
from mockbrew.faults.strikes import Counted
from mockbrew.faults.transport import SAID, TransportFault
from mockbrew.spec import Spec

MOST = 100  # faults of one rig

AnyFault = Fault | TransportFault
Document = Mapping[str, Any]

NAMED = {"type": "object", "properties": {"name": SAID["name"]}}


def encode(faults: Iterable[AnyFault]) -> str:
    """As text; "" for none, so that whoever has none sees it at once."""
    listed = [asdict(each) for each in faults]
    return json.dumps(listed, separators=(",", ":")) if listed else ""


@lru_cache(maxsize=256)  # asked for at each request to a rig that has some
def decode(text: str) -> tuple[AnyFault, ...]:
    """The inverse of `encode`."""
    return tuple(_decoded(fields) for fields in json.loads(text)) if text else ()


def of_transport(faults: Iterable[AnyFault]) -> tuple[TransportFault, ...]:
    """Those of transport."""
    return tuple(each for each in faults if isinstance(each, TransportFault))


def of_devices(faults: Iterable[AnyFault]) -> tuple[Fault, ...]:
    """Those of devices."""
    return tuple(each for each in faults if isinstance(each, Fault))


def cells(text: str, home: Mapping[str, str]) -> list[str]:
    """The cells in which faults of devices are at work. home: the cell of each device."""
    return list(dict.fromkeys(home[fault.device] for fault in of_devices(decode(text))))


def about(text: str, device: str | None, endpoint: str) -> tuple[TransportFault, ...]:
    """The faults of transport that a request to this endpoint, of this device, matches."""
    return tuple(fault for fault in of_transport(decode(text)) if fault.about(device, endpoint))


def shown(fault: AnyFault, state: str, counted: Counted) -> dict[str, Any]:
    """As the control plane shows it."""
    ends = {} if fault.ends is None else {"until": seconds(fault.ends)}
    count = {} if fault.count is None else {"count": fault.count}
    seed = {} if fault.seed is None else {"seed": fault.seed}
    return {
        "name": fault.name,
        "fault": fault.sort,
        **_matched(fault),
        **dict(fault.parameters),
        "probability": fault.probability,
        **seed,
        **count,
        "from": seconds(fault.begins),
        **ends,
        **_replied(fault),
        "state": state,
        **counted._asdict(),
    }


def _matched(fault: AnyFault) -> dict[str, Any]:
    if isinstance(fault, Fault):
        return {"device": fault.device}
    return {name: value for name, value in (("device", fault.device), ("endpoint", fault.endpoint)) if value is not None}


def _replied(fault: AnyFault) -> dict[str, Any]:
    return {} if isinstance(fault, Fault) else {"applied": fault.applied, "announce": fault.announce}


def _decoded(fields: Mapping[str, Any]) -> AnyFault:
    if fields["sort"] in SORTS:
        return TransportFault(**fields)
    return Fault(**{**fields, "parameters": tuple((name, value) for name, value in fields["parameters"])})


# -- what is asked for ---------------------------------------------------------------------------------------------


def mistakes(spec: Spec, endpoints: Collection[Endpoint], documents: Sequence[Document], now: int) -> list[list[tuple[str, str]]]:
    """Of each document that asks for a fault at `now` (virtual ns): (field, what is wrong with it; what would be right)."""
    found, before = [], set[str]()
    for document in documents:
        found.append([*_twice(before, document), *_mistakes(spec, endpoints, document, now)])
        if isinstance(name := document.get("name"), str):
            before.add(name)
    return found


def made(held: Sequence[AnyFault], documents: Sequence[Document], now: int) -> list[AnyFault]:
    """What documents without mistakes ask for, each under a name that is free. Raises FaultExists, TooManyFaults."""
    if len(held) + len(documents) > MOST:
        raise TooManyFaults(MOST)
    taken, given = {each.name for each in held}, {document["name"] for document in documents if "name" in document}
    if taken & given:
        raise FaultExists(sorted(taken & given)[0])
    free = (name for name in map("f{}".format, range(1, 2 * MOST + 2)) if name not in taken | given)
    return [_made(document["name"] if "name" in document else next(free), document, now) for document in documents]


def _made(name: str, document: Document, now: int) -> AnyFault:
    return transport.made(name, document, now) if document["fault"] in SORTS else devices.made(name, document, now)


def _twice(before: Collection[str], document: Document) -> Iterator[tuple[str, str]]:
    if isinstance(document.get("name"), str) and document["name"] in before:
        yield "name", f"{quoted(document['name'])} is given twice; give each fault a name of its own"


def _mistakes(spec: Spec, endpoints: Collection[Endpoint], document: Document, now: int) -> Iterator[tuple[str, str]]:
    sort, device = document.get("fault"), document.get("device")
    if isinstance(sort, str) and sort in SORTS:
        yield from transport.check(document, endpoints, now)
        return
    yield from ((dotted(finding.path), finding.message) for finding in findings(NAMED, document, (), BODY))
    if not isinstance(sort, str):
        what = "missing" if sort is None else f"{quoted(sort)} is no sort of fault"
        yield "fault", f"{what}; it must be one of {', '.join(_sorts(spec))}"
    elif isinstance(device, str) and device in spec.entries:
        yield from devices.check(document, spec.entries[device].device, now)
    else:
        yield from _of_no_device(spec, sort, device)


def _of_no_device(spec: Spec, sort: str, device: object) -> Iterator[tuple[str, str]]:
    sorts = _sorts(spec)
    if sort not in sorts:
        yield "fault", unknown("fault", sort, sorts)
    elif device is None:
        yield "device", f"missing; {sort!r} is a fault of a device: name which"
    if isinstance(device, str):
        yield "device", unknown("device", device, spec.entries)
    elif device is not None:
        yield "device", f"{quoted(device)} is not the name of a device; give one"


def _sorts(spec: Spec) -> list[str]:
    kinds = {type(entry.device) for entry in spec.entries.values()}
    return sorted({sort for kind in kinds for sort in kind.failures} | set(SORTS))
