"""Standard output that takes no more, such as a file on a full disk: one line, in place of a traceback."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from traceback import walk_tb
from typing import TextIO

import click

GONE = frozenset({errno.EPIPE, errno.EIO})  # a reader that went away, a terminal that was closed: nobody is left to be told


def open_output() -> None:
    """Where it was closed before we began, what is printed goes nowhere; and no file that is opened later takes its place."""
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def of_printing(error: OSError) -> bool:
    """Whether it was raised where click prints; another one is a bug, or of a file, and is not of standard output."""
    *_, (frame, _) = walk_tb(error.__traceback__)
    return frame.f_code is click.echo.__code__


def abandon(stream: TextIO) -> None:
    """Let what it still holds go, or Python fails at its end, when it flushes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def let_go() -> None:
    """Standard error may hold what a terminal that is gone did not take."""
    try:
        sys.stderr.flush()
    except OSError:
        abandon(sys.stderr)


def unwritten(error: OSError) -> str:
    """What to say of it."""
    return f"standard output: it can't be written: {error.strerror or error}; make room, or send it elsewhere"


def tell(error: OSError) -> None:
    """The same on standard error, if that is any better."""
    abandon(sys.stdout)
    with suppress(OSError):
        click.echo(unwritten(error), err=True)
