"""Restless cells: those that leave their initial state without any command, as a hot vessel does. Pure.

Of 100,000 devices most cells are like another one but for their names. Of cells that are alike one is asked: no kind of this package makes
anything of a name but noise, which moves no cell by itself. What the kinds of other packages make of theirs nobody knows, so that a cell
with one of them is like no other, and neither is one with interlocks.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

from mockbrew import plant as plants
from mockbrew.clock import DAY
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device, naming, options
from mockbrew.plant import Plant
from mockbrew.spec import Spec

Given = Callable[[str], tuple[type[Device], Mapping[str, Any]]]
"""The kind of an entry, and its options: data, in which names of other entries stand as they are."""


def restless(spec: Spec, but: Container[str] = ()) -> list[str]:
    """The names of the cells of a spec that are, in its order. but: those that nobody asks about."""
    plant = Plant(spec)
    asked = (cell for cell in spec.cells if cell[0] not in but)
    like = alike(asked, lambda name: _given(spec.entries[name].device), apart=plant.interlocks)
    moving = {name for name in set(like.values()) if is_restless(plant, name)}
    return [name for name, first in like.items() if first in moving]


def is_restless(plant: Plant, name: str) -> bool:
    """Whether the cell of that name is: the definition."""
    cell = plant.cell(name)
    anchor = plants.initial(cell, 0)
    return plants.next_boundary(cell, anchor) is not None or plants.moved(cell, anchor, DAY) != anchor.states


def alike(cells: Iterable[Sequence[str]], given: Given, apart: Container[str] = ()) -> dict[str, str]:
    """By the name of each cell, that of the first one that is like it. apart: those that are like no other."""
    found: dict[str, str] = {}
    first: dict[Any, str] = {}
    for members in cells:
        name = members[0]
        shape = None if name in apart else _shape(members, given)
        found[name] = name if shape is None else first.setdefault(shape, name)
    return found


def _shape(members: Sequence[str], given: Given) -> tuple[Any, ...] | None:
    """A cell in which entries go by their places; None if it is like no other."""
    places = {name: place for place, name in enumerate(members)}
    shape: list[Any] = []
    for name in members:
        kind, said = given(name)
        if BUILT_IN.get(kind.kind) is not kind:
            return None
        shape += (kind, *said)
        named = {option for option, _, _ in naming(kind)}
        shape += [_placed(value, places) if option in named else _flat(value) for option, value in said.items()]
    return tuple(shape)


def _placed(value: Any, places: Mapping[str, int]) -> Any:
    """What names entries, with their places. What is a word of the kind, and no name, stays."""
    return tuple([places.get(each, each) for each in value]) if isinstance(value, list | tuple) else places.get(value, value)


def _flat(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _given(device: Device) -> tuple[type[Device], Mapping[str, Any]]:
    kind = type(device)
    return kind, {option: getattr(device, option) for option in options(kind)}
