"""Resources: what the control plane is made of. One is a method on a path, with what it takes, what it does, and a sentence on it.

A resource is a function `(Desk, Call) -> Answer`. It is called with what its schemas take only, on a rig that is there, unless it is one
that makes a rig, and by somebody who may. What it finds wrong itself, it raises as BadRequest, all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from mockbrew.admin.examples import Examples, bare
from mockbrew.checks.findings import Finding, distinct, dotted
from mockbrew.clock import SECOND
from mockbrew.conditions.tokens import LONGEST
from mockbrew.devices.base import Kinds
from mockbrew.errors import BadRequest
from mockbrew.messages import DIRECT, Asked
from mockbrew.rigs import Rigs
from mockbrew.router import Router
from mockbrew.spec import Spec
from mockbrew.timeline import LAST

PREFIX = "/__admin/"
JSON = "application/json"
PLACE = "{name}"  # in a path: one segment of any text

Schema = Mapping[str, Any]

TIME: Schema = {"type": "number", "minimum": 0, "maximum": LAST // SECOND, "unit": "s", "description": "virtual time [s]"}
CONDITION: Schema = {"type": "string", "maxLength": LONGEST, "format": "condition"}

ALWAYS = (400, 413, 415, 500, 503)  # statuses with which any resource may refuse: of its query or body, of any body, a bug, the store
CLOSED = (401, 403)  # those that are not open too


def fields(properties: Mapping[str, Schema], *required: str) -> Schema:
    """JSON Schema of an object that has these fields and no others: a body, or a query."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


NOTHING = fields({})
SEGMENT: Schema = {"type": "string", "pattern": "^[^/]+$"}


@dataclass(frozen=True, slots=True)
class Desk:
    """What resources work with: what is served at the moment.

    token: whether callers must bear one. written: by name, what has been made of all this and is asked for again.
    """

    rigs: Rigs
    router: Router
    kinds: Kinds
    resources: tuple[Resource, ...]
    token: bool = False
    written: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A request to a resource.

    name: the text in the place of `{name}`, "" where the path has none. query: typed as its schema says; a parameter that is a list may be
    given several times. asked: the same for the journal.
    """

    rig: str
    name: str = ""
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    asked: Asked = DIRECT


@dataclass(frozen=True, slots=True)
class Answer:
    """body: data, which becomes JSON; a text where the content type is another; bytes are sent as they are."""

    body: Any
    status: int = 200
    content_type: str = JSON


@dataclass(frozen=True, slots=True)
class Narrowed:
    """From a spec to JSON Schemas that say more of a resource than it says of any spec; None where there is no more to say."""

    query: Callable[[Spec], Schema] | None = None
    body: Callable[[Spec], Schema] | None = None
    reply: Callable[[Spec], Schema] | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One method on one path.

    path: behind `/__admin/`, with at most one `{name}`. does: one sentence, for the listing. query, body: what it takes.
    absent: what it does to a rig that is not there; by itself a GET or a DELETE is refused, and anything else makes the rig by what it
    changes. `served` says that it does not care. open: to everybody.

    named: JSON Schema of the texts that may stand in the place of `{name}`; any other is refused.

    What it answers: reply: JSON Schema (2020-12) of the body of its success, of any spec. status: of its success. also: by content type,
    what else than JSON it may answer. refuses: statuses of its refusals besides `ALWAYS`, `CLOSED` and 404 where there is no such rig.
    narrowed: exactly what it takes and answers where some spec is served. What fits is refused only for what the rig is like (404, 409,
    410, 503), or for what JSON Schema can't say. examples: from a spec to requests.
    """

    method: str
    path: str
    does: str
    act: Callable[[Desk, Call], Answer]
    query: Schema = field(default_factory=lambda: NOTHING)
    body: Schema = field(default_factory=lambda: NOTHING)
    absent: Literal["refused", "served"] | None = None
    open: bool = False
    named: Schema = field(default_factory=lambda: SEGMENT)
    reply: Schema = field(default_factory=dict)
    status: int = 200
    also: Mapping[str, Schema] = field(default_factory=dict)
    refuses: tuple[int, ...] = ()
    narrowed: Narrowed = field(default_factory=Narrowed)
    examples: Examples = bare

    def takes(self, spec: Spec) -> Schema:
        """Exactly what its body may be where this spec is served."""
        return self.narrowed.body(spec) if self.narrowed.body else self.body

    def asks(self, spec: Spec) -> Schema:
        """Exactly what its query may be where this spec is served."""
        return self.narrowed.query(spec) if self.narrowed.query else self.query

    def tells(self, spec: Spec) -> Schema:
        """Exactly what the body of its success is where this spec is served."""
        return self.narrowed.reply(spec) if self.narrowed.reply else self.reply

    @property
    def refusals(self) -> tuple[int, ...]:
        """All statuses with which it may refuse; 405 is a matter of its path."""
        absent = (404,) if self.needs_rig else ()
        return tuple(sorted({*ALWAYS, *(() if self.open else CLOSED), *absent, *self.refuses}))

    @property
    def needs_rig(self) -> bool:
        """Whether it is refused on a rig that is not there."""
        return self.absent == "refused" or (self.absent is None and self.method in ("GET", "DELETE"))

    def place(self, path: str) -> str | None:
        """The text that a path has in the place of `{name}`, "" if there is no such place; None if it is not the path of this one."""
        before, hole, after = self.path.partition(PLACE)
        if not hole:
            return "" if path == self.path else None
        name = path[len(before) : len(path) - len(after)]
        return name if name and "/" not in name and path == f"{before}{name}{after}" else None


def refuse(findings: Iterable[Finding]) -> None:
    """Raises BadRequest with all of them, if there are any."""
    found = distinct(findings)
    if found:
        raise BadRequest([(dotted(finding.path), finding.message) for finding in found])
