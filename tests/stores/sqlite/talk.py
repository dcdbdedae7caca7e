"""Talk with the programs that share a store, by lines, and a look at what they wrote."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

from mockbrew.stores.base import Store

Start = Callable[[str], "subprocess.Popen[str]"]


def heard(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def rest(process: subprocess.Popen[str]) -> list[str]:
    return process.communicate(timeout=30)[0].split("\n")[:-1]


def revision(store: Store) -> int:
    loaded = store.load("default", "HotTank")
    return loaded.row.revision if loaded and loaded.row else 0
