"""The wire contract as data: what the document shows for each URL."""

from __future__ import annotations

import json
from pathlib import Path

DOCUMENT = Path(__file__).parents[1] / "contract" / "examples.json"

RESET = '{"Sensor":"Reset","State":1}'  # the document shows no body for /Reset.py

EXAMPLES: dict[str, bytes] = {
    one["path"]: (one["example"] or RESET).encode() for one in json.loads(DOCUMENT.read_text(encoding="utf-8"))["endpoints"]
}
READINGS = [path for path in EXAMPLES if path.startswith("/get")]
COMMANDS = [path for path in EXAMPLES if not path.startswith("/get")]
