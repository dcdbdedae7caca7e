"""Addresses of servers on the command line."""

from __future__ import annotations

import click
import pytest

from mockbrew.cli.servers import server_url


@pytest.mark.parametrize("url", ["http://127.0.0.1:8890", "https://rig.example/rigs/team-a", "http://[::1]:80", "HTTP://RIG"])
def test_an_address_is_taken_without_the_slash_at_its_end(url: str) -> None:
    assert server_url(None, None, f"{url}/") == server_url(None, None, url) == url


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("ftp://rig", "'ftp://rig' is no http or https address; write one such as http://127.0.0.1:8890"),
        (
            "localhost:8890",
            "'localhost:8890' is no http or https address; write one such as http://127.0.0.1:8890 (did you mean 'http://localhost:8890'?)",
        ),
        ("rig", "'rig' is no http or https address; write one such as http://127.0.0.1:8890 (did you mean 'http://rig'?)"),
        ("http:///getA.py", "'http:///getA.py' names no host; write one such as http://127.0.0.1:8890"),
        ("http://rig:70000", "this is no address; write one such as http://127.0.0.1:8890"),
        ("http://[::1", "this is no address; write one such as http://127.0.0.1:8890"),
        ("http://rig?x=1", "'http://rig?x=1' has a query or a fragment; write what stands before it"),
        ("http://rig/#a", "'http://rig/#a' has a query or a fragment; write what stands before it"),
        ("http://rig/a b", "'http://rig/a b' has a character that no address has; write it as %XX"),
    ],
)
def test_what_is_no_address_is_refused(url: str, message: str) -> None:
    with pytest.raises(click.BadParameter) as refused:
        server_url(None, None, url)

    assert refused.value.message == message


@pytest.mark.parametrize("url", ["http://anna:geheim@rig", "http://geheim@rig:80/", "ftp://anna:geheim@rig", "anna:geheim@rig"])
def test_a_secret_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(click.BadParameter) as refused:
        server_url(None, None, url)

    assert "geheim" not in refused.value.message


def test_no_address_at_all_is_none() -> None:
    assert server_url(None, None, None) is None
