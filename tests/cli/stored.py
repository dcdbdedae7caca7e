"""A store with something in it."""

from __future__ import annotations

from pathlib import Path

from werkzeug.test import Client

from mockbrew.app import create_app


def fill(path: Path, spec: str, *, commands: int) -> None:
    """Give the rig `default` of the spec this many commands, in a store at `path`."""
    app = create_app(spec, f"sqlite:///{path}")
    client = Client(app)
    for _ in range(commands):
        assert client.get("/V1/start").status_code == 200
    app.store.close()
