"""What is particular to Granian behind `mockbrew serve`."""

from __future__ import annotations

import subprocess
import sys
import threading
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


def ended(script: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A server that this starts, once it is over."""
    return subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=variables(), capture_output=True, text=True, timeout=60, check=False
    )


def test_a_worker_that_can_t_start_ends_it_with_code_1_and_no_other_is_tried(tmp_path: Path) -> None:
    done = ended(CAN_T_START, tmp_path)

    assert done.returncode == 1
    assert done.stderr == f"no worker today\nUnexpected exit from worker-1\n{HALTED}\n"


# The first worker is told to end when it has just been forked; the second has the server end.
TOLD_AT_ONCE = """
import os, signal
from pathlib import Path
from mockbrew.cli import by_granian, main

begin = by_granian._begin

def begin_and_tell(offer):
    first = not Path("first").exists()
    Path("first").touch()
    os.kill(os.getpid() if first else os.getppid(), signal.SIGTERM)
    loaded = begin(offer)
    if first:
        Path("went on").touch()
    return loaded

by_granian._begin = begin_and_tell
main(["serve", "--port", "0", "--store", "memory://"], prog_name="mockbrew")
"""


def test_a_worker_that_is_told_to_end_before_it_has_begun_ends(tmp_path: Path) -> None:
    done = ended(TOLD_AT_ONCE, tmp_path)

    assert (done.returncode, done.stderr) == (0, "Unexpected exit from worker-1\n")
    assert not (tmp_path / "went on").exists()


# The order to end comes to another thread than the one that waits for it, which is not woken: as where it comes just before that one waits.
# The second worker has the server end.
TOLD_UNHEARD = """
import os, signal, threading
from http.client import HTTPConnection
from pathlib import Path
from mockbrew.cli import by_granian, main

begin = by_granian._begin

def tell(port):
    client = HTTPConnection("127.0.0.1", port)
    client.request("GET", "/getA.py")
    client.getresponse()
    client.close()
    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

def begin_and_tell(offer):
    loaded = begin(offer)
    if Path("first").exists():
        os.kill(os.getppid(), signal.SIGTERM)
    else:
        threading.Thread(target=tell, args=offer.listeners[0].getsockname()[1:]).start()
    Path("first").touch()
    return loaded

by_granian._begin = begin_and_tell
main(["serve", "--port", "0", "--store", "memory://"], prog_name="mockbrew")
"""


def test_a_worker_that_is_told_to_end_just_before_it_waits_for_that_ends(tmp_path: Path) -> None:
    done = ended(TOLD_UNHEARD, tmp_path)

    assert (done.returncode, done.stderr) == (0, "Unexpected exit from worker-1\n")


# Something breaks in the master itself, once it is told to load again.
BREAKS = """
import os, signal
from mockbrew.cli import by_granian, loading, main

begin = by_granian._begin

def begin_and_tell(offer):
    os.kill(os.getppid(), signal.SIGHUP)
    return begin(offer)

def fail(loaded):
    raise MemoryError

by_granian._begin, loading.Loaded.again = begin_and_tell, fail
main(["serve", "--port", "0", "--store", "memory://"], prog_name="mockbrew")
"""


def test_a_master_that_breaks_ends_with_its_workers(tmp_path: Path) -> None:
    done = ended(BREAKS, tmp_path)

    assert done.returncode == 1
    assert done.stderr.endswith("MemoryError\n")


def test_a_signal_may_wake_the_master_at_any_place_where_it_interrupts_it() -> None:
    wake = by_granian.Wake()

    def interrupt(*_: object) -> object:
        sys.settrace(None)
        wake.set()
        sys.settrace(interrupt)  # type: ignore[arg-type]  # what it is given does not matter
        return interrupt

    def wait() -> None:
        sys.settrace(interrupt)  # type: ignore[arg-type]  # as above
        for _ in range(3):
            wake.wait()
            wake.clear()

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    waiting.join(20)

    assert not waiting.is_alive()


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
