"""schemathesis against `gunicorn wsgi:app`, by the document that this server gives of itself; and that it finds where the two differ."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.real.bench import Bench
from tests.real.judges.attack import TOKEN, attack, except_under, under
from tests.real.servers import Server

pytestmark = pytest.mark.skipif(find_spec("schemathesis") is None, reason="there is no schemathesis for this Python")

DOCUMENT = "/__admin/openapi.json"
CONTROL_PLANE = "/__admin/"
# No reply names a rig that could be deleted, and what schemathesis makes up is none.
DOUBTS = {"missing_test_data": ["DELETE /__admin/rigs/{name}"]}
ALL_WELL = {"examples": "success", "coverage": "success", "fuzzing": "success", "stateful": "success"}

# By operation of the spoilt document, what schemathesis calls its mistake.
MISTAKES = {
    "GET /getA.py": "JsonSchemaError",
    "GET /getB.py": "UndefinedContentType",
    "GET /getC.py": "MissingHeaders",
    "POST /startA.py": "UnsupportedMethodResponse",
    "OPTIONS /startA.py": "AllowHeaderMismatch",
    "GET /setCible1_{setpoint}.py": "CustomFailure",  # a 400 for which there is no reason, in the words of hooks.py
    "GET /setCible2_{setpoint}.py": "AcceptedNegativeData",
    "GET /setCible3_{setpoint}.py": "UndefinedStatusCode",
    "GET /__admin/health": "IgnoredAuth",
}

Document = dict[str, Any]


@pytest.fixture
def server(bench: Bench) -> Server:
    """One for each test: an attack leaves faults of transport behind, and a clock that runs as it likes."""
    return bench.gunicorn(workers=3, threads=2, environment={"MOCKBREW_ADMIN_TOKEN": TOKEN}).wait_ready()


@pytest.fixture
def document(server: Server, bench: Bench) -> Document:
    reply = bench.client(server).get(DOCUMENT, {"Authorization": f"Bearer {TOKEN}"})
    assert reply.status == 200, reply
    said: Document = reply.json()
    return said


@pytest.mark.parametrize(
    ("part", "doubts"),
    [(except_under(CONTROL_PLANE), {}), (under(CONTROL_PLANE), DOUBTS)],
    ids=["the wire", "the control plane"],
)
def test_the_server_is_what_its_document_says(server: Server, tmp_path: Path, part: Sequence[str], doubts: Document) -> None:
    verdict = attack(f"http://127.0.0.1:{server.port}{DOCUMENT}", tmp_path, *part)

    assert (verdict.failures, verdict.report["errors"], verdict.warnings) == ([], [], doubts), verdict.said
    assert (verdict.report["complete"], verdict.report["exit_code"], verdict.phases) == (True, 0, ALL_WELL), verdict.said
    assert verdict.operations["tested"] == verdict.operations["selected"] > 0
    assert "Traceback" not in server.said()


def test_whatever_the_document_has_wrong_is_found(server: Server, document: Document, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.json"
    spoilt.write_text(json.dumps({**document, "paths": dict(mistakes(document["paths"]))}))

    verdict = attack(spoilt, tmp_path, "--url", f"http://127.0.0.1:{server.port}", "--phases", "coverage,fuzzing")

    assert verdict.report["exit_code"] == 1
    found = {(operation, name) for name, operations in verdict.failures for operation in operations}
    assert set(MISTAKES.items()) <= found, verdict.said


def mistakes(paths: Document) -> Iterator[tuple[str, Document]]:
    """Paths with one mistake each."""
    yield "/getA.py", answering({"application/json": {"schema": {"type": "object", "properties": {"State": {"type": "string"}}}}})
    yield "/getB.py", answering({"text/plain": {}})
    yield "/getC.py", answering({"application/json": {}}, headers={"X-Batch": {"required": True, "schema": {"type": "string"}}})
    yield "/startA.py", {method: paths["/startA.py"][method] for method in ("get", "options")}  # POST commands too
    for number, pattern in ((1, "^[0-9]{4}$"), (2, "^6[0-9]$")):  # which is too hot; which is not all
        path = f"/setCible{number}_{{setpoint}}.py"
        setpoint = {"name": "setpoint", "in": "path", "required": True, "schema": {"type": "string", "pattern": pattern}}
        yield path, {**paths[path], "parameters": [setpoint]}
    yield "/setCible3_{setpoint}.py", {"parameters": paths["/setCible3_{setpoint}.py"]["parameters"], **answering({"application/json": {}})}
    yield "/__admin/health", {"get": {**paths["/__admin/health"]["get"], "security": [{"bearer": []}]}}  # anybody may


def answering(content: Document, **more: Any) -> Document:
    """A path whose GET has no other reply than this."""
    return {"get": {"responses": {"200": {"description": "", "content": content, **more}}}}
