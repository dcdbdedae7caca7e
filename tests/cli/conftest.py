"""For tests of the command line: `mockbrew` runs it in this process, `serving` starts `mockbrew serve` as one of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest
from click.testing import CliRunner, Result

from mockbrew.cli import main
from tests.cli.serving import By, Serving, spawn


class Run(Protocol):
    def __call__(self, *arguments: str, **environment: str) -> Result: ...


@pytest.fixture
def mockbrew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`mockbrew("check", "rig.toml", MOCKBREW_STORE="memory://")`, in an empty directory and without foreign settings."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **environment: str) -> Result:
        unset = dict.fromkeys(name for name in os.environ if name.startswith("MOCKBREW_"))
        result = CliRunner().invoke(main, arguments, prog_name="mockbrew", env={**unset, **environment})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return run


@pytest.fixture(params=["granian", "gunicorn"])
def by(request: pytest.FixtureRequest) -> By:
    """The server that `mockbrew serve` runs: the second where the first is not installed."""
    which: By = request.param
    return which


@pytest.fixture
def serving(tmp_path: Path, by: By) -> Iterator[Callable[..., Serving]]:
    """`serving("--workers", "1")` starts `mockbrew serve` in an empty directory; it ends with the test."""
    started: list[Serving] = []

    def start(*arguments: str, preceding: Sequence[str] = (), stdin: int = subprocess.DEVNULL, **environment: str) -> Serving:
        folder = tmp_path / f"serving{len(started)}"
        folder.mkdir()
        started.append(spawn(folder, *arguments, environment=environment, preceding=preceding, stdin=stdin, by=by))
        return started[-1]

    yield start
    for one in started:
        one.kill()
