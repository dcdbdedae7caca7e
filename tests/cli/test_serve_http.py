"""HTTP as `mockbrew serve` takes it, by either of its servers: what the application can't decide itself."""

from __future__ import annotations

import json
import re
import signal
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import RemoteDisconnected

import pytest

from tests.cli.serving import By, Serving
from tests.real.client import Client
from tests.real.waiting import wait_until

Start = Callable[..., Serving]
OFF, ON = b'{"Sensor":"VanneA","State":0}', b'{"Sensor":"VanneA","State":1}'


@pytest.fixture
def client(serving: Start) -> Iterator[Client]:
    with closing(serving("--store", "memory://").announced()) as client:
        yield client


def raw(client: Client, sent: bytes) -> bytes:
    """All that the server answers to these bytes; nothing, where it resets the connection, as it may with some of them unread."""
    with socket.create_connection(("127.0.0.1", client.port), timeout=20) as connection:
        try:
            connection.sendall(sent)
            return b"".join(iter(lambda: connection.recv(65536), b""))
        except ConnectionError:
            return b""


def fault(client: Client, **parameters: object) -> None:
    body = json.dumps(parameters).encode()
    assert client.request("POST", "/__admin/faults", body=body, headers={"Content-Type": "application/json"}).status == 201


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_closed_connection_is_no_byte_of_a_reply(serving: Start, method: str) -> None:
    server = serving("--store", "memory://")
    with closing(server.announced()) as client:
        fault(client, fault="closed")
        path = "/startA.py" if method == "POST" else "/getA.py"

        for _ in range(3):
            with pytest.raises(RemoteDisconnected):
                client.request(method, path)
        assert client.request("DELETE", "/__admin/faults").status == 200

        assert client.get("/getA.py").body == OFF
    assert server.complained() == ""


def test_a_reply_before_a_closed_connection_comes_whole(client: Client) -> None:
    fault(client, fault="closed", device="A")

    answer = raw(client, b"GET /getB.py HTTP/1.1\r\nHost: x\r\n\r\nHEAD /getA.py HTTP/1.1\r\nHost: x\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b'{"Sensor":"VanneB","State":0}')


@pytest.mark.parametrize(
    "framing",
    [b"Content-Length: 2\r\n\r\n{}", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"],
    ids=["with its length", "in chunks"],
)
def test_a_body_is_read_however_it_is_sent(client: Client, framing: bytes) -> None:
    head = b"POST /__admin/clock/advance HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n"

    answer = raw(client, head + framing)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"seconds" in answer  # it was read, and lacks something


def test_requests_that_are_sent_ahead_are_answered_in_turn(client: Client) -> None:
    paths = (b"/startA.py", b"/getA.py", b"/stopA.py", b"/getA.py")
    sent = b"".join(b"GET %s HTTP/1.1\r\nHost: x\r\n\r\n" % path for path in paths)

    answer = raw(client, sent + b"GET /getB.py HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert re.findall(rb'"State":(\d)', answer) == [b"1", b"1", b"0", b"0", b"0"]


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /startA.py?%s HTTP/1.1\r\nHost: x\r\n\r\n" % (b"x" * 100_000),
        b"GET /startA.py HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n" % (b"x" * 1_000_000),
        b"GET /startA.py HTTP/1.1\r\nHost: x\r\n%s\r\n" % b"".join(b"X-%d: x\r\n" % number for number in range(200)),
    ],
    ids=["line", "header", "headers"],
)
def test_what_is_too_long_is_refused_and_commands_nothing(client: Client, sent: bytes) -> None:
    answer = raw(client, sent)

    assert re.match(rb"HTTP/1.1 (400|414|431) |$", answer)
    assert client.get("/getA.py").body == OFF


@pytest.mark.parametrize("by", ["granian"], indirect=True)  # gunicorn closes the connection
def test_a_body_that_nobody_wants_and_that_comes_late_does_not_cost_the_connection(client: Client) -> None:
    with closing(socket.create_connection(("127.0.0.1", client.port), timeout=10)) as connection:
        connection.sendall(b"POST /startA.py HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        wait_until(lambda: client.get("/getA.py").body == ON, within=10, what="the command")
        connection.sendall(b"x" * 100_000)
        connection.sendall(b"GET /stopA.py HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert client.get("/getA.py").body == OFF


def test_only_gunicorn_answers_a_client_that_closes_its_side_before_it_has_the_reply(client: Client, by: By) -> None:
    fault(client, fault="delay", seconds=0.5, device="A")

    with closing(socket.create_connection(("127.0.0.1", client.port), timeout=20)) as connection:
        connection.sendall(b"GET /getA.py HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert answer[-len(OFF) :] == (OFF if by == "gunicorn" else b"")


def test_what_the_environment_says_is_no_header_of_a_request(serving: Start) -> None:
    server = serving("--store", "memory://", MOCKBREW_ADMIN_TOKEN="hops-and-malt", HTTP_AUTHORIZATION="Bearer hops-and-malt")

    with closing(server.announced()) as client:
        assert client.request("POST", "/__admin/reset").status == 401


@pytest.mark.parametrize("by", ["granian"], indirect=True)  # each would hold a thread of gunicorn for seconds
def test_more_idle_connections_than_threads_keep_nobody_waiting(serving: Start) -> None:
    server = serving("--workers", "1", "--threads", "2")

    with closing(server.announced()) as client, ExitStack() as idle:
        for _ in range(8):
            idle.enter_context(socket.create_connection(("127.0.0.1", client.port)))

        assert client.get("/getA.py").status == 200


def test_a_request_that_is_being_answered_is_answered_before_it_ends(serving: Start) -> None:
    server = serving("--workers", "1")
    with closing(server.announced()) as client, ThreadPoolExecutor(1) as pool:
        server.workers(1)
        fault(client, fault="delay", seconds=2, device="A")
        reply = pool.submit(client.get, "/startA.py")
        wait_until(lambda: client.get("/__admin/faults").json()["faults"][0]["hits"] == 1, within=20, what="its delay")

        server.process.send_signal(signal.SIGTERM)

        assert reply.result(20).body == ON
    assert server.process.wait(20) == 0
    assert server.complained() == ""
