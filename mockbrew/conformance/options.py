"""How a server is held against a spec: what whoever runs it may choose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """read_only: ask for readings, by GET, and nothing else. layout: bodies must be right byte for byte; else their JSON value counts.

    token: of the control plane, if the server is a mockbrew that wants one. timeout: s that one request may take. patience: s for which a
    server that no longer answers is tried again when what was found is to be restored.
    """

    read_only: bool = False
    layout: bool = True
    token: str = ""
    timeout: float = 10.0
    patience: float = 60.0
