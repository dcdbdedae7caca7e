"""The machine's own time: which boot this is, wherever it runs."""

from __future__ import annotations

import sys
from pathlib import Path

from mockbrew.stores.machine import LINUX_BOOT, LocalMachine, boot_identity

NOTHING = Path("/nonexistent")


def test_linux_names_its_boots() -> None:
    if LINUX_BOOT.exists():
        assert LocalMachine().boot() == LocalMachine().boot() == LINUX_BOOT.read_text().strip()


def test_a_file_that_names_the_boot_is_believed(tmp_path: Path) -> None:
    (tmp_path / "boot_id").write_text("6f2c\n")

    assert boot_identity(linux=tmp_path / "boot_id") == "6f2c"


def test_where_there_is_no_such_file_a_command_is_asked() -> None:
    assert boot_identity(linux=NOTHING, macos=(sys.executable, "-c", "print('A1B2')")) == "A1B2"


def test_a_command_that_fails_leaves_the_instant_of_the_boot_to_ten_minutes() -> None:
    failing = boot_identity(linux=NOTHING, macos=(sys.executable, "-c", "raise SystemExit(1)"))
    missing = boot_identity(linux=NOTHING, macos=("/nonexistent",))

    assert failing.startswith("about ")
    assert abs(int(failing.split()[1]) - int(missing.split()[1])) <= 1


def test_both_clocks_are_whole_nanoseconds_and_the_monotonic_one_never_goes_back() -> None:
    machine = LocalMachine()
    looks = [machine.monotonic() for _ in range(1_000)]

    assert looks == sorted(looks)
    assert machine.real() > 1_700_000_000 * 10**9
