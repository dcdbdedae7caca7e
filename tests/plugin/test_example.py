"""The example of the documents, run as its readers would run it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.plugin.conftest import LEAN

pytest_plugins = ("pytester",)

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


def test_the_example_passes_under_xdist_with_four_processes(pytester: pytest.Pytester, bare: None) -> None:
    shutil.copytree(EXAMPLES, pytester.path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))

    result = pytester.runpytest_subprocess(*LEAN, "-n4")

    result.assert_outcomes(passed=3)
