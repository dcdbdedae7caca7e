"""The pytest plugin against a real gunicorn with a token, which several processes of xdist share."""

from __future__ import annotations

import pytest

from mockbrew.client import Server
from tests.plugin.conftest import LEAN
from tests.real.bench import Bench

pytest_plugins = ("pytester",)

TOKEN = "malt-and-hops"
TESTS = """
import pytest

@pytest.mark.parametrize("number", range(8))
def test_it(mockbrew, number):
    mockbrew.get(f"/setCible1_{number}.py")
    mockbrew.get("/startB1.py")
    mockbrew.clock.advance(60 * number)
    assert mockbrew.clock.time == 60 * number
    assert mockbrew.get("/getCible1.py").json()["Cible"] == number
    assert [entry.arguments["setpoint"] for entry in mockbrew.entries("verb == 'set_setpoint'")] == [number]

def test_dangerous(mockbrew):
    mockbrew.set_state(vessels={"Ebu": {"volume": 3}})
    mockbrew.get("/startB2.py")
    mockbrew.get("/getTemp9.py")
"""


def test_processes_share_a_server_and_no_rig(bench: Bench, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    server = bench.gunicorn(environment={"MOCKBREW_ADMIN_TOKEN": TOKEN}).wait_ready()
    monkeypatch.setenv("MOCKBREW_ADMIN_TOKEN", TOKEN)
    pytester.makepyfile(TESTS)
    url = f"http://127.0.0.1:{server.port}"

    result = pytester.runpytest_subprocess(*LEAN, "-n4", f"--mockbrew-url={url}")

    result.assert_outcomes(passed=9, errors=1)
    result.stdout.fnmatch_lines(["1 hazard and 1 unmatched request on the rig *", "*dry-fire-kettle*", "*GET /getTemp9.py *"])
    assert TOKEN not in result.stdout.str() + result.stderr.str()
    assert set(Server(url, TOKEN).rigs) <= {"default"}
