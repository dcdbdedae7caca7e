"""A suite: a client that has a rig to itself, does everything to it that a bench offers, and knows what each answer must be."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mockbrew.clock import nanoseconds, seconds
from tests.real.client import Client, Reply

TOKEN = "for-this-test"
BEARER = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
ENVIRONMENT = {"MOCKBREW_ADMIN_TOKEN": TOKEN}
SWITCHES = ("A", "B", "D", "H", "P1", "R1", "B1")
SENSORS = {"A": "VanneA", "B": "VanneB", "D": "VanneD", "H": "VanneH", "P1": "Pompe1", "R1": "Resistance1", "B1": "Bruleur1"}
ON_ONE_CONNECTION = 7  # turns


@dataclass
class Suite:
    """One rig. switches, target: as it commanded them. at: virtual ns at which it has frozen its rig. done: steps."""

    number: int
    switches: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SWITCHES, 0))
    target: float = 78.0
    at: int = -1
    last: str = ""
    done: int = 0
    requests: int = 0

    @property
    def acknowledged(self) -> int:
        """What a load counts."""
        return self.requests

    @property
    def rig(self) -> str:
        return f"suite-{self.number}"

    # -- what a load asks for ------------------------------------------------------------------------------------

    def turn(self, clients: Sequence[Client]) -> None:
        """The next step. Each suite is at another one, and commands other values."""
        client = clients[0]
        if self.at < 0:
            self._freeze(client)
        step = STEPS[(self.done + self.number) % len(STEPS)]
        step(self, client)
        self.done += 1

    def check(self, clients: Sequence[Client]) -> None:
        """Everything once more, through each."""
        for client in clients:
            self.look(client)
            self.read_all(client)

    # -- steps ---------------------------------------------------------------------------------------------------

    def switch(self, client: Client) -> None:
        device = SWITCHES[(self.done + self.number) % len(SWITCHES)]
        to = 1 - self.switches[device]
        path = f"/{'start' if to else 'stop'}{device}.py"
        assert self.wire(client, path).body == _shown(device, to)
        self.switches[device], self.last = to, path

    def aim(self, client: Client) -> None:
        self.target = (2000 + (self.number * 37 + self.done) % 9000) / 100
        path = f"/setCible1_{self.target}.py"
        assert self.wire(client, path).body == b'{"Sensor":"HotTank","Cible":%s}' % repr(self.target).encode()
        self.last = path

    def read_all(self, client: Client) -> None:
        for device in SWITCHES[self.done % 3 :: 3]:
            assert self.wire(client, f"/get{device}.py").body == _shown(device, self.switches[device])
        assert self.wire(client, "/getCible1.py").body == b'{"Sensor":"HotTank","Cible":%s}' % repr(self.target).encode()
        assert 10 < json.loads(self.wire(client, "/getTemp1.py").body)["Temp"] < 110

    def look(self, client: Client) -> None:
        state = self.plane(client, "GET", "state")
        assert {name: state["devices"][name]["state"] for name in SWITCHES} == self.switches
        assert (state["rig"], state["time"], state["devices"]["PID1"]["setpoint"]) == (self.rig, seconds(self.at), self.target)

    def advance(self, client: Client) -> None:
        by = 1 + self.number % 17 / 4
        told = self.plane(client, "POST", "clock/advance", {"seconds": by})
        self.at += nanoseconds(by)
        assert (told["time"], told["rate"]) == (seconds(self.at), 0)
        self.last = "/__admin/clock/advance"

    def fail(self, client: Client) -> None:
        """One reply of the next two is spoilt, and nobody else's."""
        made = self.plane(client, "POST", "faults", {"fault": "status", "code": 500 + self.number % 60, "endpoint": "/getA.py", "count": 1})
        spoilt = self.wire(client, "/getA.py", 500 + self.number % 60)
        assert spoilt.body != _shown("A", self.switches["A"])
        assert self.wire(client, "/getA.py").body == _shown("A", self.switches["A"])
        assert self.plane(client, "DELETE", f"faults/{made['name']}")["deleted"] == ["f1"]
        assert self.plane(client, "GET", "faults")["faults"] == []
        self.last = "/__admin/faults/f1"

    def stick(self, client: Client) -> None:
        """Valve H is somewhere else than it was told to be."""
        self.plane(client, "POST", "faults", {"fault": f"stuck_{'off' if self.switches['H'] else 'on'}", "device": "H"})
        shown = self.plane(client, "GET", "state?only=H")["devices"]["H"]
        assert shown == {"state": self.switches["H"], "on": 1 - self.switches["H"]}
        self.plane(client, "DELETE", "faults")
        self.last = "/__admin/faults"

    def look_back(self, client: Client) -> None:
        journal = self.plane(client, "GET", "journal?limit=20")["entries"]
        assert {entry["rig"] for entry in journal} <= {self.rig}
        assert not self.last or journal[-1]["url"] == self.last
        numbers = [entry["number"] for entry in journal]
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))

    def go_back(self, client: Client) -> None:
        """Everything is as it was, after all that was done since."""
        kept = dict(self.switches), self.target, self.at
        self.plane(client, "POST", "snapshots", {"name": "then"})
        before = self.plane(client, "GET", "state")
        for step in (Suite.switch, Suite.aim, Suite.advance, Suite.switch):
            step(self, client)
        self.plane(client, "POST", "snapshots/then/restore")
        self.switches, self.target, self.at = kept
        assert {**self.plane(client, "GET", "state"), "run": 0} == {**before, "run": 0}
        self.plane(client, "DELETE", "snapshots/then")
        self.last = "/__admin/snapshots/then"

    def run_until(self, client: Client) -> None:
        """To the end of a fault's window, which is known exactly."""
        end = self.at // 10**9 + 3 + self.number % 50
        stuck = 1 - self.switches["D"]
        self.plane(client, "POST", "faults", {"fault": f"stuck_{'on' if stuck else 'off'}", "device": "D", "until": end})
        told = self.plane(client, "POST", "clock/run-until", {"condition": f"D.on == {1 - stuck}", "limit": 90})
        self.at = end * 10**9
        assert told["time"] == end
        self.plane(client, "DELETE", "faults/f1")
        self.last = "/__admin/faults/f1"

    # -- requests ------------------------------------------------------------------------------------------------

    def wire(self, client: Client, path: str, status: int = 200) -> Reply:
        reply = client.get(f"/rigs/{self.rig}{path}")
        self.requests += 1
        assert reply.status == status, (self.rig, path, reply)
        assert int(reply.headers["Content-Length"]) == len(reply.body)
        assert status != 200 or reply.headers["X-Mockbrew-Rig"].partition(";")[0] == self.rig
        return reply

    def plane(self, client: Client, method: str, path: str, body: Any = None) -> Any:
        sent = b"" if body is None else json.dumps(body).encode()
        reply = client.request(method, f"/rigs/{self.rig}/__admin/{path}", body=sent, headers=BEARER)
        self.requests += 1
        assert reply.status in (200, 201), (self.rig, method, path, body, reply)
        return reply.json()

    def _freeze(self, client: Client) -> None:
        told = self.plane(client, "PUT", "clock", {"rate": 0, "time": 10 * self.number + 10})
        self.at, self.last = nanoseconds(told["time"]), "/__admin/clock"


