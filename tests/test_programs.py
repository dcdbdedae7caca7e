from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs import find_program

MISSING = r"^kettle is not installed; `script/bootstrap --test` installs it where root and apt-get allow$"


def test_a_program_is_found_on_the_path(tmp_path: Path) -> None:
    program = tmp_path / "kettle"
    program.touch(mode=0o755)

    assert find_program("kettle", {"PATH": str(tmp_path)}) == str(program)


def test_a_missing_program_skips_the_test_and_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=MISSING):
        find_program("kettle", {"PATH": str(tmp_path)})


def test_a_missing_program_is_a_failure_in_ci(tmp_path: Path) -> None:
    with pytest.raises(pytest.fail.Exception, match=MISSING):
        find_program("kettle", {"PATH": str(tmp_path), "CI": "true"})
