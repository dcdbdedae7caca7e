"""The roster: which rigs a store has. Made by who first writes to one, no more than a cap, gone when idle or when told.

The rig `default` is not asked for by name: it is always there (docs/adr/0014), and does not grow old.
"""

from __future__ import annotations

import re
from dataclasses import replace

from mockbrew.clock import DAY, SECOND, Clock
from mockbrew.errors import TooManyRigs
from mockbrew.record import keep
from mockbrew.spec import Spec
from mockbrew.stores.base import RigRow, Store, Transaction

DEFAULT = "default"  # the rig that plain URLs speak to
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
CAP = 1_000  # rigs in one store
IDLE = DAY  # ns of wall without any use after which a rig is gone
USED = 3_600 * SECOND  # ns of wall between two notes of its use
SWEPT = 500  # rows that are deleted in one transaction


def make(transaction: Transaction, name: str, spec: Spec, wall: int) -> RigRow:
    """A new rig at its initial state. Raises TooManyRigs."""
    if name != DEFAULT:
        _make_room(transaction, wall)
    keep(transaction, spec)
    run = transaction.new_run()
    row = RigRow(name, run, spec.digest, Clock(0, wall), 0, 0, 0, 0, 0, born=run, used=wall)
    transaction.put_rig(row)
    return row


def forget_idle(transaction: Transaction, wall: int) -> list[RigRow]:
    """Drop the rigs that nobody has used for long; the others."""
    kept = []
    for row in transaction.rigs():
        if row.name != DEFAULT and wall - row.used > IDLE:
            transaction.drop_rig(row)
        else:
            kept.append(row)
    return kept


def touch(store: Store, row: RigRow, wall: int) -> None:
    """Note that a rig is in use, now and then."""
    if wall - row.used <= USED or row.name == DEFAULT:
        return
    with store.transaction() as transaction:
        now = transaction.rig(row.name)
        if now is not None and now.born == row.born:
            transaction.put_rig(replace(now, used=max(now.used, wall)))


def sweep(store: Store) -> None:
    """Free the storage of what was dropped, a little at a time: others write in between."""
    swept = SWEPT
    while swept:
        with store.transaction() as transaction:
            swept = transaction.sweep(SWEPT)


def _make_room(transaction: Transaction, wall: int) -> None:
    rigs = sum(row.name != DEFAULT for row in forget_idle(transaction, wall))
    if rigs >= CAP:
        raise TooManyRigs(CAP)
