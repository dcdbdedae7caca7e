"""Pact's own verifier against `gunicorn wsgi:app`: the exported pact holds, its states are set up by the server itself; and it can fail."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from mockbrew.exports.pact import pact
from mockbrew.files import load
from mockbrew.settings import REFERENCE
from tests.real.bench import Bench
from tests.real.servers import Server

pytestmark = pytest.mark.skipif(find_spec("pact") is None, reason="there is no pact-python for this Python")

TOKEN = "hops-and-malt"
STATES = "__admin/provider-states"

Document = dict[str, Any]


@pytest.fixture(scope="module")
def server(module_bench: Bench) -> Server:
    return module_bench.gunicorn(workers=3, threads=2, environment={"MOCKBREW_ADMIN_TOKEN": TOKEN}).wait_ready()


@pytest.fixture(scope="module")
def document() -> Document:
    return pact(load(REFERENCE))


def verify(server: Server, document: Document, folder: Path, rig: str = "default", *, token: str = TOKEN) -> list[str]:
    """What the verifier has against a server: the descriptions of the interactions that failed, with all that it says of them."""
    from pact import Verifier  # noqa: PLC0415 - not on every Python

    file, url = folder / "pact.json", f"http://127.0.0.1:{server.port}/rigs/{rig}"
    file.write_text(json.dumps(document), "utf-8")
    verifier = (
        Verifier(document["provider"]["name"], host="127.0.0.1")
        .add_transport(url=url)
        .add_source(file)
        .state_handler(f"{url}/{STATES}", teardown=True, body=True)
        .add_custom_header("Authorization", f"Bearer {token}")
        .set_coloured_output(enabled=False)
    )
    try:
        verifier.verify()
    except RuntimeError:
        return [f"{each['interaction'].rpartition(' - ')[2]}: {json.dumps(each)}" for each in verifier.results["errors"]]
    assert verifier.results["result"] is True
    return []


def test_the_mock_keeps_the_whole_pact(server: Server, document: Document, tmp_path: Path) -> None:
    assert verify(server, document, tmp_path) == []

    assert len(document["interactions"]) > 150
    assert "Traceback" not in server.said()


def test_a_rig_of_its_own_keeps_it_and_no_other_is_touched(server: Server, document: Document, module_bench: Bench, tmp_path: Path) -> None:
    client = module_bench.client(server)
    client.get("/startA.py")
    few = {**document, "interactions": document["interactions"][:20]}

    assert verify(server, few, tmp_path, "pact") == []

    assert client.get("/getA.py").json()["State"] == 1


def named(document: Document, says: str) -> Document:
    return next(each for each in document["interactions"] if each["description"] == says)


def wrong_constant(document: Document) -> str:
    named(document, "A: read (get)")["response"]["body"]["Sensor"] = "VanneB"
    return "A: read (get)"


def wrong_type(document: Document) -> str:
    named(document, "Temp1: read (get)")["response"]["matchingRules"]["body"]["$.Temp"]["matchers"] = [{"match": "integer"}]
    return "Temp1: read (get)"


def wrong_status(document: Document) -> str:
    named(document, "an endpoint that there is not: refused")["response"]["status"] = 200
    return "an endpoint that there is not: refused"


def no_state(document: Document) -> str:
    named(document, "B: read (get)")["providerStates"] = [{"name": "B is open, in words alone", "params": {}}]
    return "B: read (get)"


def impossible_state(document: Document) -> str:
    named(document, "C: read (get)")["providerStates"] = [{"name": "half open", "params": {"devices": {"C": {"state": 0.5}}}}]
    return "C: read (get)"


@pytest.mark.parametrize("spoil", [wrong_constant, wrong_type, wrong_status, no_state, impossible_state])
def test_a_spoiled_pact_fails_where_it_is_spoiled(
    server: Server, document: Document, tmp_path: Path, spoil: Callable[[Document], str]
) -> None:
    spoiled = copy.deepcopy(document)
    says = spoil(spoiled)
    spoiled["interactions"] = [each for each in spoiled["interactions"] if each["description"] in (says, "D: read (get)")]

    (failure,) = verify(server, spoiled, tmp_path, "spoiled")

    assert failure.startswith(says)


def test_a_server_of_another_contract_fails(bench: Bench, document: Document, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(REFERENCE.read_text("utf-8").replace('PID = "{state}"', 'Pid = "{state}"'), "utf-8")
    server = bench.gunicorn(spec=other, environment={"MOCKBREW_ADMIN_TOKEN": TOKEN}).wait_ready()

    failures = verify(server, document, tmp_path)

    assert {failure.split(":")[0] for failure in failures} == {"PID1", "PID2", "PID3"}
    assert all("Pid" in failure for failure in failures), failures


def test_without_the_token_no_state_is_set_up(server: Server, document: Document, module_bench: Bench, tmp_path: Path) -> None:
    client = module_bench.client(server)
    client.get("/stopA.py")
    before = client.get("/getA.py").json()
    one = {**document, "interactions": [named(document, "A: read (get)")]}

    (failure,) = verify(server, one, tmp_path, token="hops")

    assert "setup state change handlers has failed" in failure
    assert client.get("/getA.py").json() == before
