"""How gunicorn runs mockbrew: read by `mockbrew serve`, by gunicorn.conf.py in a clone, and by `gunicorn -c python:mockbrew.gunicorn_conf`.

Everything here is a default: GUNICORN_CMD_ARGS and options on the command line win. A gunicorn (from 23) that does not know a
setting ignores it.
"""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import suppress
from typing import Any

from mockbrew import collecting
from mockbrew.reloading import imported_anew

GOES_ON = "what was served before goes on; mend what is said above, and send SIGHUP again"

# Loopback, because a mock has no business on a network until its operator says so: `--bind 0.0.0.0:8890`. The port is the one
# of `mockbrew serve` and of deploy/nginx.conf.
bind = "127.0.0.1:8890"

# Two, so that state shared between workers is the normal case. WEB_CONCURRENCY is read here because this file would win over it.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

# A request is some ten microseconds of computing and waits for nothing: threads would only queue for the interpreter. Take
# `--threads 8` (gthread) for faults that delay replies: during a delay a sync worker does nothing else.
worker_class = "sync"

# The master loads the application in any case (`on_starting`); left off, SIGHUP loads new code and a new spec there (`on_reload`). A worker
# opens the store when it first needs it.
preload_app = False

# s. A request that has more to compute than 5 s answers 503 and the next one goes on, so 30 s of silence is a hang.
timeout = 30
graceful_timeout = 10

# s; for gthread only: sync workers close after each reply. Longer than deploy/nginx.conf keeps an idle connection (60 s), so that
# this end never closes one just as nginx sends a command on it: nginx must not send it twice and would have to answer 502.
keepalive = 75

# Bytes, as in deploy/nginx.conf. What means anything is far shorter; mockbrew answers the rest, in its own words.
limit_request_line = 8190
limit_request_field_size = 8190
limit_request_fields = 64

# By itself gunicorn believes X-Forwarded-Proto, and even a header PATH_INFO, of every caller on loopback.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "")

# From 25.1 gunicorn opens a socket through which any process of the same user can steer the server. Nothing here uses it.
control_socket_disable = True

# Off: writing a line costs more than answering. `--access-logfile -` turns it on.
accesslog = None
errorlog = "-"


def on_starting(server: Any) -> None:
    """Load the application before any worker is forked: each begins with it at once, in memory that all share.

    What is wrong with a spec is told once, and ends the server. Anything else that goes wrong the workers tell.
    """
    server.imported_before = frozenset(sys.modules)
    if server.cfg.reload:  # workers that watch their code must load it themselves
        return
    with collecting.not_collecting():
        with suppress(Exception):
            server.app.wsgi()
        collecting.keep()


def on_reload(server: Any) -> None:
    """SIGHUP: load new code and the new spec. What is wrong is told, and what was served before goes on."""
    if server.cfg.reload or server.cfg.preload_app:
        return
    served = server.app.callable
    server.app.callable = None
    try:
        with collecting.not_collecting():
            imported_anew(server.app.wsgi, server.imported_before)
    except (SystemExit, Exception) as error:  # noqa: BLE001 - the code of others may raise anything
        server.app.callable = served
        _say_that_it_goes_on(error)
    del served
    collecting.replace()


def _say_that_it_goes_on(error: BaseException) -> None:
    """An application that ends the process has said why."""
    if not isinstance(error, SystemExit):
        traceback.print_exception(error)
    sys.stderr.write(f"{GOES_ON}\n")
