"""The roster: which rigs a store has. Made by who first writes to one, no more than a cap, gone when idle or when told.

The rig `default` is not asked for by name: it is always there (docs/adr/0014), and does not grow old. A rig that nobody has used for long
is gone for whoever asks, also before its rows are.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from mockbrew.clock import DAY, SECOND, Clock
from mockbrew.errors import NoSuchRig, StoreError, TooManyRigs
from mockbrew.kept_specs import record_of
from mockbrew.spec import Spec
from mockbrew.stores.base import Loaded, RigRow, Store, Transaction
from mockbrew.timeline import readable

DEFAULT = "default"  # the rig that plain URLs speak to
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
CAP = 1_000  # rigs in one store, the default one apart
USED = 3_600 * SECOND  # ns of wall between two notes of its use
IDLE = DAY + USED  # ns of wall without a note of use after which a rig is gone: what is not noted may be as young as that
EXPIRED = 20  # idle rigs that are dropped when a new one is made: they are gone already for whoever asks
SWEPT = 250  # rows that are deleted in one transaction: a millisecond

log = logging.getLogger(__name__)


class SpecChanged(Exception):
    """The rig was last written with another spec than this process has. Not an error: whoever catches it reloads or migrates."""

    def __init__(self, rig: str, digest: str) -> None:
        self.rig, self.digest = rig, digest
        super().__init__(f"rig {rig!r} is at spec {digest[:12]}")


@dataclass(slots=True)
class Expiry:
    """Until when (wall ns) no rig grows idle, as far as this process has seen: nobody need look for one before. 0: it has not looked."""

    due: int = 0


@dataclass(frozen=True, slots=True)
class Roster:
    """The rigs of a store, for a process that has this spec. Safe to use from any thread. cap: how many there may be, `default` apart."""

    spec: Spec
    store: Store
    cap: int = CAP
    # Of the spec, for a store that does not hold it yet: made before workers are forked, each of which would look at all devices for it.
    record: str = field(default="", repr=False)
    expiry: Expiry = field(init=False, repr=False, compare=False, default_factory=Expiry)

    def __post_init__(self) -> None:
        object.__setattr__(self, "record", self.record or record_of(self.spec))

    def loaded(self, rig: str, cell: str, wall: int) -> Loaded | None:
        """The rows of a cell, whose use is noted; None where there is no such rig at `wall` (ns). The default rig is made.

        Raises SpecChanged, StoreError.
        """
        loaded = self.store.load(rig, cell)
        if loaded is None and rig == DEFAULT:
            loaded = self._made(cell)
        while loaded is not None and loaded.rig.changing and wall >= loaded.rig.changing:
            _take_back(self.store, loaded.rig)
            loaded = self.store.load(rig, cell)
        if loaded is None or gone(loaded.rig, wall):
            return None
        self._check(loaded.rig)
        self._touch(loaded.rig, wall)
        return loaded

    def row(self, rig: str, cell: str = "") -> RigRow:
        """The rig's row, as it is read with a cell. Raises NoSuchRig, SpecChanged, StoreError."""
        loaded = self.loaded(rig, cell, self.store.wall())
        if loaded is None:
            raise NoSuchRig(rig)
        return loaded.rig

    def current(self, transaction: Transaction, rig: str, wall: int) -> RigRow:
        """The row that whoever writes at `wall` (ns) goes on from; made if it is missing, so two processes that start together make one.

        Raises SpecChanged, TooManyRigs.
        """
        row = transaction.rig(rig)
        if row is None or gone(row, wall):
            transaction.put_spec(self.spec.digest, self.record)
            if rig != DEFAULT:
                self._make_room(transaction, wall)
            row = make(transaction, rig, self.spec.digest, wall)
        self._check(row)
        return readable(row, wall)

    def check(self, rig: str) -> None:
        """Raises SpecChanged if the rig went on with another spec, StoreError."""
        loaded = self.store.load(rig, "")
        if loaded is not None:
            self._check(loaded.rig)

    def _check(self, row: RigRow) -> None:
        if row.spec != self.spec.digest:
            raise SpecChanged(row.name, row.spec)

    def _made(self, cell: str) -> Loaded:
        with self.store.transaction() as transaction:
            transaction.put_rig(self.current(transaction, DEFAULT, self.store.wall()))
        loaded = self.store.load(DEFAULT, cell)
        if loaded is None:
            raise StoreError(f"rig {DEFAULT!r} vanished while it was being read; ask again")
        return loaded

    def _make_room(self, transaction: Transaction, wall: int) -> None:
        """For one more rig; some of what idle ones have left is swept. Takes as long with many rigs as with few. Raises TooManyRigs."""
        crowded = transaction.count() >= self.cap
        if crowded or wall >= self.expiry.due:
            self._expire(transaction, wall)
        if crowded and _in_use(transaction, wall) >= self.cap:
            raise TooManyRigs(self.cap)
        transaction.sweep(SWEPT)

    def _expire(self, transaction: Transaction, wall: int) -> None:
        """Drop some idle rigs. The rarer because it has to look through all; `used` only grows, so what it finds is good for long."""
        oldest = [row for row in transaction.least_used(EXPIRED + 2) if row.name != DEFAULT]
        idle = [row for row in oldest if gone(row, wall)][:EXPIRED]
        for row in idle:
            transaction.drop_rig(row)
        left = oldest[len(idle) :]
        self.expiry.due = (left[0].used if left else wall) + IDLE

    def _touch(self, row: RigRow, wall: int) -> None:
        """Note that a rig is in use, now and then; nobody is refused a reading because that can't be."""
        if wall - row.used <= USED or row.name == DEFAULT:
            return
        try:
            with self.store.transaction() as transaction:
                now = transaction.rig(row.name)
                if now is not None and now.born == row.born:
                    transaction.put_rig(replace(now, used=max(now.used, wall)))
        except StoreError as error:
            log.warning("no note that rig %r is in use: %s", row.name, error)


