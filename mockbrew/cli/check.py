"""`mockbrew check`: whether a spec can be served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mockbrew.cli.counting import counts, in_words
from mockbrew.cli.printing import print_json
from mockbrew.cli.reading import json_option, read, settings, spec_argument
from mockbrew.errors import PluginErrors, SpecError


@click.command("check")
@spec_argument
@json_option
def command(spec: Path | None, *, as_json: bool) -> None:
    """Say everything that is wrong with SPEC."""
    path = settings(spec=spec).spec
    try:
        found = counts(read(path)[0])
    except (SpecError, PluginErrors) as error:
        if not as_json:
            raise
        print_json({"ok": False, "spec": str(path), "errors": _errors(error)})
        raise click.exceptions.Exit(1) from error
    if as_json:
        print_json({"ok": True, "spec": str(path), **found, "errors": []})
    else:
        click.echo(f"{path}: good: {in_words(found)}")


def _errors(error: SpecError | PluginErrors) -> list[dict[str, Any]]:
    if isinstance(error, SpecError):
        return [
            {"file": error.source, "line": fault.line, "column": fault.column, "path": fault.path, "message": fault.message}
            for fault in error.faults
        ]
    return [
        {"distribution": error.distribution, "version": error.version, "entry_point": error.entry_point, "message": error.why}
        for error in error.errors
    ]
