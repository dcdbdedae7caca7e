from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs import find_program

MISSING = r"^kettle is not installed; `script/bootstrap --test` installs it where apt-get or npm can$"


def test_a_program_is_found_on_the_path(tmp_path: Path) -> None:
    program = tmp_path / "kettle"
    program.touch(mode=0o755)

    assert find_program("kettle", {"PATH": str(tmp_path)}) == str(program)


def test_what_npm_installed_for_the_tests_comes_first(tmp_path: Path) -> None:
    for folder in ("everybody's", "tests'"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "kettle").touch(mode=0o755)

    found = find_program("kettle", {"PATH": str(tmp_path / "everybody's")}, node=tmp_path / "tests'")

    assert found == str(tmp_path / "tests'" / "kettle")


def test_a_missing_program_skips_the_test_and_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=MISSING):
        find_program("kettle", {"PATH": str(tmp_path)})


def test_a_missing_program_is_a_failure_in_ci(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=MISSING):
        find_program("kettle", {"PATH": str(tmp_path), "CI": "true"})
