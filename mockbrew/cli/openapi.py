"""`mockbrew openapi`: what is served, as an OpenAPI document."""

from __future__ import annotations

from pathlib import Path

import click

from mockbrew.admin.table import RESOURCES
from mockbrew.cli.printing import print_json
from mockbrew.cli.reading import read, settings, spec_argument
from mockbrew.openapi import document
from mockbrew.plugins import kinds


@click.command("openapi")
@spec_argument
@click.option("--wire-only", is_flag=True, help="Leave the control plane out: for a client of the hardware.")
def command(spec: Path | None, *, wire_only: bool) -> None:
    """Print what a server of SPEC answers, as an OpenAPI 3.1 document.

    With MOCKBREW_ADMIN_TOKEN set, the control plane asks for a bearer of it, as that of the server does.
    """
    chosen = settings(spec=spec)
    loaded, router = read(chosen.spec)
    resources = () if wire_only else RESOURCES
    print_json(document(loaded, router.endpoints, resources, kinds(), token=chosen.token is not None))
