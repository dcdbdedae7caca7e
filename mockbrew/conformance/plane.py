"""The control plane of a server that is a mockbrew: its clock, its state and its hazards."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.conformance.results import Exchange
from mockbrew.conformance.transport import Transport

PREFIX = "/__admin"
UNAUTHORIZED = 401
AGAIN = 10  # times that what is still computing is asked again


class PlaneLost(Exception):
    """The control plane no longer answers as it did."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Of one rig. token: for nobody but who asks for one. sleep: lets so many s go by before what is still computing is asked again."""

    transport: Transport
    token: str = ""
    sleep: Callable[[float], None] = time.sleep

    def answers(self) -> bool:
        """Whether there is one that we may use. A rig that is not there yet has one all the same."""
        return self._is_one(self._ask("GET", "/clock"), "rate") or self._is_one(self._ask("GET", "/spec"), "digest")

    def clock(self) -> Mapping[str, Any]:
        """Raises PlaneLost."""
        return self._told("GET", "/clock")

    def advance(self, seconds: float) -> float:
        """Jump ahead; answers virtual s. Makes a rig that is not there. Raises PlaneLost."""
        return float(self._told("POST", "/clock/advance", {"seconds": seconds})["time"])

    def state(self) -> Mapping[str, Any]:
        """Every reading, by table and name. Raises PlaneLost."""
        told = self._told("GET", "/state")
        return {table: values for table, values in told.items() if isinstance(values, Mapping)}

    def hazards(self) -> tuple[float, list[Mapping[str, Any]]]:
        """Virtual s, and those of this run up to then. Raises PlaneLost."""
        told = self._told("GET", "/hazards")
        return float(told["time"]), list(told["hazards"])

    def digest(self) -> str:
        """Of the spec that is served; raises PlaneLost."""
        return str(self._told("GET", "/spec")["digest"])

    def _told(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        exchange = self._ask(method, path, body)
        for _ in range(AGAIN):
            if exchange.status != 503:
                break
            self.sleep(float(exchange.headers.get("retry-after", 1)))
            exchange = self._ask(method, path, body)
        if not self._is_one(exchange):
            raise PlaneLost(f"{method} {exchange.url}: {exchange.failure or exchange.status}")
        told: Mapping[str, Any] = json.loads(exchange.body)
        return told

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Exchange:
        """Without the token first: what answers here may be a controller, which has no business with it."""
        sent = None if body is None else json.dumps(body).encode()
        typed = {} if sent is None else {"Content-Type": "application/json"}
        exchange = self.transport.ask(method, f"{PREFIX}{path}", sent, typed)
        if exchange.status != UNAUTHORIZED or not self.token:
            return exchange
        return self.transport.ask(method, f"{PREFIX}{path}", sent, {**typed, "Authorization": f"Bearer {self.token}"})

    @staticmethod
    def _is_one(exchange: Exchange, name: str = "") -> bool:
        """Whether it is an object, with this name in it."""
        if exchange.status != 200:
            return False
        try:
            data = json.loads(exchange.body)
        except ValueError:
            return False
        return isinstance(data, dict) and (not name or name in data)
