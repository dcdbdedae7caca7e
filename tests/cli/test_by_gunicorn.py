"""What is particular to gunicorn behind `mockbrew serve`."""

from __future__ import annotations

import pytest
from gunicorn.errors import HaltServer  # type: ignore[import-untyped]  # gunicorn has no types

from mockbrew.cli.by_gunicorn import until_ended
from mockbrew.cli.offer import HALTED
from mockbrew.errors import ConfigurationError


def ended_by(error: BaseException) -> BaseException:
    """What comes of what gunicorn ends with."""

    def run() -> None:
        raise error

    with pytest.raises((ConfigurationError, SystemExit)) as caught:
        until_ended(run)
    return caught.value


@pytest.mark.parametrize("error", [HaltServer("Worker failed to boot.", 3), SystemExit(3)])
def test_however_gunicorn_tells_that_a_worker_can_t_start_it_is_one_line(error: BaseException) -> None:
    assert str(ended_by(error)) == HALTED


def test_an_end_that_was_asked_for_is_none_to_complain_of() -> None:
    asked_for = SystemExit(0)

    assert ended_by(asked_for) is asked_for
