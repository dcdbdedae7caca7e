"""Who may use the control plane of real servers: `gunicorn wsgi:app`, by itself and behind a real nginx."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.real.bench import DOORS, Bench, Door
from tests.real.client import Client, Reply

TOKEN = {"MOCKBREW_ADMIN_TOKEN": "hops-and-malt"}
BEARER = {"Authorization": "Bearer hops-and-malt"}
OPEN = '{"Sensor":"VanneA","State":1}'
SHUT = '{"Sensor":"VanneA","State":0}'


def served(bench: Bench, door: Door, environment: Mapping[str, str], threads: int = 1) -> Client:
    """A client of a rig on which valve A is open."""
    client = bench.client(bench.front(bench.gunicorn(environment=environment, threads=threads).wait_ready(), door))
    assert client.get("/startA.py").body.decode() == OPEN
    return client


def reset(client: Client, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Reply:
    return client.request("POST", "/__admin/reset", headers=headers, body=body)


@pytest.mark.parametrize("door", DOORS)
def test_without_a_token_it_is_closed_although_every_caller_is_on_this_machine(bench: Bench, door: Door) -> None:
    client = served(bench, door, {})

    refusal = reset(client)

    assert (refusal.status, refusal.headers["Content-Type"]) == (403, "application/problem+json")
    assert refusal.json()["setting"] == "MOCKBREW_ADMIN_TOKEN"
    assert "set MOCKBREW_ADMIN_TOKEN at the server" in refusal.json()["detail"]
    assert client.get("/getA.py").body.decode() == OPEN
    assert [client.get(f"/__admin/{path}").status for path in ("rig", "", "health", "ready")] == [403, 403, 200, 200]


@pytest.mark.parametrize("door", DOORS)
def test_with_a_token_it_is_open_to_who_bears_it(bench: Bench, door: Door) -> None:
    client = served(bench, door, TOKEN)

    refusals = [reset(client), reset(client, {"Authorization": "Bearer hops"})]

    assert [(refusal.status, refusal.headers["WWW-Authenticate"].split(",")[0]) for refusal in refusals] == [
        (401, 'Bearer realm="mockbrew"')
    ] * 2
    assert client.get("/getA.py").body.decode() == OPEN
    assert reset(client, BEARER).status == 200
    assert client.get("/getA.py").body.decode() == SHUT


@pytest.mark.parametrize("door", DOORS)
def test_pages_of_another_site_change_nothing_even_with_the_token(bench: Bench, door: Door) -> None:
    client = served(bench, door, TOKEN)

    cross = [reset(client, {**BEARER, **said}).status for said in ({"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site"})]

    assert cross == [403, 403]
    assert client.get("/getA.py").body.decode() == OPEN
    assert reset(client, {**BEARER, "Origin": "http://127.0.0.1:5173"}).status == 200


@pytest.mark.parametrize("threads", [1, 8])
@pytest.mark.parametrize("door", DOORS)
def test_bodies_come_through_whole_and_those_that_are_none_are_refused(bench: Bench, door: Door, threads: int) -> None:
    client = served(bench, door, TOKEN, threads)
    json = {**BEARER, "Content-Type": "application/json"}

    refusals = [reset(client, json, b'{"hard": true}'), reset(client, {**BEARER, "Content-Type": "text/plain"}, b"{}")]

    assert [refusal.status for refusal in refusals] == [400, 415]
    assert refusals[0].json()["errors"] == [{"field": "hard", "message": "unknown field 'hard'; none is known"}]
    assert reset(client, {**json, "Connection": "close"}, b"x" * (2**20 + 1)).status == 413
    assert client.get("/getA.py").body.decode() == OPEN
    assert reset(client, json, b" " * (2**20 - 2) + b"{}").status == 200


def test_a_body_in_chunks_is_read(bench: Bench) -> None:
    client = served(bench, "direct", TOKEN)

    refusal = client.request("POST", "/__admin/reset", body=iter([b'{"ha', b'rd": true}']), headers=BEARER)  # type: ignore[arg-type]  # http.client sends it in chunks; its stub knows no bytes in an iterator

    assert (refusal.status, refusal.json()["errors"][0]["field"]) == (400, "hard")


def test_a_bad_token_ends_the_start_with_a_line_that_does_not_show_it(bench: Bench) -> None:
    server = bench.gunicorn(environment={"MOCKBREW_ADMIN_TOKEN": "hops and malt"})

    assert server.process.wait(30) != 0
    assert "MOCKBREW_ADMIN_TOKEN: it has characters that no bearer token can have" in server.said()
    assert "hops" not in server.said()
