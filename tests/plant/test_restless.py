"""Which cells leave their initial state by themselves is the same, whether each is asked or one of those that are alike."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from bench.breweries import breweries
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Kinds
from mockbrew.devices.valve import Valve
from mockbrew.plant import Plant
from mockbrew.restless import _given, alike, is_restless, restless
from mockbrew.spec import Spec, parse

VESSEL = st.sampled_from(["", ", temperature = 20", ", temperature = 80", ", loss = 0", ", temperature = 80, loss = 0"])
PIPE = st.sampled_from(["", 'source = "mains", destination = "{v}"', 'source = "{v}", destination = "out"'])
DEVICE = st.sampled_from(
    [
        "",
        'kind = "heater", vessel = "{v}", power = 5500',
        'kind = "heater", vessel = "{v}", power = 5500, lag = 30',
        'kind = "probe", vessel = "{v}", lag = 10, noise = 0.5',
        'kind = "valve"',
    ]
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A spec of some small cells, many of them alike."""
    cells = draw(st.lists(st.tuples(VESSEL, PIPE, DEVICE), min_size=1, max_size=6))
    numbered = [(f"V{number}", *cell) for number, cell in enumerate(cells)]
    lines = ['spec = "1.0"', "[vessels]", *(f"{v} = {{ capacity = 50, volume = 40{more} }}" for v, more, _, _ in numbered)]
    lines += ["[pipes]", *(f"{v}-pipe = {{ {pipe.format(v=v)}, flow = 1 }}" for v, _, pipe, _ in numbered if pipe)]
    lines += ["[devices]", *(f"{v}-device = {{ {device.format(v=v)} }}" for v, _, _, device in numbered if device)]
    if draw(st.booleans()):
        lines.append('[hazards]\nhot = { when = "V0.temperature > 60", refuse = true }')
    return "\n".join(lines)


def by_definition(spec: Spec) -> list[str]:
    plant = Plant(spec)
    return [cell[0] for cell in spec.cells if is_restless(plant, cell[0])]


@given(text=texts())
def test_of_cells_that_are_alike_one_is_asked(text: str) -> None:
    spec = parse(text)

    assert restless(spec) == by_definition(spec)


def test_of_thousands_of_devices_a_few_cells_are_asked() -> None:
    spec = parse(breweries(3000))
    like = alike(spec.cells, lambda name: _given(spec.entries[name].device))

    assert len(spec.cells) > 100
    assert len(set(like.values())) < 5
    assert restless(spec) == by_definition(spec) == []


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Valve):
    """A kind of some distribution, of which nobody knows what it makes of its name."""

    kind = "named"


def test_cells_with_kinds_of_other_packages_or_with_interlocks_are_asked_one_by_one() -> None:
    kinds: Kinds = {**BUILT_IN, "named": Named}
    spec = parse('spec = "1.0"\n[devices]\n' + "\n".join(f'{name} = {{ kind = "{kind}" }}' for name, kind in KINDS.items()), kinds=kinds)

    def like(*apart: str) -> list[str]:
        return [*alike(spec.cells, lambda name: _given(spec.entries[name].device), apart).values()]

    assert like() == ["A", "B", "C", "C", "C"]
    assert like("D") == ["A", "B", "C", "D", "C"]


KINDS = {"A": "named", "B": "named", "C": "valve", "D": "valve", "E": "valve"}
