"""The application that `mockbrew serve` offers: loaded before the server forks, so that workers begin with it at once and share it."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial

import click

from mockbrew import collecting
from mockbrew.admin.access import Access
from mockbrew.app import App, create_app
from mockbrew.cli.counting import counts, in_words
from mockbrew.errors import MockbrewError
from mockbrew.gunicorn_conf import GOES_ON
from mockbrew.settings import Settings

log = logging.getLogger(__name__)


class Loaded:
    """The application as it was last loaded without mistakes: what new workers begin with."""

    def __init__(self, chosen: Settings, access: Access) -> None:
        """Raises SpecError, PluginErrors, StoreError, ConfigurationError."""
        self._file = chosen.spec
        self._load = partial(create_app, chosen.spec, chosen.store, access=access)
        with collecting.not_collecting():
            self.app: App = self._load()
            collecting.keep()

    def again(self) -> None:
        """Load what the file holds now. What is wrong with it is told, and changes nothing."""
        try:
            with collecting.not_collecting():
                self.app = self._load()
        except MockbrewError as error:
            _say(f"{error}\n{GOES_ON}")
        except Exception:  # a bug in a kind: it must not end what is served either
            log.exception("bug while loading again; %s", GOES_ON)
        else:
            _say(f"{self._file}: loaded again: {in_words(counts(self.app.spec))}")
        collecting.replace()


def _say(text: str) -> None:
    """Where it can't be written, what is served must not end for that."""
    with suppress(OSError):
        click.echo(text, err=True)
