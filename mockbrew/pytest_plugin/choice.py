"""The choice of the target, as the command line, the settings and the environment say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mockbrew.pytest_plugin.target import URL_OPTION, Running, Target
from mockbrew.settings import REFERENCE, TOKEN

SPEC_OPTION, SPEC_INI, SPEC_VARIABLE = "--mockbrew-spec", "mockbrew_spec", "MOCKBREW_SPEC"


def target(config: pytest.Config) -> Target:
    """What pytest was told. Raises UsageError."""
    option, url = config.getoption(SPEC_OPTION), config.getoption(URL_OPTION)
    if url and option:
        raise pytest.UsageError(f"{SPEC_OPTION} is served by pytest itself, and {URL_OPTION} serves a spec of its own; leave one out")
    if url:
        return Running(url, os.environ.get(TOKEN) or None)
    from mockbrew.pytest_plugin.own import Own  # noqa: PLC0415 - the whole of mockbrew, which who has a server elsewhere needs not load

    return Own(*_spec(config, option))


def _spec(config: pytest.Config, option: str | None) -> tuple[Path, str]:
    """The file, and where it was named."""
    if option:
        return config.invocation_params.dir / option, SPEC_OPTION
    if ini := config.getini(SPEC_INI):
        return (config.inipath.parent if config.inipath else config.rootpath) / ini, SPEC_INI
    if variable := os.environ.get(SPEC_VARIABLE):
        return config.invocation_params.dir / variable, SPEC_VARIABLE
    return REFERENCE, "the reference brewery"
