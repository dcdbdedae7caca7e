"""Which rigs there are, what valve A of one answers, and the times (s) for which they are left alone."""

from __future__ import annotations

from tests.app.asking import Bench

OFF = b'{"Sensor":"VanneA","State":0}'
ON = b'{"Sensor":"VanneA","State":1}'
HOUR, DAY = 3_600, 86_400


def rigs(bench: Bench) -> list[str]:
    return [row.name for row in bench.store.rigs()]
