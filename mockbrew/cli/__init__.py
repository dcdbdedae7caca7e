"""The command line: one module a command, imported when it is asked for, so that `mockbrew --version` is quick.

Exit codes: 0, 1 for a spec, script, plugin, store or address that can't be used, 2 for wrong usage.
"""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from mockbrew import __version__
from mockbrew.cli.output import of_printing, open_output, tell
from mockbrew.errors import MockbrewError, did_you_mean

COMMANDS = ("serve", "check", "routes", "kinds", "openapi", "export", "simulate", "verify", "doctor")


class Refused(click.ClickException):
    """What a user did wrong, as plain lines that editors can follow (`file:line:col: ...`)."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class Commands(click.Group):
    """The commands by name, and the one place where errors become lines."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"mockbrew.cli.{cmd_name}").command
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(f"{error.message}{did_you_mean(args[0], COMMANDS)}", ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MockbrewError as error:
            raise Refused(str(error)) from error

    def main(self, *args: Any, **extra: Any) -> Any:
        """Help and versions are printed outside `invoke`."""
        open_output()
        try:
            return super().main(*args, **extra)
        except OSError as error:
            if not of_printing(error):
                raise
            tell(error)
            sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def main() -> None:
    """mockbrew mocks hardware that is driven over HTTP.

    SPEC is the TOML file that describes a rig. Where it is left out, MOCKBREW_SPEC names it, else it is the reference brewery.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        # A name in the spec, or of its file, may hold what this terminal's encoding lacks.
        sys.stdout.reconfigure(errors="backslashreplace")
