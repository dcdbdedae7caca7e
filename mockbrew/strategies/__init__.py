"""Strategies: for Hypothesis, from a spec: commands that its rig takes and requests that it refuses, readings, conditions, brew days.

    from hypothesis import given
    from mockbrew.strategies import commands

    @given(commands())
    def test_my_client_says_what_it_commands(command):
        ...

Each takes a spec: a `Spec`, the path of a file, or nothing for the reference brewery. It needs the extra `testing`.
"""

from __future__ import annotations

try:
    from hypothesis.strategies import SearchStrategy
except ImportError as error:
    raise ImportError("mockbrew.strategies needs hypothesis, which is not installed; install mockbrew[testing]") from error

from mockbrew.strategies import conditions as condition_texts
from mockbrew.strategies.material import Source, material

__all__ = ["conditions", "conditions_on_journal"]


def conditions(spec: Source = None) -> SearchStrategy[str]:
    """Conditions on the readings of the rig, as run-until and hazards take them: `Temp3 >= 65 and not (P3.on)`."""
    return condition_texts.on_readings(material(spec).spec)


def conditions_on_journal(spec: Source = None) -> SearchStrategy[str]:
    """Conditions on the entries of its journal, as `where` takes them: `status >= 400`."""
    return condition_texts.on_entries(material(spec).spec)
