"""Examples: what the strategies give: requests to a rig, replies of it, and days of them. Data, as a client would send or read it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Command:
    """A request that the rig takes, and answers with 200. device: None for one of the rig itself. path: as in a request line."""

    device: str | None
    verb: str
    arguments: Mapping[str, Any]
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A request that changes nothing. names: the readings that its reply shows."""

    device: str | None
    names: tuple[str, ...]
    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Illegal:
    """A request that the rig refuses: nothing changes.

    why: "path" for an address that is none (404), "method" for one that this address does not take (405), "argument" for one that the
    command does not take (400). near: the address, as listings show it, that it was made of.
    """

    why: str
    status: int
    method: str
    path: str
    near: str


@dataclass(frozen=True, slots=True)
class Replied:
    """A request and a reply that it can have: any that its readings allow, not only those of this moment."""

    request: Reading | Command
    content_type: str
    body: bytes

    @property
    def data(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Step:
    """Commands given together, in this order, and how long nothing is commanded then (virtual s)."""

    title: str
    commands: tuple[Command, ...]
    seconds: int


@dataclass(frozen=True, slots=True)
class Day:
    """A brew day: `for step in day`. Whatever it switches on it switches off again."""

    steps: tuple[Step, ...]

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def seconds(self) -> int:
        """How long it lasts in virtual time."""
        return sum(step.seconds for step in self.steps)

    @property
    def script(self) -> str:
        """The same as TOML, which `mockbrew simulate` runs."""
        return "\n".join(['script = "1.0"', *(_written(step) for step in self.steps)])


def _written(step: Step) -> str:
    """Paths and titles are ASCII, where a text of JSON is one of TOML."""
    do = json.dumps([command.path for command in step.commands])
    return f"\n[[steps]]\ntitle = {json.dumps(step.title)}\ndo = {do}\nfor = {step.seconds}"
