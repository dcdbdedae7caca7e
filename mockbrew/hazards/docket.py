"""The docket: how far the rules of a group have been judged in one run of a rig, as the text of a note; and what was found, as others."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.clock import seconds
from mockbrew.hazards.watch import Block, Cause, Found
from mockbrew.spec import Rule


@dataclass(frozen=True, slots=True)
class Reached:
    """A cell where judging stands. number: of the last event that it has seen. body: of its anchor, which is as of `at` (virtual ns)."""

    number: int
    at: int
    body: str


@dataclass(frozen=True, slots=True)
class Docket:
    """How far a group is.

    at: virtual ns; what is so at that instant has not been judged. opened: virtual ns of the last event of its cells, or of the beginning.
    events: of the rig, that have been judged or are no matter of it. lasting, blocks, cause: as `watch.Watch` says.
    """

    run: int
    spec: str
    at: int
    opened: int
    events: int
    cells: Mapping[str, Reached]
    lasting: tuple[Found, ...]
    blocks: tuple[Found, ...]
    cause: Cause | None

    def text(self) -> str:
        """As a note has it."""
        cells = {name: [each.number, each.at, each.body] for name, each in self.cells.items()}
        said = [self.run, self.spec, self.at, self.opened, self.events, cells, self.lasting, self.blocks, self.cause]
        return json.dumps(said, separators=(",", ":"))


def read(text: str) -> Docket:
    """The inverse of `Docket.text`."""
    run, spec, at, opened, events, cells, lasting, blocks, cause = json.loads(text)
    reached = {name: Reached(*each) for name, each in cells.items()}
    return Docket(run, spec, at, opened, events, reached, _all(lasting), _all(blocks), Cause(*cause) if cause else None)


def progress(text: str) -> tuple[int, int]:
    """The run and the events of a docket. Read from its beginning alone: of thousands they are asked under the lock."""
    run, _, _, _, events, _ = text[1:].split(",", 5)
    return int(run), int(events)


def _all(rows: Iterable[list[Any]]) -> tuple[Found, ...]:
    return tuple(_found(*row) for row in rows)


def _found(rule: str, begins: int, ends: int | None, cause: list[Any] | None, block: list[Any] | None) -> Found:
    return Found(rule, begins, ends, Cause(*cause) if cause else None, Block(*block) if block else None)


# -- what was found ------------------------------------------------------------------------------------------------


def told(found: Found, rule: Rule, run: int) -> dict[str, Any]:
    """A hazard as the control plane shows it. Times are virtual seconds."""
    return {
        "rule": rule.name,
        "title": rule.title,
        "severity": rule.severity,
        "when": rule.when.text,
        "run": run,
        "begins": seconds(found.begins),
        "ends": None if found.ends is None else seconds(found.ends),
        "after": _cause(found.cause),
        **({"blocked": found.block._asdict()} if found.block else {}),
    }


def _cause(cause: Cause | None) -> dict[str, Any] | None:
    if cause is None:
        return None
    arguments = json.loads(cause.arguments)
    return {"event": cause.number, "device": cause.device, "verb": cause.verb, "arguments": arguments, "time": seconds(cause.at)}
