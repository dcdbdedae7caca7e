"""Load: clients at work in threads, each judging what it gets, until they are told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Literal, Protocol, TypeVar

from tests.real.client import Client
from tests.real.waiting import wait_until

T = TypeVar("T")


class Worker(Protocol):
    """Who works: an owner or a watcher."""

    @property
    def acknowledged(self) -> int: ...
    def turn(self, clients: Sequence[Client]) -> None: ...
    def check(self, clients: Sequence[Client]) -> None: ...


class Load:
    """`with Load(owners(16)).on(port) as load: ...`; what a worker finds wrong is raised by whatever waits, at the latest at the end."""

    def __init__(self, workers: Sequence[Worker]) -> None:
        self.workers = workers
        self._stop = threading.Event()
        self._working: list[Future[None]] = []

    @contextmanager
    def on(self, *ports: int) -> Iterator[Load]:
        """All at work, with one client for each of these ports; commands go to the first."""
        self._stop.clear()
        with ThreadPoolExecutor(len(self.workers)) as pool:
            self._working = [pool.submit(self._work, worker, ports) for worker in self.workers]
            try:
                yield self
            finally:
                self._stop.set()
        self._raise_failures()

    def wait_turns(self, turns: int, *, within: float = 60.0) -> None:
        """Until each worker had so many more commands acknowledged, or readings answered."""
        goals = [worker.acknowledged + turns for worker in self.workers]
        self.wait(lambda: all(worker.acknowledged >= goal for worker, goal in zip(self.workers, goals, strict=True)), within=within)

    def wait_progress(self, *, within: float = 60.0) -> None:
        """Until anybody had one more."""
        before = self._done()
        self.wait(lambda: self._done() > before, within=within, what="progress of any client")

    def wait(self, look: Callable[[], T | Literal[False]], *, within: float = 60.0, what: str = "progress of every client") -> T:
        """The first truthy value of `look`, with everybody still at work."""

        def looked() -> T | Literal[False]:
            self._raise_failures()
            assert not all(working.done() for working in self._working), "the server is gone"
            return look()

        return wait_until(looked, within=within, what=what)

    def check(self, *ports: int) -> None:
        """Everything is read once more through each port, by nobody at work."""
        for worker in self.workers:
            with _clients(ports) as clients:
                worker.check(clients)

    def _work(self, worker: Worker, ports: Sequence[int]) -> None:
        with _clients(ports) as clients, suppress(ConnectionRefusedError):  # no server any more, nothing to do
            while not self._stop.is_set():
                worker.turn(clients)

    def _done(self) -> int:
        return sum(worker.acknowledged for worker in self.workers)

    def _raise_failures(self) -> None:
        for working in self._working:
            if working.done():
                working.result()


@contextmanager
def _clients(ports: Sequence[int]) -> Iterator[list[Client]]:
    clients = [Client(port, timeout=30) for port in ports]
    try:
        yield clients
    finally:
        for client in clients:
            client.close()
