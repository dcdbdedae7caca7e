"""A small plant whose devices fail, and the words to tell what happens to it."""

from __future__ import annotations

from typing import Any

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.devices.heater import Heater
from mockbrew.devices.pipe import MAINS, Pipe
from mockbrew.devices.probe import Probe
from mockbrew.devices.valve import Valve
from mockbrew.devices.vessel import Vessel
from mockbrew.faults.devices import Fault
from mockbrew.plant import Anchor, Cell
from tests.plant.cells import ROOM, evolve, look

RIG = "0/default"


def rig(*others: Any, heater: Any = None, probe: Any = None) -> Cell:
    """A vessel V that a tap A fills, with a heater H and a probe T."""
    return plant.build(
        (
            Vessel(name="V", capacity=50, volume=20, loss=9),
            Valve(name="A"),
            Pipe(name="W", source=MAINS, destination="V", valves=("A",), flow=6.0),
            heater or Heater(name="H", vessel="V", power=5000),
            probe or Probe(name="T", vessel="V"),
            *others,
        ),
        ROOM,
    )


class Story:
    """A cell, and what happens to it, at later and later instants (s)."""

    def __init__(self, cell: Cell) -> None:
        self.cell, self.anchor = cell, plant.initial(cell, 0)

    def fails(self, at: float, device: str, sort: str, begins: float = 0, ends: float | None = None, **options: Any) -> None:
        said = {each: options.pop(each) for each in ("probability", "seed", "count") if each in options}
        name = options.pop("name", "f1")
        end = None if ends is None else int(ends * SECOND)
        fault = Fault(name, sort, device, tuple(options.items()), **said, begins=int(begins * SECOND), ends=end)
        self.anchor = plant.fail(self.cell, self._at(at), int(at * SECOND), RIG, fault)

    def mended(self, at: float, name: str = "f1") -> None:
        self.anchor = plant.mend(self.cell, self._at(at), int(at * SECOND), RIG, name)

    def says(self, at: float, device: str, verb: str, **arguments: Any) -> None:
        self.anchor = plant.command(self.cell, self._at(at), int(at * SECOND), RIG, device, verb, arguments)

    def shows(self, at: float, device: str, *readings: str) -> Any:
        self.anchor = self._at(at)
        shown = [look(self.cell, self.anchor, at, RIG).reading(device, reading) for reading in readings]
        return shown if len(shown) > 1 else shown[0]

    def fault(self, at: float) -> plant.Failing:
        self.anchor = self._at(at)
        return plant.faults_of(self.cell, self.anchor, int(at * SECOND))[0]

    def _at(self, at: float) -> Anchor:
        return evolve(self.cell, self.anchor, at, RIG)
