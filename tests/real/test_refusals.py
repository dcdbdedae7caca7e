"""Servers that are set up in a way that can't work say so plainly, and do not pretend."""

from __future__ import annotations

from pathlib import Path

import pytest

from mockbrew.gunicorn_conf import GOES_ON
from mockbrew.settings import REFERENCE
from tests.real.bench import Bench

BROKEN = """
spec = "1.0"

[rig]
title = "Broken"
ambient = 20.0
boiling_point = 100.0

[interfaces.switch]
get = { url = "/get{id}.py", reply = { State = "{state}" } }

[devices]
A = { kind = "vlave", interface = "switch" }
B = { kind = "valve", interface = "swich" }
"""

OWN = """from words import WORD
def app(environ, start_response):
    start_response("200 OK", [("Content-Length", str(len(WORD)))])
    return [WORD]
"""

PLACES = (
    "spec.toml:13:14: devices.A.kind: unknown kind 'vlave'",
    "spec.toml:14:35: devices.B.interface: unknown interface 'swich'",
)


@pytest.fixture
def broken(bench: Bench) -> Path:
    spec = bench.folder / "spec.toml"
    spec.write_text(BROKEN)
    return spec


@pytest.mark.parametrize("options", [[], ["--preload"]], ids=["plain", "preload"])
def test_a_broken_spec_ends_gunicorn_with_all_its_mistakes_and_no_traceback(bench: Bench, broken: Path, options: list[str]) -> None:
    server = bench.gunicorn(workers=4, spec=broken, options=options)

    assert server.process.wait(30) == 3
    said = server.said()
    assert [said.count(place) for place in PLACES] == [1, 1]
    assert "Traceback" not in said
    assert not bench.file.exists()


@pytest.mark.parametrize(
    ("store", "said"),
    [
        ("mysql://root@here/rigs", "unknown scheme 'mysql'; known: memory://, sqlite:///name.db"),
        ("rigs.db", "store 'rigs.db': has no scheme"),
    ],
)
def test_a_store_that_can_t_be_ends_gunicorn(bench: Bench, store: str, said: str) -> None:
    server = bench.gunicorn(workers=4, store=store)

    assert server.process.wait(30) == 3
    assert server.said().count(said) == 1
    assert "Traceback" not in server.said()


def test_gunicorn_ends_also_where_nobody_tries_the_spec_before_its_workers(bench: Bench, broken: Path) -> None:
    """As with `--config` of an operator's own: each worker tells it then, and gunicorn may add a traceback of its own."""
    own = bench.folder / "own.py"
    own.write_text("")

    server = bench.gunicorn(workers=4, spec=broken, options=["--config", str(own)])

    assert server.process.wait(30) != 0
    assert PLACES[0] in server.said()
    assert "/mockbrew/app.py" not in server.said()  # no traceback of ours
    assert not server.children()


@pytest.mark.parametrize("path", ["/startA.py", "/getA.py", "/Reset.py"])
def test_memory_under_several_workers_is_refused_and_no_lie(bench: Bench, path: str) -> None:
    server = bench.gunicorn(workers=2, store="memory://").wait_ready()

    replies = [bench.client(server).get(path) for _ in range(8)]

    assert {(reply.status, reply.headers["Content-Type"]) for reply in replies} == {(503, "application/problem+json")}
    assert {reply.json()["detail"] for reply in replies} == {
        "memory:// keeps the state in one process, and this server has several; use sqlite:///PATH or one worker"
    }


def test_memory_serves_one_worker_with_threads(bench: Bench) -> None:
    client = bench.client(bench.gunicorn(workers=1, threads=4, store="memory://").wait_ready())

    assert client.get("/startA.py").body == client.get("/getA.py").body == b'{"Sensor":"VanneA","State":1}'


def test_a_reload_with_a_broken_spec_goes_on_with_what_was_served(bench: Bench) -> None:
    spec = bench.folder / "spec.toml"
    spec.write_bytes(REFERENCE.read_bytes())
    server = bench.gunicorn(workers=2, spec=spec).wait_ready()
    assert bench.client(server).get("/startA.py").status == 200

    spec.write_text(BROKEN)
    server.reload()

    said = server.said()
    assert [said.count(place) for place in PLACES] == [1, 1]
    assert said.count(f"\n{GOES_ON}\n") == 1
    assert "Traceback" not in said
    assert bench.client(server).get("/getA.py").body == b'{"Sensor":"VanneA","State":1}'


def test_a_spec_that_was_mended_is_served_after_the_next_reload(bench: Bench) -> None:
    spec = bench.folder / "spec.toml"
    spec.write_text(BROKEN.replace("vlave", "valve").replace('interface = "swich"', 'interface = "switch"'))
    server = bench.gunicorn(workers=2, spec=spec).wait_ready()
    spec.write_text(BROKEN)
    server.reload()
    assert bench.client(server).get("/getC.py").status == 404

    mended = BROKEN.replace("vlave", "valve").replace('"swich"', '"switch"')
    spec.write_text(f'{mended}C = {{ kind = "valve", interface = "switch" }}\n')
    server.reload()

    assert bench.client(server).get("/getC.py").body == b'{"State":0}'


def test_a_reload_takes_new_code(bench: Bench) -> None:
    """As that of a kind that somebody is writing."""
    words = bench.folder / "words.py"
    words.write_text('WORD = b"before"\n')
    (bench.folder / "own.py").write_text(OWN)
    server = bench.gunicorn(app="own:app", workers=2, options=["--pythonpath", str(bench.folder)]).wait_ready()
    assert bench.client(server).get("/").body == b"before"

    words.write_text('WORD = b"afterwards"\n')
    server.reload()

    assert bench.client(server).get("/").body == b"afterwards"


def test_a_reload_of_code_that_fails_goes_on_with_the_code_before(bench: Bench) -> None:
    words = bench.folder / "words.py"
    words.write_text('WORD = b"before"\n')
    (bench.folder / "own.py").write_text(OWN)
    server = bench.gunicorn(app="own:app", workers=2, options=["--pythonpath", str(bench.folder)]).wait_ready()

    words.write_text("WORD = 1 / 0\n")
    server.reload()

    assert "ZeroDivisionError" in server.said()
    assert bench.client(server).get("/").body == b"before"
