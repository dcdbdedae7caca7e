"""What `mockbrew doctor` looks at, a section each: facts for programs, lines for people, findings for both."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from mockbrew import __version__
from mockbrew.admin.access import Access
from mockbrew.cli.choice import server
from mockbrew.cli.counting import counted
from mockbrew.cli.mounts import network_file_system
from mockbrew.cli.reading import read
from mockbrew.errors import ConfigurationError, MockbrewError, StoreError, did_you_mean
from mockbrew.fingerprint import fingerprint
from mockbrew.plugins import installed
from mockbrew.settings import MEANINGS, SECRET, Settings, unknown
from mockbrew.stores import open_store
from mockbrew.stores.machine import LocalMachine
from mockbrew.stores.sqlite_file import has_wal_reset_bug
from mockbrew.stores.sqlite_report import StoreReport, report

LEVELS = ("error", "warning", "note")
LISTED = ("werkzeug", "gunicorn", "granian", "jsonschema", "tomli", "click", "rich")
NEEDED = tuple(name for name in LISTED if name != "granian")  # without which gunicorn serves

WAL_RESET_BUG = (
    "this SQLite has the WAL-reset bug, which can lose commits (fixed in 3.51.3, 3.50.7 and 3.44.6); "
    "mockbrew's own lock avoids it, so let no other program write to the store"
)

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """level: `error` where mockbrew can't work, `warning` where it may not do what was meant, `note` where it is good to know."""

    level: str
    message: str


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that was looked at."""

    name: str
    facts: Mapping[str, Any]
    lines: Lines
    findings: tuple[Finding, ...] = ()


def examine(chosen: Settings, environ: Mapping[str, str]) -> list[Section]:
    """Every section. Nothing is raised for what is wrong: it is a finding."""
    spec = _spec(chosen.spec)
    return [_versions(sqlite3.sqlite_version_info), _plugins(), _settings(environ), spec, _store(chosen.store, spec.facts["digest"])]


# -- what is installed ---------------------------------------------------------------------------------------------


def _versions(sqlite: tuple[int, int, int]) -> Section:
    facts = {
        "mockbrew": __version__,
        "python": platform.python_version(),
        "sqlite": ".".join(map(str, sqlite)),
        **{name: _version(name) for name in LISTED},
        "fingerprint": fingerprint(),  # of how all this computes
    }
    missing = [Finding("error", f"{name} is not installed; install mockbrew again, with pip") for name in NEEDED if facts[name] is None]
    return Section("versions", facts, _lines(facts), (*missing, *_of_server(), *_of_sqlite(sqlite)))


def _of_server() -> list[Finding]:
    try:
        _, note = server()
    except ImportError:  # of gunicorn, which is a finding already
        return []
    return [Finding("note", note)] if note else []


def _of_sqlite(sqlite: tuple[int, int, int]) -> list[Finding]:
    return [Finding("note", WAL_RESET_BUG)] if has_wal_reset_bug(sqlite) else []


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _plugins() -> Section:
    found = installed()
    facts = {plugin.kind.kind: {"distribution": plugin.distribution, "version": plugin.version} for plugin in found.plugins}
    lines = tuple((kind, f"{origin['distribution']} {origin['version']}") for kind, origin in facts.items())
    return Section("plugins", facts, lines or (("none", ""),), tuple(Finding("error", str(error)) for error in found.errors))


# -- what is set ---------------------------------------------------------------------------------------------------


def _settings(environ: Mapping[str, str]) -> Section:
    facts = {name: {"value": _shown(name, environ.get(name)), "meaning": meaning} for name, meaning in MEANINGS.items()}
    lines = tuple((name, f"{setting['value'] or '(not set)'} - {setting['meaning']}") for name, setting in facts.items())
    wrong = (Finding("error", problem) for problem in _of_token(environ))
    odd = (f"{name}: nothing reads it; known: {', '.join(MEANINGS)}{did_you_mean(name, MEANINGS)}" for name in unknown(environ))
    return Section("settings", facts, lines, (*wrong, *(Finding("warning", message) for message in odd)))


def _of_token(environ: Mapping[str, str]) -> Iterator[str]:
    try:
        Access(Settings.from_environment(environ).token)
    except ConfigurationError as error:
        yield str(error)


def _shown(name: str, value: str | None) -> str | None:
    return "(set, not shown)" if value and name in SECRET else _without_password(value)


def _without_password(value: str | None) -> str | None:
    return value and re.sub(r"(?<=://)[^@/]*@", "***@", value)


# -- what is served ------------------------------------------------------------------------------------------------


def _spec(path: Path) -> Section:
    facts: dict[str, Any] = {"file": str(path.absolute()), "title": None, "endpoints": None, "digest": None}
    try:
        spec, router = read(path)
    except MockbrewError as error:
        return Section("spec", facts, _lines(facts), tuple(Finding("error", line) for line in str(error).splitlines()))
    facts.update(title=spec.title, endpoints=len(router.endpoints), digest=spec.digest)
    return Section("spec", facts, _lines(facts))


# -- where the state is kept ---------------------------------------------------------------------------------------


def _store(url: str, digest: str | None) -> Section:
    facts: dict[str, Any] = {"url": _without_password(url), "file": None, "format": None, "size": None, "rigs": {}}
    try:
        path = _file_of(url)
        if path is None:
            lost = Finding("note", "memory:// serves one process only and keeps nothing when it ends")
            return Section("store", facts, _lines(facts, "url"), (lost,))
        facts["file"] = str(path)
        findings = _of_disk(path)
        if not os.access(path, os.F_OK):  # not `exists`, which raises where a directory may not be entered
            return Section("store", facts, _lines(facts, "url", "file"), (*findings, _of_new(path)))
        found = report(path, LocalMachine())
    except (ConfigurationError, StoreError) as error:
        return Section("store", facts, _lines(facts, "url", "file"), (Finding("error", str(error)),))
    facts.update(format=found.format, size=found.size, rigs=_rigs(found, digest))
    lines = (*_lines(facts, "url", "file", "format"), ("size", f"{found.size / 1000:.1f} kB"), *_rigs_in_words(found, digest))
    return Section("store", facts, lines, tuple(findings))


def _file_of(url: str) -> Path | None:
    """Its file; None for a store without one. Raises ConfigurationError."""
    store = open_store(url)
    return Path(url.partition(":///")[2]).absolute() if store.shared else None


def _of_disk(path: Path) -> list[Finding]:
    system = network_file_system(path)
    if system is None:
        return []
    return [Finding("warning", f"{path} is on a network file system ({system}), where SQLite can lose or damage state; take a local disk")]


def _of_new(path: Path) -> Finding:
    if os.access(path.parent, os.W_OK | os.X_OK) and path.parent.is_dir():
        return Finding("note", "the file is not there yet; it is made when it is first used")
    return Finding("error", f"{path}: there is no directory for it that this user can write to; make one, or name another file")


def _rigs(found: StoreReport, digest: str | None) -> dict[str, Any]:
    return {
        rig.name: {"run": rig.run, "events": rig.events, "spec": rig.spec, "of_this_spec": digest and rig.spec == digest}
        for rig in found.rigs
    }


def _rigs_in_words(found: StoreReport, digest: str | None) -> Lines:
    later = {True: "", False: "; of another spec, to be carried over by the next request"}
    return tuple((f"rig {rig.name}", f"{counted(rig.events, 'commands')}{later[digest in (None, rig.spec)]}") for rig in found.rigs)


def _lines(facts: Mapping[str, Any], *names: str) -> Lines:
    return tuple((name, "-" if facts[name] is None else str(facts[name])) for name in names or facts)
