"""What a server answers, as values. `document` is an answer as it came, with whatever a newer server says beside what is named here.

All times are virtual seconds since the rig was made, all durations virtual seconds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPMessage
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the wire answered, whatever the status. headers: looked up in any case of letters."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8; what is none is replaced by U+FFFD."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as data. Raises ValueError if it is not JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Instant:
    """A clock at one instant.

    time: s. rate: virtual seconds per second, 0 if it is frozen. stands_still: it has nothing to do any more until something happens to
    the rig, as it has gone on to its horizon (s). waited: s that a `run_until` took.
    """

    time: float
    rate: float
    stands_still: bool
    horizon: float
    waited: float = 0.0

    @classmethod
    def of(cls, document: Document) -> Instant:
        """From what the control plane says."""
        return cls(document["time"], document["rate"], document["stands_still"], document["horizon"], document.get("waited", 0.0))


@dataclass(frozen=True, slots=True)
class Cause:
    """The event before a hazard: a command, a fault or a patch. event: its number in the run. time: s."""

    event: int
    device: str | None
    verb: str
    arguments: Document
    time: float


@dataclass(frozen=True, slots=True)
class Hazard:
    """A rule of the spec that was broken.

    severity: `danger` or `warning`. when: the rule's condition. run: of the rig. begins, ends: s; None while it lasts. after: what came
    before; None if nothing did. blocked: what a controller wanted and was not let do, for a rule that refuses.
    """

    rule: str
    title: str
    severity: str
    when: str
    run: int
    begins: float
    ends: float | None
    after: Cause | None
    blocked: Document | None = None
    document: Document = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, document: Document) -> Hazard:
        """From what the control plane says."""
        told, after = document, document["after"]
        cause = after and Cause(after["event"], after["device"] or None, after["verb"], after["arguments"], after["time"])
        head = (told["rule"], told["title"], told["severity"], told["when"])
        return cls(*head, told["run"], told["begins"], told["ends"], cause, told.get("blocked"), told)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the journal: what was asked of the rig and answered.

    number: of the entry. time: s of its run. wall: real time, ISO 8601 in UTC. event: its number among what changed the rig in its run.
    device, verb, arguments: what it meant. reply: the body, as far as it is kept. changes: readings by device that went from one value to
    another. fault: the fault of transport that hit it. unmatched: `path`, `method` or `argument`, by which no endpoint took it; near: what
    came nearest, with `url` and `why`. What is not so of an entry is None, or empty.
    """

    number: int
    run: int
    time: float
    wall: str
    method: str
    url: str
    status: int | None = None
    reply: str | None = None
    event: int | None = None
    device: str | None = None
    verb: str | None = None
    arguments: Document = field(default_factory=dict)
    changes: Document = field(default_factory=dict)
    fault: str | None = None
    unmatched: str | None = None
    near: tuple[Document, ...] = ()
    document: Document = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, document: Document) -> Entry:
        """From what the control plane says."""
        said = {name: document[name] for name in ENTRY if document.get(name) is not None}
        return cls(**{**said, "near": tuple(document.get("near") or ())}, document=document)


ENTRY = tuple(name for name in Entry.__dataclass_fields__ if name not in ("near", "document"))


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a rig: its name and sort, what it is about, whether it is `waiting`, `acting` or `over`, its occasions and hits."""

    name: str
    sort: str
    device: str | None
    endpoint: str | None
    state: str
    matched: int
    hits: int
    document: Document = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, document: Document) -> Fault:
        """From what the control plane says."""
        about = document.get("device"), document.get("endpoint")
        return cls(document["name"], document["fault"], *about, document["state"], document["matched"], document["hits"], document)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A rig as it was kept. time: s of its run. taken: real time, ISO 8601 in UTC. rate: of its clock. size: characters that it takes."""

    name: str
    run: int
    time: float
    taken: str
    rate: float
    size: int

    @classmethod
    def of(cls, document: Document) -> Snapshot:
        """From what the control plane says."""
        return cls(*(document[name] for name in ("name", "run", "time", "taken", "rate", "size")))


@dataclass(frozen=True, slots=True)
class History:
    """Readings by name, such as `Temp1.temperature`, each with one value for each of `times` (s)."""

    run: int
    times: tuple[float, ...]
    readings: Mapping[str, tuple[Any, ...]]

    @classmethod
    def of(cls, document: Document) -> History:
        """From what the control plane says."""
        readings = {name: tuple(values) for name, values in document["readings"].items()}
        return cls(document["run"], tuple(document["times"]), readings)
