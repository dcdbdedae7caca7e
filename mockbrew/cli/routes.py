"""`mockbrew routes`: every endpoint of a spec."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mockbrew.cli.printing import print_json, print_table
from mockbrew.cli.reading import json_option, read, settings, spec_argument
from mockbrew.endpoints import Endpoint
from mockbrew.spec import Spec


@click.command("routes")
@spec_argument
@json_option
def command(spec: Path | None, *, as_json: bool) -> None:
    """List the endpoints of SPEC and what they answer."""
    path = settings(spec=spec).spec
    loaded, router = read(path)
    if as_json:
        print_json({"spec": str(path), "routes": [_route(endpoint, loaded) for endpoint in router.endpoints]})
    else:
        print_table(("methods", "path", "device", "does", "reply"), [_row(endpoint) for endpoint in router.endpoints])


def _row(endpoint: Endpoint) -> tuple[str, ...]:
    return ",".join(endpoint.methods), endpoint.url, endpoint.device or "(rig)", endpoint.verb or _reads(endpoint), _reply(endpoint)


def _reads(endpoint: Endpoint) -> str:
    return f"read {', '.join(endpoint.reply.names)}" if endpoint.reply.names else "read"


def _route(endpoint: Endpoint, spec: Spec) -> dict[str, Any]:
    return {
        "url": endpoint.url,
        "methods": list(endpoint.methods),
        "device": endpoint.device,
        "endpoint": endpoint.name,
        "verb": endpoint.verb,
        "arguments": _arguments(endpoint, spec),
        "content_type": endpoint.content_type,
        "reply": _reply(endpoint),
    }


def _arguments(endpoint: Endpoint, spec: Spec) -> dict[str, Any]:
    """JSON Schema by argument."""
    if endpoint.device is None or endpoint.verb is None:
        return {}
    device = spec.entries[endpoint.device].device
    known = device.verbs[endpoint.verb].arguments
    return {name: known[name].schema(device) for name in endpoint.arguments}


def _reply(endpoint: Endpoint) -> str:
    """The body with {placeholders} where readings and arguments stand."""
    return endpoint.reply.template % tuple(f"{{{name}}}" for name, _ in endpoint.reply.slots)
