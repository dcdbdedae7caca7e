"""A faulted request, one that faults of transport hit: what its client gets, and what the journal says of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockbrew.faults.strikes import Strike
from mockbrew.messages import Reply
from mockbrew.spec import ErrorShape


class Withheld(Exception):
    """The command shall not be carried out, although what would have been answered is known. Not an error: it undoes the transaction."""


class Faulted:
    """One request. sent: what the client gets. told: what the journal says of it besides what it says of any request."""

    def __init__(self, strike: Strike, errors: Mapping[int, ErrorShape]) -> None:
        self.strike, self._errors = strike, errors
        self.sent: Reply = (0, [], b"")
        self.told: dict[str, Any] = {"fault": strike.names}

    def through(self, reply: Reply) -> Reply:
        """What is sent instead of a reply."""
        self.sent = self.strike.sent(reply, self._errors)
        self.told["status"] = self.sent[0]
        return self.sent

    def commanded(self, reply: Reply) -> Reply:
        """The same for a command that has been carried out, but can still be undone. Raises Withheld."""
        sent, fault = self.through(reply), self.strike.answers
        if fault is not None and not fault.applied:
            self.told["applied"] = False
            raise Withheld
        return sent
