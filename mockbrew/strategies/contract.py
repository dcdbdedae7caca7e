"""The contract that strategies draw from: a spec with its router and addresses, given in whichever way is at hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from mockbrew.devices.base import Device
from mockbrew.devices.declare import NONE, Argument, Verb
from mockbrew.endpoints import Address, Endpoint
from mockbrew.files import load
from mockbrew.plugins import kinds
from mockbrew.router import Router
from mockbrew.routes import addresses
from mockbrew.settings import REFERENCE
from mockbrew.spec import Spec

Source = Spec | Path | str | None
"""A spec: itself, its file, or None for the reference brewery."""


@dataclass(frozen=True, slots=True)
class Contract:
    """A spec, its router, and its addresses in their order."""

    spec: Spec
    router: Router
    addresses: tuple[Address, ...]

    @property
    def readings(self) -> list[Address]:
        """The addresses at which something is read."""
        return [address for address in self.addresses if address.endpoint.verb is None]

    @property
    def commands(self) -> list[Address]:
        """Those at which something is commanded, of devices and of the rig."""
        return [address for address in self.addresses if address.endpoint.verb is not None]

    def device(self, endpoint: Endpoint) -> Device | None:
        """Whose endpoint it is; None for one of the rig."""
        return None if endpoint.device is None else self.spec.entries[endpoint.device].device

    def verb(self, endpoint: Endpoint) -> Verb | None:
        """What it commands of a device; None for a reading, and for an endpoint of the rig."""
        device = self.device(endpoint)
        return None if device is None or endpoint.verb is None else device.verbs[endpoint.verb]

    def arguments(self, endpoint: Endpoint) -> dict[str, Argument]:
        """What stands in its URL, in that order."""
        verb = self.verb(endpoint)
        return {} if verb is None else {name: verb.arguments[name] for name in endpoint.arguments}

    def typed(self, endpoint: Endpoint, texts: Any) -> dict[str, Any]:
        """The arguments as values. Raises BadArgument."""
        verb = self.verb(endpoint)
        return {} if verb is None else verb.parse(self.device(endpoint), texts or NONE)


def contract(source: Source) -> Contract:
    """Of a spec. Raises SpecError, PluginErrors."""
    spec = source if isinstance(source, Spec) else load(source or REFERENCE, kinds())
    return Contract(spec, Router(spec), tuple(addresses(spec)))


def on_the_wire(path: str) -> str:
    """What a WSGI server makes of a path in a request line (PATH_INFO)."""
    return unquote(path).encode().decode("latin-1")
