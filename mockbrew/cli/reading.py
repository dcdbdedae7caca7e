"""What several commands are given: a spec, read whole and checked, and the choice of JSON."""

from __future__ import annotations

import os
from pathlib import Path

import click

from mockbrew.collecting import not_collecting
from mockbrew.files import load
from mockbrew.plugins import kinds as installed_kinds
from mockbrew.router import Router
from mockbrew.settings import Settings
from mockbrew.spec import Spec

spec_argument = click.argument("spec", required=False, type=click.Path(path_type=Path))
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings(*, spec: Path | None = None, store: str | None = None) -> Settings:
    """What the command line says, else the environment, else the defaults."""
    said = {"MOCKBREW_SPEC": str(spec) if spec else "", "MOCKBREW_STORE": store or ""}
    return Settings.from_environment({**os.environ, **{name: value for name, value in said.items() if value}})


def read(path: Path) -> tuple[Spec, Router]:
    """A spec with the kinds that are installed. Raises PluginErrors, SpecError."""
    with not_collecting():
        spec = load(path, installed_kinds())
        return spec, Router(spec)
