"""Prism, which holds requests and replies against an OpenAPI document, between a client and `gunicorn wsgi:app`.

It answers 500 itself for a reply that is not as documented, 422 for such a request, and 404 or 405 for one that the document does not know;
what is only doubtful it says in a header. So a reply that comes through unchanged is one that it has nothing to say against. It parses JSON
and writes it anew, as JavaScript does, to which 78.0 is 78. HEAD it can't pass on: it parses the body that is not there. A request without
a token it refuses itself. (test_schemathesis.py judges both.)
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest

from mockbrew.admin.examples import Step
from mockbrew.admin.resources import PREFIX
from mockbrew.admin.table import RESOURCES
from mockbrew.files import load
from mockbrew.settings import REFERENCE
from tests.real.bench import Bench
from tests.real.client import Client, Reply
from tests.real.contract import COMMANDS, EXAMPLES, READINGS
from tests.real.judges.attack import TOKEN

BEARER = {"Authorization": f"Bearer {TOKEN}"}
DOUBT = "sl-violations"
REFUSED = ["/setCible1_nan.py", "/setCible1_1e3.py", "/setCible2_-300.py", "/setCible3_.5.py"]


class Asked(NamedTuple):
    """A request that shows a resource, what is asked before it, and the status of its reply."""

    method: str
    url: str
    body: Mapping[str, Any]
    before: tuple[Step, ...]
    status: int


def examples() -> Iterator[tuple[str, Asked]]:
    """Of every resource, with what each shows."""
    spec = load(REFERENCE)
    for resource in RESOURCES:
        for example in resource.examples(spec):
            query = f"?{urlencode(example.query, doseq=True)}" if example.query else ""
            url = f"{PREFIX}{resource.path.replace('{name}', quote(example.name))}{query}"
            asked = Asked(resource.method, url, example.body, example.before, example.status or resource.status)
            yield f"{resource.method} {resource.path} {example.says}".strip(), asked


SHOWN = dict(examples())


@pytest.fixture(scope="module")
def direct(module_bench: Bench) -> Client:
    """Speaks to gunicorn; the clock of its rig is frozen, so that two readings are one and the same."""
    server = module_bench.gunicorn(workers=2, threads=4, environment={"MOCKBREW_ADMIN_TOKEN": TOKEN}).wait_ready()
    client = module_bench.client(server)
    assert client.request("PUT", "/__admin/clock", body=b'{"rate":0}', headers=BEARER).status == 200
    return client


@pytest.fixture(scope="module")
def document(direct: Client, tmp_path_factory: pytest.TempPathFactory) -> Path:
    reply = direct.get("/__admin/openapi.json", BEARER)
    assert reply.status == 200, reply
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_bytes(reply.body)
    return path


@pytest.fixture(scope="module")
def judged(direct: Client, document: Path, module_bench: Bench) -> Client:
    """Speaks to Prism, that judges requests and replies."""
    return module_bench.client(module_bench.prism(document, "--cors=false", upstream=direct.port))


@pytest.fixture(scope="module")
def unasked(direct: Client, document: Path, module_bench: Bench) -> Client:
    """Speaks to a Prism that judges replies alone, and so passes on what the server is to refuse."""
    return module_bench.client(module_bench.prism(document, "--cors=false", "--validate-request=false", upstream=direct.port))


def assert_same(reply: Reply, expected: Reply) -> None:
    assert reply.headers[DOUBT] is None
    assert (reply.status, reply.headers["Content-Type"]) == (expected.status, expected.headers["Content-Type"]), reply
    assert reply.body == in_javascript(expected.body)


def in_javascript(body: bytes) -> bytes:
    """JSON with its numbers as JavaScript writes them."""
    return re.sub(rb"(\d)\.0(?=[,}\]])", rb"\1", body)


def test_every_command_comes_through_unchanged(judged: Client, direct: Client) -> None:
    for path in COMMANDS:
        reply = judged.get(path)

        assert_same(reply, direct.get(path))
        assert (reply.status, reply.body) == (200, in_javascript(EXAMPLES[path]))


@pytest.mark.parametrize("state", ["start", "stop"])
def test_every_reading_comes_through_unchanged(judged: Client, direct: Client, state: str) -> None:
    for command in COMMANDS:
        assert not command.startswith(f"/{state}") or direct.get(command).status == 200

    for path in READINGS:
        reply = judged.get(path)

        assert_same(reply, direct.get(path))
        assert reply.status == 200


def test_so_do_the_other_methods(judged: Client, direct: Client) -> None:
    for path in EXAMPLES:
        assert_same(judged.request("OPTIONS", path), direct.request("OPTIONS", path))
        assert path in READINGS or judged.request("POST", path).body == in_javascript(EXAMPLES[path])


@pytest.mark.parametrize("path", REFUSED)
def test_what_the_server_refuses_is_refused_as_documented(unasked: Client, direct: Client, path: str) -> None:
    reply = unasked.get(path)

    assert_same(reply, direct.get(path))
    assert reply.status == 400


@pytest.mark.parametrize("shown", SHOWN)
def test_every_resource_answers_as_documented(judged: Client, direct: Client, shown: str) -> None:
    asked, rig = SHOWN[shown], f"example-{list(SHOWN).index(shown)}"
    ask(direct, "PUT", "clock", {"rate": 0}, rig)
    for step in asked.before:
        assert ask(direct, *step, rig).status < 300

    reply = ask(judged, asked.method, asked.url, asked.body, rig)

    assert (reply.status, reply.headers[DOUBT]) == (asked.status, None), reply


def ask(client: Client, method: str, path: str, body: Mapping[str, Any], rig: str) -> Reply:
    """A step of an example. The header says the rig, unless the path does."""
    headers = {**BEARER, "Content-Type": "application/json"} | ({} if path.startswith("/rigs/") else {"X-Mockbrew-Rig": rig})
    url = path if path.startswith("/") else f"{PREFIX}{path}"
    client.close()  # Prism lets go of a connection that was idle for 5 s, perhaps just as it is asked again
    return client.request(method, url, body=json.dumps(body).encode() if body else None, headers=headers)


def test_a_reply_that_is_not_as_documented_is_found(document: Path, module_bench: Bench, tmp_path: Path) -> None:
    other = tmp_path / "spec.toml"
    other.write_text(REFERENCE.read_text().replace('State = "{state}"', 'Etat = "{state}"'))
    server = module_bench.gunicorn(workers=1, spec=other, store=f"sqlite:///{tmp_path}/other.db").wait_ready()
    assert module_bench.client(server).get("/getA.py").body == b'{"Sensor":"VanneA","Etat":0}'

    reply = module_bench.client(module_bench.prism(document, upstream=server.port)).get("/getA.py")

    assert reply.status == 500
    assert [each["message"] for each in reply.json()["validation"]] == [
        "Response body must have required property 'State'",
        "Response body must NOT have additional properties; found 'Etat'",
    ]
