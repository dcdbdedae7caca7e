"""The load generator: wrk, in a closed loop, each connection asking again as soon as it is answered."""

from __future__ import annotations

import json
import math
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.tools import program

SCRIPT = Path(__file__).with_suffix(".lua")
CONNECTIONS = 16
PATIENCE = 20  # s that wrk waits for a reply before it counts it as late
MS = 1e3  # us


class Broken(Exception):
    """A server that did not answer every request with what it should: its speed means nothing."""

    def __init__(self, where: str, what: str) -> None:
        self.where, self.what = where, what
        super().__init__(f"{where}: {what}; only a server that answers each request with a 2xx is measured")


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it. rate: requests a second. p50, p99, most: ms that a reply took. each: requests of each connection, if asked for."""

    requests: int
    rate: float
    p50: float
    p99: float
    most: float
    each: Sequence[int] = ()


def load(port: int, paths: Sequence[str], seconds: float, *, connections: int = CONNECTIONS, apart: bool = False) -> Load:
    """Ask for `paths` in turn for that many s (wrk takes whole ones). apart: a thread for each connection, which tells its requests.

    Raises Broken, Missing.
    """
    turn = list(paths) if apart or len(paths) > 1 else []
    threads = connections if apart else 1
    url, lasts = f"http://127.0.0.1:{port}{paths[0]}", max(1, math.ceil(seconds))
    command = [program("wrk"), f"-t{threads}", f"-c{connections}", f"-d{lasts}s", f"--timeout={PATIENCE}s", "--latency", f"-s{SCRIPT}", url]
    command += ["--", *turn]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=lasts + 60, check=False)  # noqa: S603 - as it stands here
    return read(url, ended.stdout, ended.stderr)


def read(url: str, said: str, complaint: str = "") -> Load:
    """What wrk said. Raises Broken."""
    line = next((line for line in said.splitlines() if line.startswith("{")), None)
    if line is None:
        raise Broken(url, f"wrk could not ask: {(complaint or said).strip()!r}")
    told = json.loads(line)
    wrong = {"replies with an error's status": "status", "broken connections": "broken", "replies that came too late": "late"}
    faults = [f"{told[key]} {what}" for what, key in wrong.items() if told[key]]
    if faults or not told["requests"]:
        raise Broken(url, f"{', '.join(faults) or 'no reply at all'} among {told['requests']} requests")
    rate = told["requests"] / (told["duration"] / 1e6)
    return Load(told["requests"], rate, told["p50"] / MS, told["p99"] / MS, told["most"] / MS, tuple(told["each"]))
