"""The WSGI callable: a request in, a command or a reading, a reply out.

One boundary turns what mockbrew refuses into problem documents; anything else that is raised is a bug: a traceback in the log and a plain
500. A reply is rendered before its command is committed, so a bug in it loses nothing and applies nothing.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from operator import attrgetter
from pathlib import Path
from typing import Any

from mockbrew import cors
from mockbrew.addressing import addressed, of_control_plane, of_rig
from mockbrew.admin.access import CLOSED, Access
from mockbrew.admin.pages import shown
from mockbrew.admin.plane import Plane, admitted, serves
from mockbrew.admin.resources import Desk
from mockbrew.admin.table import RESOURCES
from mockbrew.devices.base import Kinds
from mockbrew.devices.declare import NONE
from mockbrew.errors import BadRig, ConfigurationError, MockbrewError, SpecError, SpecTooLarge, StoreError, Unreadable
from mockbrew.files import SpecFile
from mockbrew.hangup import hang_up
from mockbrew.journal.recorder import Recorder
from mockbrew.messages import Headers, Reply, Request, headers
from mockbrew.migration import migrate
from mockbrew.plugins import kinds as installed_kinds
from mockbrew.rigs import Rigs, SpecChanged
from mockbrew.router import Router
from mockbrew.settings import REFERENCE, Settings, default_store
from mockbrew.shapes import phrase, problem
from mockbrew.spec import Spec
from mockbrew.stores import open_store
from mockbrew.stores.base import Store
from mockbrew.wire import Wire

log = logging.getLogger(__name__)

StartResponse = Callable[[str, Headers], object]

STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
BUG = "a bug in mockbrew or in a kind: its traceback is in the server's log"
NO_ERRORS = (Unreadable, SpecTooLarge)  # of the server, whatever their status: somebody asked for it, and the client is told
FOLLOWS = 3  # times that one request follows a spec that keeps changing under it


@dataclass(frozen=True, slots=True)
class Served:
    """What answers at the moment; a changed spec replaces it whole."""

    rigs: Rigs
    wire: Wire
    plane: Plane


WIRE, PLANE = attrgetter("wire"), attrgetter("plane")  # of what is served


class App:
    """mockbrew as a WSGI application. It touches no file of the store before the first request."""

    def __init__(
        self,
        read_spec: Callable[[], Spec],
        store: Store,
        kinds: Kinds,
        access: Access = CLOSED,
        *,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """wait: holds a reply back for as long (s)."""
        self.store, self.access, self._wait = store, access, wait
        self._read_spec, self._kinds = read_spec, kinds
        self._served = self._serve(read_spec())

    @property
    def spec(self) -> Spec:
        """The spec that is served now."""
        return self._served.rigs.spec

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        try:
            status, fields, body = self._answer(environ)
        except MockbrewError as error:
            status, fields, body = self._refusal(environ, error)
        except Exception:
            log.exception("bug while answering %s %s", environ.get("REQUEST_METHOD"), environ.get("PATH_INFO"))
            status, fields, body = self._refused(environ, 500, BUG)
        origins = self._served.rigs.spec.cors
        if origins and not of_control_plane(environ):
            fields = [*fields, *cors.fields(environ, origins)]
        if not status:  # a fault of the rig wants it so
            return hang_up(environ, start_response)
        start_response(STATUS.get(status) or f"{status} {phrase(status)}", fields)
        return [b""] if environ.get("REQUEST_METHOD") == "HEAD" else [body]  # a list Granian sends at once, with its head

    # -- one request ---------------------------------------------------------------------------------------------

    def _answer(self, environ: Mapping[str, Any]) -> Reply:
        if environ.get("wsgi.multiprocess") and not self.store.shared:
            raise ConfigurationError(
                f"{self.store.url} keeps the state in one process, and this server has several; use sqlite:///PATH or one worker"
            )
        request = addressed(environ)
        if "/__admin" in request.path and of_control_plane(environ):
            return shown(request, self.access) or self._following(admitted(request, RESOURCES, self.access), PLANE)
        asked_before = cors.preflight(environ, self.spec.cors) if request.method == "OPTIONS" else None
        return asked_before or self._following(request, WIRE)

    def _following(self, request: Request, of: Callable[[Served], Wire | Plane]) -> Reply:
        """The answer of what is served, which follows the rig's spec."""
        for _ in range(FOLLOWS):
            served = self._served
            try:
                return of(served).answer(request)
            except SpecChanged as change:
                self._follow(change)
            except MockbrewError as error:
                if error.status >= 500 or not self._outdated(served, request.rig):
                    raise
        raise ConfigurationError("the rig's spec keeps changing; do two servers with different specs share this store?")

    # -- refusals ------------------------------------------------------------------------------------------------

    def _refusal(self, environ: Mapping[str, Any], error: MockbrewError) -> Reply:
        if error.status >= 500:
            log.log(logging.DEBUG if isinstance(error, NO_ERRORS) else logging.ERROR, "%s", error)
        status, fields, body = self._refused(environ, error.status, str(error), error)
        return status, [*fields, *error.headers], body

    def _refused(self, environ: Mapping[str, Any], status: int, detail: str, error: MockbrewError | None = None) -> Reply:
        """In the hardware's own shape, if the spec declares one; but the control plane is no hardware."""
        shapes = {} if of_control_plane(environ) else self.spec.errors
        content_type, body = problem(status, detail, error.members if error else NONE, shapes)
        try:
            request = addressed(environ)
        except BadRig:
            return status, headers(content_type, body), body
        if not of_control_plane(environ):
            self._served.wire.refused(request, status, body, error)  # which the rig's journal has
        return status, [*headers(content_type, body), *of_rig(request.rig)], body

    # -- changes of the spec -------------------------------------------------------------------------------------

    def _serve(self, spec: Spec) -> Served:
        rigs, router = Rigs(spec, self.store), Router(spec)
        wire = Wire(router, rigs, Recorder(self.store), partial(serves, RESOURCES), self._wait)
        return Served(rigs, wire, Plane(Desk(rigs, router, self._kinds, RESOURCES, self.access.token is not None)))

    def _outdated(self, served: Served, rig: str) -> bool:
        """Whether the rig went on with another spec, which is followed then: what the old one refuses, the new one may know."""
        try:
            served.rigs.roster.check(rig)
        except SpecChanged as change:
            self._follow(change)
            return True
        except StoreError:  # the refusal stands without a store too
            return False
        return False

    def _follow(self, change: SpecChanged) -> None:
        """The rig is at another spec. The file is the truth: take it if it has changed, then take the rig there."""
        try:
            spec = self._read_spec()
        except SpecError as error:
            raise ConfigurationError(
                f"rig {change.rig!r} is at another spec than this server, and the file has errors now:\n{error}"
            ) from error
        served = self._served
        if spec.digest != served.rigs.spec.digest:
            served = self._served = self._serve(spec)
        migrate(self.store, change.rig, served.rigs.spec, self._kinds, record=served.rigs.roster.record)


