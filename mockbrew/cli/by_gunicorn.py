"""`mockbrew serve` by gunicorn, where Granian can't be used: inside this process, with the settings of `gunicorn wsgi:app`."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # gunicorn has no types
from gunicorn.errors import HaltServer  # type: ignore[import-untyped]  # as above

from mockbrew import gunicorn_conf
from mockbrew.cli.offer import HALTED, Offer
from mockbrew.errors import ConfigurationError


def serve(offer: Offer) -> None:
    """Until it is told to end. Raises ConfigurationError."""
    until_ended(Server(offer).run)


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with the project's settings and these."""

    def __init__(self, offer: Offer) -> None:
        self._loaded = offer.loaded
        self._settings = {
            **vars(gunicorn_conf),
            "bind": [f"fd://{listener.detach()}" for listener in offer.listeners],
            "workers": offer.workers,
            "worker_class": "gthread",
            "threads": offer.threads,
            "loglevel": "warning",
            "on_starting": _nothing,  # what is offered has been loaded
            "on_reload": lambda _: offer.loaded.again(),
            "post_worker_init": _leave_ctrl_c_to_master,
            **({"when_ready": _end_with_terminal} if offer.ends_with_terminal else {}),
        }
        super().__init__()

    def load_config(self) -> None:
        """What is no setting of this gunicorn is ignored, as in a file of settings."""
        for name, value in self._settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        return self._loaded.app


def until_ended(run: Callable[[], None]) -> None:
    """Run a server to its end. Raises ConfigurationError where its workers can't start.

    They have said why. Gunicorn ends with 3 then; or, where a second worker fails while it stops, by an exception that it lets escape.
    """
    master = os.getpid()
    try:
        run()
    except (HaltServer, SystemExit) as ended:
        asked_for = isinstance(ended, SystemExit) and not ended.code
        if asked_for or os.getpid() != master:  # a worker tells the master by its own code
            raise
        raise ConfigurationError(HALTED) from ended


def _nothing(arbiter: Any) -> None:
    pass


def _end_with_terminal(arbiter: Any) -> None:
    """A closed terminal says SIGHUP. Gunicorn would take it for an order to load again, and serve on unseen."""
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def _leave_ctrl_c_to_master(worker: Any) -> None:
    """A terminal sends it to every process, and the master then stops its workers: two signals would end one with a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
