"""An exchange: a request to a rig with the reply that it gets, in no tool's format; and what such exchanges leave out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from mockbrew.devices.declare import NONE
from mockbrew.endpoints import line

LEFT = (
    "time: nothing warms, cools, fills or drains, and no controller acts",
    "coupling: a heater warms no vessel, an open valve lets nothing through",
    "state between requests: what one request sets, the next one does not show",
    "hazards, rules that refuse, faults of devices and of transport, delays",
    "rigs, snapshots, history, the journal and the rest of the control plane",
    "arguments: each command is shown with one of the values that it takes",
    "HEAD and OPTIONS",
)
"""What a file for other tools can't say of a rig."""

FRESH = "the rig is as after a reset"

Document = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What a state is, as `PATCH state` takes it: values by table, name and reading."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """says: what it shows, in words that no other exchange has. state: from which it begins, in words, and params what that is.

    path: as the spec has it. taken: regular expression of the paths that are answered like it, None for this one only. schema: JSON
    Schema of the body. headers: of the reply, beside its content type.
    """

    says: str
    method: str
    path: str
    status: int
    content_type: str
    body: bytes
    schema: Mapping[str, Any]
    state: str = FRESH
    params: Document = field(default_factory=lambda: NONE)
    taken: str | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: NONE)

    @property
    def line(self) -> str:
        """The path as in a request line."""
        return line(self.path)


def words(params: Document) -> str:
    """A state in words: `A.state is 1, after a reset`."""
    said = [f"{name}.{reading} is {value}" for each in params.values() for name, of in each.items() for reading, value in of.items()]
    return f"{', '.join(said)}, after a reset" if said else FRESH
