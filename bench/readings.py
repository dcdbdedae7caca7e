"""A warm reading of a temperature with three PIDs on, against scipy on the same work: from the last boundary to its instant."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bench.machine import Hand
from bench.measuring import RUNS, show, spread, timed
from bench.plants import Case, cases, started
from bench.yardstick import Law, Stretch
from mockbrew.clock import SECOND, nanoseconds, seconds
from mockbrew.plant import Anchor, Cell, Look, evolve
from mockbrew.rigs import DEFAULT, Order, Rigs
from mockbrew.stores import open_store

AFTER = 600.0  # s: the PIDs are at work by then
APART = SECOND // 10  # ns between two readings, as of a client that polls ten times a second
READINGS = 500


def row(case: Case, folder: Path) -> list[str]:
    """Of the table: us."""
    plant, rigs, scipy = (
        [taken / READINGS for taken in runs] for runs in (of_the_plant(case), of_the_rigs(case, folder), of_the_yardstick(case))
    )
    shown = [cell for runs in (plant, rigs, scipy) for cell in spread(runs, 1e-6)]
    return [case.title, *shown, f"1/{min(scipy) / min(plant):.0f}", f"1/{min(scipy) / min(rigs):.0f}"]


def of_the_plant(case: Case) -> list[float]:
    """Looks at anchors that are there already."""
    cell, polls = polled(case)
    return timed(lambda: [Look(cell, anchor, at, "").reading("Temp1", "temperature") for anchor, at in polls])


def of_the_rigs(case: Case, folder: Path) -> list[float]:
    """Readings through the store, as a request does them, while time goes by: a boundary now and then is in them."""
    hand = Hand()
    store = open_store(f"sqlite:///{folder / case.title.replace(' ', '-')}.db", machine=hand)
    rigs = Rigs(case.spec, store)
    for device, verb in case.orders:
        rigs.command(DEFAULT, Order(device, verb, {}), lambda look: b"")
    hand.wait(nanoseconds(AFTER))

    def poll() -> None:
        for _ in range(READINGS):
            hand.wait(APART)
            rigs.read(DEFAULT, "Temp1").look.reading("Temp1", "temperature")

    taken = timed(poll)
    store.close()
    return taken


def of_the_yardstick(case: Case) -> list[float]:
    """The same readings as `of_the_plant`."""
    cell, polls = polled(case)
    law = Law(case, cell)
    stretches = [(law.at(anchor, anchor.at), [Stretch(seconds(anchor.at), seconds(at), law.heat(anchor))]) for anchor, at in polls]
    return timed(lambda: [law.followed(begin, stretch) for begin, stretch in stretches])


def polled(case: Case) -> tuple[Cell, list[tuple[Anchor, int]]]:
    """The instants of the readings (virtual ns), each with the anchor at the last boundary before."""
    cell, anchor = started(case)
    polls = []
    for k in range(READINGS):
        at = nanoseconds(AFTER) + k * APART
        anchor, _ = evolve(cell, anchor, at, "", limit=10**9)
        polls.append((anchor, at))
    return cell, polls


def main() -> None:
    """Print the table."""
    head = ["us"]
    for what in ("plant", "rigs", "scipy"):
        head += [f"{what}: min", "median", "max"]
    with tempfile.TemporaryDirectory() as folder:
        rows = [row(case, Path(folder)) for case in cases()]
    show(f"a warm reading of a temperature ({RUNS} runs of {READINGS}; goal 1/100)", [*head, "plant", "rigs"], rows)


if __name__ == "__main__":
    main()
