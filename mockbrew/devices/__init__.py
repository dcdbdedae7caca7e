"""Device kinds: one file each. This list is all there is; nothing is scanned."""

from __future__ import annotations

from types import MappingProxyType

from mockbrew.devices.base import Device, Kinds
from mockbrew.devices.flow import Flow
from mockbrew.devices.heater import Heater
from mockbrew.devices.level import Level
from mockbrew.devices.pid import Pid
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.power import Power
from mockbrew.devices.probe import Probe
from mockbrew.devices.pump import Pump
from mockbrew.devices.thermostat import Thermostat
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel

_LISTED: tuple[type[Device], ...] = (Vessel, Pipe, Valve, Pump, Heater, Probe, Level, Flow, Power, Pid, Thermostat)

BUILT_IN: Kinds = MappingProxyType({kind.kind: kind for kind in _LISTED})