STEPS: tuple[Callable[[Suite, Client], None], ...] = (
    Suite.switch,
    Suite.read_all,
    Suite.aim,
    Suite.look,
    Suite.switch,
    Suite.read_all,
    Suite.advance,
    Suite.fail,
    Suite.look_back,
    Suite.switch,
    Suite.read_all,
    Suite.stick,
    Suite.go_back,
    Suite.run_until,
)


@dataclass
class Group:
    """Suites whose turns one client takes in order, so that a hundred rigs need no hundred threads."""

    suites: Sequence[Suite]
    next: int = 0

    @property
    def acknowledged(self) -> int:
        return sum(suite.requests for suite in self.suites)

    def turn(self, clients: Sequence[Client]) -> None:
        """Now and then on a new connection: it may be another worker's."""
        if self.next % ON_ONE_CONNECTION == 0:
            clients[0].close()
        self.suites[self.next % len(self.suites)].turn(clients)
        self.next += 1

    def check(self, clients: Sequence[Client]) -> None:
        for suite in self.suites:
            suite.check(clients)


def groups(rigs: int, clients: int) -> list[Group]:
    """So many rigs, shared out among so many clients."""
    suites = [Suite(number) for number in range(rigs)]
    return [Group(suites[index::clients]) for index in range(clients)]


def _shown(device: str, on: int) -> bytes:
    return b'{"Sensor":"%s","State":%d}' % (SENSORS[device].encode(), on)
