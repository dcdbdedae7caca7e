"""Real distributions, built, installed into an environment of their own, and served."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.serving import Serving, spawn
from tests.environments import Environment
from tests.real.client import Client

HERE = Path(__file__).parent
CELLAR = HERE / "flowmeter" / "cellar.toml"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """With the flow meter."""
    folder = tmp_path_factory.mktemp("sound")
    environment = Environment.make(folder / "venv")
    environment.install(HERE / "flowmeter", folder / "wheels")
    return environment


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """With a distribution whose two kinds can't be used."""
    folder = tmp_path_factory.mktemp("broken")
    environment = Environment.make(folder / "venv")
    environment.install(HERE / "broken", folder / "wheels")
    return environment


@pytest.fixture
def cellar(sound: Environment, tmp_path: Path) -> Iterator[Client]:
    """A client of the flow meter's own example, served from a copy, beside which its state is kept."""
    spec = shutil.copy(CELLAR, tmp_path)
    server: Serving = spawn(tmp_path, str(spec), python=sound.python, environment={"PYTHONPATH": ""})
    client = server.announced()
    yield client
    client.close()
    server.kill()


def test_a_new_kind_reads_what_its_pump_does(cellar: Client) -> None:
    assert cellar.get("/Flow1").json() == {"flow": 0.0, "unit": "lpm"}

    assert cellar.get("/P1/start").json() == {"running": 1}
    assert cellar.get("/Flow1").json() == {"flow": 12.5, "unit": "lpm"}

    assert cellar.get("/P1/stop").json() == {"running": 0}
    assert cellar.get("/Flow1").json() == {"flow": 0.0, "unit": "lpm"}


def test_a_new_kind_takes_commands_and_keeps_its_state(cellar: Client) -> None:
    cellar.get("/P1/start")

    assert cellar.get("/Flow1/unit/lph").json() == {"flow": 750.0, "unit": "lph"}

    assert cellar.get("/Flow1").json() == {"flow": 750.0, "unit": "lph"}


def test_a_word_that_a_new_kind_does_not_know_is_refused_and_changes_nothing(cellar: Client) -> None:
    before = cellar.get("/Flow1").body

    reply = cellar.get("/Flow1/unit/gpm")

    assert reply.status == 400
    assert reply.json()["detail"] == "Flow1: unit 'gpm' is refused; it must be one of lpm, lph; nothing was changed"
    assert cellar.get("/Flow1").body == before


LISTED = """\
flowmeter (mockbrew-flowmeter 1.2.0): Measures what a pump moves.
         NAME               TAKES OR GIVES                 DEFAULT   WHAT IT IS
option   pump               a pump                         required  the pump whose flow it measures
option   litres_per_minute  a number from 0 to 1000 L/min  10.0      what the pump moves while it runs
reading  flow               a number                                 what flows, in the unit that it is set to
reading  unit               one of lpm, lph                          the unit that it is set to
verb     set_unit           unit: one of lpm, lph                    read in another unit from now on
"""


def test_a_new_kind_is_listed_with_its_distribution_and_version(sound: Environment, tmp_path: Path) -> None:
    listed = sound.run("-m", "mockbrew", "kinds", cwd=tmp_path)
    described = json.loads(sound.run("-m", "mockbrew", "kinds", "--json", cwd=tmp_path).stdout)["kinds"][-1]

    assert listed.stdout.endswith(f"\n\n{LISTED}\n")
    assert (described["distribution"], described["version"]) == ("mockbrew-flowmeter", "1.2.0")
    assert described["verbs"]["set_unit"]["arguments"] == {"unit": {"type": "string", "enum": ["lpm", "lph"]}}


def test_options_of_a_new_kind_are_checked_like_any_other(sound: Environment, tmp_path: Path) -> None:
    spec = tmp_path / "cellar.toml"
    spec.write_text(CELLAR.read_text().replace("12.5", "-1").replace('pump = "P1"', 'pump = "P2"'))

    checked = sound.run("-m", "mockbrew", "check", str(spec), cwd=tmp_path)

    assert checked.returncode == 1
    assert checked.stderr == (
        f"{spec}:18:63: devices.Flow1.pump: nothing is called 'P2'; it must be the name of a pump; known: P1\n"
        f"{spec}:18:89: devices.Flow1.litres_per_minute: -1 is out of range; it must be a number from 0 to 1000 L/min\n"
    )


BROKEN = [
    (
        "mockbrew-leaky 0.3: entry point 'drip': 'mockbrew_drip:Drip' can't be loaded: "
        "ModuleNotFoundError: No module named 'mockbrew_drip'; mend the distribution, or uninstall it"
    ),
    "mockbrew-leaky 0.3: entry point 'leak': option 'drops': its own schema refuses its default: 90.0 is greater than the maximum of 60",
]


@pytest.mark.parametrize("command", ["check", "kinds", "routes", "serve"])
def test_a_broken_plugin_is_named_with_its_version_by_every_command(broken: Environment, tmp_path: Path, command: str) -> None:
    done = broken.run("-m", "mockbrew", command, cwd=tmp_path)

    assert done.returncode == 1
    assert done.stderr.splitlines() == BROKEN


def test_the_sound_kinds_are_listed_beside_a_broken_plugin(broken: Environment, tmp_path: Path) -> None:
    listed = json.loads(broken.run("-m", "mockbrew", "kinds", "--json", cwd=tmp_path).stdout)["kinds"]

    assert {kind["distribution"] for kind in listed} == {"mockbrew"}


def test_a_broken_plugin_is_an_error_of_check_as_json(broken: Environment, tmp_path: Path) -> None:
    done = broken.run("-m", "mockbrew", "check", "--json", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (1, "")
    said = json.loads(done.stdout)
    assert said["ok"] is False
    assert [(error["distribution"], error["version"], error["entry_point"]) for error in said["errors"]] == [
        ("mockbrew-leaky", "0.3", "drip"),
        ("mockbrew-leaky", "0.3", "leak"),
    ]


def test_the_doctor_names_a_broken_plugin(broken: Environment, tmp_path: Path) -> None:
    done = broken.run("-m", "mockbrew", "doctor", "--json", cwd=tmp_path)

    assert done.returncode == 1
    errors = [finding["message"] for finding in json.loads(done.stdout)["findings"] if finding["about"] == "plugins"]
    assert errors == BROKEN


def test_the_doctor_lists_a_plugin(sound: Environment, tmp_path: Path) -> None:
    said = json.loads(sound.run("-m", "mockbrew", "doctor", "--json", cwd=tmp_path).stdout)

    assert said["plugins"] == {"flowmeter": {"distribution": "mockbrew-flowmeter", "version": "1.2.0"}}
