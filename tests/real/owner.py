"""A client with devices of its own: nobody else commands them, so it knows what each reading must be."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count, cycle
from typing import NamedTuple

from tests.real.client import Client, Reply
from tests.real.contract import EXAMPLES

# A worker that was killed, directly or behind nginx. A timeout is none of these: the command might still come.
BROKEN = (ConnectionError, HTTPException)
BAD_GATEWAY = 502

SWITCHES = ("A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "P1", "P2", "P3", "R1", "B1")  # B2 is a watcher's


class Order(NamedTuple):
    """A command: its path, the body of its reply, the body that a reading has from then on, and what the event log says of it."""

    path: str
    reply: bytes
    reading: bytes
    verb: str
    arguments: str


@dataclass
class Owned:
    """What one owner commands: a switch, or a setpoint.

    legal: the bodies that a reading may have: one, or two after a command whose connection broke. sent: every command that may
    have arrived, and whether it was acknowledged.
    """

    device: str
    reading: str
    orders: Iterator[Order]
    legal: set[bytes]
    sent: list[tuple[Order, bool]] = field(default_factory=list)

    def command(self, client: Client, turn: str) -> bool:
        """Send the next one; whether it was acknowledged."""
        order = next(self.orders)
        reply = ask(client, order.path, turn)
        self.sent.append((order, reply is not None))
        assert reply in (None, order.reply), f"{order.path}: {reply!r}, not {order.reply!r}"
        self.legal = {order.reading} if reply else self.legal | {order.reading}
        return reply is not None

    def read(self, client: Client, turn: str) -> bool:
        """Read it; whether there was a reply. It settles what became of a command whose connection broke: its worker is dead."""
        reply = ask(client, self.reading, turn)
        assert reply is None or reply in self.legal, f"{self.reading}: {reply!r}, not {self.legal}; sent last: {self.sent[-3:]}"
        self.legal = {reply} if reply else self.legal
        return reply is not None

    def assert_told(self, log: Sequence[tuple[str, str]], *, trimmed: bool) -> None:
        """Judge the event log of the device (verb and arguments, oldest first), after it was read.

        It has all commands that were acknowledged, in order, and no others but some whose connection broke; it ends with what was read.
        One that is trimmed has the last of them.
        """
        places, forgotten = {len(log)}, {0} if trimmed else set()
        for order, acknowledged in reversed(self.sent):
            taken = {at - 1 for at in places if at and log[at - 1] == (order.verb, order.arguments)}
            places = taken | (places & forgotten if acknowledged else places)
        assert 0 in places, f"{self.device}: sent {self.sent[-9:]}, logged {log[-9:]}"
        readings = {(order.verb, order.arguments): order.reading for order, _ in self.sent}
        assert not log or self.legal == {readings[log[-1]]}, f"{self.device}: read {self.legal}, logged {log[-9:]}"


@dataclass
class Owner:
    """One client and what it owns. Each request of a turn carries the turn's name in the header `X-Turn`."""

    name: str
    owned: Sequence[Owned]
    acknowledged: int = 0
    broken: int = 0

    def turn(self, clients: Sequence[Client]) -> None:
        """Command each of its devices through the first client and read it through each, every time on a new connection."""
        for number, owned in enumerate(self.owned):
            turn = f"{self.name}-{self.acknowledged + self.broken}-{number}"
            self._count(acknowledged=owned.command(clients[0], turn))
            for client in clients:
                client.close()
                owned.read(client, turn)

    def check(self, clients: Sequence[Client]) -> None:
        """Read everything once through each client. Raises AssertionError for what may not be, and for no reply."""
        for owned in self.owned:
            for client in clients:
                assert owned.read(client, self.name), f"no reply to {owned.reading}"

    def _count(self, *, acknowledged: bool) -> None:
        self.acknowledged += acknowledged
        self.broken += not acknowledged


@dataclass
class Watcher:
    """A client that watches the temperature of a vessel with a heater that is on: it never goes back in time."""

    path: str = "/getTemp2.py"
    seen: list[float] = field(default_factory=list)
    acknowledged: int = 0

    def turn(self, clients: Sequence[Client]) -> None:
        """Look once through each client, every time on a new connection."""
        for client in clients:
            client.close()
            reply = ask(client, self.path, "watcher")
            if reply is not None:
                self._look(reply)

    def check(self, clients: Sequence[Client]) -> None:
        """As a turn, with at least one reply so far."""
        self.turn(clients)
        assert self.seen

    def _look(self, reply: bytes) -> None:
        temperature = json.loads(reply)["Temp"]
        assert reply == b'{"Sensor":"Ebu","Temp":%s}' % repr(temperature).encode()
        assert temperature >= max(self.seen[-1:], default=0.0), f"{temperature!r} after {self.seen[-1]!r}"
        self.seen.append(temperature)
        self.acknowledged += 1


def ask(client: Client, path: str, turn: str) -> bytes | None:
    """The body of the reply, or None if the connection broke. Raises ConnectionRefusedError, TimeoutError, AssertionError for a refusal."""
    try:
        reply = client.get(path, {"X-Turn": turn})
    except ConnectionRefusedError:
        raise
    except BROKEN:
        return None
    return None if _lost(reply) else reply.body


def owners(number: int) -> list[Owner]:
    """So many, who share out the switches and the setpoints of a fresh reference rig."""
    everything = [*map(_switch, SWITCHES), *map(_setpoint, (1, 2, 3))]
    return [Owner(f"owner{index}", everything[index::number]) for index in range(number)]


def _lost(reply: Reply) -> bool:
    assert reply.status in (200, BAD_GATEWAY), reply
    return reply.status == BAD_GATEWAY


def _switch(device: str) -> Owned:
    on, off = (EXAMPLES[f"/{word}{device}.py"] for word in ("start", "stop"))
    start = Order(f"/start{device}.py", on, on, "turn_on", "{}")
    stop = Order(f"/stop{device}.py", off, off, "turn_off", "{}")
    return Owned(device, f"/get{device}.py", cycle([start, stop]), {off})


def _setpoint(number: int) -> Owned:
    return Owned(f"PID{number}", f"/getCible{number}.py", _setpoints(number), {EXAMPLES[f"/getCible{number}.py"]})


def _setpoints(number: int) -> Iterator[Order]:
    """Another one each time, so that a lost one shows."""
    reading, reply = EXAMPLES[f"/getCible{number}.py"], EXAMPLES[f"/setCible{number}_78.py"]
    for value in (hundredths % 11_000 / 100 for hundredths in count(2_000)):
        arguments = json.dumps({"setpoint": value}, separators=(",", ":"))
        yield Order(f"/setCible{number}_{value}.py", _target(reply, value), _target(reading, value), "set_setpoint", arguments)


def _target(example: bytes, value: float) -> bytes:
    return example.rpartition(b":")[0] + b":%s}" % repr(value).encode()
