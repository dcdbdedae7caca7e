"""A user without the right to enter the store's directory. Root may enter any, so a child gives its rights up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ASK = """
import os, sys
from mockbrew.errors import StoreFileError
from mockbrew.stores import open_store
store = open_store(f"sqlite:///{sys.argv[1]}")
if os.geteuid() == 0:
    os.setuid(65534)
try:
    store.wall()
except StoreFileError as error:
    print(error)
"""


def test_a_directory_that_may_not_be_entered_is_told(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0)

    asked = subprocess.run([sys.executable, "-c", ASK, closed / "brew.db"], capture_output=True, text=True, check=False)

    closed.chmod(0o700)
    assert asked.stderr == ""
    assert asked.stdout.startswith(f"{closed / 'brew.db'}: ")
    # Python from 3.13 on can't tell it from a directory that is missing.
    assert "can't be reached; give this user the right to enter its directory" in asked.stdout or "its directory is missing" in asked.stdout
    assert list(closed.iterdir()) == []
