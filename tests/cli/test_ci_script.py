"""`ci.sh`, the script of a CI job that the document of the test bench shows, against a real server."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cli.serving import Serving, variables
from tests.documents import sections
from tests.real.client import Client


class Job(NamedTuple):
    """What a job that ran `ci.sh` said, and its exit code."""

    code: int
    said: str


Run = Callable[[str], Job]


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The French document has the same one (tests/test_documents.py)."""
    (text,) = [text for section in sections("docs/bench.md") for text in section.of("sh")]
    path = tmp_path / "ci.sh"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def client(serving: Callable[..., Serving]) -> Iterator[Client]:
    with closing(serving("--store", "memory://").announced()) as client:
        yield client


@pytest.fixture
def job(script: Path, client: Client, require_program: Callable[[str], str]) -> Run:
    """`job(SUITE)` runs a shell script as the suite of a job."""
    require_program("curl")
    environment = {**variables(), "SERVER": f"http://127.0.0.1:{client.port}", "CI_JOB_ID": "4711"}

    def run(suite: str) -> Job:
        command = ["sh", str(script), "sh", "-euc", suite]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        return Job(done.returncode, done.stdout + done.stderr)

    return run


def rigs(client: Client) -> list[str]:
    return [rig["rig"] for rig in client.get("/__admin/rigs").json()["rigs"]]


def test_a_job_whose_suite_does_nothing_wrong_succeeds_and_leaves_no_rig(job: Run, client: Client) -> None:
    done = job("curl -sS $RIG/startB.py; curl -sS $RIG/getTemp1.py")

    assert done.code == 0, done.said
    assert '"rig":"ci-4711","time":0.0,"rate":0' in done.said
    assert '"VanneB","State":1' in done.said
    assert "ci-4711" not in rigs(client)


@pytest.mark.parametrize(
    ("suite", "said"),
    [
        ("exit 3", '"passed":true'),
        ("curl -sS $RIG/startAA.py", '"passed":false'),
        (
            "curl -sS $RIG/startB2.py; curl -sS $RIG/__admin/clock/advance -H 'Content-Type: application/json' -d '{\"seconds\": 10800}'",
            '"rule":"dry-fire-kettle"',
        ),
    ],
)
def test_a_job_fails_with_its_suite_or_for_what_was_refused_or_dangerous(job: Run, client: Client, suite: str, said: str) -> None:
    done = job(suite)

    assert done.code == 1
    assert said in done.said
    assert "ci-4711" not in rigs(client)


def test_a_job_does_not_see_what_one_that_crashed_has_left(job: Run, client: Client) -> None:
    client.get("/rigs/ci-4711/startB.py")

    done = job("curl -sS $RIG/getB.py")

    assert done.code == 0, done.said
    assert '"VanneB","State":0' in done.said
