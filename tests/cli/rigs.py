"""Small specs for the commands: one that is good, one that is not."""

from __future__ import annotations

GOOD = """\
spec = "1.0"

[rig]
title = "Cellar"

[rig.endpoints]
reset = { url = "/reset", verb = "reset", reply = { reset = true } }

[interfaces.switch]
get   = { url = "/{id}", reply = { on = "{state}" } }
start = { url = "/{id}/start", verb = "turn_on", reply = { on = "{state}" } }

[interfaces.thermostat]
get = { url = "/{id}", reply = { wanted = "{setpoint}", measured = "{process_value} K", room = "cold" } }
set = { url = "/{id}/{setpoint}", verb = "set_setpoint", reply = { wanted = "{setpoint}" } }

[vessels]
Tank = { capacity = 50, volume = 40 }

[devices]
V1     = { kind = "valve", interface = "switch" }
Probe1 = { kind = "probe", vessel = "Tank" }
H1     = { kind = "heater", vessel = "Tank", power = 2000 }
T1     = { kind = "thermostat", interface = "thermostat", probe = "Probe1", heaters = ["H1"], setpoint = 18, lowest = 5, highest = 25 }
"""

BAD = """\
spec = "1.0"

[devices]
A = { kind = "valv" }
B = { kind = "pump", power = 5 }
"""
