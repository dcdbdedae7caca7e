"""Delayed replies of `mockbrew serve`, which has threads for the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.cli.serving import Serving
from tests.real.client import Client
from tests.real.waiting import wait_until


def test_delayed_replies_do_not_stall_other_clients(serving: Callable[..., Serving]) -> None:
    served = serving("--port", "0")
    client = served.announced()
    slow = Client(client.port, timeout=60)
    asked = json.dumps({"fault": "delay", "seconds": 10, "device": "A"}).encode()
    assert client.request("POST", "/__admin/faults", body=asked, headers={"Content-Type": "application/json"}).status == 201

    with ThreadPoolExecutor(4) as pool:  # more than there are workers
        waiting = [pool.submit(slow.get, "/getA.py") for _ in range(4)]
        wait_until(lambda: client.get("/__admin/faults").json()["faults"][0]["hits"] == 4, within=30, what="all of them held back")
        reading = client.get("/getB.py")
        none_done = not any(each.done() for each in waiting)
        served.kill()  # nobody has to wait for the end of the delays

    client.close()
    slow.close()
    assert reading.status == 200
    assert none_done
