"""script/bootstrap, without a network: which Python it takes, when it does nothing, what it says when it can't go on; npm's tools."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
NO_PYTHON = "==> no Python from 3.10 on is on the PATH; install one (https://www.python.org/downloads/) and run this again\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What bootstrap reads of a clone."""
    clone = tmp_path / "clone"
    (clone / "script").mkdir(parents=True)
    for name in ("pyproject.toml", "script/bootstrap"):
        shutil.copy(ROOT / name, clone / name)
    shutil.copytree(ROOT / "tests" / "node", clone / "tests" / "node")
    return clone


@pytest.fixture
def tools(tmp_path: Path, require_program: Callable[[str], str]) -> Path:
    """A PATH with the tools of any Unix, and no Python, apt-get or npm."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "cat", "cmp", "cp", "dirname", "env", "head", "id", "mkdir", "rm"):
        (tools / name).symlink_to(require_program(name))
    return tools


def add_program(folder: Path, name: str, script: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def bootstrap(clone: Path, tools: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it from another folder than the clone."""
    command = [str(clone / "script" / "bootstrap"), *arguments]
    return subprocess.run(command, cwd=tools, env={"PATH": str(tools)}, capture_output=True, text=True, check=False)


def files(clone: Path) -> set[Path]:
    return set(clone.rglob("*"))


def test_without_a_python_it_says_so_and_makes_nothing(clone: Path, tools: Path) -> None:
    before = files(clone)

    ran = bootstrap(clone, tools)

    assert (ran.returncode, ran.stderr) == (1, NO_PYTHON)
    assert files(clone) == before


def test_a_python_that_cannot_run_is_passed_over(clone: Path, tools: Path) -> None:
    add_program(tools, "python3", "echo 'python3: version not active' >&2; exit 127")
    add_program(tools, "python3.12", 'if [ "$1" = -m ]; then echo "called: $*"; exit 5; fi')

    ran = bootstrap(clone, tools)

    assert ran.stderr == f"==> making .venv with {tools}/python3.12\n"
    assert (ran.returncode, ran.stdout) == (5, "called: -m venv --clear .venv\n")


@pytest.fixture
def set_up(clone: Path) -> Path:
    """A clone as bootstrap leaves it."""
    add_program(clone / ".venv" / "bin", "python", 'echo "called: $*"')
    recipe = f"{clone}\n{(clone / 'pyproject.toml').read_text()}{(clone / 'script' / 'bootstrap').read_text()}"
    (clone / ".venv" / "recipe").write_text(recipe)
    return clone


def test_where_everything_is_set_up_it_only_looks(set_up: Path, tools: Path) -> None:
    ran = bootstrap(set_up, tools)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")


def test_another_pyproject_is_installed_once(set_up: Path, tools: Path) -> None:
    with (set_up / "pyproject.toml").open("a") as pyproject:
        pyproject.write("# changed\n")

    first, second = bootstrap(set_up, tools), bootstrap(set_up, tools)

    assert first.stdout == "called: -m pip install --quiet --no-input --disable-pip-version-check --editable .[test,lint]\n"
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_an_installation_that_failed_is_told_and_tried_again(set_up: Path, tools: Path) -> None:
    add_program(set_up / ".venv" / "bin", "python", '[ "$3" = --version ]')
    (set_up / ".venv" / "recipe").write_text(f"{set_up}\nof another pyproject\n")

    first, second = bootstrap(set_up, tools), bootstrap(set_up, tools)

    assert first.returncode == 1
    assert first.stderr.endswith(
        "==> the installation failed (the reason is above); it needs PyPI or a mirror of it; run this again to go on\n"
    )
    assert second.stderr == first.stderr


def test_a_clone_that_moved_gets_another_environment(set_up: Path, tools: Path) -> None:
    moved = set_up.rename(set_up.with_name("moved"))

    assert bootstrap(moved, tools).stderr == NO_PYTHON


def test_an_argument_that_it_does_not_know_is_refused_and_nothing_is_made(clone: Path, tools: Path) -> None:
    before = files(clone)

    ran = bootstrap(clone, tools, "--tset")

    assert (ran.returncode, ran.stderr) == (1, "==> usage: script/bootstrap [--test]\n")
    assert files(clone) == before


INSTALLING = "==> installing the tools of tests/node into .node (200 MB; a minute or two, once)\n"
NPM = 'echo "called: $* in ${PWD##*/}" >&2'
NODE = {".npmrc", "package-lock.json", "package.json", "recipe"}


@pytest.fixture
def with_npm(tools: Path) -> Path:
    """The tools, with the programs that tests start; npm says how it is called."""
    for name, script in {"nginx": "", "curl": "", "chromium": "", "wrk": "", "npm": NPM}.items():
        add_program(tools, name, script)
    return tools


def test_the_tools_of_node_are_installed_once(set_up: Path, with_npm: Path) -> None:
    first, second = bootstrap(set_up, with_npm, "--test"), bootstrap(set_up, with_npm, "--test")

    assert (first.returncode, first.stderr) == (0, f"{INSTALLING}called: ci --loglevel=error in .node\n")
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")
    assert {path.name for path in (set_up / ".node").iterdir()} == NODE


def test_other_tools_of_node_are_installed_anew(set_up: Path, with_npm: Path) -> None:
    bootstrap(set_up, with_npm, "--test")
    (set_up / "tests" / "node" / "package-lock.json").write_text("{}")

    again = bootstrap(set_up, with_npm, "--test")

    assert again.stderr.startswith(INSTALLING)
    assert (set_up / ".node" / "package-lock.json").read_text() == "{}"


def test_tools_of_node_that_npm_could_not_install_are_told_and_tried_again(set_up: Path, with_npm: Path) -> None:
    add_program(with_npm, "npm", "echo 'npm error: no network' >&2; exit 1")

    first, second = bootstrap(set_up, with_npm, "--test"), bootstrap(set_up, with_npm, "--test")

    said = "npm error: no network\n==> npm could not install them (the reason is above); the tests that need them are skipped\n"
    assert (first.returncode, first.stderr) == (0, INSTALLING + said)
    assert second.stderr == first.stderr


def test_without_npm_nothing_of_node_is_installed(set_up: Path, with_npm: Path) -> None:
    (with_npm / "npm").unlink()

    ran = bootstrap(set_up, with_npm, "--test")

    assert ran.returncode == 0
    assert ran.stderr.endswith("==> not here, and only root with apt-get can install it: npm; the tests that need it are skipped\n")
    assert not (set_up / ".node").exists()


def test_without_tests_nothing_of_node_is_installed(set_up: Path, with_npm: Path) -> None:
    assert bootstrap(set_up, with_npm).stderr == ""

    assert not (set_up / ".node").exists()
