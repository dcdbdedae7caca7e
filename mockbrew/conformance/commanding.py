"""Commanding: every device that can be brought back is told what its endpoints take, and why the others are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mockbrew.conformance.asked import commands, heat, loops, resets
from mockbrew.conformance.known import plan
from mockbrew.conformance.known.knowledge import Key, of_device
from mockbrew.conformance.safe.guard import Unsafe
from mockbrew.conformance.safe.restoring import obstacle
from mockbrew.conformance.safe.session import Session
from mockbrew.devices.base import Device, HeatSource
from mockbrew.devices.declare import Value


@dataclass(frozen=True, slots=True)
class Commanding:
    """found: what everything was before. reasons: why a device is not looked at further, by its name; of a reset, by none."""

    session: Session
    found: Mapping[Key, Value]
    reasons: dict[str, str]

    def whole(self) -> None:
        """All that is commanded, in its order. Raises Stopped, PlaneLost, Unsafe."""
        session = self.session
        session.watch.begin(session.hazards()[1])
        contract, known = session.contract, session.known
        able = [device.name for device in contract.devices if contract.commanding(device.name) and self._able(device.name)]
        for device in plan.plain(contract, known):
            self._each(device, able, self._plain)
        for device in plan.controllers(contract, known):
            self._each(device, able, lambda device: loops.control(session, device))
        for source in plan.sources(contract):
            self._each(source, able, self._source)
        resets.hold(session, able)
        self._reset(able)

    def _each(self, device: Device, able: list[str], work: Callable[[Device], None]) -> None:
        if device.name not in able:
            return
        try:
            work(device)
        except Unsafe as why:
            self.reasons[device.name] = str(why)
        if self.session.guard.lit:
            self.session.extinguish([])

    def _plain(self, device: Device) -> None:
        loops.switch(self.session, device, plan.orders(self.session.contract, device.name))
        self._mistakes(device)

    def _source(self, device: Device) -> None:
        self._plain(device)
        if isinstance(device, HeatSource):
            heat.warm(self.session, device)

    def _mistakes(self, device: Device) -> None:
        for point in self.session.contract.commanding(device.name):
            if point.endpoint.arguments:
                commands.bad_arguments(self.session, point)

    def _able(self, name: str) -> bool:
        """Whether a device may be commanded, as far as it could be brought back."""
        why = obstacle(self.session.contract, self.session.known[name], of_device(self.found, name))
        if why:
            self.reasons[name] = why
        return not why

    def _reset(self, able: list[str]) -> None:
        contract = self.session.contract
        commanded = {device.name for device in contract.devices if contract.commanding(device.name)}
        others = [name for name in sorted(commanded - set(able)) if not self._as_reset(name)]
        for point in contract.reset_points:
            if others:
                self.reasons[""] = f"a reset would change {', '.join(others)}, which could not be brought back"
            else:
                resets.reset(self.session, point, able)

    def _as_reset(self, name: str) -> bool:
        """Whether a device certainly is as after a reset."""
        known, found = self.session.known[name], of_device(self.found, name)
        return known.told_apart and found == {reading: known.resting[reading] for reading in known.visible}
