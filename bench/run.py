"""A run: part after part, each with files of its own that are gone afterwards."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bench.measures import Begun, Found, Measure, Skipped
from bench.options import Options
from bench.parts import chain, peers, phases, rigs, scale, servers, writers
from bench.processes import Ended
from bench.results import Part
from bench.tables import begun
from bench.tools import Missing
from bench.wrk import Broken

PARTS: Mapping[str, tuple[str, Callable[[Options], Found]]] = {
    "servers": (servers.TITLE, servers.measure),
    "peers": (peers.TITLE, peers.measure),
    "scale": (scale.TITLE, scale.measure),
    "chain": (chain.TITLE, chain.measure),
    "rigs": (rigs.TITLE, rigs.measure),
    "writers": (writers.TITLE, writers.measure),
    "phases": (phases.TITLE, phases.measure),
}

Tell = Callable[[str], None]


def run(names: Sequence[str], options: Options, tell: Tell) -> Iterator[Part]:
    """The parts of these names, each as soon as it is done. options: without a folder yet."""
    for name in names:
        title, measure = PARTS[name]
        begin = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="mockbrew-bench-") as folder:
            part = filled(Part(name, title), measure(replace(options, folder=Path(folder))), tell)
        part.lasted = time.monotonic() - begin
        yield part


def filled(part: Part, found: Found, tell: Tell) -> Part:
    """The part, with what was found. Where a server is broken there are no figures of it, and nothing after it."""
    try:
        for each in found:
            if isinstance(each, Begun):
                tell(begun(part.name, each))
            else:
                _note(part, each)
    except Missing as error:
        part.skipped.append(Skipped("the rest", str(error)))
    except (Broken, Ended) as error:
        part.refused = str(error)
    return part


def _note(part: Part, found: Measure | Skipped) -> None:
    if isinstance(found, Measure):
        part.measures.append(found)
    else:
        part.skipped.append(found)
