"""Loading a spec, in a process of its own that has loaded none before: `python -m bench.loading FILE` prints what that takes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import tomli

from bench.tools import ROOT
from mockbrew.files import load


@dataclass(frozen=True, slots=True)
class Loading:
    """s of processor time: of reading the text as TOML, and of all that makes a spec of it."""

    toml: float
    spec: float


def loading(spec: Path) -> Loading:
    """In another process. Raises subprocess.CalledProcessError."""
    command = [sys.executable, "-m", "bench.loading", str(spec)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603 - this module, by this Python
    return Loading(**json.loads(said))


def main(path: Path) -> None:
    """What that takes, in JSON."""
    begin = time.process_time()
    load(path)
    middle = time.process_time()
    tomli.loads(path.read_text("utf-8"))
    sys.stdout.write(json.dumps({"spec": middle - begin, "toml": time.process_time() - middle}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
