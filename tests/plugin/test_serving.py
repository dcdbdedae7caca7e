"""What the process of the tests does not suffer: threads, sockets, words, and imports that it does not need."""

from __future__ import annotations

import logging
import socket
import threading
import time
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from mockbrew.client import Server
from mockbrew.pytest_plugin.serving import served, serving
from mockbrew.settings import REFERENCE
from tests.plugin.conftest import Run

pytest_plugins = ("pytester",)

SOON = 5  # s


def test_nothing_is_left_of_a_server_not_even_where_a_client_keeps_its_connection() -> None:
    before = set(threading.enumerate())

    with served(REFERENCE) as url:
        address = _address(url)
        silent = socket.create_connection(address)  # it never asks anything
        kept = HTTPConnection(*address)
        kept.request("GET", "/getA.py")
        assert kept.getresponse().read() == b'{"Sensor":"VanneA","State":0}'
        began = time.monotonic()

    assert time.monotonic() - began < SOON
    assert set(threading.enumerate()) == before
    silent.close()
    kept.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address)


def test_a_client_that_has_gone_is_no_noise(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    with served(REFERENCE) as url:
        for said in (b"", b"GET /getA.py HT", b"GET /getA.py HTTP/1.1\r\n\r\n", b"GET http://[ HTTP/1.1\r\n\r\n"):
            with socket.create_connection(_address(url)) as gone:
                gone.sendall(said)
        assert Server(url).rig().get("/getA.py").status == 200

    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.levelno > logging.DEBUG] == []


def test_requests_are_not_logged_so_nothing_stands_in_what_is_captured_of_a_test(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), served(REFERENCE) as url:
        Server(url).rig("a").get("/getZ.py")

    assert [record for record in caplog.records if record.name.startswith(("werkzeug", "mockbrew.pytest_plugin"))] == []


def test_what_an_app_raises_is_told_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    def broken(environ: object, start_response: object) -> list[bytes]:
        raise LookupError("no such thing")

    with serving(broken) as url:
        assert Server(url).rig().get("/getA.py").status == 500

    assert "LookupError: no such thing" in caplog.text


def test_threads_and_sockets_do_not_outlive_a_run(run: Run) -> None:
    before = set(threading.enumerate())

    result = run("""
    def test_it(mockbrew):
        mockbrew.get("/getA.py")
    """)

    result.assert_outcomes(passed=1)
    assert set(threading.enumerate()) == before


def test_who_asks_for_no_rig_imports_nothing_of_the_network_nor_of_mockbrew(run_apart: Run) -> None:
    result = run_apart("""
    import sys

    def test_it():
        loaded = {name for name in sys.modules if name.partition(".")[0] in ("mockbrew", "werkzeug", "jsonschema", "tomli")}
        assert loaded == {"mockbrew", "mockbrew.pytest_plugin"}, loaded
        assert "http.client" not in sys.modules
    """)

    result.assert_outcomes(passed=1)


def test_who_has_a_server_elsewhere_loads_the_client_only(run_apart: Run) -> None:
    with served(REFERENCE) as url:
        result = run_apart(
            """
    import sys

    def test_it(mockbrew):
        assert "mockbrew.client" in sys.modules
        assert not {"mockbrew.app", "mockbrew.spec", "werkzeug", "jsonschema", "tomli"} & set(sys.modules)
    """,
            f"--mockbrew-url={url}",
        )

    result.assert_outcomes(passed=1)


def test_collecting_alone_loads_nothing_and_asks_no_server(run: Run) -> None:
    result = run("def test_it(mockbrew):\n    pass", "--collect-only", "--mockbrew-url=http://127.0.0.1:1")

    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*<Function test_it>*"])


def test_a_proxy_of_the_environment_is_not_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    run("def test_it(mockbrew):\n    assert mockbrew.get('/getA.py').status == 200").assert_outcomes(passed=1)


def test_the_plugin_is_known_to_pytest_by_its_entry_point(run_apart: Run) -> None:
    result = run_apart("", "--trace-config")

    result.stdout.fnmatch_lines(["*mockbrew *: *pytest_plugin*"])


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0
