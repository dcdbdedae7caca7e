"""How devices of a kind can fail, as data: what each failure takes, when it acts, and what the device is like while it does.

A device that fails is another device: one of the same kind, with other options, or with a condition that no option says. So what moves
and reads devices need know nothing of failures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from mockbrew.devices.declare import NONE, Number, Value

WORDS = ("name", "fault", "device", "endpoint", "probability", "seed", "count", "from", "until", "applied", "announce")
"""What is said of any fault, so no parameter has these names."""

TRANSPORT = ("delay", "status", "empty", "truncated", "invalid_json", "content_type", "closed")
"""What can go wrong with a reply, so no failure of a device has these names."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a fault says of itself. whole: it is an integer."""

    takes: Number
    doc: str
    whole: bool = False

    def schema(self, device: Any) -> dict[str, Any]:
        """JSON Schema of the accepted values."""
        unit = f" [{self.takes.unit}]" if self.takes.unit else ""
        typed = {"type": "integer"} if self.whole else {}
        return {**self.takes.schema(device), **typed, "description": f"{self.doc}{unit}"}


class Acting(NamedTuple):
    """A failure at work. began: virtual ns of the begin of the fault. caught: what it found when it began to act."""

    parameters: Mapping[str, float]
    began: int
    caught: Value


def _nothing(device: Any, state: Any, view: Any) -> Value:
    return None


def _any_command(device: Any, before: Any, after: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Failure:
    """One way to fail: its name is the key that it is declared under.

    change: (device, acting) -> the device while it acts. catch: (device, state, view) -> what `acting.caught` keeps of the instant at
    which it begins to act.
    With a probability below 1 or a count it acts from one occasion to the next only. These are the commands for which
    `occurs(device, before, after)` says so of the states, or the multiples of the time (s) in the option `samples`.
    lasts: the parameter that says for how long (s) it acts after a command, unless the next one ends it. every: the parameter N, if it
    is about each Nth occasion. With one of these it never acts without an occasion.
    lingers: what an occasion has brought about stays until the next one, even if the fault is over before.
    """

    change: Callable[[Any, Acting], Any]
    doc: str
    parameters: Mapping[str, Parameter] = field(default_factory=lambda: NONE)
    catch: Callable[[Any, Any, Any], Value] = _nothing
    occurs: Callable[[Any, Any, Any], bool] = _any_command
    samples: str = ""
    lasts: str = ""
    every: str = ""
    lingers: bool = False
