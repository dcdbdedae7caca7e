"""Names of rigs, by which a person finds the test and which no two tests share."""

from __future__ import annotations

import re
from hashlib import sha256

LONGEST = 64  # characters, as the server has it
DIGITS = 8  # of the digest at the end: two tests whose names differ in signs only have different ones
FOREIGN = re.compile(r"[^a-z0-9._]+")


def rig_name(test: str, run: str = "") -> str:
    """From a node id, of which the end stays readable. run: what else tells it from others."""
    digest = sha256(f"{test}\0{run}".encode("utf-8", "backslashreplace")).hexdigest()[:DIGITS]
    readable = FOREIGN.sub("-", test.lower())[-(LONGEST - DIGITS - 1) :].strip("-._")
    return f"{readable}-{digest}".lstrip("-")
