"""Faults of transport: what one is, as somebody asks for it: which requests it is about, when, how likely, how often.

`sorts` says what becomes of a reply, `strikes` which requests are hit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockbrew.checks.findings import distinct, dotted, unknown
from mockbrew.checks.words import BODY
from mockbrew.checks.words import faults as findings
from mockbrew.clock import nanoseconds
from mockbrew.endpoints import Endpoint
from mockbrew.faults.devices import LATEST, MOST, times, whole
from mockbrew.faults.sorts import DELAY, SORTS, Errors, Reply, Schema

NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}"  # of any fault: a segment of a URL
SAID: Mapping[str, Schema] = {
    "name": {"type": "string", "pattern": NAME, "description": "a name of up to 64 letters, digits, '.', '_' or '-'"},
    "fault": {"type": "string", "description": "its sort"},
    "device": {"type": "string", "description": "whose requests it is about"},
    "endpoint": {"type": "string", "description": "which requests it is about: a URL as `mockbrew routes` lists it"},
    "probability": {"type": "number", "minimum": 0, "maximum": 1, "description": "with which it hits a request"},
    "seed": {"type": "integer", "description": "what it draws from"},
    "count": {"type": "integer", "minimum": 1, "maximum": MOST, "description": "how often it hits"},
    "from": {"type": "number", "minimum": 0, "maximum": LATEST, "unit": "s", "description": "virtual time at which it begins"},
    "until": {"type": "number", "minimum": 0, "maximum": LATEST, "unit": "s", "description": "virtual time at which it ends"},
    "applied": {"type": "boolean", "description": "whether a command that it hits is carried out"},
    "announce": {"type": "boolean", "description": "whether replies name it"},
}

MEANINGLESS = frozenset({(DELAY, "applied"), ("closed", "announce")})  # what waits is applied; who gets no reply is told nothing


@dataclass(frozen=True, slots=True)
class TransportFault:
    """One fault of transport. device, endpoint: which requests it is about; None: whichever.

    begins, ends: virtual ns; None: never. seed: None is the rig's. applied: whether a command that it hits is carried out.
    announce: whether replies name it.
    """

    name: str
    sort: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    device: str | None = None
    endpoint: str | None = None
    probability: float = 1.0
    seed: int | None = None
    count: int | None = None
    begins: int = 0
    ends: int | None = None
    applied: bool = False
    announce: bool = False

    def about(self, device: str | None, endpoint: str) -> bool:
        """Whether it matches a request to this endpoint, of this device."""
        return self.device in (None, device) and self.endpoint in (None, endpoint)


def spoilt(fault: TransportFault, reply: Reply, errors: Errors) -> Reply:
    """What the client gets of a reply that this fault hits."""
    spoil = SORTS[fault.sort].spoil
    return spoil(fault.parameters, reply, errors) if spoil else reply


# -- what is wrong with one ----------------------------------------------------------------------------------------


def schema(sort: str) -> dict[str, Any]:
    """JSON Schema of the documents that ask for a fault of this sort."""
    said = {name: says for name, says in SAID.items() if (sort, name) not in MEANINGLESS}
    properties = {**said, **SORTS[sort].parameters}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def check(document: Mapping[str, Any], endpoints: Collection[Endpoint], now: int) -> Iterator[tuple[str, str]]:
    """(field, what is wrong with it; what would be right) for each mistake of what asks for a fault of a sort of `SORTS` at `now` (ns)."""
    found = [(dotted(finding.path), finding.message) for finding in distinct(findings(schema(document["fault"]), document, (), BODY))]
    yield from found
    wrong = {name for name, _ in found}
    if not wrong & {"from", "until"}:
        yield from times(document, now)
    if not wrong & set(SORTS[document["fault"]].parameters):
        yield from _form(document)
    if not wrong & {"device", "endpoint"}:
        yield from _match(document.get("device"), document.get("endpoint"), endpoints)


def _form(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is given is one of the forms of the sort, whole; and an interval has a beginning that is not after its end."""
    forms = SORTS[document["fault"]].forms
    given = [name for form in forms for name in form if name in document]
    if forms and tuple(given) not in forms:
        yield from _formless(document["fault"], given, forms)
    elif "low" in given and document["low"] > document["high"]:
        yield "low", f"{document['low']} s is more than high, {document['high']} s; change one of them"


def _formless(sort: str, given: Sequence[str], forms: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """What is missing; or, where more is given than any form has, that it does not go together."""
    fit = [form for form in forms if set(given) <= set(form)]
    needs = f"{sort!r} needs {', or '.join(' and '.join(form) for form in fit or forms)}"
    if fit:
        yield next(name for name in fit[0] if name not in given), f"missing; {needs}"
    else:
        yield "fault", f"{needs}; it has {' and '.join(given)}"


def _match(device: str | None, url: str | None, endpoints: Collection[Endpoint]) -> Iterator[tuple[str, str]]:
    """Some request can be about this device and this URL."""
    devices, urls = {each.device for each in endpoints if each.device}, {each.url: each.device for each in endpoints}
    if device is not None and device not in devices:
        yield "device", unknown("device", device, devices, " of an endpoint")
    if url is not None and url not in urls:
        yield "endpoint", unknown("endpoint", url, urls)
    if device in devices and url in urls and urls[url] != device:
        yield "endpoint", f"{url!r} is of {urls[url] or 'the rig'}, not of {device}; leave one of the two out"


def made(name: str, document: Mapping[str, Any], now: int) -> TransportFault:
    """The fault of that name that a document (which `check` finds right) asks for at `now` (virtual ns)."""
    sort, begins, ends = document["fault"], document.get("from"), document.get("until")
    return TransportFault(
        name,
        sort,
        {said: whole(value) if says["type"] == "integer" else value for said, says, value in _given(sort, document)},
        document.get("device"),
        document.get("endpoint"),
        float(document.get("probability", 1.0)),
        whole(document.get("seed")),
        whole(document.get("count")),
        now if begins is None else nanoseconds(begins),
        None if ends is None else nanoseconds(ends),
        document.get("applied", False),
        document.get("announce", False),
    )


def _given(sort: str, document: Mapping[str, Any]) -> Iterator[tuple[str, Schema, Any]]:
    return ((name, says, document[name]) for name, says in SORTS[sort].parameters.items() if name in document)
