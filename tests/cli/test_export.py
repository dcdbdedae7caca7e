from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.rigs import BAD, GOOD


@pytest.fixture(autouse=True)
def specs(tmp_path: Path) -> None:
    (tmp_path / "good.toml").write_text(GOOD)
    (tmp_path / "bad.toml").write_text(BAD)


def count(said: Any) -> int:
    return len(said.get("interactions") or said.get("mappings") or said["routes"])


@pytest.mark.parametrize("name", ["pact", "wiremock", "mockoon"])
def test_a_file_is_printed_or_written(name: str, mockbrew: Run, tmp_path: Path) -> None:
    printed = mockbrew("export", name, "good.toml")
    written = mockbrew("export", name, "good.toml", "--output", "contract.json")

    assert (printed.exit_code, written.exit_code, written.stdout) == (0, 0, "")
    assert (tmp_path / "contract.json").read_text() == printed.stdout
    assert count(json.loads(printed.stdout)) > 10


def test_without_a_spec_it_is_the_reference_brewery(mockbrew: Run) -> None:
    assert json.loads(mockbrew("export", "pact").stdout)["provider"]["name"] == "Brasserie trois cuves"


def test_a_pact_has_the_names_that_are_wanted(mockbrew: Run) -> None:
    said = json.loads(mockbrew("export", "pact", "good.toml", "--consumer", "touch", "--provider", "brewery").stdout)

    assert (said["consumer"]["name"], said["provider"]["name"]) == ("touch", "brewery")


def test_names_are_refused_where_there_are_none(mockbrew: Run, tmp_path: Path) -> None:
    result = mockbrew("export", "wiremock", "good.toml", "--provider", "brewery", "--output", "contract.json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: --provider: only a pact has one; leave it out, or export pact" in result.stderr
    assert not (tmp_path / "contract.json").exists()


def test_another_format_is_refused_with_those_that_there_are(mockbrew: Run) -> None:
    result = mockbrew("export", "postman")

    assert result.exit_code == 2
    assert "'postman' is not one of 'pact', 'wiremock', 'mockoon'" in result.stderr


def test_a_spec_with_mistakes_is_told_and_nothing_is_written(mockbrew: Run, tmp_path: Path) -> None:
    result = mockbrew("export", "pact", "bad.toml", "--output", "contract.json")

    assert result.exit_code == 1
    assert result.stderr.startswith("bad.toml:")
    assert not (tmp_path / "contract.json").exists()


def test_a_file_that_can_not_be_written_is_told(mockbrew: Run) -> None:
    result = mockbrew("export", "pact", "good.toml", "--output", "none/contract.json")

    assert (result.exit_code, result.stderr) == (
        1,
        "--output none/contract.json: it can't be written: No such file or directory; name another file\n",
    )
