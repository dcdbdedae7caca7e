"""Matching: the entries of a journal for which a condition holds, such as `device == 'B1' and status >= 400`; and those that nearly do.

A condition speaks of the fields of an entry, of `arguments.setpoint`, and of `changes.B1.state`: what B1's state became, where it changed.
What an entry does not say is null.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from types import MappingProxyType
from typing import Any, NamedTuple

from mockbrew import journal
from mockbrew.checks.findings import hint, shown
from mockbrew.clock import seconds
from mockbrew.conditions import Condition
from mockbrew.conditions.expressions import Expression, Junction
from mockbrew.conditions.names import CONTINUOUS, NUMBER, TEXT, TRUTH, Names, Unknown, Variable, readings_of
from mockbrew.devices.declare import Number, Value
from mockbrew.spec import RIG_VERBS, Spec
from mockbrew.stores.base import Entry, RigRow, Store

CONTROL_PLANE = "/__admin/"  # what the URLs of its requests begin with
CONTROLS = (  # the verbs of what it does
    *("advance", "clock", "delete-snapshot", "fault", "mend", "patch", "record", "reset", "restore", "run-until", "seed", "snapshot"),
)
CHANGES, ARGUMENTS = "changes.", "arguments."
UNMATCHED = ("path", "method", "argument")  # what was wrong with a request that no endpoint took
HEAD = MappingProxyType({"number": NUMBER, "run": NUMBER, "time": CONTINUOUS, "wall": TEXT})
BODY = MappingProxyType(
    {
        **dict.fromkeys(("event", "status"), NUMBER),
        **dict.fromkeys(("method", "url", "device", "verb", "reply", "fault", "unmatched"), TEXT),
    }
)
TYPES: Mapping[str, Any] = MappingProxyType({NUMBER: (int, float), CONTINUOUS: (int, float), TEXT: str, TRUTH: int})


class Told(NamedTuple):
    """An entry, and what it says."""

    entry: Entry
    said: Mapping[str, Any]

    @property
    def of_control_plane(self) -> bool:
        """Whether the control plane did it, or tried to; else a client asked it of the rig."""
        return str(self.said.get("url")).startswith(CONTROL_PLANE)

    def value(self, variable: Variable) -> Value:
        """Of a variable of `names`. A text where a number belongs, as in the arguments of what was refused, is no value."""
        value: Value = self._value(variable)
        return value if isinstance(value, TYPES[variable.type]) else None

    def _value(self, variable: Variable) -> Any:
        if variable.device:
            return (self.said.get("changes") or {}).get(variable.device, {}).get(variable.reading, (None, None))[1]
        if variable.name.startswith(ARGUMENTS):
            return (self.said.get("arguments") or {}).get(variable.name.removeprefix(ARGUMENTS))
        if variable.name in HEAD:
            return self._head(variable.name)
        return self.said.get(variable.name)

    def _head(self, name: str) -> Value:
        entry = self.entry
        if name == "time":
            return seconds(entry.at)
        if name == "wall":
            return journal.wall_text(entry.wall)
        return entry.number if name == "number" else entry.run


@dataclass(frozen=True, slots=True)
class _Entries:
    """What the words of a condition on entries stand for."""

    types: Mapping[str, str]
    readings: Names
    words: Mapping[str, tuple[str, ...]]

    def resolve(self, word: str) -> Variable:
        if not word.startswith(CHANGES):
            return self._plain(word)
        found = self.readings.resolve(word.removeprefix(CHANGES))
        return replace(found, type=NUMBER) if found.type == CONTINUOUS else found  # it was set to that, and did not move there

    def _plain(self, word: str) -> Variable:
        if word in self.types:
            return Variable(word, self.types[word], "", word, self.words.get(word, ()))
        listed = [*sorted((*HEAD, *BODY)), f"{ARGUMENTS}NAME", f"{CHANGES}DEVICE.READING"]
        raise Unknown(f"unknown field {shown(word)}; known: {', '.join(listed)}{hint(word, sorted(self.types))}")


def names(spec: Spec, also: Collection[str] = ()) -> Names:
    """The words of conditions on the journal of a rig. also: verbs that may be asked for besides those of the spec."""
    devices = {name: entry.device for name, entry in spec.entries.items()}
    kinds = {device.kind: device.verbs for device in devices.values()}
    verbs = [each for verbs in kinds.values() for each in verbs.items()]
    arguments = {
        f"{ARGUMENTS}{name}": NUMBER if isinstance(argument, Number) else TEXT
        for _, verb in verbs
        for name, argument in verb.arguments.items()
    }
    words = {
        "device": tuple(devices),
        "verb": tuple({**dict(verbs), **dict.fromkeys((*RIG_VERBS, *also))}),
        "unmatched": UNMATCHED,
    }
    return _Entries({**HEAD, **BODY, **arguments}, readings_of(devices), words)


def told(entry: Entry) -> Told:
    """An entry, read."""
    return Told(entry, json.loads(entry.body))


def all_told(store: Store, row: RigRow, after: int = 0) -> Iterator[Told]:
    """The entries with numbers above `after` that the rig had when it had this row, oldest first."""
    return map(told, takewhile(lambda entry: entry.number <= row.entries, journal.entries(store, row, after)))


def matches(entries: Iterable[Told], condition: Condition) -> list[Told]:
    """Those for which it holds."""
    return [each for each in entries if condition.holds(each.value)]


def near(entries: Iterable[Told], condition: Condition) -> list[Told]:
    """Those for which all but one of the things hold that a condition joins with `and`."""
    parts = _joined(condition.expression)
    if len(parts) < 2:
        return []
    return [each for each in entries if sum(not part.value(each.value) for part in parts) == 1]


def _joined(expression: Expression) -> Sequence[Expression]:
    return expression.operands if isinstance(expression, Junction) and not expression.decisive else (expression,)
