"""The state of a rig: all that it shows now, and what is set from outside, such as its seed. One instant, one step."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from mockbrew.changes import Changes, changes
from mockbrew.checks.findings import Finding
from mockbrew.clock import seconds
from mockbrew.drafts import Draft
from mockbrew.errors import NotNew
from mockbrew.messages import DIRECT, Asked
from mockbrew.plant import Look
from mockbrew.presets import Wanted, mistakes, preset, wanted
from mockbrew.rigs import Rigs, Together
from mockbrew.schema import ENTRIES, table_of
from mockbrew.timeline import seed_of

TOLD = 100  # cells that a patch may set at once for its entry of the journal to tell what changed: others wait meanwhile
EXAMPLE = '{"vessels": {"Mashtun": {"temperature": 65}}}'


def state(rigs: Rigs, rig: str, names: Collection[str] = ()) -> dict[str, Any]:
    """Every reading of these entries, or of all, now; by table, name and reading. Raises NoSuchRig, StillEvolving, StoreError."""
    shown = _in_order(rigs, set(names)) if names else [*rigs.spec.entries]
    together = rigs.together(rig, _cells(rigs, shown))
    return {
        "rig": rig,
        "run": together.row.run,
        "time": seconds(together.at),
        **{table: dict(_shown(rigs, together, table, shown)) for table in ENTRIES},
    }


def _in_order(rigs: Rigs, names: Collection[str]) -> list[str]:
    """These entries in the order of the spec. Of one cell, no other is looked at: each process would copy them from its master."""
    homes = {rigs.plant.home[name] for name in names if name in rigs.plant.home}
    among = rigs.spec.entries if len(homes) > 1 else [name for home in homes for name in rigs.plant.cell(home).places]
    return [name for name in among if name in names]


def set_state(rigs: Rigs, rig: str, document: Mapping[str, Any], asked: Asked = DIRECT) -> list[Finding]:
    """Set what a document asks for, all of it or, if it has mistakes, nothing: these are given back. Raises as `Rigs.change`."""
    found = list(mistakes(rigs.spec, document)) or list(_empty(document))
    values = wanted(document) if not found else {}
    cells = _by_cell(rigs, values)

    def apply(draft: Draft) -> None:
        changed: Changes = {}
        for name, ours in cells.items():
            cell, before, at, seed = rigs.plant.cell(name), draft.anchors[name], draft.at, seed_of(draft.row)
            after = preset(cell, before, at, seed, ours)
            draft.put(name, after, "patch", ours)
            if len(cells) <= TOLD:
                changed |= changes(Look(cell, before, at, seed), Look(cell, after, at, seed))
        said = {"changes": changed} if len(cells) <= TOLD else {"cut": True}
        draft.say({**asked._asdict(), "verb": "patch", "arguments": document, "status": 200, **said})

    if not found:
        rigs.change(rig, cells, apply)
    return found


def _empty(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Each place of a document without mistakes at which nothing stands."""
    places = [((), document), *(((table,), entries) for table, entries in document.items())]
    own = [((table, name), values) for table, entries in document.items() for name, values in entries.items()]
    for path, values in (*places, *own):
        if not values:
            yield Finding(path, f"nothing is set; give readings of vessels or devices, such as {EXAMPLE}")


def set_seed(rigs: Rigs, rig: str, seed: int, asked: Asked = DIRECT) -> None:
    """Let a rig draw all its chance from another seed. Raises NotNew if it has drawn already, and as `Rigs.change`."""

    def apply(draft: Draft) -> None:
        row = draft.row
        if row.seed == seed:
            return
        if row.events or row.faults or draft.at:
            raise NotNew(rig, row.seed, row.events, seconds(draft.at))
        draft.row = replace(row, seed=seed)
        draft.say({**asked._asdict(), "verb": "seed", "arguments": {"seed": seed}, "status": 200})

    rigs.change(rig, (), apply)


def _cells(rigs: Rigs, names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(rigs.plant.home[name] for name in names))


def _by_cell(rigs: Rigs, values: Wanted) -> dict[str, dict[str, Mapping[str, Any]]]:
    cells: dict[str, dict[str, Mapping[str, Any]]] = {}
    for name, each in values.items():
        cells.setdefault(rigs.plant.home[name], {})[name] = each
    return cells


def _shown(rigs: Rigs, together: Together, table: str, names: Collection[str]) -> Iterable[tuple[str, dict[str, Any]]]:
    looks: dict[str, Look] = {}
    for name in names:
        entry = rigs.spec.entries[name]
        if table_of(entry.device.kind) == table:
            home = rigs.plant.home[name]
            if home not in looks:
                looks[home] = Look(rigs.plant.cell(home), together.anchors[home], together.at, seed_of(together.row))
            yield name, {reading: looks[home].reading(name, reading) for reading in entry.device.readings}
