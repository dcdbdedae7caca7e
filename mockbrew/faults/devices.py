"""Faults of devices: what one is, as somebody asks for it: which failure, when, how likely, how often. `failing` has it at work.

A draw follows from the seed (the rig's and its name, or one that the fault has), the name of the fault and how many occasions it has had,
and from nothing else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.checks.words import is_integer
from mockbrew.clock import SECOND, nanoseconds
from mockbrew.devices.base import Device
from mockbrew.devices.failures import Failure, Parameter
from mockbrew.errors import did_you_mean, known

SAID = ("name", "fault", "device", "probability", "seed", "count", "from", "until")  # of any fault of a device
MOST = 1_000_000  # times that a fault can be asked to act
LATEST = 1e9  # s of virtual time; 30 years


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a device. sort: of the failures of its kind. begins, ends: virtual ns; None: never. seed: None is the rig's."""

    name: str
    sort: str
    device: str
    parameters: tuple[tuple[str, float], ...] = ()
    probability: float = 1.0
    seed: int | None = None
    count: int | None = None
    begins: int = 0
    ends: int | None = None


def draw(seed: str, name: str, matched: int) -> float:
    """In [0, 1): for the occasion number `matched` of the fault of that name. seed: `SEED/RIG`, or `SEED`."""
    digest = hashlib.blake2b(f"{seed}/{name}/{matched}".encode(), digest_size=8).digest()
    return float((int.from_bytes(digest, "big") >> 11) / 2**53)


def seeded(seed: str, fault: Fault) -> str:
    """What a fault of a rig draws from: `seed` is the rig's, `SEED/RIG`. One of its own makes it fail in the same way on any rig."""
    return seed if fault.seed is None else str(fault.seed)


def made(name: str, document: Mapping[str, Any], now: int) -> Fault:
    """The fault of that name that a document (which `check` finds right) asks for at `now` (virtual ns)."""
    begins, ends = document.get("from"), document.get("until")
    return Fault(
        name,
        document["fault"],
        document["device"],
        tuple((said, value) for said, value in sorted(document.items()) if said not in SAID),
        float(document.get("probability", 1.0)),
        whole(document.get("seed")),
        whole(document.get("count")),
        now if begins is None else nanoseconds(begins),
        None if ends is None else nanoseconds(ends),
    )


def whole(value: float | None) -> int | None:
    """An integer that JSON may have written as 503.0."""
    return None if value is None else int(value)


# -- what is wrong with one ----------------------------------------------------------------------------------------


def check(document: Mapping[str, Any], device: Device, now: int) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it; what would be right) for each mistake; `now` in virtual ns. None for a fault that can be made."""
    yield from times(document, now)
    yield from _chances(document)
    failure = device.failures.get(document.get("fault", ""))
    if failure is None:
        yield "fault", _unknown_sort(document.get("fault", ""), device)
    else:
        yield from _parameters(document, failure, device)


def _unknown_sort(sort: object, device: Device) -> str:
    if not device.failures:
        return f"{device.name} is a {device.kind}, a kind without failures; name another device"
    listed = known(device.failures)
    return f"unknown fault {sort!r} of {device.name}, a {device.kind}; {listed}{did_you_mean(str(sort), device.failures)}"


def _parameters(document: Mapping[str, Any], failure: Failure, device: Device) -> Iterator[tuple[str, str]]:
    for name in document:
        if name not in SAID and name not in failure.parameters:
            yield name, _unknown_parameter(name, document["fault"], failure.parameters)
    for name, parameter in failure.parameters.items():
        if name not in document:
            yield name, f"missing; {document['fault']!r} needs {wanted(parameter, device)}"
        elif not _takes(parameter, device, document[name]):
            yield name, f"{document[name]!r} is refused; give {wanted(parameter, device)}"


def _unknown_parameter(name: str, sort: str, parameters: Iterable[str]) -> str:
    words = [*SAID, *parameters]
    return f"unknown field {name!r} of a fault {sort!r}; {known(words)}{did_you_mean(name, words)}"


def wanted(parameter: Parameter, device: Device) -> str:
    """`a number from 0 to 1`, in words."""
    low, high = parameter.takes.bounds(device)
    unit = f" {parameter.takes.unit}" if parameter.takes.unit else ""
    return f"{'an integer' if parameter.whole else 'a number'} from {low:.15g} to {high:.15g}{unit}"


def _takes(parameter: Parameter, device: Device, value: Any) -> bool:
    low, high = parameter.takes.bounds(device)
    return (is_integer(value) if parameter.whole else _is_number(value)) and low <= value <= high


def _chances(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    probability, seed, count = document.get("probability", 1.0), document.get("seed", 0), document.get("count", 1)
    if not _is_number(probability) or not 0 <= probability <= 1:
        yield "probability", f"{probability!r} is refused; give a number from 0 to 1"
    if not is_integer(count) or not 1 <= count <= MOST:
        yield "count", f"{count!r} is refused; give an integer from 1 to {MOST}, or leave it out"
    if not is_integer(seed):
        yield "seed", f"{seed!r} is refused; give an integer, or leave it out: then it is the rig's"


def times(document: Mapping[str, Any], now: int) -> Iterator[tuple[str, str]]:
    """What is wrong with the window of any fault, as `check` says it."""
    wrong = [name for name in ("from", "until") if name in document and not _is_time(document[name])]
    yield from ((name, f"{document[name]!r} is refused; give virtual seconds from 0 to {LATEST:.15g}") for name in wrong)
    if wrong:
        return
    begins = nanoseconds(document["from"]) if "from" in document else now
    if begins < now:
        yield "from", f"{document['from']} s is over; it is {now / SECOND} s now, give that or later"
    if "until" in document and nanoseconds(document["until"]) <= begins:
        yield "until", f"{document['until']} s is not after its beginning, {begins / SECOND} s; give a later time, or leave it out"


def _is_time(value: Any) -> bool:
    return _is_number(value) and 0 <= value <= LATEST


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
