"""Specs of many devices: the reference brewery as often as is asked for, side by side; and a chain of vessels in one cell.

`python -m bench.breweries 100000` prints the spec of that many devices.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click
import tomli

from mockbrew.schema import ENTRIES
from mockbrew.settings import REFERENCE

Table = Mapping[str, Any]

FLOW = 10.0  # L/min through each pipe of a chain: what comes in goes on
BURNER = (
    'B1 = { kind = "heater", interface = "switch", sensor = "B1", vessel = "V1", power = 8800, efficiency = 0.40 }',
    'PID1 = { kind = "pid", interface = "controller", number = 1, sensor = "V1", probe = "T1", heaters = ["B1"], setpoint = 50 }',
)


def breweries(devices: int) -> str:
    """A spec of about that many devices (vessels and pipes come on top: 10 for each 22); one brewery at least.

    The first brewery has the names of the reference, `A` and `/getA.py`; the names of all others end with a number, `A_1` and `/getA_1.py`.
    Interfaces are shared. There are no hazards, and nothing about `mockbrew verify`.
    """
    reference = tomli.loads(REFERENCE.read_text("utf-8"))
    count = max(round(devices / len(reference["devices"])), 1)
    return "\n".join([*_shared(reference), *_tables(reference, count)])


def chain(vessels: int) -> str:
    """A spec of vessels in a chain, from the mains to the drain: one cell. While all its valves are open and its pumps on, all are coupled.

    Vessel `V3` has the probe `T3`; behind it are the valve `K3` and the pump `P3` of the pipe to `V4`, or to the drain; `K0` lets mains
    water into `V1`. In `V1` is the burner `B1` of the controller `PID1`.
    """
    reference = tomli.loads(REFERENCE.read_text("utf-8"))
    numbers = range(1, vessels + 1)
    valves = (f'K{n} = {{ kind = "valve", interface = "switch", sensor = "K{n}" }}' for n in (0, *numbers))
    pumps = (f'P{n} = {{ kind = "pump", interface = "switch", sensor = "P{n}", flow = {FLOW} }}' for n in numbers)
    probes = (f'T{n} = {{ kind = "probe", interface = "thermometer", vessel = "V{n}", lag = 10 }}' for n in numbers)
    lines = [
        *_shared(reference),
        "[vessels]",
        *(f"V{n} = {{ capacity = 50, volume = 40, loss = 9.0, wall = 4.0 }}" for n in numbers),
        "[pipes]",
        f'L0 = {{ source = "mains", destination = "V1", valves = ["K0"], flow = {FLOW} }}',
        *(f'L{n} = {{ source = "V{n}", destination = "V{n + 1}", valves = ["K{n}"], pump = "P{n}" }}' for n in numbers[:-1]),
        f'L{vessels} = {{ source = "V{vessels}", destination = "out", valves = ["K{vessels}"], pump = "P{vessels}" }}',
        "[devices]",
        *valves,
        *pumps,
        *probes,
        *BURNER,
        "",
    ]
    return "\n".join(lines)


def _shared(reference: Table) -> Iterator[str]:
    """What all devices share: the rig and the interfaces."""
    yield from (f"spec = {_written(reference['spec'])}", "[rig]", *_lines(reference["rig"]))
    yield "[interfaces]"
    yield from _lines(reference["interfaces"])


def _tables(reference: Table, count: int) -> Iterator[str]:
    known = frozenset(name for table in ENTRIES for name in reference[table])
    renamed = [_Renamed(known, number) for number in range(count)]
    for table in (*ENTRIES, "overrides"):
        yield f"[{table}]"
        for each in renamed:
            yield from _lines({each(name): each.inside(entry) for name, entry in reference[table].items()})
    yield ""


class _Renamed:
    """The names of one of the breweries, and the numbers of its controllers."""

    __slots__ = ("_known", "_number")

    def __init__(self, known: frozenset[str], number: int) -> None:
        self._known, self._number = known, number

    def __call__(self, name: str) -> str:
        return f"{name}_{self._number}" if self._number and name in self._known else name

    def inside(self, entry: Table) -> dict[str, Any]:
        """An entry as this brewery has it: three controllers each, which count on."""
        return {key: value + 3 * self._number if key == "number" else self._value(value) for key, value in entry.items()}

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [*map(self, value)]
        return self(value) if isinstance(value, str) else value


# -- as TOML -------------------------------------------------------------------------------------------------------


def _lines(table: Table) -> Iterator[str]:
    return (f"{name} = {_written(value)}" for name, value in table.items())


def _written(value: Any) -> str:
    write: Callable[[Any], str] = json.dumps  # of texts, numbers, booleans and lists of them JSON is TOML
    return f"{{ {', '.join(_lines(value))} }}" if isinstance(value, dict) else write(value)


# -- from the command line -----------------------------------------------------------------------------------------


@click.command("python -m bench.breweries")
@click.argument("devices", type=click.IntRange(min=1))
def main(devices: int) -> None:
    """Print the spec of about that many devices."""
    click.echo(breweries(devices), nl=False)


if __name__ == "__main__":
    main()
