"""What answers a client of a rig: its readings and commands, as the spec's endpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.devices.base import Device
from mockbrew.devices.declare import NONE
from mockbrew.endpoints import Endpoint
from mockbrew.errors import CrossSite, MethodNotAllowed, MockbrewError, NoSuchRig
from mockbrew.messages import NO_STORE, Asked, Headers, Order, Reply, Request, headers
from mockbrew.plant import Look
from mockbrew.rigs import DEFAULT, Rigs, Seen
from mockbrew.router import Router
from mockbrew.witness import Witness

RIG = "X-Mockbrew-Rig"


@dataclass(frozen=True, slots=True)
class Wire:
    """The endpoints of a spec over its rigs."""

    router: Router
    rigs: Rigs
    witness: Witness

    def answer(self, request: Request) -> Reply:
        """Raises MockbrewError, SpecChanged."""
        endpoint, texts = self.router.match(request.path)
        if request.method not in endpoint.methods:
            raise MethodNotAllowed(request.method, endpoint.url, endpoint.methods)
        if request.method == "OPTIONS":
            self.witness.answered(request, 204, b"", {"device": endpoint.device})
            return 204, [("Allow", ", ".join(endpoint.methods)), NO_STORE], b""
        if endpoint.verb is None:
            return self._reading(request, endpoint)
        self._refuse_to_make(request)
        return self._command(request, endpoint, texts)

    def refused(self, request: Request, status: int, body: bytes) -> None:
        """Say in the journal that a request was refused, and how."""
        try:
            endpoint, texts = self.router.match(request.path)
        except MockbrewError:
            self.witness.answered(request, status, body, {})
            return
        if endpoint.verb is None:
            self.witness.answered(request, status, body, {"device": endpoint.device})
        else:
            self.witness.refused(request, status, body, {"device": endpoint.device, "verb": endpoint.verb, "arguments": dict(texts)})

    def _reading(self, request: Request, endpoint: Endpoint) -> Reply:
        device = self._device(endpoint)
        seen = self.rigs.read(request.rig, device.name)
        body = endpoint.body(_values(device, seen.look, NONE))
        if seen.row is not None and seen.row.recording:
            self.witness.saw(seen.row, seen.look.at, request, 200, body, {"device": device.name})
        return _ok(endpoint, body, _of_the_rig(request.rig, seen))

    def _command(self, request: Request, endpoint: Endpoint, texts: Mapping[str, str]) -> Reply:
        asked = Asked(request.method, request.path)
        if endpoint.device is None:
            body = self.rigs.reset(request.rig, lambda: endpoint.body(NONE.__getitem__), asked)
        else:
            device = self._device(endpoint)
            arguments = device.verbs[endpoint.verb or ""].parse(device, texts)
            order = Order(device.name, endpoint.verb or "", arguments)
            body = self.rigs.command(request.rig, order, lambda look: endpoint.body(_values(device, look, arguments)), asked)
        return _ok(endpoint, body, [(RIG, request.rig)] if request.rig != DEFAULT else [])

    def _device(self, endpoint: Endpoint) -> Device:
        return self.rigs.spec.entries[endpoint.device or ""].device

    def _refuse_to_make(self, request: Request) -> None:
        """A page of another site that somebody happens to look at makes no rigs."""
        if request.environ.get("HTTP_SEC_FETCH_SITE") == "cross-site" and request.rig != DEFAULT:
            try:
                self.rigs.row(request.rig)
            except NoSuchRig as error:
                raise CrossSite(f"a page of another site may not make a rig; rig {request.rig!r} was not made") from error


def _of_the_rig(rig: str, seen: Seen) -> Headers:
    """What is to be said of the rig: that it is new, or that its time has stopped because nothing happened for a horizon."""
    if seen.row is None:
        return [(RIG, f"{rig}; new")]
    if seen.still:
        return [(RIG, f"{rig}; stands-still")]
    return [(RIG, rig)] if rig != DEFAULT else []


def _values(device: Device, look: Look, arguments: Mapping[str, Any]) -> Callable[[str], Any]:
    """What the placeholders of a reply stand for: a reading, or an argument where the device has no reading of that name."""
    return lambda name: look.reading(device.name, name) if name in device.readings else arguments[name]


def _ok(endpoint: Endpoint, body: bytes, more: Headers) -> Reply:
    return 200, [*headers(endpoint.content_type, body), *more], body
