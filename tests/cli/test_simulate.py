from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run

# 10 kg of water and the wall take 46 kJ/K, and lose nothing: 4.6 kW heat them by 1 K in 10 s.
SPEC = """\
spec = "1.0"

[interfaces.switch]
get   = { url = "/{id}", reply = { on = "{state}" } }
start = { url = "/{id}/start", verb = "turn_on", reply = { on = "{state}" } }
stop  = { url = "/{id}/stop", verb = "turn_off", reply = { on = "{state}" } }

[vessels]
Tank = { capacity = 50, volume = 10, loss = 0, wall = 4.14 }
Tub  = { capacity = 5, volume = 0 }

[devices]
H = { kind = "heater", interface = "switch", vessel = "Tank", power = 4600 }
T = { kind = "probe", vessel = "Tank", lag = 0 }
"""

SCRIPT = """\
script = "1.0"
title = "A warm bath"

[[steps]]
title = "Heat"
do = ["/H/start"]
until = "T >= 30"
limit = 1800

[[steps]]
title = "Wait"
do = ["/H/stop"]
for = 3600
"""

TABLE = """\
   STEP  BEGINS   LASTS    TANK              TUB
1  Heat  0:00:00  0:01:40   30.0 °C  10.0 L   20.0 °C   0.0 L
2  Wait  0:01:40  1:00:00   30.0 °C  10.0 L   20.0 °C   0.0 L
"""

