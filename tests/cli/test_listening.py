"""The sockets of `mockbrew serve`: who begins at the same moment does not get a share of the same address."""

from __future__ import annotations

from contextlib import ExitStack, closing
from socket import create_connection

import pytest

from mockbrew.cli.listening import bind, listen
from mockbrew.errors import ConfigurationError


@pytest.mark.parametrize("workers", [1, 2])
def test_of_two_that_took_an_address_before_either_listened_the_second_is_refused(workers: int) -> None:
    with ExitStack() as opened:
        first = opened.enter_context(bind("127.0.0.1", 0))
        port = first.getsockname()[1]
        second = opened.enter_context(bind("127.0.0.1", port))
        listeners = [opened.enter_context(each) for each in listen(first, workers)]

        with pytest.raises(ConfigurationError) as refused:
            listen(second, workers)

        assert (
            str(refused.value) == f"--port {port}: something else serves there already; end it, or take another port (0 for any free one)"
        )
        assert len(listeners) == workers
        with closing(create_connection(("127.0.0.1", port))):  # it is served all the same
            pass
