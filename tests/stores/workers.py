"""Programs that tests run in processes of their own: `python -m tests.stores.workers WHAT PATH`. They speak by lines."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Event, Thread

from mockbrew.errors import StoreError
from mockbrew.stores import open_store
from mockbrew.stores.base import CellRow, Store
from mockbrew.stores.sqlite_reader import TRUSTED
from mockbrew.stores.sqlite_writer import Writer
from tests.stores.rows import Machine, command
from tests.stores.sqlite.talk import revision

ROOT = Path(__file__).parent.parent.parent


def start(what: str, path: Path) -> subprocess.Popen[str]:
    """The program `what` on the store at `path`; the test that started it ends it, with all that it forked."""
    arguments = [sys.executable, "-m", "tests.stores.workers", what, f"sqlite:///{path}"]
    return subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def hear() -> None:
    """Wait for the test."""
    sys.stdin.readline()


# -- the programs --------------------------------------------------------------------------------------------------


def write_many(store: Store) -> None:
    """100 commands from each of two threads, when told; the numbers of their events."""
    say("ready")
    hear()

    def write() -> None:
        for _ in range(100):
            say(command(store))

    threads = [Thread(target=write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def write_for_ever(store: Store) -> None:
    """A command, its number, and so on until killed."""
    while True:
        say(command(store))


def stay_inside(store: Store) -> None:
    """In a transaction until told."""
    with store.transaction() as transaction:
        rig = transaction.rig("default")
        assert rig is not None
        transaction.drop_cells(rig)
        say("inside")
        hear()


def end_when_told(store: Store) -> None:
    """A command, and an ordinary end of the process."""
    say(command(store))
    hear()


def fork_and_part(store: Store) -> None:
    """Parent and child both write; the parent closes and ends first; the child goes on, says its numbers, and ends as Python does."""
    say(command(store))
    child_wrote, parent_closed = os.pipe(), os.pipe()
    if os.fork():
        os.read(child_wrote[0], 1)
        store.close()
        os.write(parent_closed[1], b"x")
        os._exit(0)
    say(command(store))
    os.write(child_wrote[1], b"x")
    os.read(parent_closed[0], 1)
    for _ in range(3):
        say(command(store))


def fork_inside(store: Store) -> None:
    """A child of a transaction leaves it, says how, and ends as Python does; then the parent commits more than SQLite keeps in memory.

    All the while another thread has a connection too.
    """
    opened, done = Event(), Event()

    def other() -> None:
        store.wall()
        opened.set()
        done.wait()

    Thread(target=other).start()
    opened.wait()
    command(store)
    say(answer(lambda: fork_after_much(store)))
    done.set()


def fork_after_much(store: Store) -> str:
    with store.transaction() as transaction:
        rig = transaction.rig("default")
        assert rig is not None
        for number in range(20):
            transaction.put_cell(rig, f"cell {number}", CellRow(number, 0, 10, str(number) * 200_000))
        child = os.fork()
        if child:
            os.waitpid(child, 0)
    return "committed"


def in_forked_child(store: Store) -> None:
    """What a child of a transaction is told, whatever it does."""
    with store.transaction() as transaction:
        if (child := os.fork()) == 0:
            for way in (lambda: transaction.rig("default"), store.wall, lambda: store.load("default", "HotTank"), lambda: command(store)):
                say(answer(way))
            os._exit(0)
        os.waitpid(child, 0)
    say(command(store))


def leave_in_forked_child(store: Store) -> None:
    """What a child of a transaction is told that leaves it as if it were its own, and then how the parent leaves it."""
    try:
        with store.transaction() as transaction:
            rig = transaction.rig("default")
            assert rig is not None
            transaction.put_cell(rig, "HotTank", CellRow(1, 0, 10, "body"))
            transaction.put_rig(rig)
            if child := os.fork():
                os.waitpid(child, 0)
        say("committed")
    except RuntimeError as error:
        say(error)


def go_on_when_the_lock_file_is_cut(store: Store) -> None:
    """What is read, written and read, where each time the lock file was cut some moments before."""
    machine = Machine()
    mine = open_store(store.url, machine=machine)
    say(command(mine))
    for use in (revision, command, revision):
        say(use(mine))
        os.truncate(f"{store.url.removeprefix('sqlite:///')}-lock", 0)
        machine.since_boot += TRUSTED + 1
    say(revision(mine))
    mine.close()


def answer(way: Callable[[], object]) -> str:
    try:
        return repr(way())
    except (StoreError, RuntimeError) as error:
        return str(error)


def killed_inside_with_a_child(store: Store) -> None:
    """Forks inside a transaction; the child says so and stays, and the parent is to be killed."""
    with store.transaction():
        if os.fork() == 0:
            say(os.getppid())
            hear()
            os._exit(0)
        hear()


def fork_a_child_that_only_ends(store: Store) -> None:
    """The child never touches the store, and ends as Python does; the parent goes on."""
    say(command(store))
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        say(command(store))
        atexit.unregister(store.close)
        os._exit(0)


def killed_before_its_commit(store: Store) -> None:
    """A command, and the end of the process when all but the commit is done."""
    command_until(store, lambda writer: os.kill(os.getpid(), signal.SIGKILL))


def killed_after_its_commit(store: Store) -> None:
    """A command, and the end of the process when nothing but the commit is done."""
    commit = Writer.commit

    def kill(writer: Writer) -> None:
        commit(writer)
        os.kill(os.getpid(), signal.SIGKILL)

    command_until(store, kill)


def command_until(store: Store, kill: Callable[[Writer], None]) -> None:
    Writer.commit = kill  # type: ignore[method-assign, assignment]  # nobody is killed at that very instant by chance
    say("ready")
    command(store)


PROGRAMS: Mapping[str, Callable[[Store], None]] = {
    each.__name__: each
    for each in (
        write_many,
        write_for_ever,
        stay_inside,
        end_when_told,
        fork_and_part,
        fork_inside,
        in_forked_child,
        killed_inside_with_a_child,
        fork_a_child_that_only_ends,
        leave_in_forked_child,
        go_on_when_the_lock_file_is_cut,
        killed_before_its_commit,
        killed_after_its_commit,
    )
}

if __name__ == "__main__":
    PROGRAMS[sys.argv[1]](open_store(sys.argv[2]))
