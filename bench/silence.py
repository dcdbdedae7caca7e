"""24 h of silence with three PIDs on, cold: what the next request has to compute, against scipy on the same work."""

from __future__ import annotations

from bench.measuring import show, spread, timed
from bench.plants import Case, cases, evolved, started
from bench.yardstick import Law
from mockbrew.clock import nanoseconds

HOURS = 24
SHARE = 24  # the yardstick does a day's first hour, and is multiplied by this
GOALS = {"valves shut": 0.2, "each vessel stirred": 2.0, "all vessels in one ring": 2.0}  # s


def row(case: Case) -> list[str]:
    """Of the table."""
    cell, anchor = started(case)
    law, hour = Law(case, cell), 3600.0 * HOURS / SHARE
    stretches, begin = list(law.stretches(anchor, hour)), law.at(anchor, 0)
    off = abs(law.followed(begin, stretches) - law.at(evolved(cell, anchor, hour), nanoseconds(hour))).max()
    engine = timed(lambda: evolved(*started(case), 3600.0 * HOURS))
    scipy = [SHARE * taken for taken in timed(lambda: law.followed(begin, stretches), runs=3)]
    goal = GOALS[case.title]
    return [case.title, *spread(engine), *spread(scipy), f"1/{min(scipy) / min(engine):.0f}", f"{goal:g}", f"{off:.0e}"]


def main() -> None:
    """Print the table."""
    head = ["s", "engine: min", "median", "max", f"scipy ({SHARE} x 1 h): min", "median", "max", "ratio", "goal, s", "apart, K"]
    show(f"{HOURS} h of silence with three PIDs on, cold", head, map(row, cases()))


if __name__ == "__main__":
    main()
