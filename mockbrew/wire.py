"""What answers a client of a rig: its readings and commands, as the spec's endpoints; and what faults of transport do to the replies."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.addressing import ADMIN, FIELD, of_rig, readdressed, within
from mockbrew.devices.base import Device
from mockbrew.devices.declare import NONE
from mockbrew.endpoints import Endpoint
from mockbrew.errors import BadArgument, CrossSite, MethodNotAllowed, MockbrewError, NoSuchEndpoint, NoSuchRig, Unmatched, Unreadable
from mockbrew.faulted import Faulted, Withheld
from mockbrew.faults.documents import about
from mockbrew.faults.strikes import Strike
from mockbrew.journal.recorder import Recorder
from mockbrew.messages import NO_STORE, Asked, Headers, Order, Reply, Request, headers
from mockbrew.neighbours import LONGEST, NEAREST
from mockbrew.placeholders import values
from mockbrew.rigs import DEFAULT, Rigs, Seen
from mockbrew.router import Router
from mockbrew.shapes import problem
from mockbrew.spec import ErrorShape
from mockbrew.testbench import faults

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wire:
    """The endpoints of a spec over its rigs.

    controls: whether a path is one of the control plane, for whoever misses it. wait: holds a reply back for as long (s).
    """

    router: Router
    rigs: Rigs
    recorder: Recorder
    controls: Callable[[str], bool]
    wait: Callable[[float], None] = time.sleep

    def answer(self, request: Request) -> Reply:
        """Raises MockbrewError, SpecChanged."""
        try:
            endpoint, texts = self.router.match(request.path)
        except NoSuchEndpoint as error:
            raise self._elsewhere(error) from None
        if request.method != "GET":  # to which everything answers
            if request.method not in endpoint.methods:
                raise MethodNotAllowed(request.method, endpoint.url, endpoint.methods)
            if request.method == "OPTIONS":
                return self._options(request, endpoint)
        if endpoint.verb is None:
            return self._reading(request, endpoint)
        self._refuse_to_make(request)
        if self._has_faults(request.rig, endpoint):
            return self._struck(request, endpoint, texts)
        return self._command(request, endpoint, texts)

    def refused(self, request: Request, status: int, body: bytes, error: MockbrewError | None) -> None:
        """Say in the journal that a request was refused, and how. error: why; None for a bug."""
        if isinstance(error, NoSuchEndpoint):
            self.recorder.answered(request, status, body, _unmatched(error))
            return
        try:
            endpoint, texts = self.router.match(request.path)
        except NoSuchEndpoint:
            self.recorder.answered(request, status, body, {})
            return
        if endpoint.verb is None:
            self.recorder.answered(request, status, body, {"device": endpoint.device, **_unmatched(error)})
        else:
            self.recorder.refused(request, status, body, {**_about(endpoint, texts), **_unmatched(error)})

    def _options(self, request: Request, endpoint: Endpoint) -> Reply:
        self.recorder.answered(request, 204, b"", {"device": endpoint.device})
        return 204, [("Allow", ", ".join(endpoint.methods)), NO_STORE, *of_rig(request.rig)], b""

    def _elsewhere(self, error: NoSuchEndpoint) -> NoSuchEndpoint:
        """The same, which also knows of paths that only begin otherwise."""
        meant = [near for near in readdressed(error.path) if self._answers(near.url)] if len(error.path) <= LONGEST else []
        near = {each.url: each for each in (*error.nearest, *meant)}
        return NoSuchEndpoint(error.path, [near[url] for url in dict.fromkeys(each.url for each in (*meant, *error.nearest))][:NEAREST])

    def _answers(self, path: str) -> bool:
        rest = within(path)
        return self.controls(rest) if rest.startswith(f"/{ADMIN}/") else self.router.knows(rest.encode().decode("latin-1"))

    def _reading(self, request: Request, endpoint: Endpoint) -> Reply:
        seen = self.rigs.read(request.rig, endpoint.device or "")
        row = seen.row
        if row is None or not (row.faults or row.recording):
            return self._shown(request, endpoint, seen)
        if row.faults and about(row.faults, endpoint.device, endpoint.url):
            return self._struck(request, endpoint, NONE)
        return self._read(request, endpoint, seen)

    def _read(self, request: Request, endpoint: Endpoint, seen: Seen) -> Reply:
        reply = self._shown(request, endpoint, seen)
        if seen.row is not None and seen.row.recording:
            self.recorder.saw(seen.row, seen.look.at, request, 200, reply[2], {"device": endpoint.device})
        return reply

    def _seen(self, request: Request, endpoint: Endpoint) -> Seen:
        return self.rigs.read(request.rig, endpoint.device or "")

    def _shown(self, request: Request, endpoint: Endpoint, seen: Seen) -> Reply:
        body = endpoint.reply.render(values(self.rigs.spec.entries[endpoint.device or ""].device, seen.look, NONE))
        fields = headers(endpoint.content_type, body)
        if seen.row is None or seen.still or request.rig != DEFAULT:
            fields += _of_the_rig(request.rig, seen)
        return 200, fields, body

    def _command(self, request: Request, endpoint: Endpoint, texts: Mapping[str, str], faulted: Faulted | None = None) -> Reply:
        """Carry it out, if the faults that hit it let it. Raises Withheld."""
        sent: list[Reply] = []

        def send(body: bytes) -> bytes:
            reply = _ok(endpoint, body, of_rig(request.rig))
            sent.append(faulted.commanded(reply) if faulted else reply)
            return sent[-1][2]

        asked, told = Asked(request.method, request.path), faulted.told if faulted else NONE
        if endpoint.device is None:
            self.rigs.reset(request.rig, lambda: send(endpoint.body(NONE.__getitem__)), asked, told)
        else:
            device = self._device(endpoint)
            arguments = _parsed(device, endpoint, texts)
            order = Order(device.name, endpoint.verb or "", arguments)
            self.rigs.command(request.rig, order, lambda look: send(endpoint.body(values(device, look, arguments))), asked, told)
        return sent[-1]

    # -- faults of transport -------------------------------------------------------------------------------------

    def _has_faults(self, rig: str, endpoint: Endpoint) -> bool:
        """Whether some fault of the rig is about this endpoint. A rig that is still to be made has none."""
        try:
            text = self.rigs.row(rig, endpoint.device).faults
        except NoSuchRig:
            return False
        return bool(text) and bool(about(text, endpoint.device, endpoint.url))

    def _struck(self, request: Request, endpoint: Endpoint, texts: Mapping[str, str]) -> Reply:
        """A request that faults are about: counted and drawn, held back, and then answered as they will have it."""
        strike = self._strike(request, endpoint)
        if strike is None:
            return self.answer(request)
        if not strike.by:
            command = endpoint.verb is not None
            return self._command(request, endpoint, texts) if command else self._read(request, endpoint, self._seen(request, endpoint))
        log.info("rig %r: %s %s is hit by fault %s", request.rig, request.method, request.path, strike.names)
        faulted = Faulted(strike, self.rigs.spec.errors)
        try:
            if endpoint.verb is not None:
                return self._command(request, endpoint, texts, faulted)
            faulted.through(self._shown(request, endpoint, self._seen(request, endpoint)))
        except Withheld:
            pass  # nothing has changed, and `faulted` knows what is sent
        except MockbrewError as error:
            if error.status >= 500 and not isinstance(error, Unreadable):
                raise
            faulted.through(_refusal(error, self.rigs.spec.errors, request.rig))
            faulted.told.update(_unmatched(error))
        self.recorder.refused(request, faulted.sent[0], faulted.sent[2], {**_about(endpoint, texts), **faulted.told})
        return faulted.sent

    def _strike(self, request: Request, endpoint: Endpoint) -> Strike | None:
        """Counted and waited for once; None if the rig was made anew meanwhile, whose faults are others. Raises NoSuchRig if it is gone."""
        if not request.strikes:
            request.strikes.append(faults.strike(self.rigs.store, request.rig, endpoint))
            if request.strikes[0].delay:
                self.wait(request.strikes[0].delay)  # in no transaction: others go on
        strike: Strike = request.strikes[0]
        if strike.delay and self.rigs.row(request.rig).born != strike.born:
            request.strikes.clear()
            return None
        return strike

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
        return [(FIELD, f"{rig}; new")]
    return [(FIELD, f"{rig}; stands-still")] if seen.still else of_rig(rig)


def _about(endpoint: Endpoint, texts: Mapping[str, str]) -> dict[str, Any]:
    """What the journal says a request was about."""
    if endpoint.verb is None:
        return {"device": endpoint.device}
    return {"device": endpoint.device, "verb": endpoint.verb, "arguments": dict(texts)}


def _parsed(device: Device, endpoint: Endpoint, texts: Mapping[str, str]) -> Mapping[str, Any]:
    """The arguments. Raises BadArgument, which knows the endpoint."""
    try:
        return device.verbs[endpoint.verb or ""].parse(device, texts)
    except BadArgument as error:
        raise error.at(endpoint.url) from None


def _unmatched(error: MockbrewError | None) -> dict[str, Any]:
    """What the journal says of a request that no endpoint took."""
    if not isinstance(error, Unmatched):
        return {}
    return {"unmatched": error.unmatched, "near": [near._asdict() for near in error.nearest]}


def _refusal(error: MockbrewError, errors: Mapping[int, ErrorShape], rig: str) -> Reply:
    content_type, body = problem(error.status, str(error), error.members, errors)
    return error.status, [*headers(content_type, body), *of_rig(rig), *error.headers], body


def _ok(endpoint: Endpoint, body: bytes, more: Headers) -> Reply:
    return 200, [*headers(endpoint.content_type, body), *more], body
