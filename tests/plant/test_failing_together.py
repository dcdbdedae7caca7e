"""Faults of one cell that begin or are deleted at one instant: whether they do so together or one after the other, the cell is the same."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from mockbrew import plant
from mockbrew.clock import SECOND
from mockbrew.faults.devices import Fault
from tests.plant.cells import ROOM
from tests.plant.test_gliding import a_loop

NOW = 100 * SECOND
FAULTS = (
    Fault("a", "stuck", "H"),
    Fault("b", "stuck_on", "H"),
    Fault("c", "weak", "H", (("share", 0.5),)),
    Fault("d", "stuck_off", "P"),
    Fault("e", "offset", "T", (("kelvin", 5.0),)),
    Fault("f", "frozen", "T"),
    Fault("g", "drift", "T", (("rate", 3.0),)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(FAULTS), min_size=2, unique=True), st.data())
def test_together_or_one_after_the_other_is_the_same(faults: list[Fault], data: st.DataObject) -> None:
    cell = plant.build(a_loop(), ROOM)
    begun = plant.command(cell, plant.initial(cell, 0), 0, "0/a", "C", "start", {})
    begun, _ = plant.evolve(cell, begun, NOW, "0/a", limit=10_000)

    together = plant.fail(cell, begun, NOW, "0/a", *faults)
    each = begun
    for fault in faults:
        each = plant.fail(cell, each, NOW, "0/a", fault)
    assert plant.encode(together) == plant.encode(each)

    doomed = [fault.name for fault in data.draw(st.lists(st.sampled_from(faults), min_size=1, unique=True))]
    together = plant.mend(cell, together, NOW, "0/a", *doomed)
    for name in doomed:
        each = plant.mend(cell, each, NOW, "0/a", name)
    assert plant.encode(together) == plant.encode(each)
