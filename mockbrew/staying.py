"""Staying cells: those that another spec leaves as they were. Pure.

All that a cell goes through follows from its states, its devices in their order, the rules that orders in it keep, what surrounds it, the
seed of the rig, and the code of its kinds. How these lay out their states is in the record; of the rest of their code a rig knows nothing,
as long as its spec is the same. So where all else is the same in two specs, what is written of a cell means the same under both.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

from mockbrew.checks.bugs import made
from mockbrew.devices.base import options
from mockbrew.errors import SpecError
from mockbrew.kept_specs import Kept, named, restored
from mockbrew.spec import Spec

Lock = tuple[Any, ...]  # a rule that refuses what would break it: its name, its condition, and the entries that this may mean, by kind
Locks = Mapping[str, Sequence[tuple[int, Lock]]]  # by these entries; with the place of each among all


def staying(kept: Kept, spec: Spec, apart: Container[str] = ()) -> frozenset[str]:
    """The names of the cells of a kept spec that stay in this one; but for those with a device in `apart`."""
    try:
        surroundings = restored(kept, ()).surroundings
    except SpecError:  # whoever reads more of it says why
        return frozenset()
    if surroundings != spec.surroundings:
        return frozenset()
    now, before, after = {cell[0]: cell for cell in spec.cells}, _locks_before(kept), _locks_after(spec)
    return frozenset(
        cell[0]
        for cell in kept.cells
        if now.get(cell[0]) == tuple(cell)
        and all(name not in apart and _is_same(kept, spec, name) for name in cell)
        and _kept_in(cell, before) == _kept_in(cell, after)
    )


def _is_same(kept: Kept, spec: Spec, name: str) -> bool:
    """Whether a device is of the same kind, with the same options; all else that its entry says is for its endpoints."""
    kind = kept.kinds[kept.kind_of[name]]
    known, said = options(kind), kept.entries[name].items()
    given = {option: tuple(value) if isinstance(value, list) else value for option, value in said if option in known}
    return made(kind, ("devices", name), given) == spec.entries[name].device


# -- rules that orders keep ----------------------------------------------------------------------------------------


def _locks_before(kept: Kept) -> Locks:
    rules = kept.document.get("hazards", {}).items()
    return _locks(((name, rule["when"]) for name, rule in rules if rule.get("refuse")), kept.kind_of.get)


def _locks_after(spec: Spec) -> Locks:
    def kind_of(name: str) -> str | None:
        return spec.entries[name].device.kind if name in spec.entries else None

    return _locks(((rule.name, rule.when.text) for rule in spec.hazards.values() if rule.refuse), kind_of)


def _locks(refusing: Iterable[tuple[str, str]], kind_of: Callable[[str], str | None]) -> Locks:
    found: dict[str, list[tuple[int, Lock]]] = {}
    for place, (name, when) in enumerate(refusing):
        kinds = {entry: kind for entry in sorted({*named(when)}) if (kind := kind_of(entry)) is not None}
        for entry in kinds:
            found.setdefault(entry, []).append((place, (name, when, *kinds.items())))
    return found


def _kept_in(cell: Iterable[str], locks: Locks) -> Sequence[Lock]:
    """The rules that orders in a cell keep, in their order."""
    own = {each for name in cell for each in locks.get(name, ())} if locks else ()
    return [lock for _, lock in sorted(own)]
