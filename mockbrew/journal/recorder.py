"""The recorder: writes to the journal what was asked of a rig without changing it.

A command that was refused is always said; any other request where the rig records them. It never makes a rig, and where the store fails
it says so in the log: the reply that the client gets is none of its business.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew import journal
from mockbrew.errors import StoreError
from mockbrew.messages import Request
from mockbrew.stores.base import RigRow, Store
from mockbrew.timeline import instant, readable

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recorder:
    """The recorder of all rigs of a store."""

    store: Store

    def answered(self, request: Request, status: int, body: bytes, about: Mapping[str, Any]) -> None:
        """A request that is no command, where the rig records them. about: what else is known of it, such as its device."""
        row = self._row(request.rig)
        if row is not None and row.recording:
            self._say(row, None, request, status, body, about)

    def refused(self, request: Request, status: int, body: bytes, about: Mapping[str, Any]) -> None:
        """A command that was refused. about: its device and verb, and the fault that hit it."""
        row = self._row(request.rig)
        if row is not None:
            self._say(row, None, request, status, body, about)

    def saw(self, row: RigRow, at: int, request: Request, status: int, body: bytes, about: Mapping[str, Any]) -> None:
        """A request that was answered with what the rig, of this row, was at `at` (virtual ns)."""
        self._say(row, at, request, status, body, about)

    def _say(self, row: RigRow, at: int | None, request: Request, status: int, body: bytes, about: Mapping[str, Any]) -> None:
        said = {"method": request.method, "url": request.path, **about, **journal.replied(status, body)}
        try:
            self._write(row, at, said)
        except StoreError as error:
            log.warning("rig %r: %s %s, answered with %d, is not in its journal: %s", row.name, request.method, request.path, status, error)

    def _row(self, rig: str) -> RigRow | None:
        try:
            loaded = self.store.load(rig, "")
        except StoreError:  # the reply says so already
            return None
        return None if loaded is None else loaded.rig

    def _write(self, seen: RigRow, at: int | None, said: Mapping[str, Any]) -> None:
        """at: of the run of `seen`; None for now, of which a clock that was frozen meanwhile says when it is."""
        with self.store.transaction() as transaction:
            found, wall = transaction.rig(seen.name), self.store.wall()
            if found is None or found.born != seen.born:  # it was deleted meanwhile
                return
            row = readable(found, wall)
            when, run = (instant(row, wall), row.run) if at is None else (at, seen.run)
            transaction.put_rig(journal.write(transaction, row, when, wall, said, run=run))
