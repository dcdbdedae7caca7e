"""Kept specs: what the store keeps of each, enough to read the states that were written with it, and to evolve them once more."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
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
class Kept:
    """A spec as its record has it, with the kinds of now.

    entries: the tables of all devices, as they are written; kind_of: the kinds of all. cells: those that can still be evolved.
    """

    record: str
    digest: str
    document: Mapping[str, Any]
    entries: Mapping[str, Mapping[str, Any]]
    cells: Sequence[Sequence[str]]
    kind_of: Mapping[str, str]
    kinds: Kinds


@dataclass(frozen=True, slots=True)
class Former:
    """The spec that a rig was last written with.

    kinds: of each device. spec: of the cells that can still be evolved, or of those of them that were asked for; None, and the reason in
    `why`, if none can. sound: the devices of all that can; or else of those that are staying.
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
    """Its JSON; of the document, most of it, never much at once."""
    kinds = {type(entry.device) for entry in spec.entries.values()}
    layouts = {kind.kind: kind.layout._fields for kind in kinds}
    quoted = {kind: json.dumps(kind.kind) for kind in kinds}
    yield f'{{"states":{STATES},"layouts":{json.dumps(layouts)},"document":'
    yield from (spec.text[begin : begin + LONG] for begin in range(0, len(spec.text), LONG))
    yield f',"cells":{json.dumps(spec.cells)},"kinds":{{'
    yield ",".join([f'"{name}":{quoted[type(entry.device)]}' for name, entry in spec.entries.items()])  # no name needs an escape
    yield "}}"


def _packed(record: Iterable[str]) -> str:
    """A text that is short where devices are many: a store has one for each spec that it ever saw."""
    packer = compressobj(level=1)
    packed = b"".join([*(packer.compress(piece.encode("ascii")) for piece in record), packer.flush()])
    return PACKED + b64encode(packed).decode("ascii")


def former(transaction: Transaction, row: RigRow, kinds: Kinds) -> Former:
    """The spec of a rig's row, as far as these kinds can evolve it. Raises StoreError if the store does not hold it."""
    return read(unpacked(kept_record(transaction, row), row.spec, kinds))


def kept_record(transaction: Transaction, row: RigRow) -> str:
    """What the store holds of the spec of a rig's row. Raises StoreError if it holds nothing."""
    text = transaction.spec(row.spec)
    if text is None:
        raise StoreError(
            f"rig {row.name!r}: the store does not hold its spec {row.spec[:12]}; put a copy back, or delete the store to start anew"
        )
    return text


def unpacked(text: str, digest: str, kinds: Kinds) -> Kept:
    """What a record says. Of a large spec it takes longer than a lock may be held, and so does `read`."""
    with not_collecting():
        record = json.loads(decompress(b64decode(text.removeprefix(PACKED))) if text.startswith(PACKED) else text)
    document, kind_of = record["document"], record["kinds"]
    known = {kind for kind, layout in record["layouts"].items() if kind in kinds and list(kinds[kind].layout._fields) == layout}
    readable = record["cells"] if record.get("states") == STATES else ()
    cells = [cell for cell in readable if all(kind_of[name] in known for name in cell)]
    entries = {name: table for rows in map(document.get, ENTRIES) for name, table in (rows or {}).items()}
    return Kept(text, digest, document, entries, cells, kind_of, kinds)


def read(kept: Kept, written: Collection[str] | None = None, *, staying: Container[str] = (), watched: Collection[str] = ()) -> Former:
    """The spec that was kept.

    written: the cells that have been moved. Then of the others those come only that move by themselves, or that some rule is about: of a
    large spec most of what is left has nothing to tell. Nor do those come that are staying, but for those that a rule is about.
    watched: the devices that other rules are about, which count as well.
    """
    sound = {name for cell in kept.cells for name in cell}
    with not_collecting():
        try:
            spec = restored(kept, sound if written is None else _moving(kept, written, staying, watched))
        except SpecError as error:
            return Former(kept.kind_of, None, str(error), sound={name for cell in kept.cells if cell[0] in staying for name in cell})
    # The rows say which spec they were written with by the digest of the whole one.
    return Former(kept.kind_of, replace(spec, digest=kept.digest), sound=sound)


def restored(kept: Kept, names: Container[str]) -> Spec:
    """The spec that was kept, of these entries only: those of whole cells. Raises SpecError."""
    return from_document(_only(kept.document, names), "the spec before", kept.kinds)


def named(condition: str) -> Iterator[str]:
    """The entries that a condition is about, and more. One may have a dot in its name."""
    for word in words(condition):
        yield from (word, word.rpartition(".")[0])


def _moving(kept: Kept, written: Collection[str], staying: Container[str], watched: Collection[str]) -> set[str]:
    """The entries of cells that rules are about; and, of those not staying, that were written or move by themselves. Raises SpecError."""

    def given(name: str) -> tuple[type[Device], Mapping[str, Any]]:
        kind = kept.kinds[kept.kind_of[name]]
        return kind, {option: value for option, value in kept.entries[name].items() if option in options(kind)}

    ruled = {word for rule in kept.document.get("hazards", {}).values() for word in named(rule["when"])}.union(watched)
    changed = [cell for cell in kept.cells if cell[0] not in staying]
    needed = {cell[0] for cell in kept.cells if not ruled.isdisjoint(cell)} | {cell[0] for cell in changed if cell[0] in written}
    like = alike((cell for cell in changed if cell[0] not in needed), given)
    samples = set(like.values())
    moving = set(restless(restored(kept, {name for cell in changed if cell[0] in samples for name in cell})))
    return {name for cell in kept.cells if cell[0] in needed or like.get(cell[0]) in moving for name in cell}


def _only(document: Mapping[str, Any], names: Container[str]) -> dict[str, Any]:
    """The document with these entries only, and the rules about them. Cells are closed under references, so nothing dangles.

    How to verify a server is left out: it says nothing of how a cell evolves.
    """
    given = {table: document.get(table, {}) for table in (*ENTRIES, "overrides")}
    kept = {table: {name: entry for name, entry in rows.items() if name in names} for table, rows in given.items() if rows}
    rules = {name: rule for name, rule in document.get("hazards", {}).items() if _about(rule["when"], names)}
    rest = {table: value for table, value in document.items() if table != "verify"}
    return {**rest, **kept, **({"hazards": rules} if "hazards" in document else {})}


def _about(condition: str, names: Container[str]) -> bool:
    """Whether a condition is about these entries only."""
    return all(word in names or word.rpartition(".")[0] in names for word in words(condition))
