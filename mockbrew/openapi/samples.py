"""Samples: what the endpoints of a spec answer on a rig that nothing has happened to, at 0 s."""

from __future__ import annotations

from typing import Any

from mockbrew.beginning import Beginning, Refused
from mockbrew.devices.base import Device
from mockbrew.devices.declare import NONE
from mockbrew.endpoints import Endpoint
from mockbrew.errors import BadArgument
from mockbrew.spec import Spec

MOST = 200_000_000  # for each command that is shown, the entries of its cell squared: where pipes join all of them, 10 ns each, so 2 s


class Samples:
    """The replies of one spec, each of a rig of its own. Where cells are very large, not all commands have one."""

    __slots__ = ("_beginning", "_left", "_spec")

    def __init__(self, spec: Spec) -> None:
        self._spec, self._beginning = spec, Beginning(spec)
        self._left = MOST

    def texts(self, endpoint: Endpoint) -> dict[str, str]:
        """A text for each argument."""
        device = self._device(endpoint)
        return {name: _argument(device, endpoint, name).example(device) for name in endpoint.arguments}

    def reply(self, endpoint: Endpoint) -> bytes:
        """The body of its 200. Raises Refused where it would answer with an error."""
        if endpoint.device is None:
            return endpoint.body(NONE.__getitem__)
        device = self._device(endpoint)
        moment = self._beginning.of(device)
        if endpoint.verb is None:
            return moment.body(endpoint, device, NONE)
        self._spend(len(moment.cell.devices) ** 2)
        arguments = self._arguments(device, endpoint, endpoint.verb)
        return moment.commanded(device, endpoint.verb, arguments).body(endpoint, device, arguments)

    def _spend(self, effort: int) -> None:
        self._left -= effort
        if self._left < 0:
            raise Refused("the cells are too large to show every command")

    def _arguments(self, device: Device, endpoint: Endpoint, verb: str) -> Any:
        try:
            return device.verbs[verb].parse(device, self.texts(endpoint))
        except BadArgument as error:
            raise Refused(str(error)) from error

    def _device(self, endpoint: Endpoint) -> Any:
        return endpoint.device and self._spec.entries[endpoint.device].device


def _argument(device: Device, endpoint: Endpoint, name: str) -> Any:
    return device.verbs[endpoint.verb or ""].arguments[name]
