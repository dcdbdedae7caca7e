"""Schemas of faults: JSON Schema of what asks for a fault of a spec, one alternative for each sort and what it takes; and of what is shown.

That a fault begins before it ends, and not before now, and that `low` is not above `high`, no schema can say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from mockbrew.devices.base import Device
from mockbrew.endpoints import Endpoint
from mockbrew.faults import devices, transport
from mockbrew.faults.sorts import SORTS
from mockbrew.faults.transport import SAID
from mockbrew.routes import addresses
from mockbrew.spec import Spec

Schema = dict[str, Any]

REPLIES = ("applied", "announce")  # what is said of faults of transport only
OF_ANY = {name: SAID[name] for name in devices.SAID if name not in ("fault", "device")}  # what is said of faults of any sort


def asked(spec: Spec) -> Schema:
    """What asks for one fault. Which endpoints there are is said once: specs have thousands, and each form of a sort names one."""
    endpoints = [address.endpoint for address in addresses(spec)]
    alternatives = [*_of_devices(spec), *_of_transport(endpoints)]
    return {
        "type": "object",
        "title": "a fault",
        "properties": _endpoint(endpoints, enum=[each.url for each in endpoints]),
        "oneOf": alternatives,
        **_pairs(endpoints),
    }


def _endpoint(endpoints: list[Endpoint], **more: Any) -> dict[str, Schema]:
    return {"endpoint": {**SAID["endpoint"], **more}} if endpoints else {}


def _of_devices(spec: Spec) -> Iterator[Schema]:
    """Devices that take the same have one alternative for each sort."""
    names: dict[tuple[str, str], list[str]] = {}
    for name, entry in spec.entries.items():
        for sort, parameters in _parameters(entry.device).items():
            names.setdefault((sort, json.dumps(parameters)), []).append(name)
    for (sort, said), own in names.items():
        device = {"type": "string", "enum": own, "description": "the device that fails"}
        takes: dict[str, Schema] = json.loads(said)
        alone = f"{sort} of {own[0]}{' and others' if own[1:] else ''}"
        yield _alternative(sort, alone, {"device": device, **takes, **OF_ANY}, ("device", *takes))


def _parameters(device: Device) -> Mapping[str, Mapping[str, Schema]]:
    return {sort: {name: each.schema(device) for name, each in failure.parameters.items()} for sort, failure in device.failures.items()}


def _of_transport(endpoints: list[Endpoint]) -> Iterator[Schema]:
    """One alternative for each form of a sort."""
    owners = list(dict.fromkeys(each.device for each in endpoints if each.device))
    device = {"device": {**SAID["device"], "enum": owners}} if owners else {}
    about: dict[str, Any] = {**device, **_endpoint(endpoints), **OF_ANY}
    for sort, says in SORTS.items():
        said = {name: each for name, each in transport.schema(sort)["properties"].items() if name not in SAID or name in REPLIES}
        for form in says.forms or ((),):
            others = {name for other in says.forms for name in other} - set(form)
            alone = f"{sort} by {' and '.join(form)}" if form else sort
            yield _alternative(sort, alone, {**about, **{name: each for name, each in said.items() if name not in others}}, form)


def _alternative(sort: str, title: str, properties: Mapping[str, Any], required: tuple[str, ...]) -> Schema:
    """title: of none other, since generators of clients make it the name of a class."""
    fault = {"type": "string", "const": sort, "description": "its sort"}
    return {
        "type": "object",
        "title": title,
        "properties": {"fault": fault, **properties},
        "required": ["fault", *required],
        "additionalProperties": False,
    }


def _pairs(endpoints: list[Endpoint]) -> Schema:
    """An endpoint is of the device that is named beside it."""
    urls: dict[str, list[str]] = {}
    for each in endpoints:
        if each.device:
            urls.setdefault(each.device, []).append(each.url)
    if not urls:
        return {}
    fit = [{"properties": {"device": {"const": name}, "endpoint": {"enum": own}}} for name, own in urls.items()]
    return {"if": {"required": ["device", "endpoint"]}, "then": {"anyOf": fit}}


def parameters(spec: Spec) -> dict[str, Schema]:
    """All that faults of a spec may say of themselves beside what all faults say. What a device and a reply both have is as either says."""
    of_replies = {name: dict(each) for sort in SORTS.values() for name, each in sort.parameters.items()}
    of_devices: dict[str, Schema] = {}
    for entry in spec.entries.values():
        for failure in entry.device.failures.values():
            of_devices.update({name: {"type": "number", "description": says.doc} for name, says in failure.parameters.items()})
    either = {name: {"anyOf": [of_replies[name], of_devices[name]]} for name in of_replies.keys() & of_devices.keys()}
    return {**of_replies, **of_devices, **dict(sorted(either.items()))}


def sorts(spec: Spec) -> list[str]:
    """All that there are."""
    return sorted({sort for entry in spec.entries.values() for sort in entry.device.failures} | set(SORTS))
