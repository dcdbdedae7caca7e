"""The journal of a rig: what was asked, answered and changed. Every command is in it, and every request where the rig records them.

It is bounded: the oldest entries go, and what is long is cut and says so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from mockbrew.changes import Changes
from mockbrew.clock import SECOND, seconds
from mockbrew.messages import Asked, Order
from mockbrew.stores.base import Entry, RigRow, Store, Transaction

KEPT = 100_000  # entries of a rig that are kept at least; older ones go
BATCH = 256  # entries that go at a time
REPLY = 1_024  # characters of a reply that are kept
LONGEST = 8_192  # characters of an entry, so that a journal never takes more than a gigabyte; most entries have some 300
SHORT = 96  # characters of a text in an entry that would be longer: six texts of them fit, however they are escaped
PAGE = 10_000  # entries that are read at a time
STEP = 2_000  # entries that go in one transaction when a journal is emptied: a millisecond or two
NOTES, EMPTIED = "journal", "emptied"  # a sort of notes, and the only one of it

_encoded = json.JSONEncoder(separators=(",", ":")).encode  # ASCII: a path may hold what is no Unicode
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def write(transaction: Transaction, row: RigRow, at: int, wall: int, said: Mapping[str, Any], *, run: int = 0) -> RigRow:
    """One more entry, and the rig's row that counts it, which is still to be put.

    at: virtual ns, of that run, by default of the one that the rig is in. wall: ns. said: JSON.
    """
    number = row.entries + 1
    body = _encoded(said)
    if len(body) > LONGEST:
        body = _encoded(_shortened(said))
    transaction.record(row, Entry(number, run or row.run, at, wall, body))
    if number % BATCH == 0 and number > KEPT:
        transaction.forget(row, number - KEPT + 1)
    return replace(row, entries=number)


def commanded(asked: Asked, order: Order, reply: bytes, changes: Changes) -> dict[str, Any]:
    """What is said of a command that was done."""
    asked_for = {"method": asked.method, "url": asked.url, "device": order.device, "verb": order.verb, "arguments": order.arguments}
    return {**asked_for, **replied(200, reply), "changes": changes}


def replied(status: int, reply: bytes) -> dict[str, Any]:
    """What is said of a reply."""
    text = reply[: 4 * REPLY].decode("utf-8", "replace")
    if len(text) <= REPLY and len(reply) <= 4 * REPLY:
        return {"status": status, "reply": text}
    return {"status": status, "reply": text[:REPLY], "cut": True}


@dataclass(frozen=True, slots=True)
class Emptied:
    """When somebody emptied the journal: its last entry then, the run and the virtual ns."""

    number: int = 0
    run: int = 0
    at: int = 0


def empty(transaction: Transaction, row: RigRow, at: int) -> None:
    """Nobody sees an entry any more; numbers go on. Their storage is left to `sweep`. at: virtual ns."""
    transaction.put_note(row, NOTES, EMPTIED, json.dumps([row.entries, row.run, at]))


def sweep(store: Store, row: RigRow) -> None:
    """Free the storage of what nobody sees, a little at a time: others write in between."""
    last = emptied(store, row).number
    while (oldest := store.journal(row, 0, 1)) and oldest[0].number <= last:
        with store.transaction() as transaction:
            transaction.forget(row, min(oldest[0].number + STEP, last + 1))


def emptied(store: Store, row: RigRow) -> Emptied:
    """The last time that it was."""
    return Emptied(*json.loads(store.notes(row, NOTES).get(EMPTIED, "[]")))


def entries(store: Store, row: RigRow, after: int = 0) -> Iterator[Entry]:
    """All with numbers above `after` that nobody has emptied it of, oldest first."""
    after = max(after, emptied(store, row).number)
    while page := store.journal(row, after, PAGE):
        yield from page
        after = page[-1].number


def shown(row: RigRow, entry: Entry) -> dict[str, Any]:
    """An entry as the control plane shows it."""
    head = {"number": entry.number, "run": entry.run, "rig": row.name, "time": seconds(entry.at), "wall": wall_text(entry.wall)}
    return {**head, **json.loads(entry.body)}


def wall_text(wall: int) -> str:
    """Wall ns as ISO 8601, UTC, to the microsecond."""
    whole, rest = divmod(wall, SECOND)
    return (EPOCH + timedelta(seconds=whole, microseconds=rest // 1_000)).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _shortened(said: Mapping[str, Any]) -> dict[str, Any]:
    """The same without what is long."""
    texts = {name: value[:SHORT] if isinstance(value, str) else value for name, value in said.items()}
    return {**{name: value for name, value in texts.items() if isinstance(value, str | int | float | None)}, "cut": True}
