"""A spec with a noisy probe, and a vessel that nothing touches; and the row of its rig."""

from __future__ import annotations

from collections.abc import Callable

from mockbrew.rigs import DEFAULT
from mockbrew.stores.base import RigRow, Transaction
from tests.rigs.small import Bench

NOISY = """
spec = "1.0"
[rig]
title = "Bouilloire"
[vessels]
Kettle = { capacity = 50, volume = 40, temperature = 55 }
Jug = { capacity = 5, volume = 4, temperature = 90 }
[devices]
A = { kind = "valve" }
H = { kind = "heater", vessel = "Kettle", power = 5500 }
T = { kind = "probe", vessel = "Kettle", noise = 0.3 }
P = { kind = "pump" }
C = { kind = "pid", probe = "T", heaters = ["H"], pumps = ["P"], setpoint = 60 }
J = { kind = "probe", vessel = "Jug" }
"""


def row_of(rig: Bench) -> RigRow:
    return rig.rigs.row(DEFAULT)


def alter(rig: Bench, change: Callable[[Transaction, RigRow], RigRow]) -> None:
    """Change the rig's row."""
    with rig.store.transaction() as transaction:
        row = transaction.rig(DEFAULT)
        assert row is not None
        transaction.put_rig(change(transaction, row))
