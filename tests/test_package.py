"""What is installed, and what importing it loads."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

import mockbrew
from mockbrew import app

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_carries_every_file_of_the_package(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with ZipFile(tmp_path / f"mockbrew-{mockbrew.__version__}-py3-none-any.whl") as wheel:
        packed = {name for name in wheel.namelist() if name.startswith("mockbrew/")}

    files = (path for path in (ROOT / "mockbrew").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert packed == {path.relative_to(ROOT).as_posix() for path in files}
    assert packed >= {"mockbrew/spec.toml", "mockbrew/spec.schema.json", "mockbrew/py.typed"}


def test_importing_the_package_loads_no_part_of_it() -> None:
    code = "import mockbrew, sys; print([name for name in sys.modules if name.startswith(('mockbrew.', 'werkzeug'))])"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True).stdout == "[]\n"


def test_the_package_offers_create_app() -> None:
    assert mockbrew.create_app is app.create_app


def test_another_name_is_not_in_the_package() -> None:
    with pytest.raises(AttributeError, match=re.escape("module 'mockbrew' has no attribute 'brew'")):
        mockbrew.brew  # noqa: B018 - looking it up is the test
