"""`mockbrew serve` by Granian: its HTTP and its threads, with the socket, the application and the care for workers that mockbrew has.

Left alone, its workers (2.8, on Linux) bind their own sockets: a port can be taken twice then, nobody listens before they do, and what
waits at a worker's socket is lost with it; and it ends when two workers die within seconds. There are no settings for that, so its master
is extended at the places in `EXTENDED`.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from inspect import signature
from multiprocessing.util import Finalize
from queue import Empty, SimpleQueue
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.net import SocketHolder
from granian.server.mp import MPServer, WorkerProcess

from mockbrew import gunicorn_conf
from mockbrew.app import App, StartResponse
from mockbrew.cli.listening import BACKLOG
from mockbrew.cli.offer import HALTED, Offer
from mockbrew.errors import ConfigurationError

EXTENDED = ("_init_shared_socket", "_spawn_worker", "_serve_loop", "_reload", "_respawn_workers", "signal_handler_reload")

# Errors go where those of mockbrew go, which is standard error; by itself Granian writes to standard output.
LOGGING: dict[str, Any] = {"handlers": {}, "loggers": {"_granian": {}}}

# Granian hands the process's environment to the application with every request: these would look like what a client sends.
LIKE_REQUESTS = ("HTTP_", "CONTENT_", "wsgi.", "werkzeug.")

# Bytes of a body that nobody wanted that are taken all the same: Granian would close the connection, under the client's next request.
UNREAD = 2**20

TOLD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)  # what ends a server, or has it load again

# s. Python only notes a signal that comes just before a worker falls asleep to wait for one, and wakes nobody; the next signal does.
ALARM = 0.25


def lacking(master: type = MPServer, holder: Callable[..., object] = SocketHolder) -> str:
    """Why the Granian with this master and this holder of a socket can't be used, or nothing."""
    missing = [name for name in EXTENDED if not hasattr(master, name)]
    if missing:
        return f"it has no {', '.join(missing)} any more"
    return "" if [*signature(holder).parameters] == ["fd", "uds", "backlog"] else "it takes sockets in another way now"


def serve(offer: Offer) -> None:
    """Until it is told to end. Raises ConfigurationError."""
    multiprocessing.set_start_method("fork", force=True)  # workers begin with what the master has loaded
    master = Master(offer)
    master.serve(target_loader=partial(_begin, offer), wrap_loader=False)
    if master.halted:
        raise ConfigurationError(HALTED)


class Wake(SimpleQueue[None]):
    """What wakes the master, in place of an Event: that would wait for its own lock where a signal sets it just as it is asked."""

    def set(self) -> None:
        self.put(None)

    def wait(self) -> None:
        with suppress(Empty):
            self.get(timeout=1)  # s; a signal that comes just before it falls asleep wakes nobody

    def clear(self) -> None:
        """To be woken once too often does no harm."""


class Master(MPServer):  # type: ignore[misc]  # see pyproject.toml
    """Granian's master, on a socket that listens already."""

    def __init__(self, offer: Offer) -> None:
        self._offer = offer
        self.halted = False  # ended, because a worker could not start
        address, port = offer.listeners[0].getsockname()[:2]
        super().__init__(
            "mockbrew",
            address,
            port,
            interface=Interfaces.WSGI,
            workers=offer.workers,
            blocking_threads=offer.threads,
            backlog=BACKLOG,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=gunicorn_conf.keepalive * 1000),  # ms; it ends idle connections, too
            websockets=False,
            log_level=LogLevels.error,
            log_dictconfig=LOGGING,
            respawn_interval=0,  # s; who comes between an old worker and its successor waits in the backlog
            workers_kill_timeout=gunicorn_conf.graceful_timeout,
        )
        self.main_loop_interrupt = Wake()
        self.on_reload(offer.loaded.again)

    def signal_handler_reload(self, *args: Any, **kwargs: Any) -> None:
        if self._offer.ends_with_terminal:
            self.signal_handler_interrupt()
        else:
            super().signal_handler_reload()

    def _init_shared_socket(self) -> None:
        """What a worker is given in place of a socket by Granian is set where one is spawned."""
        self._ssp = self._sso = None

    def _spawn_worker(self, idx: int, *args: Any, **kwargs: Any) -> Any:
        listener = self._offer.listeners[idx % len(self._offer.listeners)]
        self._shd = SocketHolder(listener.fileno(), uds=False, backlog=BACKLOG)
        worker = super()._spawn_worker(idx, *args, **kwargs)
        worker.__class__ = Worker  # Granian asks nobody which
        return worker

    def _serve_loop(self, spawn_target: Any, target_loader: Any) -> None:
        """Replace workers that have died, however fast, unless one could not start."""
        try:
            while not self.interrupt_signal:
                self.main_loop_interrupt.wait()
                if self.reload_signal:
                    self._reload(spawn_target, target_loader)
                self._replace(spawn_target, target_loader)
        except BaseException:
            self._stop_workers()  # Granian has a thread wait for each, and those would keep a process that nothing ends any more
            raise
        self.interrupt_children.clear()  # by which Granian would tell of deaths with its exit code

    def _replace(self, spawn_target: Any, target_loader: Any) -> None:
        dead = [place for place, worker in enumerate(self.wrks) if not worker.is_alive()]
        # Less than 0 is a signal, and 0 an end that somebody asked for.
        self.halted = any((self.wrks[place].inner.exitcode or 0) > 0 for place in dead)
        if self.halted:
            self.signal_handler_interrupt()
        elif not self.interrupt_signal:
            self._respawn_workers(dead, spawn_target, target_loader)


class Worker(WorkerProcess):  # type: ignore[misc]  # see pyproject.toml
    """One that ends when it is told to, however early that comes."""

    def start(self) -> None:
        """With signals held back, until it has handlers of its own: the master's, with which it is forked, would end nothing there."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, TOLD)
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(offer: Offer) -> Callable[[Mapping[str, Any], StartResponse], Iterable[bytes]]:
    """The application, in a worker that was just forked."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until Granian's own handler is there
    # The others stay blocked: a terminal sends them to every process, and the master says what comes of it. Granian handles SIGINT, so that
    # ignoring it won't do.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    threading.Thread(target=_end_with_master, daemon=True).start()
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, ALARM, ALARM)
    # Who closes last merges the log into the file. A worker is forked by multiprocessing, which runs these and nothing of atexit.
    Finalize(None, offer.loaded.app.store.close, exitpriority=0)
    for name in [name for name in os.environ if name.startswith(LIKE_REQUESTS)]:
        del os.environ[name]
    return _one_of(offer.loaded.app, several=offer.workers > 1)


def _one_of(app: App, *, several: bool) -> Callable[[Mapping[str, Any], StartResponse], Iterable[bytes]]:
    """Granian says of every worker that it is the only one."""

    def answer(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.multiprocess"] = several
        reply = app(environ, start_response)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            environ["wsgi.input"].read(UNREAD)
        return reply

    return answer  # type: ignore[return-value]  # a server's environ is a dict


def _end_with_master() -> None:
    """A master that was killed can't stop its workers, which would hold the port."""
    master = multiprocessing.parent_process()
    if master:
        master.join()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(gunicorn_conf.graceful_timeout)  # what is being answered
    os.kill(os.getpid(), signal.SIGKILL)
