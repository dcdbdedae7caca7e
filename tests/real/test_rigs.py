"""Four workers, twenty rigs, a client each: nobody sees anything of the others, spoken to by prefix or by header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest

from tests.real.bench import DOORS, Bench, Door
from tests.real.client import Client, Reply
from tests.real.load import Load
from tests.real.owner import Owner, owners

RIGS = 20
TURNS = 9  # commands of each client at least, three a turn
APART = 6  # parts into which the devices are shared out; each client commands the first of them, in its rig


class InRig(Client):
    """A client as one rig sees it."""

    def __init__(self, client: Client, number: int) -> None:
        super().__init__(client.port)
        self.client, self.rig, self.by_header = client, f"suite-{number}", bool(number % 2)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Answered by that rig, and it says so."""
        prefix, more = ("", {"X-Mockbrew-Rig": self.rig}) if self.by_header else (f"/rigs/{self.rig}", {})
        reply = self.client.get(f"{prefix}{path}", {**(headers or {}), **more})
        assert reply.status != 200 or reply.headers["X-Mockbrew-Rig"].partition(";")[0] == self.rig
        return reply

    def close(self) -> None:
        self.client.close()


@dataclass
class Suite:
    """Who has a rig to itself, and is further along than the one before it, so that nobody's states are another's."""

    number: int
    owner: Owner
    acknowledged: int = 0

    def turn(self, clients: Sequence[Client]) -> None:
        self.owner.turn([InRig(client, self.number) for client in clients])
        self.acknowledged = self.owner.acknowledged

    def check(self, clients: Sequence[Client]) -> None:
        self.owner.check([InRig(client, self.number) for client in clients])


def suite(number: int) -> Suite:
    """Its first command is another than its neighbour's."""
    made = Suite(number, owners(APART)[0])
    for owned in made.owner.owned:
        for _ in range(number):
            next(owned.orders)
    return made


@pytest.mark.parametrize("door", DOORS)
def test_twenty_suites_at_once_do_not_see_each_other(bench: Bench, door: Door) -> None:
    server = bench.gunicorn(workers=4).wait_ready()
    ports = bench.front(server, door).port, server.port

    load = Load([suite(number) for number in range(RIGS)])
    with load.on(*ports):
        load.wait_turns(TURNS)
    load.check(*ports)

    untouched = {path: bench.client(server).get(path).body for path in ("/getA.py", "/getCible1.py")}
    assert untouched == {"/getA.py": b'{"Sensor":"VanneA","State":0}', "/getCible1.py": b'{"Sensor":"HotTank","Cible":78.0}'}
