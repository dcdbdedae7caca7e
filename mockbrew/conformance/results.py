"""What came of holding a server against a spec: one `Check` for each thing that was looked at, in one `Report`. Data only.

The names of checks are `CHECKS`; reports of other tools are compared by them, so one that is given stays. A check is identified by its
name, device and endpoint. What could not be looked at is there too, skipped, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
"""Outcomes of a check."""

REAL, VIRTUAL = "real", "virtual"
"""Paces: how time went by while an effect was waited for."""

CHECKS: Mapping[str, str] = MappingProxyType(
    {
        # of one reply
        "status": "it answers, with status 200",
        "content-type": "the reply has the content type of the spec",
        "json": "the body is JSON, with no name twice in an object",
        "schema": "the body has the names, types and constants of the spec",
        "layout": "the body is the one that the spec writes for these values, byte for byte",
        "value": "the readings have a value; null is what a device shows that fails",
        # of methods and mistakes
        "head": "HEAD on a reading is its GET without a body; on a command it is a 405 that changes nothing",
        "post": "POST on a command does what GET does",
        "methods": "a method that it does not have is a 405 with Allow, and changes nothing",
        "bad-argument": "an argument out of range, a text and nothing at all are a 400 each, and change nothing",
        "unknown-path": "a path that means no endpoint is a 404, and changes nothing",
        # of commands
        "effect": "the readings show what was commanded",
        "prompt": "they do so at the first request after the command, or after the time that the device takes to settle",
        "own-reply": "the reply to a command shows what it has brought about",
        "repeat": "the same command again changes nothing",
        "others": "a command changes no reading of devices that have nothing to do with it",
        "holds": "what was commanded stays so while time goes by",
        "reset": "a reset brings back what the spec says",
        # of heat
        "warms": "while it heats, the probes in its vessel rise",
        "cools": "when it is off again, they rise no more",
        "heats": "a controller far below its setpoint switches its heaters on",
        "rests": "a controller far above its setpoint leaves its heaters off",
        "releases": "a controller that is stopped switches its outputs off",
    }
)
"""Every check, and what it holds the server to."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its reply. url: the path that was asked, from the root of the server. seconds: how long the reply took.

    status: 0 if there was no reply; `failure` then says why. headers: in lower case, the last one of each name. body: at most 1 MiB of it.
    """

    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be. where: such as `status`, `header Content-Type`, `body.State`, `byte 12`, `Temp1.temperature`.

    expected, got: as a reader is to see them: JSON texts of values, or words.
    """

    where: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that the server was held to. name: of `CHECKS`. device: None for the rig. endpoint: its name in the spec, None for none.

    url: that of the endpoint as listings have it, or what was asked. outcome: PASSED, FAILED or SKIPPED. differences: of a failed one, at
    least one. reason: of a skipped one, why; of a failed one, what it means, if more can be said than the differences do; else empty.
    exchanges: the requests that it rests on, in their order; their latest where there were many. rates: of a check of heat, by probe, how
    fast it moved while it was watched, K/min.
    """

    name: str
    device: str | None
    endpoint: str | None
    url: str
    outcome: str
    differences: tuple[Difference, ...] = ()
    reason: str = ""
    exchanges: tuple[Exchange, ...] = ()
    rates: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """All that came of it.

    server: its URL. spec: its title. digest: of the spec. checks: in the order in which they were made. stopped: why it ended early or was
    not begun, else empty. unrestored: what is not as it was found, a sentence each. pace: REAL or VIRTUAL. commanded: whether any command
    was sent. seconds: how long all of it took. notes: what the reader should know besides, a sentence each.
    """

    server: str
    spec: str
    digest: str
    checks: tuple[Check, ...]
    stopped: str = ""
    unrestored: tuple[str, ...] = ()
    pace: str = REAL
    commanded: bool = False
    seconds: float = 0.0
    notes: tuple[str, ...] = ()

    def of(self, outcome: str) -> tuple[Check, ...]:
        """The checks of one outcome."""
        return tuple(check for check in self.checks if check.outcome == outcome)

    @property
    def passed(self) -> bool:
        """Whether the server keeps the contract, as far as was looked: nothing failed, all was asked, and all is as it was found."""
        return bool(self.checks) and not self.of(FAILED) and not self.stopped and not self.unrestored
