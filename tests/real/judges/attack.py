"""schemathesis, as its users run it: a process that reads an OpenAPI document and attacks the server that it describes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.real.servers import FOREIGN, ROOT

TOKEN = "token-of-the-judges"
SETTINGS = Path(__file__).with_name("schemathesis.toml")
LONGEST = 540.0  # s that a run may take before it counts as hanging: ten times what it does where nothing else runs


@dataclass(frozen=True)
class Verdict:
    """What schemathesis reports of a run, and all that it said."""

    report: Mapping[str, Any]
    said: str

    @property
    def failures(self) -> list[tuple[str, tuple[str, ...]]]:
        """Each sort of failure with the operations that it was found in."""
        return [(failure["type"], tuple(failure["operations"])) for failure in self.report["failures"]]

    @property
    def warnings(self) -> Mapping[str, Any]:
        return {name: found for name, found in self.report["warnings"].items() if found}

    @property
    def operations(self) -> Mapping[str, int]:
        return {name: self.report["operations"][name] for name in ("selected", "tested", "errored", "skipped")}

    @property
    def phases(self) -> Mapping[str, str]:
        return {name: phase["status"] for name, phase in self.report["phases"].items()}


def attack(document: str | Path, folder: Path, *options: str) -> Verdict:
    """Run it in a folder, on the document in a file or at a URL."""
    report = folder / "report.json"
    command = ["--config-file", str(SETTINGS), "run", str(document), "--report", "json", "--report-json-path", str(report), *options]
    ran = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", *command],
        cwd=folder,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    said = f"{ran.stdout}\n{ran.stderr}"
    assert report.exists(), said
    return Verdict(json.loads(report.read_text()), said)


def except_under(prefix: str) -> Sequence[str]:
    """Options that choose the operations of all other paths."""
    return ["--exclude-path-regex", f"^{prefix}"]


def under(prefix: str) -> Sequence[str]:
    """Options that choose the operations of the paths that begin so."""
    return ["--include-path-regex", f"^{prefix}"]


def _environment() -> Mapping[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith((*FOREIGN, "SCHEMATHESIS_", "PYTHON"))}
    return {**own, "PYTHONPATH": str(ROOT), "MOCKBREW_ADMIN_TOKEN": TOKEN, "NO_COLOR": "1"}
