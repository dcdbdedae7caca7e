"""Tables on a terminal, which only a real one can show."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from pathlib import Path

from tests.cli.serving import program, variables

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def on_a_terminal(*arguments: str, folder: Path, columns: int) -> list[str]:
    """The lines that `mockbrew ARGUMENTS` shows on a terminal of so many columns, without colours."""
    ours, theirs = pty.openpty()
    environment = {**variables(), "COLUMNS": str(columns), "TERM": "xterm"}
    with subprocess.Popen(program(*arguments), cwd=folder, env=environment, stdout=theirs) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    assert process.returncode == 0
    return ANSI.sub("", shown.decode()).replace("\r", "").splitlines()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says EIO when the other end is closed
        return b""


def test_a_narrow_terminal_folds_long_cells_and_loses_nothing(tmp_path: Path) -> None:
    lines = on_a_terminal("routes", folder=tmp_path, columns=60)

    assert max(map(len, lines)) <= 60
    assert lines[0].split() == ["METHODS", "PATH", "DEVICE", "DOES", "REPLY"]
    last = "".join(line[-20:].strip() for line in lines)
    assert '"Sensor":"VanneA"' in last.replace(" ", "")


def test_brackets_are_text_on_a_terminal_too(tmp_path: Path) -> None:
    lines = on_a_terminal("kinds", folder=tmp_path, columns=200)

    assert any("[an actuator, ...]" in line for line in lines)
