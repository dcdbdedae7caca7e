"""For tests of the pytest plugin: other runs of pytest, in this process or in one of their own, that nothing from outside changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

import pytest

from mockbrew.pytest_plugin import own, trial  # noqa: F401 - else each run in this process would load them anew
from tests.real.servers import FOREIGN

# What is in the environment of these tests and not of the plugin's users; warnings are errors, as a leaking socket gives one.
LEAN = ("-pno:cacheprovider", "-pno:schemathesis", "-pno:pact", "-Werror")

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(pytester: pytest.Pytester, bare: None) -> Run:
    """`run(source, *arguments)` runs the tests of a text in this process."""
    return partial(_run, pytester, pytester.runpytest_inprocess)


@pytest.fixture
def run_apart(pytester: pytest.Pytester, bare: None) -> Run:
    """The same in a process of its own."""
    return partial(_run, pytester, pytester.runpytest_subprocess)


def _run(pytester: pytest.Pytester, runner: Run, source: str, *arguments: str) -> pytest.RunResult:
    pytester.makepyfile(test_it=source)
    return runner(*LEAN, *arguments)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what the shell of whoever runs these tests may have set, or the pytest that runs them."""
    for name in list(os.environ):
        if name.startswith((*FOREIGN, "PYTEST_XDIST", "PYTEST_ADDOPTS")):
            monkeypatch.delenv(name)
