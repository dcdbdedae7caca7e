"""The control plane of `mockbrew serve`: open to direct callers on this machine, and to whoever bears the token."""

from __future__ import annotations

import signal
from collections.abc import Callable

from tests.cli.conftest import Run
from tests.cli.serving import Serving
from tests.real.client import Client
from tests.real.waiting import wait_until

Start = Callable[..., Serving]


def reset(client: Client, **headers: str) -> int:
    """The status of a reset by the control plane."""
    return client.request("POST", "/__admin/reset", headers={name.replace("_", "-"): text for name, text in headers.items()}).status


def test_on_this_machine_the_control_plane_is_open_to_direct_callers(serving: Start) -> None:
    server = serving()
    client = server.announced()

    assert client.get("/__admin/rig").json()["rig"] == "default"
    assert reset(client) == 200
    assert reset(client, X_Forwarded_For="203.0.113.7") == 403
    assert reset(client, Host="evil.test") == 403
    client.close()
    assert server.complained() == ""


def test_it_stays_open_when_the_workers_are_new(serving: Start) -> None:
    server = serving("--workers", "1")
    client = server.announced()
    assert reset(client, Connection="close") == 200
    (before,) = server.workers(1)

    server.process.send_signal(signal.SIGHUP)

    wait_until(lambda: before not in server.workers(1), within=20, what="a new worker")
    assert reset(client, Connection="close") == 200
    client.close()


def test_beyond_this_machine_the_control_plane_is_closed_also_to_callers_on_it(serving: Start) -> None:
    client = serving("--host", "0.0.0.0").announced()

    assert (client.get("/__admin/health").status, reset(client)) == (200, 403)
    client.close()


def test_with_a_token_it_is_open_to_who_bears_it_wherever_it_is_served(serving: Start) -> None:
    server = serving("--host", "0.0.0.0", MOCKBREW_ADMIN_TOKEN="hops-and-malt")
    client = server.announced()

    assert (reset(client), reset(client, Authorization="Bearer hops")) == (401, 401)
    assert reset(client, Authorization="Bearer hops-and-malt") == 200
    client.close()
    assert server.complained().count("\n") == 1
    assert "hops" not in server.said() + server.complained()


def test_no_variable_of_the_environment_opens_it(serving: Start) -> None:
    client = serving("--host", "0.0.0.0", MOCKBREW_LOCAL="1", MOCKBREW_ADMIN_LOCAL="1", MOCKBREW_ADMIN_TOKEN="").announced()

    assert reset(client) == 403
    client.close()


def test_a_token_that_no_header_can_carry_is_told_and_nothing_is_served(mockbrew: Run) -> None:
    result = mockbrew("serve", "--port", "0", "--store", "memory://", MOCKBREW_ADMIN_TOKEN="hops and malt")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("MOCKBREW_ADMIN_TOKEN: it has characters that no bearer token can have (its value is not shown); ")
