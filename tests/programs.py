"""Where the real programs are that tests start, and what it means that one is missing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import pytest

NODE = Path(__file__).resolve().parents[1] / ".node" / "node_modules" / ".bin"  # what tests/node lists


def find_program(name: str, environment: Mapping[str, str], *, node: Path = NODE) -> str:
    """The path of the program `name`. Without it the test is skipped, but fails in CI: there a skip would hide a hole.

    node: where those are that npm installed. They come first, since their versions are those that tests/node wants.
    """
    # Debian keeps servers in sbin, which is on root's PATH only.
    found = shutil.which(name, path=f"{node}:{environment.get('PATH', '')}:/usr/local/sbin:/usr/sbin")
    return found or _verdict(environment)(f"{name} is not installed; `script/bootstrap --test` installs it where apt-get or npm can")


def in_ci(environment: Mapping[str, str]) -> bool:
    return environment.get("CI") == "true"


def _verdict(environment: Mapping[str, str]) -> Callable[[str], NoReturn]:
    return pytest.fail if in_ci(environment) else pytest.skip
