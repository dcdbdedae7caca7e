"""The reference rig, for tests of its contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomli

import mockbrew
from mockbrew.devices import BUILT_IN
from mockbrew.devices.base import Surroundings, options
from mockbrew.spec import Entry, Pattern, Spec
from tests.router.rigs import rig

TEXT = (Path(mockbrew.__file__).parent / "spec.toml").read_text(encoding="utf-8")


def reference() -> Spec:
    """The spec that mockbrew serves by default."""
    document = tomli.loads(TEXT)
    interfaces = {
        name: {at: Pattern(at, one["url"], one.get("verb"), one["reply"]) for at, one in ps.items()}
        for name, ps in document["interfaces"].items()
    }
    entries = {name: _entry(name, table) for name, table in document["devices"].items()}
    p = interfaces["controller"]["set_target"]
    return rig(
        interfaces,
        entries,
        overrides={("PID3", "set_target"): Pattern(p.name, p.url, p.verb, document["overrides"]["PID3"]["set_target"]["reply"])},
        rig_endpoints={at: Pattern(at, one["url"], one["verb"], one["reply"]) for at, one in document["rig"]["endpoints"].items()},
    )


def _entry(name: str, table: dict[str, Any]) -> Entry:
    kind = BUILT_IN[table["kind"]]
    known = options(kind)
    return Entry(
        kind(name=name, **{k: v for k, v in table.items() if k in known}),
        table["interface"],
        {k: v for k, v in table.items() if k not in known and k not in ("kind", "interface")},
    )
