"""The brew day of the documents: it goes as its pages say, and as a brewer would expect of such a rig."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mockbrew.clock import SECOND, seconds
from mockbrew.devices import BUILT_IN
from mockbrew.files import load, read_text
from mockbrew.router import Router
from mockbrew.script import parse
from mockbrew.settings import REFERENCE
from mockbrew.simulation import Passed, Rig, run
from mockbrew.spec import Spec
from mockbrew.spec import parse as parse_spec
from tests.documents import ROOT, sections, table
from tests.test_documents import is_as_shown, told

PAGES = ("docs/brewday.md", "docs/brewday.fr.md")
DAY = ROOT / "docs/brewday.toml"
PICTURE = "docs/brewday.svg"
VESSELS = ("HotTank", "Mashtun", "Ebu")
BOIL_OFF = 2.257e6 / 3600  # W for a kilogram of steam an hour


@dataclass(frozen=True)
class Course:
    """A run: its steps by title, in their order, and the values of some readings each 5 s and at the end of each step."""

    steps: dict[str, Passed]
    seen: dict[int, dict[str, float]]

    def values(self, reading: str, first: str, last: str | None = None) -> list[float]:
        """From the beginning of one step to the end of another, or of the same."""
        begin, end = self.steps[first].begins, self.steps[last or first].ends
        return [values[reading] for at, values in self.seen.items() if begin <= at <= end]

    def ends(self, step: str) -> dict[str, float]:
        return self.seen[self.steps[step].ends]


def course(spec: Spec, text: str) -> Course:
    rig, seen = Rig(spec), dict[int, dict[str, float]]()
    columns = [(name, reading) for name in VESSELS for reading in ("temperature", "volume", "full")]

    def observe(rig: Rig) -> None:
        values: Any = rig.readings(columns)
        seen[rig.at] = dict(zip(map(".".join, columns), values, strict=True))

    script = parse(text, "day.toml", spec, Router(spec))
    passed = []
    for each in run(rig, script, 5 * SECOND, observe):
        passed.append(each)
        observe(rig)
    assert [each.reached for each in passed] == [True] * len(script.steps)
    return Course({each.step.title: each for each in passed}, seen)


@pytest.fixture(scope="module")
def day() -> Course:
    return course(load(REFERENCE), read_text(DAY))


# -- the pages -----------------------------------------------------------------------------------------------------


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with the script in its place."""
    (tmp_path / "docs").mkdir()
    shutil.copy(DAY, tmp_path / "docs")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def labels(picture: Path) -> list[str]:
    return re.findall(r">([^<>]+)</text>", picture.read_text("utf-8"))


@pytest.mark.parametrize("page", PAGES)
def test_the_command_of_the_page_makes_its_table_and_its_picture(page: str, copied: Path) -> None:
    (step,) = [step for section in sections(page) for step in section.steps() if "--plot" in step.command]

    output = told(step.command.split()[1:])

    assert is_as_shown(output, step.output), output
    assert labels(copied / PICTURE) == labels(ROOT / PICTURE)
    assert (copied / "brewday.csv").exists()


@pytest.mark.parametrize("page", PAGES)
def test_a_mistake_is_told_as_the_page_says(page: str, copied: Path) -> None:
    (step,) = [step for section in sections(page) for step in section.steps() if "wrong" in step.command]
    (text,) = [text for section in sections(page) for text in section.of("toml") if text.startswith("# wrong.toml")]
    (copied / "wrong.toml").write_text(text, "utf-8")

    assert told(step.command.split()[1:]) == step.output


@pytest.mark.parametrize("page", PAGES)
def test_every_script_that_is_shown_runs_but_for_the_wrong_one(page: str) -> None:
    spec = load(REFERENCE)
    shown = [text for section in sections(page) for text in section.of("toml") if not text.startswith("# wrong.toml")]

    for text in shown:
        course(spec, text)
    assert shown


def figures(day: Course) -> Iterator[list[str]]:
    """The second column of the page's table, from the run: a row for each list, its numbers in their order."""
    yield [f"{excess(day, 'HotTank', 78, 'Heat to strike', 'Let the tank settle'):.2f}"]
    rests = [(52, "Mash: up to 52", RESTS[52]), (60, "Mash: up to 60", RESTS[60])]
    rests += [(72, "Mash: up to 72", RESTS[72]), (78, "Mash: up to 78", RESTS[78])]
    yield [f"{excess(day, 'Mashtun', setpoint, rise, rest):.2f}" for setpoint, rise, rest in rests]
    yield [f"{distance(day, 'Mashtun', setpoint, rest):.2f}" for setpoint, _, rest in rests]
    yield [f"{rate(day, 'HotTank', 'Heat to strike'):.2f}"]
    yield [f"{rate(day, 'Mashtun', rise):.1f}" for _, rise, _ in rests]
    yield [f"{rate(day, 'Ebu', 'Bring to the boil'):.2f}"]
    yield [f"{100 * lost(day):.1f}"]


