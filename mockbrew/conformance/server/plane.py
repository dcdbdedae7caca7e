"""The control plane of a server that is a mockbrew: its clock, its state and its hazards."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mockbrew.conformance.results import Exchange
from mockbrew.conformance.server.transport import Transport

PREFIX = "/__admin"
UNAUTHORIZED = 401
REALM = 'realm="mockbrew"'
TOKENLESS = "it is a mockbrew that asks for a token, and was given none: set MOCKBREW_ADMIN_TOKEN (for URL; OTHER is never sent it)"
REFUSED = "it is a mockbrew that refuses the token of MOCKBREW_ADMIN_TOKEN"
LONGEST = 5.0  # s
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

    def refusal(self) -> str:
        """Why a mockbrew does not let us use it; empty where it does, and where there is none."""
        exchange = self._ask("GET", "/clock")
        if exchange.status != UNAUTHORIZED or REALM not in exchange.headers.get("www-authenticate", ""):
            return ""
        return REFUSED if self.token else TOKENLESS

    def time(self) -> float:
        """Virtual s. Raises PlaneLost."""
        return self._number(self._told("GET", "/clock"), "time")

    def rate(self) -> float:
        """Virtual s per s. Raises PlaneLost."""
        return self._number(self._told("GET", "/clock"), "rate")

    def advance(self, seconds: float) -> float:
        """Jump ahead; answers virtual s. Makes a rig that is not there. Raises PlaneLost."""
        return self._number(self._told("POST", "/clock/advance", {"seconds": seconds}), "time")

    def state(self) -> Mapping[str, Any]:
        """Every reading, by table and name. Raises PlaneLost."""
        told = self._told("GET", "/state")
        return {table: values for table, values in told.items() if isinstance(values, Mapping)}

    def hazards(self) -> tuple[float, list[Mapping[str, Any]]]:
        """Virtual s, and those of this run up to then. Raises PlaneLost."""
        told = self._told("GET", "/hazards")
        hazards = told.get("hazards")
        if not isinstance(hazards, list) or not all(isinstance(each, Mapping) and {"rule", "ends"} <= each.keys() for each in hazards):
            raise PlaneLost(f"GET {PREFIX}/hazards: {told!r:.80} tells no hazards")
        return self._number(told, "time"), hazards

    def digest(self) -> str:
        """Of the spec that is served; raises PlaneLost."""
        return str(self._told("GET", "/spec").get("digest"))

    def _number(self, told: Mapping[str, Any], name: str) -> float:
        value = told.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PlaneLost(f"the control plane of {self.transport.target.url} tells {value!r:.80} as its {name}")
        return float(value)

    def _told(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        exchange = self._ask(method, path, body)
        for _ in range(AGAIN):
            if exchange.status != 503:
                break
            self.sleep(_soon(exchange.headers.get("retry-after", "")))
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
        except (ValueError, RecursionError):
            return False
        return isinstance(data, dict) and (not name or name in data)


def _soon(text: str) -> float:
    """s to wait before it is asked again; who asks for hours is not waited for, since something may be on."""
    return min(float(text), LONGEST) if text.isdecimal() else 1.0
