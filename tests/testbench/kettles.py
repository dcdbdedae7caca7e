"""A spec with something of everything that a bench works with: a valve, a safety relay, a noisy probe, a controller of its own vessel."""

from __future__ import annotations

SPEC = """
spec = "1.0"
[rig]
title = "Deux bouilloires"
[rig.endpoints]
reset = { url = "/reset", verb = "reset", reply = "done" }
[interfaces.switch]
get = { url = "/get{id}", reply = "{state}" }
start = { url = "/start{id}", verb = "turn_on", reply = "{state}" }
stop = { url = "/stop{id}", verb = "turn_off", reply = "{state}" }
[interfaces.probe]
get = { url = "/get{id}", reply = "{temperature}" }
[interfaces.pid]
get = { url = "/get{id}", reply = "{state}" }
start = { url = "/start{id}", verb = "start", reply = "{state}" }
stop = { url = "/stop{id}", verb = "stop", reply = "{state}" }
get_target = { url = "/target{id}", reply = "{setpoint}" }
set_target = { url = "/set{id}_{setpoint}", verb = "set_setpoint", reply = "{setpoint}" }
[vessels]
Kettle = { capacity = 50, volume = 40, loss = 40.0 }
Pot = { capacity = 50, volume = 20, loss = 9.0 }
[devices]
A = { kind = "valve", interface = "switch" }
H = { kind = "heater", interface = "switch", vessel = "Kettle", power = 1000 }
T = { kind = "probe", interface = "probe", vessel = "Kettle", noise = 0.3 }
G = { kind = "heater", interface = "switch", vessel = "Pot", power = 5500 }
U = { kind = "probe", interface = "probe", vessel = "Pot", noise = 0.1 }
C = { kind = "pid", interface = "pid", probe = "U", heaters = ["G"], setpoint = 60, sample = 60, window = 60 }
[hazards.dry-fire]
when = "H.on and Kettle.volume < 5"
severity = "danger"
refuse = true
"""
