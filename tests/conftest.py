"""For every test: Hypothesis profiles, and the real programs that some tests need."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import settings

from tests.programs import find_program, in_ci

# No deadlines: the machine is shared, and a test of speed says so by its name. CI judges the same examples each time, so that a
# red run is about the change; who works on the code meets new ones (or takes `--hypothesis-profile ci`).
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("ci" if in_ci(os.environ) else "dev")


@pytest.fixture(scope="session")
def require_program() -> Callable[[str], str]:
    """`require_program("nginx")` is its path, or the end of the test: skipped, in CI failed."""
    return lambda name: find_program(name, os.environ)
