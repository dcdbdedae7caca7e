"""The contract through the real servers: all 73 URLs, and whatever else HTTP lets a client send."""

from __future__ import annotations

import re
import socket
from contextlib import closing

import pytest

from tests.real.bench import DOORS, Bench, Door
from tests.real.client import Client, Reply
from tests.real.contract import COMMANDS, EXAMPLES, READINGS

OFF = b'{"Sensor":"VanneA","State":0}'
FLOAT = rb"-?\d+\.\d+"

# What shows that nothing was commanded: A is the device that every odd request aims at.
LONG = ["/getA.py?" + "x" * 7_000, "/" + "a" * 7_000, "/setCible1_" + "7" * 7_000 + ".py"]
ODD = [
    "/start%2FA.py",
    "/%2FstartA.py",
    "//startA.py",
    "/startA.py/",
    "/./x/../startA.py",
    "/startA.py%0D%0AX-Y:%20z",
    "/%ff%fe/startA.py",
    "/START%41.PY",
    "/startA.py;x=1",
    "/startA.py%3Fx",
    "/start%C3%80.py",
    "/setCible1_%D9%A6%D9%A5.py",  # 65 in Arabic digits
    "/setCible1_6%2F5.py",
    "/setCible1_.py",
    "/setCible1_nan.py",
    "/setCible1_1e3.py",
    "/setCible1_-300.py",
    "/",
    *LONG,
]
REFUSED_AT_THE_DOOR = ["/startA.py%00", "/" + "a" * 20_000, "/startA.py?" + "x" * 100_000]  # by gunicorn or nginx, in words of their own


@pytest.fixture(scope="module", params=[*DOORS, "granian"])
def client(request: pytest.FixtureRequest, module_bench: Bench) -> Client:
    """Speaks to four workers of gunicorn, directly or through nginx, or of Granian."""
    if request.param == "granian":
        return module_bench.client(module_bench.serve(workers=4, store=f"sqlite:///{module_bench.folder}/granian.db").wait_ready())
    door: Door = request.param
    return module_bench.client(module_bench.front(module_bench.gunicorn(workers=4).wait_ready(), door))


@pytest.fixture(autouse=True)
def _fresh(client: Client) -> None:
    assert client.get("/Reset.py").status == 200


def leads_to(path: str) -> str:
    """The command after which a reading is what the document shows."""
    device = path.removeprefix("/get")
    if "Temp" in path or "Cible" in path:
        return "/Reset.py"
    return f"/start{device}" if EXAMPLES[path].endswith(b":1}") else f"/stop{device}"


def shown(path: str) -> re.Pattern[bytes]:
    """The body that the document shows; a temperature is any float."""
    example = EXAMPLES[path]
    if "Temp" in path:
        return re.compile(re.escape(example.rpartition(b":")[0]) + b":" + FLOAT + b"}")
    return re.compile(re.escape(example))


def assert_plain(reply: Reply) -> None:
    headers = reply.headers
    assert (reply.status, headers["Content-Type"], headers["Cache-Control"]) == (200, "application/json", "no-store"), reply
    assert headers["Content-Length"] == str(len(reply.body))


def raw(client: Client, request: bytes) -> bytes:
    """All that the server sends on one connection."""
    with closing(socket.create_connection(("127.0.0.1", client.port), timeout=10)) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_every_command_answers_byte_for_byte(client: Client) -> None:
    for path in COMMANDS:
        reply = client.get(path)

        assert_plain(reply)
        assert reply.body == EXAMPLES[path], path


def test_every_reading_answers_as_the_document_shows(client: Client) -> None:
    for path in READINGS:
        assert client.get(leads_to(path)).status == 200
        reply = client.get(path)

        assert_plain(reply)
        assert shown(path).fullmatch(reply.body), (path, reply.body)


def test_those_are_all_73() -> None:
    assert len(COMMANDS) + len(READINGS) == 73


def test_a_setpoint_is_an_integer_by_default_and_a_float_after_a_set(client: Client) -> None:
    assert client.get("/getCible2.py").body == b'{"Sensor":"Ebu","Cible":50}'

    client.get("/setCible2_50.py")

    assert client.get("/getCible2.py").body == b'{"Sensor":"Ebu","Cible":50.0}'


def test_head_on_a_reading_has_its_length_and_no_body(client: Client) -> None:
    answer = raw(client, b"HEAD /getA.py HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"content-length: {len(OFF)}".encode() in head.lower()
    assert body == b""


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "PATCH", "BREW"])
def test_a_command_by_another_method_is_refused_and_not_obeyed(client: Client, method: str) -> None:
    reply = client.request(method, "/startA.py")

    assert (reply.status, reply.headers["Allow"], reply.headers["Cache-Control"]) == (405, "GET, POST, OPTIONS", "no-store")
    assert client.get("/getA.py").body == OFF


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_a_reading_by_another_method_is_refused(client: Client, method: str) -> None:
    reply = client.request(method, "/getA.py", body=b"{}")

    assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert client.get("/getA.py").body == OFF


@pytest.mark.parametrize("path", COMMANDS)
def test_options_commands_nothing(client: Client, path: str) -> None:
    before = [client.get(reading).body for reading in READINGS if "Temp" not in reading]

    reply = client.request("OPTIONS", path)

    assert (reply.status, reply.headers["Allow"], reply.body) == (204, "GET, POST, OPTIONS", b"")
    assert [client.get(reading).body for reading in READINGS if "Temp" not in reading] == before


@pytest.mark.parametrize("body", [b"", b'{"on":true}', b"x" * 100_000])
def test_post_commands_as_get_does_whatever_its_body(client: Client, body: bytes) -> None:
    reply = client.request("POST", "/startA.py", body=body)

    assert_plain(reply)
    assert reply.body == client.get("/getA.py").body == EXAMPLES["/startA.py"]


@pytest.mark.parametrize("path", ODD, ids=lambda path: path[:30])
def test_an_odd_path_is_refused_and_commands_nothing(client: Client, path: str) -> None:
    reply = client.get(path)

    assert reply.status in ({200} if path in LONG[:1] else {400, 404}), reply
    assert reply.status == 200 or reply.headers["Content-Type"] == "application/problem+json"
    assert client.get("/getA.py").body == OFF
    assert client.get("/getCible1.py").body == b'{"Sensor":"HotTank","Cible":78.0}'


@pytest.mark.parametrize("path", REFUSED_AT_THE_DOOR, ids=lambda path: path[:30])
def test_a_path_that_no_server_takes_is_the_client_s_fault_and_commands_nothing(client: Client, path: str) -> None:
    reply = client.get(path)

    assert reply.status in {400, 404, 414}
    assert client.get("/getA.py").body == OFF


def test_a_percent_encoded_letter_is_that_letter(client: Client) -> None:
    assert client.get("/start%41.py").body == client.get("/get%41.py").body == EXAMPLES["/startA.py"]


@pytest.mark.parametrize("request_line", [b"GET startA.py HTTP/1.1", b"\x00\x01 /startA.py HTTP/1.1", b"GET /startA.py HTTP/9.9"])
def test_what_is_no_request_is_refused_and_commands_nothing(client: Client, request_line: bytes) -> None:
    answer = raw(client, request_line + b"\r\nHost: x\r\nConnection: close\r\n\r\n")

    assert re.match(rb"HTTP/1\.[01] (400|404|405|505) ", answer), answer  # to Granian the first is a name without a path
    assert client.get("/getA.py").body == OFF
