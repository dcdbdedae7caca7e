"""`mockbrew routes`: every endpoint of a spec."""

from __future__ import annotations

from pathlib import Path

import click

from mockbrew.cli.printing import print_json, print_table
from mockbrew.cli.reading import json_option, read, settings, spec_argument
from mockbrew.endpoints import Endpoint, described


@click.command("routes")
@spec_argument
@json_option
def command(spec: Path | None, *, as_json: bool) -> None:
    """List the endpoints of SPEC and what they answer."""
    path = settings(spec=spec).spec
    loaded, router = read(path)
    if as_json:
        print_json({"spec": str(path), "routes": [described(endpoint, loaded) for endpoint in router.endpoints]})
    else:
        print_table(("methods", "path", "device", "does", "reply"), [_row(endpoint) for endpoint in router.endpoints])


def _row(endpoint: Endpoint) -> tuple[str, ...]:
    return ",".join(endpoint.methods), endpoint.url, endpoint.device or "(rig)", endpoint.verb or _reads(endpoint), endpoint.reply.readable


def _reads(endpoint: Endpoint) -> str:
    return f"read {', '.join(endpoint.reply.names)}" if endpoint.reply.names else "read"
