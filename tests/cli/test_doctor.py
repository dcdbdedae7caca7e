from __future__ import annotations

import json
import platform
import sqlite3
import subprocess
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from mockbrew import __version__
from mockbrew.cli import examination
from mockbrew.cli.examination import WAL_RESET_BUG, Finding
from mockbrew.fingerprint import fingerprint
from mockbrew.settings import MEANINGS, REFERENCE
from mockbrew.stores.sqlite_file import has_wal_reset_bug
from tests.cli.conftest import Run
from tests.cli.rigs import BAD, GOOD
from tests.cli.serving import program, variables
from tests.cli.stored import fill


@pytest.fixture(autouse=True)
def specs(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "bad.toml").write_text(BAD)


def findings(said: dict[str, Any], level: str) -> list[tuple[str, str]]:
    return [(finding["about"], finding["message"]) for finding in said["findings"] if finding["level"] == level]


def test_a_healthy_installation_is_good_and_nothing_is_made(mockbrew: Run, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())

    result = mockbrew("doctor")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].startswith("good: ")
    assert sorted(tmp_path.iterdir()) == before


def test_the_sections_and_their_lines(mockbrew: Run, tmp_path: Path) -> None:
    lines = [line.split(maxsplit=1) for line in mockbrew("doctor", "good.toml", "--store", "memory://").stdout.splitlines()]

    said = {line[0]: line[1] if len(line) > 1 else "" for line in lines}
    assert {"versions", "plugins", "settings", "spec", "store"} <= said.keys()
    assert (said["mockbrew"], said["python"], said["sqlite"]) == (__version__, platform.python_version(), sqlite3.sqlite_version)
    assert said["fingerprint"] == fingerprint()
    assert (said["werkzeug"], said["gunicorn"], said["granian"]) == (version("werkzeug"), version("gunicorn"), version("granian"))
    assert said["MOCKBREW_SPEC"] == f"(not set) - {MEANINGS['MOCKBREW_SPEC']}"
    assert (said["file"], said["title"], said["endpoints"]) == (str(tmp_path / "good.toml"), "Cellar", "5")
    assert said["url"] == "memory://"


def test_everything_as_json(mockbrew: Run, tmp_path: Path) -> None:
    said = json.loads(mockbrew("doctor", "--json", MOCKBREW_SPEC="good.toml").stdout)

    assert list(said) == ["ok", "versions", "plugins", "settings", "spec", "store", "findings"]
    assert said["ok"] is True
    assert said["versions"].keys() == {
        "mockbrew",
        "python",
        "sqlite",
        "werkzeug",
        "gunicorn",
        "granian",
        "jsonschema",
        "tomli",
        "click",
        "rich",
        "fingerprint",
    }
    assert said["settings"] == {
        "MOCKBREW_SPEC": {"value": "good.toml", "meaning": MEANINGS["MOCKBREW_SPEC"]},
        "MOCKBREW_STORE": {"value": None, "meaning": MEANINGS["MOCKBREW_STORE"]},
        "MOCKBREW_ADMIN_TOKEN": {"value": None, "meaning": MEANINGS["MOCKBREW_ADMIN_TOKEN"]},
    }
    assert said["spec"]["file"] == str(tmp_path / "good.toml")
    assert (said["spec"]["title"], said["spec"]["endpoints"]) == ("Cellar", 5)
    assert said["store"] == {
        "url": "sqlite:///mockbrew-good.db",
        "file": str(tmp_path / "mockbrew-good.db"),
        "format": None,
        "size": None,
        "rigs": {},
    }
    assert ("store", "the file is not there yet; it is made when it is first used") in findings(said, "note")


def test_without_any_setting_the_reference_brewery_and_its_store_are_examined(mockbrew: Run) -> None:
    said = json.loads(mockbrew("doctor", "--json").stdout)

    assert said["spec"]["file"] == str(REFERENCE)
    assert said["store"]["url"] == "sqlite:///mockbrew-reference.db"


def test_a_bug_of_this_sqlite_is_noted(mockbrew: Run) -> None:
    said = json.loads(mockbrew("doctor", "--json").stdout)

    assert (("versions", WAL_RESET_BUG) in findings(said, "note")) == has_wal_reset_bug(sqlite3.sqlite_version_info)
    assert examination._of_sqlite((3, 51, 2)) == [Finding("note", WAL_RESET_BUG)]
    assert examination._of_sqlite((3, 51, 3)) == []


