"""A history of a spec, told in one line and played in any process: `python -m tests.plant.replay` answers line by line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from mockbrew import plant
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Device, options
from mockbrew.devices.pipe import Pipe
from mockbrew.devices.vessel import Vessel
from mockbrew.plant import Look, Plant
from mockbrew.spec import parse
from tests.plant.cells import ENDLESS
from tests.plant.histories import Case
from tests.plant.oracle import Command

ROOT = Path(__file__).parent.parent.parent
TABLES = {Vessel: "vessels", Pipe: "pipes"}


def document(case: Case) -> str:
    """The plant of a case as a spec."""
    room = case.surroundings
    lines = ['spec = "1.0"', f'[rig]\ntitle = "A plant"\nambient = {room.ambient}\nboiling_point = {room.boiling_point}']
    for table in ("vessels", "pipes", "devices"):
        entries = [device for device in case.devices if TABLES.get(type(device), "devices") == table]
        lines += [f"[{table}]", *map(_line, entries)]
    return "\n".join(lines)


def _line(device: Device) -> str:
    values = {name: getattr(device, name) for name in options(type(device))}
    kind = {} if type(device) in TABLES else {"kind": device.kind}
    said = {**kind, **{name: value for name, value in values.items() if value is not None}}
    return f"{device.name} = {{ {', '.join(f'{name} = {json.dumps(value)}' for name, value in said.items())} }}"


def question(spec: str, history: Sequence[Command], looks: Sequence[int], seed: str = "") -> str:
    """What `answer` takes. looks: virtual ns, rising."""
    return json.dumps({"spec": spec, "history": history, "looks": looks, "seed": seed})


def answer(asked: str) -> str:
    """Every cell as it is stored at the end, and every reading at each look."""
    told = json.loads(asked)
    plants = Plant(parse(told["spec"], "spec.toml", BUILT_IN))
    return json.dumps({name: list(_played(plants, name, told)) for name in sorted(set(plants.home.values()))})


def _played(plants: Plant, name: str, told: Mapping[str, Any]) -> Iterator[Any]:
    cell, seed = plants.cell(name), told["seed"]
    left = [command for command in told["history"] if plants.home[command[1]] == name]
    anchor = plant.initial(cell, 0)
    for at in told["looks"]:
        while left and left[0][0] <= at:
            when, *order = left.pop(0)
            anchor, _ = plant.evolve(cell, anchor, when, seed, limit=ENDLESS)
            anchor = plant.command(cell, anchor, when, seed, *order)
        anchor, _ = plant.evolve(cell, anchor, at, seed, limit=ENDLESS)
        yield [[device.name, reading, value] for device, reading, value in shown(Look(cell, anchor, at, seed))]
    yield [anchor.at, plant.encode(anchor)]


def shown(look: Look) -> Iterator[tuple[Device, str, Any]]:
    """All readings of all devices."""
    for device in look.cell.devices:
        for reading in device.readings:
            yield device, reading, look.reading(device.name, reading)


def process(hash_seed: int) -> subprocess.Popen[str]:
    """One that answers questions, with strings hashed in a way of its own; who starts it ends it."""
    arguments = [sys.executable, "-m", "tests.plant.replay"]
    return subprocess.Popen(
        arguments, cwd=ROOT, env={"PYTHONHASHSEED": str(hash_seed)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(f"{answer(line)}\n")
        sys.stdout.flush()
