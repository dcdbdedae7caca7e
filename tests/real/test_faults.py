"""Faults of transport through the real servers: what a client sees of each, directly and behind nginx, and what does not happen besides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import RemoteDisconnected
from typing import Any

import pytest

from tests.real.bench import DOORS, Bench, Door
from tests.real.client import Client, Reply
from tests.real.servers import Server
from tests.real.waiting import wait_until
from tests.real.workers import at_work

TOKEN = "for-this-test"
OFF, ON = b'{"Sensor":"VanneA","State":0}', b'{"Sensor":"VanneA","State":1}'
NO_ANSWER = "mockbrew gave no answer; a command may have been carried out: look at the state before you send it again"  # nginx's words


class Plane:
    """The control plane of a rig, by a connection of its own."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        """What it answers, which must be good."""
        fields = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        sent = b"" if body is None else json.dumps(body).encode()
        reply = self._client.request(method, f"/__admin/{path}", body=sent, headers=fields)

        assert reply.status in (200, 201), reply
        return reply.json()

    def fault(self) -> Any:
        """The only one there is."""
        (fault,) = self("GET", "faults")["faults"]
        return fault


def started(bench: Bench, **settings: Any) -> Server:
    return bench.gunicorn(environment={"MOCKBREW_ADMIN_TOKEN": TOKEN}, **settings).wait_ready()


@pytest.fixture(scope="module", params=[1, 8, None], ids=["sync", "gthread", "granian"])
def server(request: pytest.FixtureRequest, module_bench: Bench) -> Server:
    store = f"sqlite:///{module_bench.folder}/{request.param}.db"
    if request.param is None:
        return module_bench.serve(environment={"MOCKBREW_ADMIN_TOKEN": TOKEN}, store=store).wait_ready()
    return started(module_bench, threads=request.param, store=store)


@pytest.fixture(scope="module", params=DOORS)
def client(request: pytest.FixtureRequest, server: Server, module_bench: Bench) -> Client:
    door: Door = request.param
    return module_bench.client(module_bench.front(server, door))


@pytest.fixture
def plane(server: Server, module_bench: Bench) -> Iterator[Plane]:
    plane = Plane(module_bench.client(server))
    plane("DELETE", "faults")
    plane("POST", "reset")
    yield plane
    plane("DELETE", "faults")


def is_behind_nginx(client: Client, server: Server) -> bool:
    return client.port != server.port


# -- what a client sees --------------------------------------------------------------------------------------------

SEEN: dict[str, tuple[dict[str, Any], int, str, bytes | None]] = {
    "delay": ({"seconds": 0.01}, 200, "application/json", OFF),
    "status": ({"code": 502, "retry_after": 3}, 502, "application/problem+json", None),
    "status-599": ({"code": 599}, 599, "application/problem+json", b'{"title":"Unknown","status":599,"detail":"Unknown"}'),
    "empty": ({}, 200, "application/json", b""),
    "truncated": ({}, 200, "application/json", OFF[:14]),
    "invalid_json": ({}, 200, "application/json", b"{" + OFF),
    "content_type": ({}, 200, "text/html", OFF),
}


@pytest.mark.parametrize("case", SEEN)
def test_a_faulty_reply_is_the_same_directly_and_behind_nginx(client: Client, plane: Plane, case: str) -> None:
    parameters, status, content_type, body = SEEN[case]
    plane("POST", "faults", {"fault": case.partition("-")[0], **parameters, "announce": True})

    reply = client.get("/getA.py")

    assert (reply.status, reply.headers["Content-Type"], reply.headers["X-Mockbrew-Fault"]) == (status, content_type, "f1")
    assert int(reply.headers["Content-Length"]) == len(reply.body)
    assert body is None or reply.body == body
    assert reply.headers["Retry-After"] == ("3" if case == "status" else None)
    assert (plane.fault()["matched"], plane.fault()["hits"]) == (1, 1)


@pytest.mark.parametrize("url", ["/getA.py", "/startA.py"])
def test_a_closed_connection_is_one_directly_and_a_502_behind_nginx(client: Client, server: Server, plane: Plane, url: str) -> None:
    plane("POST", "faults", {"fault": "closed"})

    if is_behind_nginx(client, server):
        reply = client.get(url)
        assert (reply.status, reply.json()["detail"]) == (502, NO_ANSWER)
    else:
        with pytest.raises(RemoteDisconnected):
            client.get(url)

    assert plane.fault()["matched"] == 1


@pytest.mark.parametrize("more", [{}, {"applied": True}], ids=["not-applied", "applied"])
@pytest.mark.parametrize("sort", ["closed", "empty", "status"])
def test_a_command_is_carried_out_once_or_not_at_all(
    client: Client, server: Server, plane: Plane, sort: str, more: dict[str, bool]
) -> None:
    client.get("/getA.py")  # nginx and gthread have a kept connection then, and are tempted to send again on another
    before = plane("GET", "rig")["events"]
    plane("POST", "faults", {"fault": sort, "endpoint": "/startA.py", **more, **({"code": 500} if sort == "status" else {})})

    seen = answered(client, "/startA.py")

    assert (seen is None) == (sort == "closed" and not is_behind_nginx(client, server))
    assert plane.fault()["matched"] == 1
    assert plane("GET", "rig")["events"] - before == len(more)
    assert client.get("/getA.py").body == (ON if more else OFF)


def answered(client: Client, url: str) -> Reply | None:
    try:
        return client.get(url)
    except RemoteDisconnected:
        return None


def test_no_worker_minds_closing_connections(client: Client, server: Server, plane: Plane) -> None:
    before = wait_until(lambda: len(server.children()) == 2 and server.children(), within=10, what="two workers")
    plane("POST", "faults", {"fault": "closed"})

    for _ in range(20):
        answered(client, "/startA.py")

    assert plane.fault()["hits"] == 20
    assert server.children() == before
    assert "Traceback" not in server.said()
    assert "rror" not in server.said()


# -- delays and the others -----------------------------------------------------------------------------------------


def test_delayed_replies_do_not_stall_other_clients_of_a_server_with_threads(bench: Bench) -> None:
    server = started(bench, workers=2, threads=16)
    plane, slow, other = Plane(bench.client(server)), bench.client(server, timeout=60), bench.client(server)
    plane("POST", "faults", {"fault": "delay", "seconds": 10, "device": "A"})
    delayed = 8  # more than there are workers

    with ThreadPoolExecutor(delayed) as pool:
        waiting = [pool.submit(slow.get, "/getA.py" if number % 2 else "/startA.py") for number in range(delayed)]
        wait_until(lambda: plane.fault()["hits"] == delayed, within=30, what="all of them held back")
        reading, command = other.get("/getB.py"), other.get("/startC.py")
        none_done = not any(each.done() for each in waiting)
        server.kill()  # nobody has to wait for the end of it

    assert (reading.status, command.status) == (200, 200)
    assert none_done


# -- the same again ------------------------------------------------------------------------------------------------

URLS = ["/getA.py", "/startA.py", "/getTemp1.py", "/startPID1.py", "/getA.py", "/stopA.py", "/setCible1_65.py", "/getB1.py", "/Reset.py"]
FAULTS = [
    {"fault": "status", "code": 503, "probability": 0.2},
    {"fault": "empty", "probability": 0.3, "device": "A", "applied": True},
    {"fault": "truncated", "probability": 0.3, "count": 9},
    {"fault": "closed", "probability": 0.1, "seed": 5},
    {"fault": "delay", "low": 0, "high": 0.002, "probability": 0.4},
    {"fault": "ignores", "device": "A", "every": 2, "probability": 0.5},
    {"fault": "noise", "device": "Temp1", "deviation": 3, "probability": 0.4},
    {"fault": "stuck_on", "device": "B1", "from": 250, "until": 400.5},
]


def faulty_run(bench: Bench, workers: int, name: str) -> tuple[list[Any], list[Any]]:
    """What the journal says of a run of requests one after the other, and how far the faults got; without what the wall clock showed.

    Virtual time stands still, but for jumps.
    """
    file = bench.folder / f"{name}.db"
    server = started(bench, workers=workers, store=f"sqlite:///{file}")
    client, plane = bench.client(server), Plane(bench.client(server))
    plane("PUT", "clock", {"rate": 0, "time": 100})
    plane("POST", "faults", {"faults": FAULTS})
    for _ in range(20):
        for url in URLS:
            answered(client, url)
        plane("POST", "clock/advance", {"seconds": 33.3})
    faults = plane("GET", "faults")["faults"]
    said = plane("GET", "journal?after=1&limit=1000")["entries"]  # what was done before time stood still has a time of its own
    assert len(at_work(server, file)) > workers // 2  # so that it matters how many there are
    server.stop()
    return [{key: value for key, value in each.items() if key != "wall"} for each in said], faults


def test_a_seeded_run_has_the_same_journal_twice_on_one_worker_and_on_four(bench: Bench) -> None:
    alone, counted = faulty_run(bench, 1, "alone")

    assert len([each for each in alone if "fault" in each]) > 60
    assert {each["hits"] > 0 for each in counted if each["probability"] < 1} == {True}
    assert faulty_run(bench, 1, "again") == (alone, counted)
    assert faulty_run(bench, 4, "four") == (alone, counted)