def gone(row: RigRow, wall: int) -> bool:
    """Whether nobody has used a rig for so long that it is no more at `wall` (ns)."""
    return row.name != DEFAULT and wall - row.used > IDLE


def make(transaction: Transaction, name: str, digest: str, wall: int) -> RigRow:
    """A new rig, at the initial state of its spec."""
    run = transaction.new_run()
    row = RigRow(name, run, digest, Clock(0, wall), 0, 0, 0, 0, 0, born=run, used=wall)
    transaction.put_rig(row)
    return row


def listed(store: Store, wall: int) -> Sequence[RigRow]:
    """All rigs there are at `wall` (ns, which was before), by name; their clocks may be read."""
    rows = store.rigs()
    while late := [row for row in rows if readable(row, wall) != row]:
        for row in late:
            _take_back(store, row)
        rows = store.rigs()
    return [row for row in rows if not gone(row, wall)]


def delete(store: Store, name: str) -> None:
    """A rig and all that is kept of it; the default one is made anew when it is next asked. Raises NoSuchRig, StoreError."""
    with store.transaction() as transaction:
        row = transaction.rig(name)
        if row is None or gone(row, store.wall()):
            raise NoSuchRig(name)
        transaction.drop_rig(row)
    sweep(store)


def sweep(store: Store) -> None:
    """Free the storage of what was dropped, a little at a time: others write in between."""
    swept = SWEPT
    while swept:
        with store.transaction() as transaction:
            swept = transaction.sweep(SWEPT)


def _take_back(store: Store, row: RigRow) -> None:
    """That its clock is about to be changed: whoever was about to has been too slow, or is gone, and the old clock goes on."""
    with store.transaction() as transaction:
        now = transaction.rig(row.name)
        if now is not None and now.changing == row.changing:
            transaction.put_rig(replace(now, changing=0))


def _in_use(transaction: Transaction, wall: int) -> int:
    """How many rigs are not gone at `wall` (ns), the default one apart."""
    default = transaction.rig(DEFAULT)
    return transaction.count(wall - IDLE) - (default is not None and default.used >= wall - IDLE)
