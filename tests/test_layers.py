"""The layers of ARCHITECTURE.md, held by reading imports: every module is in one row, and imports from its own row or those above it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "mockbrew"

# fmt: off
ROWS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("clock", "pattern", "constants", "series", "flows", "passing", "thermal", "development", "webs", "calm"),
    ("devices",),
    ("spec", "lines", "schema", "checks", "conditions", "coupling"),
    ("messages", "shapes", "endpoints", "routes", "misspelling", "neighbours", "opened", "guesses", "router", "decimals", "reply_schemas"),
    ("bodies", "modes", "courses", "exchanges", "parts", "plumbing", "cells"),
    ("faults",),
    (
        "interlocks", "inscription", "segment", "sight", "flight", "resuming", "anchor", "gliding",
        "plant", "restless", "placeholders", "presets", "changes",
    ),
    ("seeking", "hazards", "script", "simulation", "fingerprint"),
    (
        "collecting", "settings", "files", "plugins", "stores", "timeline", "kept_specs", "budget", "roster", "journal", "drafts",
        "anchors", "rigs", "replaying", "witness", "cases", "skimming", "verdicts", "hearings", "judgement", "staying", "switching",
        "migration",
    ),
    ("testbench",),
    ("addressing", "cors", "faulted", "wire", "hangup", "beginning", "openapi", "admin", "app"),
    ("client", "conformance", "strategies", "exports"),
    ("cli", "gunicorn_conf", "reloading", "pytest_plugin", "__init__", "__main__"),
)
PURE = 9  # rows from the top without clock, randomness, file, socket, thread or environment
IMPURE = frozenset({
    "asyncio", "concurrent", "datetime", "fcntl", "glob", "http.client", "http.server", "io", "logging", "multiprocessing", "os",
    "pathlib", "random", "secrets", "select", "selectors", "shutil", "signal", "socket", "socketserver", "sqlite3", "subprocess",
    "tempfile", "threading", "time", "urllib.request", "uuid", "_thread",
})
# fmt: on
HARMLESS = frozenset({"pathlib.PurePath"})  # a path as a value: it opens nothing
OPENERS = frozenset({"open", "input", "print", "exec", "eval", "__import__"})


def imported(source: str) -> Iterator[str]:
    """All modules that a text imports, wherever it does."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def called(source: str) -> Iterator[str]:
    """The plain names that a text calls, and the methods that open files."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Attribute) and node.attr in ("read_text", "read_bytes", "write_text", "write_bytes"):
            yield "open"


def row(module: str) -> int:
    """The row of `mockbrew.<module>`."""
    top = module.split(".", maxsplit=1)[0]
    return next(number for number, names in enumerate(ROWS) if top in names)


def own(name: str) -> str | None:
    """The module of this package that an imported name stands for, without the package's name."""
    if not name.startswith("mockbrew"):
        return None
    module = name.removeprefix("mockbrew").removeprefix(".")
    while module and not (PACKAGE / f"{module.replace('.', '/')}.py").exists() and not (PACKAGE / module.replace(".", "/")).is_dir():
        module = module.rpartition(".")[0]
    return module or "__init__"


def faults(module: str, source: str) -> list[str]:
    """What a module of this name may not do and does."""
    mine = row(module)
    below = [f"imports {name} from below" for name in imported(source) if (target := own(name)) is not None and row(target) > mine]
    if mine >= PURE:
        return below
    impure = [
        f"imports {name}"
        for name in imported(source)
        if {name, name.rpartition(".")[0], name.split(".")[0]} & IMPURE and name not in HARMLESS
    ]
    return below + impure + [f"calls {name}()" for name in called(source) if name in OPENERS]


def modules() -> Mapping[str, str]:
    """Source texts by module name without the package's."""
    named = {path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."): path.read_text() for path in PACKAGE.rglob("*.py")}
    return {name if name == "__init__" else name.removesuffix(".__init__"): source for name, source in named.items()}


@pytest.mark.parametrize("module", sorted(modules()))
def test_a_module_imports_only_from_its_row_and_above_and_the_pure_rows_touch_nothing(module: str) -> None:
    assert faults(module, modules()[module]) == []


def test_no_two_modules_import_each_other() -> None:
    sources = modules()
    graph = {
        name: {target for other in imported(text) if (target := own(other)) in sources and target != name} for name, text in sources.items()
    }

    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize(
    ("module", "source", "fault"),
    [
        ("thermal", "import time", "imports time"),
        ("clock", "from time import monotonic", "imports time.monotonic"),
        ("devices.probe", "def draw():\n    import random", "imports random"),
        ("spec", "from os import environ", "imports os.environ"),
        ("plant", "import threading as t", "imports threading"),
        ("router", "import socket", "imports socket"),
        ("schema", "text = open('spec.toml').read()", "calls open()"),
        ("checks.urls", "from pathlib import Path", "imports pathlib.Path"),
        ("spec", "schema.path.read_text()", "calls open()"),
        ("devices.valve", "from mockbrew.plant import Look", "imports mockbrew.plant.Look from below"),
        ("stores.sqlite", "from mockbrew import cli", "imports mockbrew.cli from below"),
        ("thermal", "from mockbrew.devices import base", "imports mockbrew.devices.base from below"),
    ],
)
def test_the_test_itself_sees_each_way_to_break_a_layer(module: str, source: str, fault: str) -> None:
    assert faults(module, source) == [fault]
