"""`mockbrew verify` as a process: at a terminal, stopped by Ctrl-C, and against the servers that people run."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mockbrew.admin.access import CLOSED
from mockbrew.spec import parse
from tests.cli.serving import Serving, program, variables
from tests.cli.test_main import printing_to
from tests.cli.test_printing import ANSI, _read
from tests.cli.test_verify import ORDERED, TINY, Noted
from tests.conformance.spoiled import serving as spoiled
from tests.real.client import Client
from tests.real.servers import spawn_gunicorn
from tests.real.waiting import wait_until

Start = Callable[..., Serving]
HEATED = f"""{TINY}
H = {{ kind = "heater", interface = "switch", vessel = "Kettle", power = 3000 }}
T = {{ kind = "probe", interface = "thermometer", vessel = "Kettle" }}

[interfaces.thermometer]
get = {{ url = "/get{{id}}.py", reply = {{ T = "{{temperature}}" }} }}

[vessels]
Kettle = {{ capacity = 50, volume = 40 }}

[verify.devices]
H = {{ safe = "T < 60" }}
"""
SLOW = TINY.replace("settle = 0.5", "settle = 1")


def at_a_terminal(*arguments: str, folder: Path, typed: bytes) -> tuple[int, str]:
    """The exit code and what a terminal shows, where somebody types this."""
    ours, theirs = pty.openpty()
    environment: Mapping[str, str] = {**variables(), "COLUMNS": "100", "TERM": "xterm"}
    os.write(ours, typed)
    with subprocess.Popen(program(*arguments), cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return process.returncode, ANSI.sub("", shown.decode())


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.toml"
    path.write_text(TINY)
    return path


# -- at a terminal -------------------------------------------------------------------------------------------------


def test_at_a_terminal_somebody_is_asked_and_says_no(tmp_path: Path, spec: Path) -> None:
    noted = Noted()
    with spoiled(noted, parse(TINY)) as url:
        code, shown = at_a_terminal("verify", url, "--spec", str(spec), folder=tmp_path, typed=b"n\n")

    assert (code, noted.commands) == (2, [])
    assert "Do it? [y/N]:" in shown
    assert "No command was sent." in shown


def test_at_a_terminal_somebody_is_asked_and_says_yes(tmp_path: Path, spec: Path) -> None:
    with spoiled(spec=parse(TINY)) as url:
        code, shown = at_a_terminal("verify", url, "--spec", str(spec), folder=tmp_path, typed=b"y\n")

    assert code == 0, shown
    assert " requests  GET /" in shown  # the line that is written over and over
    assert shown.rstrip().endswith(f"{url} keeps the contract")


def test_at_a_terminal_a_difference_is_a_table_that_loses_nothing(tmp_path: Path, spec: Path) -> None:
    with spoiled(ORDERED, parse(TINY)) as url:
        code, shown = at_a_terminal("verify", url, "--spec", str(spec), "--yes", folder=tmp_path, typed=b"")

    assert code == 1
    assert '{"State":0,"Sensor":"B"}' in shown.replace("\r", "").replace("\n", "").replace(" ", "")


# -- stopped -------------------------------------------------------------------------------------------------------


def test_ctrl_c_stops_it_and_what_was_found_is_restored(tmp_path: Path) -> None:
    (tmp_path / "slow.toml").write_text(SLOW)
    noted = Noted()
    with spoiled(noted, parse(SLOW), access=CLOSED) as url:
        process = subprocess.Popen(
            program("verify", url, "--spec", "slow.toml", "--yes"),
            cwd=tmp_path,
            env=variables(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        wait_until(lambda: "GET /startA.py" in noted.asked, within=30, what="the first command")
        process.send_signal(signal.SIGINT)
        told, said = process.communicate(timeout=30)
        client = Client(int(url.rpartition(":")[2]))
        left = client.get("/getA.py").body
        client.close()

    assert process.returncode == 128 + signal.SIGINT
    assert "STOPPED EARLY: interrupted" in told
    assert "interrupted; what was found is restored" in said
    assert left == b'{"Sensor":"A","State":0}'
    assert "GET /startB.py" not in noted.asked


class Stopping:
    """A verification of a burner, as a process that is at hand as soon as it heats."""

    def __init__(self, folder: Path, url: str, noted: Noted, *more: str, **streams: Any) -> None:
        (folder / "heated.toml").write_text(HEATED)
        command = program("verify", url, "--spec", "heated.toml", "--yes", *more)
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        self.process: subprocess.Popen[bytes] = subprocess.Popen(command, cwd=folder, env=variables(), **pipes)
        self.noted, self._port = noted, int(url.rpartition(":")[2])

    def heating(self) -> None:
        wait_until(lambda: "GET /startH.py" in self.noted.asked, within=30, what="the burner's start")

    def left(self) -> bytes:
        """What the burner shows."""
        client = Client(self._port)
        shown = client.get("/getH.py").body
        client.close()
        return shown


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_another_signal_does_what_ctrl_c_does_and_is_the_exit_status(tmp_path: Path, number: signal.Signals) -> None:
    noted = Noted()
    with spoiled(noted, parse(HEATED), access=CLOSED) as url:
        stopping = Stopping(tmp_path, url, noted, "--junit", "report.xml")
        stopping.heating()
        stopping.process.send_signal(number)
        told, said = stopping.process.communicate(timeout=30)
        left = stopping.left()

    assert left == b'{"Sensor":"H","State":0}'
    assert stopping.process.returncode == 128 + number
    assert f"STOPPED EARLY: ended by {number.name}" in told.decode()
    assert f"ended by {number.name}; what was found is restored" in said.decode()
    assert f"ended by {number.name}" in (tmp_path / "report.xml").read_text()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device here that is always full")
def test_a_report_that_a_full_disk_does_not_take_is_told_and_the_other_one_is_written(spec: Path) -> None:
    report = spec.with_name("report.xml")
    with spoiled(spec=parse(TINY)) as url:
        done = printing_to("/dev/full", "verify", url, "--spec", str(spec), "--read-only", "--junit", str(report), folder=spec.parent)

    assert done.stderr.splitlines()[-1].startswith("standard output: it can't be written: No space left on device; ")
    assert (done.returncode, report.exists()) == (1, True)


def test_a_terminal_that_is_closed_leaves_nothing_on(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    noted = Noted()
    with spoiled(noted, parse(HEATED), access=CLOSED) as url:
        streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
        stopping = Stopping(tmp_path, url, noted, "--junit", "report.xml", **streams)
        os.close(theirs)
        stopping.heating()
        os.close(ours)
        stopping.process.send_signal(signal.SIGHUP)
        stopping.process.wait(timeout=30)
        left = stopping.left()

    assert (left, stopping.process.returncode) == (b'{"Sensor":"H","State":0}', 128 + signal.SIGHUP)
    assert "ended by SIGHUP" in (tmp_path / "report.xml").read_text()


def test_whoever_reads_only_the_first_lines_changes_neither_the_run_nor_its_report(tmp_path: Path, spec: Path) -> None:
    with spoiled(spec=parse(TINY)) as url:
        command = program("verify", url, "--spec", str(spec), "--yes", "--junit", "report.xml")
        pipe = subprocess.PIPE
        with subprocess.Popen(command, cwd=tmp_path, env=variables(), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe) as process:
            assert process.stdout is not None
            process.stdout.close()
            assert process.stderr is not None
            said = process.stderr.read().decode()

    assert process.returncode == 0
    assert "Error" not in said
    assert 'failures="0"' in (tmp_path / "report.xml").read_text()


# -- what people run -----------------------------------------------------------------------------------------------


def verified(port: int, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = program("verify", f"http://127.0.0.1:{port}/rigs/verified", "--yes", *arguments)
    return subprocess.run(command, cwd=folder, env={**variables(), **environment}, capture_output=True, text=True, timeout=120, check=False)


def test_the_reference_brewery_keeps_its_contract_under_mockbrew_serve(serving: Start, tmp_path: Path) -> None:
    result = verified(serving().announced().port, tmp_path)

    assert result.returncode == 0, result.stdout
    assert "virtual time, commands were sent" in result.stdout
    assert "skipped" not in result.stdout


def test_and_under_gunicorn_where_the_control_plane_wants_a_token(tmp_path: Path) -> None:
    environment = {"MOCKBREW_STORE": f"sqlite:///{tmp_path / 'state.db'}", "MOCKBREW_ADMIN_TOKEN": "secret"}
    server = spawn_gunicorn(tmp_path / "gunicorn.log", environment, "--workers", "2")
    try:
        server.wait_ready()
        result = verified(server.port, tmp_path, MOCKBREW_ADMIN_TOKEN="secret")
        blind = verified(server.port, tmp_path, "--read-only")
    finally:
        server.kill()

    assert result.returncode == 0, result.stdout
    assert "virtual time, commands were sent" in result.stdout
    assert (blind.returncode, "real time, nothing was commanded" in blind.stdout) == (0, True)
    assert "secret" not in result.stdout + result.stderr
