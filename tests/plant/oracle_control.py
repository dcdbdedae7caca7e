"""Controllers as docs/physics.md says, section Control: when they look, and what they order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mockbrew.clock import nanoseconds
from mockbrew.devices.pid import Pid
from mockbrew.devices.thermostat import Thermostat

Look = Callable[[], float]  # the process value of now, degC
Orders = Mapping[str, int]


class Control:
    """A start, samples counted from it, and outputs that a manual command keeps until the next sample."""

    def __init__(self, device: Pid | Thermostat) -> None:
        self.name, self.probe, self.outputs = device.name, device.probe, (*device.heaters, *getattr(device, "pumps", ()))
        self.setpoint: float = device.setpoint
        self.sample = nanoseconds(device.sample)
        self.on, self.began, self.taken = 0, 0, 0
        self.manual: set[str] = set()  # found otherwise than the controller left it

    def command(self, verb: str, at: int, arguments: Mapping[str, float]) -> Orders:
        """What a command on the controller itself switches at once."""
        if verb == "set_setpoint":
            self.setpoint = arguments["setpoint"]
        elif verb == "start" and not self.on:
            self.on, self.began, self.taken = 1, at, 0
            self.start(at)
        elif verb == "stop" and self.on:
            self.on = 0
            return dict.fromkeys(self.outputs, 0)
        return {}

    def start(self, at: int) -> None:
        raise NotImplementedError

    def due(self) -> int | None:
        return self.began + self.taken * self.sample if self.on else None

    def act(self, at: int, look: Look, on: Orders) -> Orders:
        raise NotImplementedError


class ThermostatControl(Control):
    """On below setpoint - band, off at the setpoint, at its samples, with a minimum on-time."""

    def __init__(self, device: Thermostat) -> None:
        super().__init__(device)
        self.band, self.least = device.band, nanoseconds(device.minimum_on)

    def start(self, at: int) -> None:
        self.heating, self.since = 0, at

    def act(self, at: int, look: Look, on: Orders) -> Orders:
        self.taken += 1
        value = look()
        if value < self.setpoint - self.band:
            self.since, self.heating = at if not self.heating else self.since, 1
        elif value >= self.setpoint and at - self.since >= self.least:
            self.heating = 0
        return dict.fromkeys(self.outputs, self.heating)


class PidControl(Control):
    """u = Kp e + I - Kp Td dy/dt, in windows whose duty is that of their start, to a thousandth."""

    def __init__(self, device: Pid) -> None:
        super().__init__(device)
        self.device, self.window = device, nanoseconds(device.window)

    def start(self, at: int) -> None:
        self.integral, self.duty, self.windows, self.heating, self.pumping, self.end = 0.0, 0.0, 0, 0, 0, at
        self.last: float | None = None

    def due(self) -> int | None:
        if not self.on:
            return None
        instants = [self.began + self.taken * self.sample, self.began + self.windows * self.window]
        return min([*instants, self.end] if self.heating else instants)

    def act(self, at: int, look: Look, on: Orders) -> Orders:
        sampled = at == self.began + self.taken * self.sample
        self.manual |= {name for name in self.device.heaters if on[name] != self.heating}
        if sampled:
            self._sample(look())
        if at == self.began + self.windows * self.window:
            length = round(self.duty * 1000) * self.window // 1000
            self.windows, self.heating, self.end = self.windows + 1, int(length > 0), at + length
        elif self.heating and at == self.end:
            self.heating = 0
        heat = dict.fromkeys(self.device.heaters, self.heating)
        if not sampled:
            return {name: on for name, on in heat.items() if name not in self.manual}
        self.manual.clear()
        return {**dict.fromkeys(self.device.pumps, self.pumping), **heat}

    def _sample(self, value: float) -> None:
        pid, h, cold = self.device, self.device.sample, self.setpoint - value
        slope = 0.0 if self.last is None else (value - self.last) / h
        wanted = pid.kp * cold + self.integral - pid.kp * pid.td * slope
        self.duty = min(max(wanted, 0.0), 1.0)
        if not ((wanted > 1 and cold > 0) or (wanted < 0 and cold < 0)):
            self.integral += pid.kp * h / pid.ti * cold
        if cold > pid.pump_band or cold <= 0:
            self.pumping = int(cold > 0)
        self.last, self.taken = value, self.taken + 1
