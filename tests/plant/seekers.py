"""A rig of a case, on its way from command to command in search of a condition; for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from mockbrew import plant as plants
from mockbrew.clock import SECOND
from mockbrew.conditions import Condition, parse
from mockbrew.conditions.names import Variable, readings_of
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Kinds
from mockbrew.devices.declare import Value
from mockbrew.plant import Plant
from mockbrew.seeking.nearest import Nearest
from mockbrew.seeking.scene import Scene
from mockbrew.seeking.search import Sought, seek
from mockbrew.spec import Spec
from mockbrew.spec import parse as parse_spec
from tests.plant.histories import Case
from tests.plant.oracle import Command
from tests.plant.replay import document

ENOUGH = 10**9  # boundaries and looks


def rig(text: str, kinds: Kinds = BUILT_IN) -> Plant:
    """The plant of a spec."""
    return Plant(parse_spec(f'spec = "1.0"\n{text}', "rig.toml", kinds))


def rig_of(case: Case) -> Plant:
    """The plant of a case."""
    return Plant(parse_spec(document(case), "rig.toml", BUILT_IN))


def condition(plant: Plant, text: str) -> Condition:
    """On the readings of a plant."""
    spec: Spec = plant.spec
    return parse(text, readings_of({name: entry.device for name, entry in spec.entries.items()}))


def beginning(plant: Plant, *orders: tuple[str, str], seed: str = "") -> Scene:
    """All cells at 0, after some commands without arguments."""
    scene = Scene(plant, {name: plants.initial(plant.cell(name), 0) for name in set(plant.home.values())}, 0, seed)
    for device, verb in orders:
        command(scene, (0, device, verb, {}))
    return scene


def command(scene: Scene, order: Command) -> None:
    """Give it at the instant of the scene, which is its own."""
    _, device, verb, arguments = order
    name = scene.plant.home[device]
    anchor, done = plants.evolve(scene.cell(name), scene.anchors[name], scene.at, scene.seed, limit=ENOUGH)
    assert done
    scene.anchors[name] = plants.command(scene.cell(name), anchor, scene.at, scene.seed, device, verb, arguments)


def sought(scene: Scene, wanted: Condition, until: int, *, limit: int = ENOUGH, nearest: Nearest | None = None) -> int | None:
    """Asked for again and again."""
    answer = Sought(None, done=False)
    while not answer.done:
        answer = seek(scene, wanted, until, limit=limit, nearest=nearest)
    return answer.at


def acts(case: Case) -> Iterator[tuple[int, Sequence[Command]]]:
    """(virtual ns, what is commanded then), 0 and the end among them."""
    commanded = {at: list(orders) for at, orders in groupby(case.history, key=lambda order: order[0])}
    yield from sorted({0: [], case.until * SECOND + 1: [], **commanded}.items())


def first(case: Case, text: str, *, limit: int = ENOUGH) -> tuple[int | None, Scene]:
    """The first instant of a case at which a condition holds, and the scene as it stands then."""
    plant = rig_of(case)
    scene, wanted = beginning(plant), condition(plant, text)
    for at, orders in acts(case):
        if at and (found := sought(scene, wanted, at - 1, limit=limit)) is not None:
            return found, scene
        scene.at = at
        for order in orders:
            command(scene, order)
    return None, scene


def walked(case: Case, asked: Sequence[int], see: Callable[[Scene], None]) -> Scene:
    """A scene that goes through a case by itself and is shown at the instants asked for (virtual ns, rising)."""
    scene, left = beginning(rig_of(case)), list(case.history)
    for at in asked:
        while left and left[0][0] <= at:
            scene.at = left[0][0]
            command(scene, left.pop(0))
        scene.at = at
        assert not scene.evolve(limit=ENOUGH)
        see(scene)
    return scene


def variables(plant: Plant) -> list[Variable]:
    """All readings of all devices."""
    return [
        Variable(f"{name}.{reading}", "", name, reading) for name, entry in plant.spec.entries.items() for reading in entry.device.readings
    ]


def shown(scene: Scene, at: int) -> dict[tuple[str, str], Value]:
    """All that there is to read at an instant of this segment."""
    return {(each.device, each.reading): scene.value_at(each, at) for each in variables(scene.plant)}


def anchored(scene: Scene) -> dict[str, tuple[int, str]]:
    """Each cell as it would be stored."""
    return {name: (anchor.at, plants.encode(anchor)) for name, anchor in scene.anchors.items()}
