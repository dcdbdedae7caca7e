"""Kept specs: what the store keeps of each, enough to read the states that were written with it, and to evolve them once more."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zlib import compressobj, decompress

from mockbrew.collecting import not_collecting
from mockbrew.conditions.grammar import words
from mockbrew.devices.base import Device, Kinds, options
from mockbrew.errors import SpecError, StoreError
from mockbrew.restless import alike, restless
from mockbrew.schema import ENTRIES
from mockbrew.spec import STATES, Spec, from_document
from mockbrew.stores.base import RigRow, Transaction

LONG = 2**16  # characters of a record that is packed: 64 KiB are some 400 devices
PACKED = "zlib:"  # how such a one begins; a record that is not packed is JSON


@dataclass(frozen=True, slots=True)
class Former:
    """The spec that a rig was last written with.

    kinds: of each device. spec: of the cells that can still be evolved, or of those of them that were asked for; None, and the reason in
    `why`, if none can. sound: the devices of all that can.
    """

    kinds: Mapping[str, str]
    spec: Spec | None
    why: str = ""
    sound: Collection[str] = ()


def record_of(spec: Spec) -> str:
    """The record of a spec, with the layouts that its states are written in. Of a large one it takes longer than a lock may be held."""
    pieces = _pieces(spec)
    return "".join(pieces) if len(spec.text) < LONG else _packed(pieces)


def _pieces(spec: Spec) -> Iterator[str]:
    """Its JSON, never much of it at once: a worker that needs more memory for a moment keeps it for good."""
    layouts = {type(entry.device).kind: type(entry.device).layout._fields for entry in spec.entries.values()}
    yield f'{{"states":{STATES},"layouts":{json.dumps(layouts)},"document":'
    yield from (spec.text[begin : begin + LONG] for begin in range(0, len(spec.text), LONG))
    yield ',"cells":['
    yield from (f"{',' if number else ''}{json.dumps(cell)}" for number, cell in enumerate(spec.cells))
    yield '],"kinds":{'
    named = (f"{json.dumps(name)}:{json.dumps(entry.device.kind)}" for name, entry in spec.entries.items())
    yield from (f"{',' if number else ''}{each}" for number, each in enumerate(named))
    yield "}}"


def _packed(record: Iterable[str]) -> str:
    """A text that is short where devices are many: a store has one for each spec that it ever saw."""
    packer = compressobj(level=1)
    packed = b"".join([*(packer.compress(piece.encode("ascii")) for piece in record), packer.flush()])
    return PACKED + b64encode(packed).decode("ascii")


def _unpacked(text: str) -> Any:
    return json.loads(decompress(b64decode(text.removeprefix(PACKED))) if text.startswith(PACKED) else text)


def former(transaction: Transaction, row: RigRow, kinds: Kinds) -> Former:
    """The spec of a rig's row, as far as these kinds can evolve it. Raises StoreError if the store does not hold it."""
    return read(kept_record(transaction, row), row, kinds)


def kept_record(transaction: Transaction, row: RigRow) -> str:
    """What the store holds of the spec of a rig's row. Raises StoreError if it holds nothing."""
    text = transaction.spec(row.spec)
    if text is None:
        raise StoreError(
            f"rig {row.name!r}: the store does not hold its spec {row.spec[:12]}; put a copy back, or delete the store to start anew"
        )
    return text


def read(text: str, row: RigRow, kinds: Kinds, written: Collection[str] | None = None) -> Former:
    """As `former`, of its record: of a large spec it takes longer than a lock may be held.

    written: the cells that have been moved. Then of the others those come only that move by themselves, or that some rule is about: of a
    large spec most of what is left has nothing to tell.
    """
    with not_collecting():
        record = _unpacked(text)
        readable = record["cells"] if record.get("states") == STATES else ()
        cells = [cell for cell in readable if _sound(cell, record, kinds)]
        sound = {name for cell in cells for name in cell}
        try:
            asked = sound if written is None else _moving(cells, record, kinds, written)
            spec = _restored(record, asked, kinds)
        except SpecError as error:
            return Former(record["kinds"], None, str(error))
    # The rows say which spec they were written with by the digest of the whole one.
    return Former(record["kinds"], replace(spec, digest=row.spec), sound=sound)


def _restored(record: Mapping[str, Any], names: set[str], kinds: Kinds) -> Spec:
    """The spec of these entries only. Raises SpecError."""
    return from_document(_only(record["document"], names), "the spec before", kinds)


def _moving(cells: Sequence[Sequence[str]], record: Mapping[str, Any], kinds: Kinds, written: Collection[str]) -> set[str]:
    """The entries of the cells that were written, that rules are about, or that move by themselves. Raises SpecError."""
    document = record["document"]
    tables = {name: table for rows in map(document.get, ENTRIES) for name, table in (rows or {}).items()}

    def given(name: str) -> tuple[type[Device], Mapping[str, Any]]:
        kind = kinds[record["kinds"][name]]
        return kind, {option: value for option, value in tables[name].items() if option in options(kind)}

    ruled = {word for rule in document.get("hazards", {}).values() for word in _named(rule["when"])}
    needed = {cell[0] for cell in cells if cell[0] in written or not ruled.isdisjoint(cell)}
    like = alike((cell for cell in cells if cell[0] not in needed), given)
    samples = set(like.values())
    moving = set(restless(_restored(record, {name for cell in cells if cell[0] in samples for name in cell}, kinds)))
    return {name for cell in cells if cell[0] in needed or like[cell[0]] in moving for name in cell}


def _sound(cell: Iterable[str], record: Mapping[str, Any], kinds: Kinds) -> bool:
    used = {record["kinds"][name] for name in cell}
    return all(kind in kinds and list(kinds[kind].layout._fields) == record["layouts"][kind] for kind in used)


def _only(document: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """The document with these entries only, and the rules about them. Cells are closed under references, so nothing dangles.

    How to verify a server is left out: it says nothing of how a cell evolves.
    """
    tables = {table: document.get(table, {}) for table in (*ENTRIES, "overrides")}
    kept = {table: {name: entry for name, entry in rows.items() if name in names} for table, rows in tables.items() if rows}
    rules = {name: rule for name, rule in document.get("hazards", {}).items() if _about(rule["when"], names)}
    rest = {table: value for table, value in document.items() if table != "verify"}
    return {**rest, **kept, **({"hazards": rules} if "hazards" in document else {})}


def _about(condition: str, names: set[str]) -> bool:
    """Whether a condition is about these entries only."""
    return all(word in names or word.rpartition(".")[0] in names for word in words(condition))


def _named(condition: str) -> Iterator[str]:
    """The entries that a condition is about, and more. One may have a dot in its name."""
    for word in words(condition):
        yield from (word, word.rpartition(".")[0])