COLD = SCRIPT.replace("limit = 1800", "limit = 60")  # too little time to get warm
UNREACHED = (
    "cold.toml:7:9: steps[0].until: 'T >= 30' is not reached within 60 s; T came as near as 26 to 30; "
    "raise the limit, or mend what should bring it there\n"
)


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    (tmp_path / "rig.toml").write_text(SPEC)
    (tmp_path / "day.toml").write_text(SCRIPT)
    (tmp_path / "cold.toml").write_text(COLD)
    (tmp_path / "bad.toml").write_text(SCRIPT.replace("/H/stop", "/H/stopp"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_each_step_is_a_line_with_its_times_and_the_vessels_at_its_end(mockbrew: Run) -> None:
    result = mockbrew("simulate", "day.toml", "--spec", "rig.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TABLE


def test_the_environment_names_the_spec_and_the_command_line_wins(mockbrew: Run) -> None:
    assert mockbrew("simulate", "day.toml", MOCKBREW_SPEC="rig.toml").stdout == TABLE
    assert mockbrew("simulate", "day.toml", "--spec", "rig.toml", MOCKBREW_SPEC="bad.toml").stdout == TABLE


def test_no_store_is_made_or_touched(mockbrew: Run, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())

    mockbrew("simulate", "day.toml", "--spec", "rig.toml", MOCKBREW_STORE="sqlite:///state.db")

    assert sorted(tmp_path.iterdir()) == before


def test_the_steps_as_json(mockbrew: Run) -> None:
    said = json.loads(mockbrew("simulate", "day.toml", "--spec", "rig.toml", "--json").stdout)

    assert said.keys() == {"script", "spec", "title", "steps"}
    assert (said["script"], said["spec"], said["title"]) == ("day.toml", "rig.toml", "A warm bath")
    heat, wait = said["steps"]
    assert heat == {
        "title": "Heat",
        "begins": 0.0,
        "lasts": pytest.approx(100, abs=1.1e-3),
        "reached": True,
        "vessels": {
            "Tank": {"temperature": pytest.approx(30, abs=2e-4), "volume": 10.0},
            "Tub": {"temperature": 20.0, "volume": 0.0},
        },
    }
    assert (wait["begins"], wait["lasts"]) == (heat["lasts"], 3600.0)


def test_the_csv_has_every_reading_at_equal_intervals_and_at_the_end(mockbrew: Run, tmp_path: Path) -> None:
    mockbrew("simulate", "day.toml", "--spec", "rig.toml", "--csv", "day.csv", "--every", "60")

    first, second, third, *_, last = rows(tmp_path / "day.csv")
    assert {"s", "Tank.temperature", "Tank.volume", "Tub.volume", "H.state", "H.power", "T.temperature"} <= first.keys()
    assert [float(row["s"]) for row in (first, second, third)] == [0, 60, 120]
    assert float(last["s"]) == pytest.approx(3700, abs=0.01)
    assert [row["H.state"] for row in (first, second, third, last)] == ["1", "1", "0", "0"]
    assert float(second["Tank.temperature"]) == pytest.approx(26, abs=1e-9)
    assert first["T.temperature"] == "20.0"


def test_what_is_recorded_does_not_change_what_happens(mockbrew: Run) -> None:
    plain = mockbrew("simulate", "day.toml", "--spec", "rig.toml", "--json")

    assert mockbrew("simulate", "day.toml", "--spec", "rig.toml", "--json", "--csv", "day.csv", "--every", "1").stdout == plain.stdout


def test_a_picture_is_the_same_each_time(mockbrew: Run, tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        assert mockbrew("simulate", "day.toml", "--spec", "rig.toml", "--plot", name).exit_code == 0

    one = (tmp_path / "one.svg").read_text()
    assert one == (tmp_path / "two.svg").read_text()
    assert all(f">{text}<" in one for text in ("A warm bath", "Tank", "Tub", "H", "1", "2"))
    assert "date" not in one


@pytest.mark.parametrize("ending", ["png", "pdf"])
def test_a_picture_may_have_other_formats(mockbrew: Run, tmp_path: Path, ending: str) -> None:
    assert mockbrew("simulate", "day.toml", "--spec", "rig.toml", "--plot", f"day.{ending}").exit_code == 0
    assert (tmp_path / f"day.{ending}").stat().st_size > 1000


# -- what is refused -----------------------------------------------------------------------------------------------


def test_a_condition_that_is_not_reached_is_told_with_its_place_after_what_went_well(mockbrew: Run, tmp_path: Path) -> None:
    result = mockbrew("simulate", "cold.toml", "--spec", "rig.toml", "--csv", "cold.csv")

    assert (result.exit_code, result.stderr) == (1, UNREACHED)
    assert result.stdout.splitlines()[1:] == ["1  Heat  0:00:00  0:01:00   26.0 °C  10.0 L   20.0 °C   0.0 L"]
    assert float(rows(tmp_path / "cold.csv")[-1]["s"]) == 60


def test_a_condition_that_is_not_reached_as_json(mockbrew: Run) -> None:
    result = mockbrew("simulate", "cold.toml", "--spec", "rig.toml", "--json")

    assert (result.exit_code, result.stderr) == (1, UNREACHED)
    assert [step["reached"] for step in json.loads(result.stdout)["steps"]] == [False]


def test_a_bad_script_is_told_plainly_and_nothing_is_written(mockbrew: Run, tmp_path: Path) -> None:
    result = mockbrew("simulate", "bad.toml", "--spec", "rig.toml", "--csv", "day.csv")

    assert (result.exit_code, result.stdout) == (1, "")
    near = "/H/stop (extra 'p' at the end), /H/start ('opp' where 'art' stands)"
    assert result.stderr == f"bad.toml:12:7: steps[1].do[0]: no endpoint '/H/stopp'; nearest: {near}\n"
    assert not (tmp_path / "day.csv").exists()


def test_a_script_that_is_not_there_is_one_line(mockbrew: Run) -> None:
    result = mockbrew("simulate", "dai.toml", "--spec", "rig.toml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "dai.toml: there is no such file; name one that is there (did you mean 'day.toml'?)\n"


def test_without_matplotlib_nothing_is_run_and_what_to_install_is_told(
    mockbrew: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)

    result = mockbrew("simulate", "day.toml", "--spec", "rig.toml", "--csv", "day.csv", "--plot", "day.svg")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "--plot day.svg: matplotlib is not installed; pip install 'mockbrew[plot]', or matplotlib itself\n"
    assert not (tmp_path / "day.csv").exists()
    assert mockbrew("simulate", "day.toml", "--spec", "rig.toml").stdout == TABLE


def test_a_format_of_pictures_that_is_not_known_is_refused_before_anything_is_run(mockbrew: Run, tmp_path: Path) -> None:
    result = mockbrew("simulate", "day.toml", "--spec", "rig.toml", "--csv", "day.csv", "--plot", "day.swf")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("--plot day.swf: its ending names no format of pictures; known: ")
    assert not (tmp_path / "day.csv").exists()


@pytest.mark.parametrize(("option", "name"), [("--csv", "none/day.csv"), ("--plot", "none/day.svg")])
def test_a_file_that_can_not_be_written_is_told(mockbrew: Run, option: str, name: str) -> None:
    result = mockbrew("simulate", "day.toml", "--spec", "rig.toml", option, name)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"{option} {name}: it can't be written: No such file or directory; name another file\n"


@pytest.mark.parametrize("every", ["0", "-5", "nan", "0.5"])
def test_rows_are_whole_seconds_apart(mockbrew: Run, every: str) -> None:
    assert mockbrew("simulate", "day.toml", "--spec", "rig.toml", "--every", every).exit_code == 2
