"""How gunicorn runs mockbrew: read by `mockbrew serve`, by gunicorn.conf.py in a clone, and by `gunicorn -c python:mockbrew.gunicorn_conf`.

Everything here is a default: GUNICORN_CMD_ARGS and options on the command line win. A gunicorn (from 23) that does not know a
setting ignores it.
"""

from __future__ import annotations

import os
import sys
from typing import Any

# Loopback, because a mock has no business on a network until its operator says so: `--bind 0.0.0.0:8890`. The port is the one
# of `mockbrew serve` and of deploy/nginx.conf.
bind = "127.0.0.1:8890"

# Two, so that state shared between workers is the normal case. WEB_CONCURRENCY is read here because this file would win over it.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

# A request is some ten microseconds of computing and waits for nothing: threads would only queue for the interpreter. Take
# `--threads 8` (gthread) for faults that delay replies: during a delay a sync worker does nothing else.
worker_class = "sync"

# A worker opens the store when it first needs it, so `--preload` is safe. Left off, SIGHUP loads new code and a new spec.
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
    """Load the application once before any worker does, so that what is wrong with a spec is told once.

    Of several workers that can't boot gunicorn reaps one by a traceback of its own. A process apart, because what the master imports its
    workers inherit: SIGHUP could not load new code.
    """
    trial = os.fork()
    if trial == 0:
        _try(server.app)
    status = os.waitstatus_to_exitcode(os.waitpid(trial, 0)[1])
    if status:
        sys.exit(status)


def _try(app: Any) -> None:
    """End this process, with the status that the application itself ends with. Anything else that goes wrong the workers tell."""
    status = 0
    try:
        app.wsgi()
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    finally:
        sys.stderr.flush()
        os._exit(status)
