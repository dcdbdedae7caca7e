"""`mockbrew doctor`: whether mockbrew can work here, and what it would work with."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from mockbrew.cli.examination import LEVELS, Section, examine
from mockbrew.cli.printing import print_json
from mockbrew.cli.reading import json_option, settings, spec_argument


@click.command("doctor")
@spec_argument
@click.option("--store", help="sqlite:///PATH or memory://.  [default: MOCKBREW_STORE, else a file beside SPEC]")
@json_option
def command(spec: Path | None, *, store: str | None, as_json: bool) -> None:
    """Examine the installation, the settings, SPEC and the store."""
    sections = examine(settings(spec=spec, store=store), os.environ)
    ill = any(finding.level == "error" for section in sections for finding in section.findings)
    if as_json:
        print_json(_described(sections, ok=not ill))
    else:
        _print(sections)
    if ill:
        raise click.exceptions.Exit(1)


def _described(sections: list[Section], *, ok: bool) -> dict[str, Any]:
    findings = [
        {"level": finding.level, "about": section.name, "message": finding.message} for section in sections for finding in section.findings
    ]
    return {"ok": ok, **{section.name: section.facts for section in sections}, "findings": findings}


def _print(sections: list[Section]) -> None:
    width = max(len(label) for section in sections for label, _ in section.lines)
    for section in sections:
        click.echo(section.name)
        for label, text in section.lines:
            click.echo(f"  {label.ljust(width)}  {text}".rstrip())
        for finding in section.findings:
            click.echo(f"  {finding.level}: {finding.message}")
    levels = [finding.level for section in sections for finding in section.findings]
    counted = [f"{levels.count(level)} {level}{'' if levels.count(level) == 1 else 's'}" for level in LEVELS if level in levels]
    click.echo(f"{'not good' if 'error' in levels else 'good'}{': ' if counted else ''}{', '.join(counted)}")