def create_app(spec: Spec | Path | str | None = None, store: Store | str | None = None, *, access: Access = CLOSED) -> App:
    """mockbrew for one spec and one store.

    spec: a file or a parsed Spec; by default the reference brewery. store: a URL; by default a SQLite file
    beside the spec, of the reference brewery in the current directory. access: who may use the control plane, by default nobody.
    Raises SpecError, PluginErrors, ConfigurationError.
    """
    kinds = installed_kinds()
    if store is None:
        store = default_store(REFERENCE if spec is None or isinstance(spec, Spec) else Path(spec))
    opened = open_store(store) if isinstance(store, str) else store
    if isinstance(spec, Spec):
        return App(lambda: spec, opened, kinds, access)
    path = Path(spec or REFERENCE)
    return App(SpecFile(path, kinds).read, opened, kinds, access)


def app_from_environment() -> App:
    """`create_app` with the settings of the environment. What is wrong with them is told plainly, and ends the process."""
    settings = Settings.from_environment(os.environ)
    try:
        return create_app(settings.spec, settings.store, access=Access(settings.token))
    except MockbrewError as error:
        # 3 is gunicorn's code for a worker that can't boot: the master stops instead of trying again for ever.
        sys.stderr.write(f"{error}\n")
        raise SystemExit(3) from None
