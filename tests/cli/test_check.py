from __future__ import annotations

import json
from pathlib import Path

import pytest

from mockbrew.settings import REFERENCE
from tests.cli.conftest import Run
from tests.cli.rigs import BAD, GOOD


@pytest.fixture(autouse=True)
def specs(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "bad.toml").write_text(BAD)


def test_a_good_spec_is_one_line_that_says_how_much_it_describes(mockbrew: Run) -> None:
    result = mockbrew("check", "good.toml")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "good.toml: good: 4 devices, 1 vessel, 0 pipes, 5 endpoints, 2 cells\n"


def test_without_a_spec_the_reference_brewery_is_checked(mockbrew: Run) -> None:
    assert mockbrew("check").stdout == f"{REFERENCE}: good: 22 devices, 3 vessels, 7 pipes, 67 endpoints, 1 cell\n"


def test_the_environment_names_the_spec(mockbrew: Run) -> None:
    assert mockbrew("check", MOCKBREW_SPEC="good.toml").stdout.startswith("good.toml: good: ")


def test_the_command_line_wins_over_the_environment(mockbrew: Run) -> None:
    assert mockbrew("check", "good.toml", MOCKBREW_SPEC="bad.toml").exit_code == 0


def test_every_error_of_a_bad_spec_is_a_line_with_its_place(mockbrew: Run) -> None:
    result = mockbrew("check", "bad.toml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert [line.split(" ")[0] for line in result.stderr.splitlines()] == ["bad.toml:4:14:", "bad.toml:5:22:"]


def test_a_missing_spec_is_one_line(mockbrew: Run) -> None:
    result = mockbrew("check", "missing.toml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "missing.toml: there is no such file; name one that is there\n"


def test_a_good_spec_as_json(mockbrew: Run) -> None:
    result = mockbrew("check", "good.toml", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "ok": True,
        "spec": "good.toml",
        "devices": 4,
        "vessels": 1,
        "pipes": 0,
        "endpoints": 5,
        "cells": 2,
        "errors": [],
    }


def test_a_bad_spec_as_json(mockbrew: Run) -> None:
    result = mockbrew("check", "bad.toml", "--json")

    assert (result.exit_code, result.stderr) == (1, "")
    said = json.loads(result.stdout)
    assert said.keys() == {"ok", "spec", "errors"}
    assert (said["ok"], said["spec"]) == (False, "bad.toml")
    assert said["errors"][0].keys() == {"file", "line", "column", "path", "message"}
    assert [(error["file"], error["line"], error["column"], error["path"]) for error in said["errors"]] == [
        ("bad.toml", 4, 14, "devices.A.kind"),
        ("bad.toml", 5, 22, "devices.B.power"),
    ]
