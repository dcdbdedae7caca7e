"""The journal of a rig: what was asked, answered and changed. Every command is in it, and every request where the rig records them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mockbrew.messages import Asked, Order
from mockbrew.stores.base import Entry, RigRow, Transaction

KEPT = 100_000  # entries of a rig that are kept at least; older ones go
BATCH = 256  # entries that go at a time


def write(transaction: Transaction, row: RigRow, at: int, wall: int, said: Mapping[str, Any]) -> RigRow:
    """One more entry, and the rig's row that counts it, which is still to be put. at: virtual ns. wall: ns. said: JSON."""
    number = row.entries + 1
    body = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    transaction.record(row, Entry(number, row.run, at, wall, body))
    if number % BATCH == 0 and number > KEPT:
        transaction.forget(row, number - KEPT)
    return replace(row, entries=number)


def commanded(asked: Asked, order: Order, reply: bytes) -> dict[str, Any]:
    """What is said of a command."""
    return {**asked._asdict(), **order._asdict(), "status": 200, "reply": reply.decode("utf-8", "replace")}
