"""What is particular to Granian behind `mockbrew serve`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from mockbrew.cli import by_granian
from mockbrew.cli.offer import HALTED
from tests.cli.serving import variables

# Workers that end by themselves before they answer, as where no thread can be started; the master is what `mockbrew serve` runs.
CAN_T_START = """
import sys
from mockbrew.cli import by_granian, main

def fail(offer):
    sys.stderr.write("no worker today\\n")
    raise SystemExit(1)

by_granian._begin = fail
main(["serve", "--port", "0", "--store", "memory://"], prog_name="mockbrew")
"""


def test_a_worker_that_can_t_start_ends_it_with_code_1_and_no_other_is_tried(tmp_path: Path) -> None:
    command = [sys.executable, "-c", CAN_T_START]
    done = subprocess.run(command, cwd=tmp_path, env=variables(), capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1
    assert done.stderr == f"no worker today\nUnexpected exit from worker-1\n{HALTED}\n"


def test_what_it_extends_is_there() -> None:
    assert by_granian.lacking() == ""


def test_a_granian_without_what_is_extended_is_not_used() -> None:
    class Newer:
        _init_shared_socket = _spawn_worker = _reload = _respawn_workers = signal_handler_reload = None

    assert by_granian.lacking(Newer) == "it has no _serve_loop any more"
    assert by_granian.lacking(holder=lambda fd: None) == "it takes sockets in another way now"


def test_an_application_is_told_whether_it_is_the_only_one() -> None:
    seen = {}

    def app(environ: dict[str, object], start_response: object) -> list[bytes]:
        seen.update(environ)
        return []

    for several in (True, False):
        by_granian._one_of(app, several=several)({"wsgi.multiprocess": None}, None)  # type: ignore[arg-type]

        assert seen["wsgi.multiprocess"] is several
