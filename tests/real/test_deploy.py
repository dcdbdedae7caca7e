"""The settings that operators run with: gunicorn.conf.py and deploy/nginx.conf, in the real programs."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.real.bench import Bench
from tests.real.servers import FOREIGN, ROOT
from tests.real.waiting import wait_until

ECHO = "tests.real.echo:app"


# -- gunicorn.conf.py ----------------------------------------------------------------------------------------------


def settings_of_gunicorn(*options: str, **environment: str) -> dict[str, str]:
    """What plain `gunicorn` from the root of the repository would run with."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    command = [sys.executable, "-m", "gunicorn", "--print-config", *options, ECHO]
    printed = subprocess.run(command, cwd=ROOT, env={**own, **environment}, capture_output=True, text=True, check=True).stdout
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in printed.splitlines())}


def test_gunicorn_finds_its_settings_by_itself() -> None:
    settings = settings_of_gunicorn()

    assert settings["bind"] == "['127.0.0.1:8890']"
    assert settings["workers"] == "2"
    assert settings["control_socket_disable"] == "True"


@pytest.mark.parametrize(
    ("options", "environment", "workers"),
    [
        ([], {"WEB_CONCURRENCY": "5"}, "5"),
        (["--workers", "3"], {"WEB_CONCURRENCY": "5"}, "3"),
        ([], {"GUNICORN_CMD_ARGS": "--workers 7"}, "7"),
    ],
)
def test_the_operator_has_the_last_word_on_the_workers(options: list[str], environment: dict[str, str], workers: str) -> None:
    assert settings_of_gunicorn(*options, **environment)["workers"] == workers


def test_gunicorn_believes_no_header_about_who_calls(bench: Bench) -> None:
    client = bench.client(bench.gunicorn(app=ECHO).wait_ready())

    environ = client.get("/getA.py", {"X-Forwarded-Proto": "https", "PATH_INFO": "/startA.py", "SCRIPT_NAME": "/x"}).json()

    assert (environ["wsgi.url_scheme"], environ["SCRIPT_NAME"], environ["PATH_INFO"]) == ("http", "", "/getA.py")


@pytest.mark.parametrize("threads", [1, 8])
@pytest.mark.parametrize("options", [[], ["--preload"]])
def test_a_killed_worker_is_replaced(bench: Bench, threads: int, options: list[str]) -> None:
    server = bench.gunicorn(app=ECHO, threads=threads, options=options).wait_ready()
    before = wait_until(lambda: len(server.children()) == 2 and server.children(), within=10, what="two workers")

    os.kill(before[0], signal.SIGKILL)

    after = wait_until(lambda: len(new := server.children()) == 2 and before[0] not in new and new, within=10, what="a new worker")
    assert before[1] in after
    assert bench.client(server).get("/getA.py").status == 200


# -- deploy/nginx.conf ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("threads", [1, 8])
def test_the_url_goes_through_nginx_as_it_came(bench: Bench, threads: int) -> None:
    client = bench.client(bench.nginx(bench.gunicorn(app=ECHO, threads=threads).wait_ready().port).wait_ready())

    environ = client.get("/rigs//team%2Da/../getA.py?a=%20b").json()

    assert environ["RAW_URI"] == "/rigs//team%2Da/../getA.py?a=%20b"


def test_nginx_says_who_called_whatever_the_caller_claims(bench: Bench) -> None:
    nginx = bench.nginx(bench.gunicorn(app=ECHO).wait_ready().port).wait_ready()
    claims = [
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "X-Forwarded-Host",
        "X-Forwarded-Port",
        "X-Forwarded-Prefix",
        "Forwarded",
        "X-Real-IP",
    ]

    environ = bench.client(nginx).get("/getA.py", dict.fromkeys(claims, "claimed")).json()

    assert {name: value for name, value in environ.items() if "FORWARDED" in name} == {
        "HTTP_X_FORWARDED_FOR": "127.0.0.1",
        "HTTP_X_FORWARDED_PROTO": "http",
        "HTTP_X_FORWARDED_HOST": f"127.0.0.1:{nginx.port}",
        "HTTP_X_FORWARDED_PORT": str(nginx.port),
    }
    assert environ["HTTP_HOST"] == f"127.0.0.1:{nginx.port}"
    assert "claimed" not in environ.values()


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A server made of a bare socket."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        yield server


def commands_until_silence(listening: socket.socket) -> list[bytes]:
    """The lines of the requests that come, until none does for a second.

    Each connection is kept after its first request and broken after its second, as by a worker that dies with a command just
    carried out.
    """
    lines: list[bytes] = []
    while True:
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            return lines
        with connection:
            connection.settimeout(10)
            lines.append(connection.recv(65536).partition(b"\r\n")[0])
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            lines.append(connection.recv(65536).partition(b"\r\n")[0])
        listening.settimeout(1)


def test_nginx_never_sends_a_command_twice(bench: Bench, listening: socket.socket) -> None:
    client = bench.client(bench.nginx(listening.getsockname()[1]))
    with ThreadPoolExecutor() as pool:
        lines = pool.submit(commands_until_silence, listening)

        replies = [client.get("/startB1.py"), client.get("/startR1.py")]

    assert lines.result() == [b"GET /startB1.py HTTP/1.1", b"GET /startR1.py HTTP/1.1"]
    assert [reply.status for reply in replies] == [200, 502]


def test_nginx_says_in_a_problem_document_that_mockbrew_gave_no_answer(bench: Bench) -> None:
    with socket.socket() as deaf:  # holds a port and does not listen
        deaf.bind(("127.0.0.1", 0))
        reply = bench.client(bench.nginx(deaf.getsockname()[1])).get("/startR1.py")

    assert (reply.status, reply.headers["Content-Type"], reply.headers["Cache-Control"]) == (502, "application/problem+json", "no-store")
    assert reply.json() == {
        "title": "Bad Gateway",
        "status": 502,
        "detail": "mockbrew gave no answer; a command may have been carried out: look at the state before you send it again",
    }


def test_nginx_refuses_a_body_over_a_mebibyte_and_passes_nothing_on(bench: Bench, listening: socket.socket) -> None:
    client = bench.client(bench.nginx(listening.getsockname()[1]))

    reply = client.request("POST", "/startR1.py", body=b" " * (2**20 + 1))

    assert (reply.status, reply.json()["detail"]) == (413, "a body may be 1 MiB long; nothing was changed")
    listening.settimeout(0.2)
    with pytest.raises(TimeoutError):
        listening.accept()


def test_nginx_keeps_its_connection_to_a_gunicorn_with_threads(bench: Bench) -> None:
    client = bench.client(bench.nginx(bench.gunicorn(app=ECHO, threads=8).wait_ready().port).wait_ready())

    ports = {client.get("/getA.py").json()["REMOTE_PORT"] for _ in range(20)}

    assert len(ports) == 1


def test_nginx_lets_go_of_an_idle_connection_before_gunicorn_and_of_a_silent_worker_after_it() -> None:
    nginx, gunicorn = (ROOT / "deploy" / "nginx.conf").read_text(), settings_of_gunicorn()
    idle, silent = (int(re.findall(rf"\b{name} (\d+)s;", nginx)[0]) for name in ("keepalive_timeout", "proxy_read_timeout"))

    assert idle < int(gunicorn["keepalive"])
    assert silent > int(gunicorn["timeout"])
