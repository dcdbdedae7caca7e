"""A program that drives the brewery: a small client, and how it mashes."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import urlopen


class Brewery:
    """The brewery at a URL: the hardware's, or that of a rig of mockbrew."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, order: str) -> Any:
        """What the brewery answers, such as {"Sensor": "Mashtun", "Temp": 20.0} to getTemp3."""
        with urlopen(f"{self.url}/{order}.py", timeout=10) as reply:
            return json.load(reply)

    def mash(self, temperature: float) -> None:
        """Recirculate the mash, and hold it at a temperature (degC)."""
        for order in ("startH", "startI", f"setCible3_{temperature}", "startPID3"):
            self.ask(order)

    def watch(self) -> float | None:
        """The temperature of the mash. A probe that shows none ends the mash."""
        temperature: float | None = self.ask("getTemp3")["Temp"]
        if temperature is None:
            self.ask("stopPID3")
        return temperature