def test_where_granian_can_t_be_used_it_is_said_what_serves(tmp_path: Path) -> None:
    command = program("doctor", "good.toml", "--store", "memory://", by="gunicorn")
    done = subprocess.run(command, cwd=tmp_path, env=variables(), capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    why = "No module named 'granian.constants'; 'granian' is not a package"
    assert f"\n  note: Granian can't be used ({why}): gunicorn serves, more slowly\n" in done.stdout


def test_where_granian_can_be_used_nothing_is_said_of_gunicorn(mockbrew: Run) -> None:
    assert "more slowly" not in mockbrew("doctor").stdout


def test_an_error_makes_the_whole_not_ok_as_json_too(mockbrew: Run) -> None:
    result = mockbrew("doctor", "bad.toml", "--json")

    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert said["ok"] is False
    assert [about for about, _ in findings(said, "error")] == ["spec", "spec"]
    assert said["spec"]["title"] is None


def test_a_mistyped_setting_is_a_warning_that_names_the_right_one(mockbrew: Run) -> None:
    result = mockbrew("doctor", MOCKBREW_STOER="memory://")

    assert result.exit_code == 0
    known = "known: MOCKBREW_SPEC, MOCKBREW_STORE, MOCKBREW_ADMIN_TOKEN (did you mean 'MOCKBREW_STORE'?)"
    assert f"  warning: MOCKBREW_STOER: nothing reads it; {known}\n" in result.stdout


def test_every_error_of_the_spec_is_told(mockbrew: Run) -> None:
    result = mockbrew("doctor", "bad.toml")

    assert result.exit_code == 1
    assert [line.split()[:2] for line in result.stdout.splitlines() if line.startswith("  error: ")] == [
        ["error:", "bad.toml:4:14:"],
        ["error:", "bad.toml:5:22:"],
    ]
    assert result.stdout.splitlines()[-1].startswith("not good: 2 errors")


def test_a_store_is_told_with_its_rigs(mockbrew: Run, tmp_path: Path) -> None:
    path = tmp_path / "rigs.db"
    fill(path, "good.toml", commands=3)

    said = json.loads(mockbrew("doctor", "good.toml", "--store", f"sqlite:///{path}", "--json").stdout)

    assert (said["ok"], said["store"]["format"], said["store"]["size"]) == (True, 3, path.stat().st_size)
    assert said["store"]["rigs"]["default"]["events"] == 3
    assert said["store"]["rigs"]["default"]["of_this_spec"] is True

    said = json.loads(mockbrew("doctor", "--store", f"sqlite:///{path}", "--json").stdout)
    assert said["store"]["rigs"]["default"]["of_this_spec"] is False


def test_a_rig_of_another_spec_is_told(mockbrew: Run, tmp_path: Path) -> None:
    path = tmp_path / "rigs.db"
    fill(path, "good.toml", commands=3)

    result = mockbrew("doctor", "--store", f"sqlite:///{path}")

    assert result.exit_code == 0
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("  rig default ")]
    assert line.endswith("3 commands; of another spec, to be carried over by the next request")


def test_one_command_is_no_plural(mockbrew: Run, tmp_path: Path) -> None:
    path = tmp_path / "rigs.db"
    fill(path, "good.toml", commands=1)

    result = mockbrew("doctor", "good.toml", "--store", f"sqlite:///{path}")

    (line,) = [line for line in result.stdout.splitlines() if line.startswith("  rig default ")]

    assert line.endswith("  1 command")


def test_a_store_that_is_none_is_an_error_and_is_left_alone(mockbrew: Run, tmp_path: Path) -> None:
    path = tmp_path / "browser.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE history (url TEXT)")
    before = path.read_bytes()

    result = mockbrew("doctor", MOCKBREW_STORE=f"sqlite:///{path}")

    assert result.exit_code == 1
    assert (
        f"  error: {path}: is a database of another program (application_id 0x0); name another file; nothing was changed\n" in result.stdout
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize("directory", ["cellar", "program"])
def test_a_directory_that_is_none_is_an_error(mockbrew: Run, tmp_path: Path, directory: str) -> None:
    (tmp_path / "program").touch(mode=0o755)

    result = mockbrew("doctor", "--store", f"sqlite:///{directory}/rigs.db")

    assert result.exit_code == 1
    place = tmp_path / directory / "rigs.db"
    assert f"  error: {place}: there is no directory for it that this user can write to; make one, or name another file\n" in result.stdout


def test_a_store_url_that_means_nothing_is_an_error(mockbrew: Run) -> None:
    result = mockbrew("doctor", "--store", "sqlite://rigs.db")

    assert result.exit_code == 1
    assert "  error: store 'sqlite://rigs.db': a file needs a third slash; write sqlite:///rigs.db\n" in result.stdout


def test_the_token_of_the_control_plane_is_listed_and_not_shown(mockbrew: Run) -> None:
    for arguments in ([], ["--json"]):
        result = mockbrew("doctor", *arguments, MOCKBREW_ADMIN_TOKEN="hops-and-malt")

        assert result.exit_code == 0
        assert "hops" not in result.stdout
        assert "(set, not shown)" in result.stdout


def test_a_token_that_no_header_can_carry_is_an_error_and_not_shown(mockbrew: Run) -> None:
    result = mockbrew("doctor", MOCKBREW_ADMIN_TOKEN="hops and malt")

    assert result.exit_code == 1
    assert "hops" not in result.stdout
    assert "  error: MOCKBREW_ADMIN_TOKEN: it has characters that no bearer token can have (its value is not shown); take " in result.stdout


def test_a_password_in_a_setting_is_not_told(mockbrew: Run) -> None:
    result = mockbrew("doctor", MOCKBREW_STORE="redis://brewer:hops@cellar:6379/0")

    assert result.exit_code == 1
    assert "hops" not in result.stdout
    assert "redis://***@cellar:6379/0" in result.stdout
