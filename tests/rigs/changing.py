"""A small spec that the tests of migration change, and how they do."""

from __future__ import annotations

from tests.app.asking import Bench

RIG = """
spec = "1.0"
[rig]
title = "Bouilloire"
[interfaces.switch]
get = { url = "/get{id}", reply = "{state}" }
start = { url = "/start{id}", verb = "turn_on", reply = "{state}" }
stop = { url = "/stop{id}", verb = "turn_off", reply = "{state}" }
[interfaces.probe]
get = { url = "/get{id}", reply = "{temperature}" }
[interfaces.pid]
get = { url = "/get{id}", reply = "{state}" }
start = { url = "/start{id}", verb = "start", reply = "{state}" }
[vessels]
Kettle = { capacity = 50, volume = 40 }
[devices]
A = { kind = "valve", interface = "switch" }
B = { kind = "valve", interface = "switch" }
H = { kind = "heater", interface = "switch", vessel = "Kettle", power = 5500 }
T = { kind = "probe", interface = "probe", vessel = "Kettle" }
C = { kind = "pid", interface = "pid", probe = "T", heaters = ["H"], setpoint = 60 }
"""
NEW_VALVE = 'K = { kind = "valve", interface = "switch" }\n'


def change(bench: Bench, old: str, new: str) -> None:
    """Edit the file and start anew."""
    assert old in bench.text
    bench.text = bench.text.replace(old, new, 1)
    bench.restart()