@pytest.mark.parametrize("page", PAGES)
def test_the_figures_of_the_page_are_those_of_the_run(page: str, day: Course) -> None:
    (section,) = [section for section in sections(page) if len(table(section.prose)) == 8]
    shown = [re.findall(r"[0-9]+[.,][0-9]+", row[1]) for row in table(section.prose)[1:]]

    assert [[figure.replace(",", ".") for figure in row] for row in shown] == list(figures(day))


# -- what a brewer would look at -----------------------------------------------------------------------------------

RESTS = {52: "Mash: protein rest at 52", 60: "Mash: maltose rest at 60", 72: "Mash: saccharification at 72", 78: "Mash-out at 78"}


def excess(day: Course, vessel: str, setpoint: float, rise: str, rest: str) -> float:
    """How far a vessel went above its setpoint, K."""
    return max(day.values(f"{vessel}.temperature", rise, rest)) - setpoint


def distance(day: Course, vessel: str, setpoint: float, rest: str) -> float:
    """How far a vessel was from its setpoint, at most, K."""
    return max(abs(value - setpoint) for value in day.values(f"{vessel}.temperature", rest))


def rate(day: Course, vessel: str, rise: str) -> float:
    """K/min."""
    temperatures = day.values(f"{vessel}.temperature", rise)
    passed = day.steps[rise]
    return (temperatures[-1] - temperatures[0]) / seconds(passed.ends - passed.begins) * 60


def lost(day: Course) -> float:
    """The share of the wort that an hour of boiling took."""
    volumes = day.values("Ebu.volume", "Boil")
    return 1 - volumes[-1] / volumes[0]


@pytest.mark.parametrize("setpoint", RESTS)
def test_the_mash_overshoots_by_less_than_a_kelvin_and_each_rest_is_held_within_a_fifth(day: Course, setpoint: int) -> None:
    assert 0 < excess(day, "Mashtun", setpoint, f"Mash: up to {setpoint}", RESTS[setpoint]) < 1
    assert distance(day, "Mashtun", setpoint, RESTS[setpoint]) < 0.2


def test_the_strike_water_overshoots_by_less_than_a_kelvin_and_is_held_within_a_fifth(day: Course) -> None:
    assert 0 < excess(day, "HotTank", 78, "Heat to strike", "Let the tank settle") < 1
    assert distance(day, "HotTank", 78, "Let the tank settle") < 0.2


def test_strike_water_warms_the_mash_as_mixing_does(day: Course) -> None:
    tun = 15 * 4186 + 5 * 1670 + 4000  # J/K of water, malt and wall
    mixed = (tun * 20 + 10 * 4186 * 78) / (tun + 10 * 4186)

    assert day.ends("Strike water into the mash tun")["Mashtun.temperature"] == pytest.approx(mixed, abs=0.2)  # and a minute of losses


def test_the_boil_takes_what_its_surplus_of_heat_turns_to_steam(day: Course) -> None:
    assert lost(day) * day.values("Ebu.volume", "Boil")[0] == pytest.approx((8800 * 0.40 - 9 * 80) / BOIL_OFF, rel=1e-3)
    assert 0.08 < lost(day) < 0.19


BOIL = """
script = "1.0"
[[steps]]
do = ["/startB2.py"]
until = "Ebu.boiling == 1"
limit = 14400
[[steps]]
title = "Boil"
for = 3600
"""


@pytest.mark.parametrize(("power", "share"), [(6500, 0.081), (8800, 0.121), (12500, 0.185)])
def test_other_burners_take_what_brewers_know_of_them(power: int, share: float) -> None:
    text = REFERENCE.read_text("utf-8").replace("Ebu     = { capacity = 50, volume = 15", "Ebu     = { capacity = 50, volume = 37")
    text = text.replace('vessel = "Ebu", power = 8800', f'vessel = "Ebu", power = {power}')

    boiled = course(parse_spec(text, "spec.toml", BUILT_IN), BOIL)

    assert lost(boiled) == pytest.approx((power * 0.40 - 9 * 80) / BOIL_OFF / 37, rel=1e-6)
    assert lost(boiled) == pytest.approx(share, abs=5e-4)
    assert 0.08 < lost(boiled) < 0.19


def litres(day: Course, step: str) -> float:
    """What a pipe carries while a step lasts, at 10 L/min."""
    passed = day.steps[step]
    return seconds(passed.ends - passed.begins) * 10 / 60


def test_nothing_overflows_and_water_goes_nowhere_but_to_steam_and_out(day: Course) -> None:
    drawn, rinsed = litres(day, "Fill the hot tank"), litres(day, "Rinse water out of the kettle")
    steam, wort = day.values("Ebu.volume", "Boil")[0] - day.ends("Boil")["Ebu.volume"], litres(day, "Out to the fermenter")
    left = sum(day.ends("All off")[f"{vessel}.volume"] for vessel in VESSELS)

    assert not any(values[f"{vessel}.full"] for values in day.seen.values() for vessel in VESSELS)
    assert 40 + 15 + 15 + drawn == pytest.approx(rinsed + steam + wort + left, abs=1e-3)  # steps end to a millisecond
