"""Servers that end and begin again: the state is kept, and time has gone on meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.real.bench import Bench
from tests.real.client import Client
from tests.real.contract import READINGS
from tests.real.load import Load
from tests.real.owner import owners
from tests.real.servers import Server

WORKERS = 2
RELOADS = 3

Restart = Callable[[Bench, Server, "Path | None"], Server]


def stop_and_start(bench: Bench, server: Server, spec: Path | None) -> Server:
    assert server.stop() == 0
    return bench.gunicorn(workers=WORKERS, spec=spec).wait_ready()


def reload(bench: Bench, server: Server, spec: Path | None) -> Server:
    return server.reload()


RESTARTS = pytest.mark.parametrize("restart", [stop_and_start, reload])

# One kelvin a second: 10 kg of water of 4186 J/(kg K) in a wall of 0.14 kJ/K are 42 kJ/K. No loss, and a probe without lag.
KETTLE = """
spec = "1.0"

[rig]
title = "One kettle"
ambient = 20.0
boiling_point = 100.0

[interfaces.switch]
start = { url = "/start{id}", verb = "turn_on", reply = { state = "{state}" } }

[interfaces.thermometer]
get = { url = "/get{id}", reply = { temperature = "{temperature}" } }

[vessels]
Kettle = { capacity = 10, volume = 10, loss = 0, wall = 0.14 }

[devices]
Heater = { kind = "heater", interface = "switch", vessel = "Kettle", power = 42000 }
Probe  = { kind = "probe", interface = "thermometer", vessel = "Kettle", lag = 0 }
"""


def settled(client: Client) -> dict[str, bytes]:
    """The readings that no time moves."""
    return {path: client.get(path).body for path in READINGS if "Temp" not in path}


def timed(client: Client, path: str) -> tuple[bytes, float, float]:
    """A reply, and between which two instants it was made (s)."""
    before = time.monotonic()
    reply = client.get(path)
    assert reply.status == 200, reply
    return reply.body, before, time.monotonic()


@RESTARTS
def test_a_restart_keeps_the_state(bench: Bench, restart: Restart) -> None:
    server = bench.gunicorn(workers=WORKERS).wait_ready()
    for path in ("/startA.py", "/startP3.py", "/startR1.py", "/stopR1.py", "/startB2.py", "/setCible1_66.5.py", "/setCible3_72.py"):
        assert bench.client(server).get(path).status == 200
    before = settled(bench.client(server))
    assert (before["/getA.py"], before["/getR1.py"]) == (b'{"Sensor":"VanneA","State":1}', b'{"Sensor":"Resistance1","State":0}')
    assert before["/getCible1.py"] == b'{"Sensor":"HotTank","Cible":66.5}'

    restarted = restart(bench, server, None)

    assert settled(bench.client(restarted)) == before


@RESTARTS
def test_a_heater_has_gone_on_heating_during_a_restart(bench: Bench, restart: Restart) -> None:
    spec = bench.folder / "kettle.toml"
    spec.write_text(KETTLE)
    server = bench.gunicorn(workers=WORKERS, spec=spec).wait_ready()
    _, *started = timed(bench.client(server), "/startHeater")

    restarted = restart(bench, server, spec)
    client = bench.client(restarted)
    body, *read = timed(client, "/getProbe")

    risen = float(body.removeprefix(b'{"temperature":').removesuffix(b"}")) - 20.0
    assert read[0] - started[1] - 1e-6 <= risen <= read[1] - started[0] + 1e-6


def test_reloads_under_load_lose_no_acknowledged_command_and_break_no_connection(bench: Bench) -> None:
    server = bench.gunicorn(workers=4).wait_ready()
    clients = owners(8)

    load = Load(clients)
    with load.on(server.port):
        for _ in range(RELOADS):
            load.wait_turns(3)
            server.reload()
        load.wait_turns(3)
    load.check(server.port)

    assert sum(client.broken for client in clients) == 0
