"""Which server `mockbrew serve` runs: Granian, unless it can't be used."""

from __future__ import annotations

from collections.abc import Callable

from mockbrew.cli.offer import Offer


def server() -> tuple[Callable[[Offer], None], str]:
    """What serves, and what is to be said about it, if anything."""
    try:
        from mockbrew.cli import by_granian  # noqa: PLC0415 - not everybody has it
    except ImportError as error:
        return _slower(str(error))
    lacking = by_granian.lacking()
    return _slower(lacking) if lacking else (by_granian.serve, "")


def _slower(why: str) -> tuple[Callable[[Offer], None], str]:
    from mockbrew.cli import by_gunicorn  # noqa: PLC0415 - seldom needed

    return by_gunicorn.serve, f"Granian can't be used ({why}): gunicorn serves, more slowly"
