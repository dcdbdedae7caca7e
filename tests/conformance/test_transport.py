"""One request, over real sockets: what came, to the byte, and no more than that."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest

from mockbrew.conformance.server.transport import GONE, MOST, Target, Transport, target
from mockbrew.errors.contracts import BadTarget


@contextmanager
def answering(answer: bytes, *, hold: bool = False, drip: float = 0) -> Iterator[tuple[Transport, list[bytes]]]:
    """A server that answers these bytes to one connection. hold: it does not close it. drip: s between two bytes."""
    heard: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))
    done = socket.socketpair()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            heard.append(connection.recv(65536))
            if not drip:
                connection.sendall(answer)
            done[1].settimeout(drip or None)
            for byte in answer if drip else b"":
                with suppress(ConnectionError):
                    connection.send(bytes([byte]))
                with suppress(TimeoutError):
                    if not done[1].recv(1):
                        return
            if hold:
                done[1].recv(1)

    thread = Thread(target=serve)
    thread.start()
    try:
        yield Transport(target(f"http://127.0.0.1:{listener.getsockname()[1]}"), timeout=0.3 if hold or drip else 5), heard
    finally:
        done[0].close()
        thread.join()
        done[1].close()
        listener.close()


def test_a_reply_comes_to_the_byte_with_its_headers_in_lower_case() -> None:
    with answering(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"a": 1}\n') as (transport, heard):
        exchange = transport.ask("GET", "/getA.py")

    assert (exchange.status, exchange.body, exchange.failure) == (200, b'{"a": 1}\n', "")
    assert exchange.headers == {"content-type": "application/json", "content-length": "9"}
    assert heard[0].startswith(b"GET /getA.py HTTP/1.1\r\n")


def test_chunks_are_joined() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n1\r\n\n\r\n0\r\n\r\n") as (transport, _):
        assert transport.ask("GET", "/").body == b"{}\n"


def test_a_redirect_is_not_followed() -> None:
    with answering(b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.invalid/\r\nContent-Length: 0\r\n\r\n") as (transport, _):
        assert transport.ask("GET", "/").status == 302


def test_a_body_behind_head_is_seen() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as (transport, _):
        assert transport.ask("HEAD", "/").body == b"{}"


def test_no_body_behind_head_is_none_even_if_the_server_does_not_close() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", hold=True) as (transport, _):
        exchange = transport.ask("HEAD", "/")

    assert (exchange.status, exchange.body) == (200, b"")


def test_no_more_is_read_than_a_mebibyte() -> None:
    with answering(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (MOST + 1000)) as (transport, _):
        assert len(transport.ask("GET", "/").body) == MOST


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", "the body ended 18 bytes before its Content-Length"),
        (b"", "Remote end closed connection without response"),
        (b"\x00\x01\x02\r\n\r\n", "\x00\x01\x02\r\n"),
    ],
)
def test_what_fails_on_its_way_has_no_status_and_a_cause(answer: bytes, why: str) -> None:
    with answering(answer) as (transport, _):
        exchange = transport.ask("GET", "/")

    assert (exchange.status, exchange.body, exchange.failure) == (0, b"", why)


def test_a_server_that_says_nothing_is_not_waited_for() -> None:
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", hold=True) as (transport, _):
        assert transport.ask("GET", "/").failure == "no reply in time"


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100, b"HTTP/1.1 100 Continue\r\n\r\n" * 9],
)
def test_a_server_that_drips_its_reply_is_not_waited_for_either(answer: bytes) -> None:
    with answering(answer, drip=0.05) as (transport, _):
        exchange = transport.ask("GET", "/")

    assert (exchange.status, exchange.failure) == (0, "no reply in time")
    assert 0.3 <= exchange.seconds < 1


def test_where_nobody_listens_there_is_no_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    exchange = Transport(target(f"http://127.0.0.1:{port}")).ask("GET", "/")

    assert exchange.status == GONE
    assert exchange.failure.startswith(f"no connection to http://127.0.0.1:{port}: ")


@pytest.mark.parametrize("host", ["a..b", f"{'a' * 80}.example"])
def test_a_host_that_is_no_name_of_one_has_no_connection(host: str) -> None:
    exchange = Transport(target(f"http://{host}")).ask("GET", "/")

    assert (exchange.status, exchange.failure.startswith(f"no connection to http://{host}: ")) == (GONE, True)


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with answering(b"HTTP/1.1 204 No Content\r\n\r\n") as (transport, _):
        assert transport.ask("GET", "/").status == 204


@pytest.mark.parametrize(
    ("url", "meant"),
    [
        ("http://127.0.0.1:8890", Target("http", "127.0.0.1", 8890, "")),
        ("https://rig.example/rigs/a b/", Target("https", "rig.example", 443, "/rigs/a%20b")),
        ("10.0.0.7:8080/x", Target("http", "10.0.0.7", 8080, "/x")),
        ("http://[::1]:80", Target("http", "::1", 80, "")),
    ],
)
def test_a_url_names_a_server_and_a_prefix(url: str, meant: Target) -> None:
    assert target(url) == meant
    assert target(meant.url) == meant


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("ftp://rig", "'ftp://rig': unknown scheme 'ftp'"),
        ("http://", "'http://': it names no host"),
        ("http://rig:0", "'http://rig:0': nobody listens at port 0"),
        ("http://rig:99999", "'http://rig:99999': Port out of range 0-65535"),
        ("http://me:secret@rig", "'rig': it has more than a scheme, a host, a port and a path"),
    ],
)
def test_what_names_none_is_told_without_its_secrets(url: str, what: str) -> None:
    with pytest.raises(BadTarget) as caught:
        target(url)

    assert str(caught.value) == f"{what}; a server is named like http://10.0.0.7:8080, or http://127.0.0.1:8890/rigs/NAME"
