"""A connection that is closed instead of a reply, with servers other than gunicorn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected
from typing import Any
from wsgiref.simple_server import WSGIServer, make_server

import pytest
from werkzeug.serving import BaseWSGIServer
from werkzeug.serving import make_server as make_werkzeug

from mockbrew.hangup import hang_up


def closes(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answers /reading, and nothing else."""
    if environ["PATH_INFO"] == "/reading":
        start_response("200 OK", [("Content-Length", "2")])
        return (b"20",)
    return hang_up(environ, start_response)


def of_werkzeug(app: Any) -> BaseWSGIServer:
    return make_werkzeug("127.0.0.1", 0, app, threaded=True)


def of_wsgiref(app: Any) -> WSGIServer:
    return make_server("127.0.0.1", 0, app)


@contextmanager
def serving(server: BaseWSGIServer | WSGIServer) -> Iterator[int]:
    """Its port."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def get(port: int, path: str) -> bytes:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.mark.parametrize("server", [of_werkzeug, of_wsgiref])
def test_the_client_gets_nothing_and_the_server_goes_on_without_a_word(
    server: Callable[[Any], BaseWSGIServer | WSGIServer], capfd: pytest.CaptureFixture[str]
) -> None:
    with serving(server(closes)) as port:
        with pytest.raises(RemoteDisconnected):
            get(port, "/command")

        assert get(port, "/reading") == b"20"

    assert "Traceback" not in capfd.readouterr().err


def test_a_server_that_is_not_known_to_understand_is_left_with_a_reply_that_never_ends() -> None:
    def unknown(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        return closes({**environ, "SERVER_SOFTWARE": "Other/1.0"}, start_response)

    with serving(of_werkzeug(unknown)) as port, pytest.raises(IncompleteRead):
        get(port, "/command")
