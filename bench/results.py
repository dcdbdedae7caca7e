"""Results: what the parts gave, the machine that they were measured on, and all of it as JSON (results.schema.json) and back."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone
from importlib import metadata
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from bench.measures import Goal, Measure, Skipped

VERSION = 1
PACKAGES = ("granian", "gunicorn", "mockbrew", "werkzeug")
SCHEMA = Draft202012Validator(json.loads(Path(__file__).with_name("results.schema.json").read_text("utf-8")))


class Foreign(Exception):
    """A file that the bench has not written."""

    def __init__(self, file: Path, what: str) -> None:
        self.file, self.what = file, what
        super().__init__(f"{file}: {what}")


@dataclass(slots=True)
class Part:
    """What one part gave. lasted: s. refused: why it ended early, if it did."""

    name: str
    title: str
    lasted: float = 0.0
    measures: list[Measure] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    refused: str | None = None

    def document(self) -> dict[str, Any]:
        """As JSON."""
        measures, skipped = [each.document() for each in self.measures], [each.document() for each in self.skipped]
        told = {"name": self.name, "title": self.title, "lasted": self.lasted, "refused": self.refused}
        return {**told, "measures": measures, "skipped": skipped}


def document(*, rounds: int, seconds: int) -> dict[str, Any]:
    """All of it, as JSON, without parts yet: when and where they are measured, and for how long."""
    began = datetime.now(timezone.utc).isoformat(timespec="seconds")
    return {"version": VERSION, "began": began, "rounds": rounds, "seconds": seconds, "machine": machine(), "parts": []}


def machine() -> dict[str, Any]:
    """Where this is. load: processes that wanted a core in the last minute, on average."""
    versions = {name: version for name in PACKAGES if (version := _version(name)) is not None}
    here = {"system": platform.platform(), "processor": _processor(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
    return {**here, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version, "packages": versions}


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _processor() -> str:
    """As the kernel calls it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def read(file: Path) -> Mapping[str, Any]:
    """All that the bench wrote to a file. Raises Foreign, OSError."""
    try:
        document: Mapping[str, Any] = json.loads(file.read_text("utf-8"))
    except ValueError as error:
        raise Foreign(file, f"is no JSON: {error}") from error
    for wrong in SCHEMA.iter_errors(document):
        raise Foreign(file, f"is none that the bench wrote: {wrong.json_path} is not as bench/results.schema.json has it")
    return document


def parts(documents: Sequence[Mapping[str, Any]]) -> list[Part]:
    """Those of several files; of a part that is in more than one, the last."""
    found = {part["name"]: part for each in documents for part in each["parts"]}
    return [_part(each) for each in found.values()]


def _part(document: Mapping[str, Any]) -> Part:
    measures, skipped = [_measure(each) for each in document["measures"]], [Skipped(**each) for each in document["skipped"]]
    return Part(document["name"], document["title"], document["lasted"], measures, skipped, document["refused"])


def _measure(document: Mapping[str, Any]) -> Measure:
    goal = document["goal"] and Goal(document["goal"]["sign"], document["goal"]["bound"])
    return Measure(document["table"], document["row"], document["column"], document["unit"], document["values"], goal)
