"""The load generator: what it tells, and what it refuses."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench import wrk
from bench.measures import PER_SECOND, Found, Measure
from bench.options import Options
from bench.results import Part
from bench.run import filled

URL = "http://127.0.0.1:1/getA.py"
TIMES = '"duration": 2000000, "p50": 1500, "p99": 4000, "most": 9000'  # us
TOLD = f'{{"requests": 500, {TIMES}, "status": 0, "broken": 0, "late": 0, "each": [300, 200]}}'


class Broken(BaseHTTPRequestHandler):
    """Always 503."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as it is called in the base
        """Nothing."""


@contextmanager
def broken() -> Iterator[int]:
    """The port of a server that is."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Broken) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_what_wrk_tells_is_read_in_ms_and_requests_a_second() -> None:
    assert wrk.read(URL, f"Running\n{TOLD}\n") == wrk.Load(500, 250.0, 1.5, 4.0, 9.0, (300, 200))


@pytest.mark.parametrize(
    ("fault", "told", "says"),
    [
        ('"status": 0', '"status": 3', "3 replies with an error's status among 500 requests"),
        ('"broken": 0', '"broken": 2', "2 broken connections among 500 requests"),
        ('"late": 0', '"late": 1', "1 replies that came too late among 500 requests"),
        ('"requests": 500', '"requests": 0', "no reply at all among 0 requests"),
    ],
)
def test_a_load_with_faults_is_none(fault: str, told: str, says: str) -> None:
    with pytest.raises(wrk.Broken) as caught:
        wrk.read(URL, TOLD.replace(fault, told))

    assert str(caught.value) == f"{URL}: {says}; only a server that answers each request with a 2xx is measured"


def test_a_server_that_nobody_reaches_is_told_with_the_words_of_wrk() -> None:
    with pytest.raises(wrk.Broken) as caught:
        wrk.read(URL, "", "unable to connect to 127.0.0.1:1 Connection refused\n")

    says = f"{URL}: wrk could not ask: 'unable to connect to 127.0.0.1:1 Connection refused'; only a server that answers each request"
    assert str(caught.value) == f"{says} with a 2xx is measured"


@pytest.mark.usefixtures("wrk")
def test_a_server_that_answers_503_gets_no_figure_and_the_part_says_why(options: Options) -> None:
    def measure() -> Found:
        yield Measure("a table", "a row before", "a column", PER_SECOND, [1.0])
        with broken() as port:
            yield Measure("a table", "of a broken server", "a column", PER_SECOND, [wrk.load(port, ["/getA.py"], options.seconds).rate])

    part = filled(Part("servers", "a part"), measure(), lambda line: None)

    assert [measure.row for measure in part.measures] == ["a row before"]
    assert part.refused is not None
    assert "replies with an error's status among" in part.refused
