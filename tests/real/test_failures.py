"""A store that can't be used, and a kind with a bug, under real workers: told plainly, nothing lost, and it goes on when it can."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle, islice

import pytest

from mockbrew.settings import REFERENCE
from tests.real.bench import Bench
from tests.real.client import Client, Reply
from tests.real.servers import Server
from tests.stores.disks import no_room, read_only, small_disk

ON, OFF = (b'{"Sensor":"VanneA","State":%d}' % state for state in (1, 0))
REQUESTS = 6  # enough to meet every worker
WORKERS = 2


def assert_refused(client: Client, path: str, *words: str) -> None:
    """By every worker, in a problem document that has these words."""
    for _ in range(REQUESTS):
        reply = client.get(path)
        assert (reply.status, reply.headers["Content-Type"], reply.headers["Cache-Control"]) == (
            503,
            "application/problem+json",
            "no-store",
        )
        detail = reply.json()["detail"]
        assert all(word in detail for word in (*words, "nothing was changed")), detail


def assert_serves(client: Client, path: str, body: bytes) -> None:
    for _ in range(REQUESTS):
        assert client.get(path).body == body


def stopped(bench: Bench, store: str | None = None) -> None:
    """A store that a server has used: A is open."""
    server = bench.gunicorn(workers=WORKERS, store=store).wait_ready()
    assert bench.client(server).get("/startA.py").body == ON
    assert server.stop() == 0


def at_its_start(content: bytes) -> bytes:
    return b"overwritten by a bug of somebody" + content[32:]


def in_its_middle(content: bytes) -> bytes:
    """All pages but the first."""
    return content[:4096] + b"\xff" * (len(content) - 4096)


@pytest.mark.parametrize("damage", [at_its_start, in_its_middle])
def test_a_damaged_store_is_told_and_left_alone_and_a_copy_put_back_serves_again(bench: Bench, damage: Callable[[bytes], bytes]) -> None:
    stopped(bench)
    sound = bench.file.read_bytes()
    damaged = damage(sound)
    bench.file.write_bytes(damaged)

    client = bench.client(bench.gunicorn(workers=WORKERS).wait_ready())

    assert_refused(client, "/stopA.py", str(bench.file), "damaged", "put a copy back")
    assert_refused(client, "/getA.py", str(bench.file), "damaged")
    assert bench.file.read_bytes() == damaged
    bench.file.write_bytes(sound)
    assert_serves(client, "/getA.py", ON)


def test_a_store_that_can_only_be_read_refuses_commands_and_serves_again_when_it_can_be_written(bench: Bench) -> None:
    folder = bench.folder / "store"
    folder.mkdir()
    file = folder / "rigs.db"
    stopped(bench, f"sqlite:///{file}")
    before = file.read_bytes()

    with read_only(folder):
        client = bench.client(bench.gunicorn(workers=WORKERS, store=f"sqlite:///{file}").wait_ready())
        assert_refused(client, "/stopA.py", str(file), "give this user the right to")
        assert file.read_bytes() == before

    assert_serves(client, "/getA.py", ON)
    assert_serves(client, "/stopA.py", OFF)


def test_a_full_disk_refuses_commands_and_serves_again_after_room_is_made(bench: Bench) -> None:
    disk = bench.folder / "disk"
    with small_disk(disk):
        server = bench.gunicorn(workers=WORKERS, store=f"sqlite:///{disk / 'rigs.db'}").wait_ready()
        client = bench.client(server)
        assert_serves(client, "/startA.py", ON)
        before = (disk / "rigs.db").read_bytes()

        with no_room(disk):
            assert first_refusal(client).status == 503
            last = client.get("/getA.py").body
            assert_refused(client, "/startB.py", "has no room left on its disk", "make room and ask again")
            assert_serves(client, "/getA.py", last)
            assert client.get("/getB.py").json()["State"] == 0
            assert (disk / "rigs.db").read_bytes() == before

        assert_serves(client, "/startB.py", b'{"Sensor":"VanneB","State":1}')
        assert_serves(client, "/getA.py", last)
        assert server.stop() == 0


def first_refusal(client: Client) -> Reply:
    """Commands until one does not fit: a log that was longer before has room for some."""
    replies = (client.get(path) for path in islice(cycle(["/startA.py", "/stopA.py"]), 1_000))
    return next(reply for reply in replies if reply.status != 200)


@pytest.fixture
def buggy(bench: Bench) -> Server:
    spec = bench.folder / "spec.toml"
    spec.write_text(
        REFERENCE.read_text().replace("\n[devices]\n", '\n[devices]\nX = { kind = "buggy", interface = "switch", sensor = "X" }\n')
    )
    return bench.gunicorn(app="tests.real.buggy:app_from_environment()", workers=WORKERS, spec=spec).wait_ready()


@pytest.mark.parametrize(("path", "error"), [("/startX.py", "ZeroDivisionError"), ("/stopX.py", "AttributeError")])
def test_a_bug_is_a_plain_500_and_a_traceback_in_the_log_and_changes_nothing(bench: Bench, buggy: Server, path: str, error: str) -> None:
    client = bench.client(buggy)
    assert_serves(client, "/getX.py", b'{"Sensor":"X","State":0}')

    for _ in range(REQUESTS):
        reply = client.get(path)

        assert (reply.status, reply.headers["Content-Type"]) == (500, "application/problem+json")
        assert reply.json() == {
            "title": "Internal Server Error",
            "status": 500,
            "detail": "a bug in mockbrew or in a kind: its traceback is in the server's log",
        }
    assert_serves(client, "/getX.py", b'{"Sensor":"X","State":0}')
    assert_serves(client, "/startA.py", ON)
    assert f"bug while answering GET {path}" in buggy.said()
    assert buggy.said().count("Traceback (most recent call last)") == REQUESTS
    assert error in buggy.said()
