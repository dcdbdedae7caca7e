"""A month in which nobody asked: real workers catch up with it, request by request, and answer all else meanwhile."""

from __future__ import annotations

from dataclasses import replace

from mockbrew.clock import HORIZON
from mockbrew.rigs import DEFAULT
from mockbrew.stores import open_store
from tests.real.bench import Bench

SPEC = """
spec = "1.0"
[rig]
title = "Bouilloire"
[interfaces.pid]
get = { url = "/getT", reply = "{process_value}" }
start = { url = "/startC", verb = "start", reply = "{state}" }
[interfaces.valve]
get = { url = "/getA", reply = "{state}" }
start = { url = "/startA", verb = "turn_on", reply = "{state}" }
stop = { url = "/stopA", verb = "turn_off", reply = "{state}" }
[vessels]
Kettle = { capacity = 50, volume = 40 }
[devices]
A = { kind = "valve", interface = "valve" }
H = { kind = "heater", vessel = "Kettle", power = 5500 }
T = { kind = "probe", vessel = "Kettle" }
C = { kind = "pid", interface = "pid", probe = "T", heaters = ["H"], setpoint = 60 }
"""
ENOUGH = 200  # requests of some seconds each: nobody waits for so many


def age(bench: Bench) -> None:
    """As if the rig's last command had been a horizon ago."""
    store = open_store(bench.store)
    with store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row is not None
        transaction.put_rig(replace(row, clock=replace(row.clock, wall_base=row.clock.wall_base - HORIZON)))
    store.close()


def test_a_month_of_silence_is_caught_up_with_by_requests_that_end_and_another_cell_does_not_wait_for_it(bench: Bench) -> None:
    spec = bench.folder / "spec.toml"
    spec.write_text(SPEC)
    client = bench.client(bench.gunicorn(workers=2, spec=spec).wait_ready())
    for path in ("/startA", "/startC"):
        assert client.get(path).status == 200
    age(bench)

    for _ in range(ENOUGH):
        reply = client.get("/getT")
        assert client.get("/getA").body == b"1"
        if reply.status == 200:
            break
        assert (reply.status, reply.headers["Retry-After"]) == (503, "1")

    assert reply.status == 200
    assert 59.8 < float(reply.body) < 60.2
    assert client.get("/stopA").body == b"0"
    assert client.get("/getT").status == 200
