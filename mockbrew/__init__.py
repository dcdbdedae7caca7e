"""mockbrew: a mock of hardware that is driven over HTTP, described by one TOML spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mockbrew.app import create_app

__all__ = ["__version__", "create_app"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """`create_app`, imported when first asked for.

    The pure modules must not load the WSGI shell (nor werkzeug) because their package was imported on the way to them.
    """
    if name == "create_app":
        from mockbrew.app import create_app  # noqa: PLC0415 - the reason is above

        return create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
