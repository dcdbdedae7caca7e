"""Where the real programs are that tests start, and what it means that one is missing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from typing import NoReturn

import pytest


def find_program(name: str, environment: Mapping[str, str]) -> str:
    """The path of the program `name`. Without it the test is skipped, but fails in CI: there a skip would hide a hole."""
    # Debian keeps servers in sbin, which is on root's PATH only.
    found = shutil.which(name, path=f"{environment.get('PATH', '')}:/usr/local/sbin:/usr/sbin")
    return found or _verdict(environment)(f"{name} is not installed; `script/bootstrap --test` installs it where root and apt-get allow")


def in_ci(environment: Mapping[str, str]) -> bool:
    return environment.get("CI") == "true"


def _verdict(environment: Mapping[str, str]) -> Callable[[str], NoReturn]:
    return pytest.fail if in_ci(environment) else pytest.skip
