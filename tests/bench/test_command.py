"""`python -m bench`, as anybody runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import tools
from bench.processes import tree
from bench.tools import Missing
from tests.bench.machine import assert_nothing_is_left
from tests.bench.test_results import SCHEMA
from tests.real.waiting import wait_until

ROOT = Path(__file__).resolve().parents[2]


def bench(*arguments: str, folder: Path, search: str | None = None) -> subprocess.Popen[str]:
    environment = {**os.environ, "TMPDIR": str(folder), **({} if search is None else {"PATH": search})}
    command = [sys.executable, "-m", "bench", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """For its temporary files."""
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def test_a_part_is_measured_shown_and_written_and_nothing_is_left(folder: Path, tmp_path: Path) -> None:
    results, paper = tmp_path / "results.json", tmp_path / "paper.md"
    paper.write_text("<!-- bench: rigs -->\n<!-- end of rigs -->\n")

    with bench("rigs", "--rounds", "1", "--most", "30", "--json", str(results), "--into", str(paper), folder=folder) as running:
        out, err = running.communicate(timeout=120)

    assert running.returncode == 0, err
    assert out.startswith("Many rigs in one store")
    assert [line for line in err.splitlines() if "busy" not in line] == ["rigs: in one process: about 10 s"]
    assert list(SCHEMA.iter_errors(json.loads(results.read_text()))) == []
    assert "a rig is deleted" in paper.read_text()
    assert list(folder.iterdir()) == []
    assert_nothing_is_left(folder)


def test_results_are_shown_again_without_measuring(folder: Path, tmp_path: Path) -> None:
    results = tmp_path / "results.json"
    with bench("rigs", "--rounds", "1", "--most", "30", "--json", str(results), folder=folder) as first:
        shown, _ = first.communicate(timeout=120)

    with bench("--from", str(results), folder=folder) as second:
        again, err = second.communicate(timeout=120)

    assert (second.returncode, again, err) == (0, shown, "")


def test_without_the_load_generator_a_part_says_so_and_what_would_help(folder: Path) -> None:
    with bench("writers", "--rounds", "1", "--seconds", "1", folder=folder, search="/nowhere") as running:
        out, err = running.communicate(timeout=120)

    assert running.returncode == 0, err
    assert out.endswith(
        "Not measured: writers: gunicorn, 2 sync; writers: gunicorn, 2 gthread x 4; writers: mockbrew serve: "
        "wrk is not installed; Debian's package `wrk` has it.\n"
    )
    assert [line for line in err.splitlines() if "busy" not in line] == ["writers: a reading beside a writer: about 10 s"]


@pytest.mark.usefixtures("wrk")
def test_told_to_end_it_takes_everything_with_it(folder: Path) -> None:
    with bench("servers", folder=folder) as running:
        wait_until(lambda: len(tree(running.pid)) > 3, within=60, what="a server with workers")
        running.terminate()
        running.communicate(timeout=60)

    assert running.returncode == 143
    assert list(folder.iterdir()) == []
    assert_nothing_is_left(folder)


@pytest.mark.parametrize("name", tools.ADVICE)
def test_whatever_is_missing_has_advice(name: str) -> None:
    assert str(Missing(name)) == f"{name} is not installed; {tools.ADVICE[name]}"
