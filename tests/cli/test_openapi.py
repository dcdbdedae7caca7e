"""`mockbrew openapi`: the document that a server of the spec gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from mockbrew.admin.access import Access
from mockbrew.app import App
from tests.app.asking import Bench, ask, on_memory
from tests.cli.conftest import Run
from tests.openapi.documents import LOCKED


def served(bench: Bench, token: str) -> Any:
    app = App(bench.read_spec, bench.store, bench.kinds, Access(token or None, local=True))
    return ask(app, "/__admin/openapi.json", HTTP_AUTHORIZATION=f"Bearer {token}").json()


@pytest.mark.parametrize("token", ["", "a-token"])
def test_the_server_and_the_command_give_the_same_document(mockbrew: Run, token: str) -> None:
    assert json.loads(mockbrew("openapi", MOCKBREW_ADMIN_TOKEN=token).output) == served(on_memory(), token)


def test_it_is_of_the_spec_that_is_named(mockbrew: Run) -> None:
    Path("rig.toml").write_text(LOCKED, "utf-8")

    assert json.loads(mockbrew("openapi", "rig.toml").output) == served(on_memory(LOCKED), "")


@pytest.mark.parametrize("token", ["", "a-token"])
def test_for_a_client_of_the_hardware_the_control_plane_is_left_out_and_nothing_else(mockbrew: Run, token: str) -> None:
    whole, alone = (json.loads(mockbrew("openapi", *options, MOCKBREW_ADMIN_TOKEN=token).output) for options in ((), ("--wire-only",)))

    assert [error.message for error in OpenAPIV31SpecValidator(alone).iter_errors()] == []
    assert alone["paths"] == {path: item for path, item in whole["paths"].items() if not path.startswith("/__admin/")}
    assert {sort: [name for name in named if "admin" in name.lower()] for sort, named in alone["components"].items()} == {
        "schemas": [],
        "headers": [],
        "responses": [],
    }
    assert alone["info"]["description"].startswith("A rig as mockbrew serves it: the endpoints of its spec. The control plane is left out.")


def test_a_spec_that_is_wrong_is_not_described(mockbrew: Run) -> None:
    Path("rig.toml").write_text("spec = 1", "utf-8")
    result = mockbrew("openapi", "rig.toml")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("rig.toml:1:8: spec: ")
