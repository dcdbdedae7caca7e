"""How near it came, where it never held."""

from __future__ import annotations

import pytest

from mockbrew import plant as plants
from mockbrew.clock import SECOND
from mockbrew.seeking.nearest import Nearest
from tests.plant.seekers import condition, sought
from tests.seeking.kettle import HOUR, PLANT, heated, read


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("V >= 200", "V came as near as 65.9578 to 200"),
        ("V < 50", "V came as near as 60 to 50"),
        ("not (V < 200)", "V came as near as 65.9578 to 200"),
        ("V - 200 > 0 or V.volume < 3", "V - 200 came as near as -134.042 to 0, V.volume came as near as 20 to 3"),
        ("V.boiling and V.full", ""),
    ],
)
def test_who_waited_in_vain_learns_how_near_it_came(text: str, nearest: str) -> None:
    scene, wanted = heated(), condition(PLANT, text)
    told = Nearest(wanted)

    assert sought(scene, wanted, 200 * SECOND, nearest=told) is None
    assert told.text == nearest


def test_a_top_between_two_boundaries_is_how_near_it_came() -> None:
    scene = heated()
    scene.at = 100 * SECOND
    scene.evolve(limit=10)
    name = PLANT.home["H"]
    scene.anchors[name] = plants.command(scene.cell(name), scene.anchors[name], scene.at, "", "H", "turn_off", {})
    at_once = read(scene)
    told = Nearest(condition(PLANT, "T >= 64"))

    assert sought(scene, condition(PLANT, "T >= 64"), HOUR, nearest=told) is None
    assert told.approaches[0].value > at_once + 0.1  # type: ignore[operator]  # a probe that lags goes on rising
    assert told.approaches[0].at not in (None, 100 * SECOND, HOUR)


def test_what_never_showed_anything_came_near_nothing() -> None:
    told = Nearest(condition(PLANT, "T >= 64"))

    assert told.text == "T never showed anything"
