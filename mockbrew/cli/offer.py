"""What `mockbrew serve` gives to the server that it runs."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass

from mockbrew.cli.loading import Loaded

# Of a worker. A reply that is held back, by a fault or a body that comes slowly, holds one for as long; the rest answer the others.
# One would take less than half of the computing time where many ask at once, and stand still with the first delay.
THREADS = 16

# What is said where workers can't start; they have said why.
HALTED = "the server has ended, because a worker could not start; mend what is said above, and start it again"


@dataclass(frozen=True, slots=True)
class Offer:
    """listeners: one for each worker, or one for all. workers: processes that answer. threads: of each.

    ends_with_terminal: SIGHUP says that the terminal was closed; otherwise it loads everything again.
    """

    loaded: Loaded
    listeners: Sequence[socket.socket]
    workers: int
    threads: int
    ends_with_terminal: bool
