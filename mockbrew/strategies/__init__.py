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

from mockbrew.strategies import brewing, requests
from mockbrew.strategies import conditions as condition_texts
from mockbrew.strategies import replies as replied
from mockbrew.strategies.contract import Source, contract
from mockbrew.strategies.examples import Command, Day, Illegal, Reading, Replied, Step

__all__ = [
    "Command",
    "Day",
    "Illegal",
    "Reading",
    "Replied",
    "Step",
    "brew_days",
    "commands",
    "conditions",
    "conditions_on_journal",
    "illegal_commands",
    "readings",
    "replies",
]


def commands(spec: Source = None) -> SearchStrategy[Command]:
    """Commands that the rig takes: each is answered with 200.

    Two things can be in the way that a spec alone does not tell: rules with `refuse`, and kinds whose verbs judge by their state.
    """
    return requests.commands(contract(spec))


def illegal_commands(spec: Source = None) -> SearchStrategy[Illegal]:
    """Requests that the rig refuses, each with the status that is right: an unknown path, a method, an argument. Nothing changes."""
    return requests.illegal(contract(spec))


def readings(spec: Source = None) -> SearchStrategy[Reading]:
    """Requests that change nothing and are answered with 200."""
    return requests.readings(contract(spec))


def replies(spec: Source = None) -> SearchStrategy[Replied]:
    """Readings and commands, each with a reply that it can have, byte for byte as the rig writes it: for the parser of a client."""
    return replied.replies(contract(spec))


def brew_days(spec: Source = None) -> SearchStrategy[Day]:
    """Whole days: what is commanded when, with the virtual seconds between. `Day.script` is one as `mockbrew simulate` takes it."""
    return brewing.brew_days(contract(spec))


def conditions(spec: Source = None) -> SearchStrategy[str]:
    """Conditions on the readings of the rig, as run-until and hazards take them: `Temp3 >= 65 and not P3.on`."""
    return condition_texts.on_readings(contract(spec).spec)


def conditions_on_journal(spec: Source = None) -> SearchStrategy[str]:
    """Conditions on the entries of its journal, as `where` takes them: `status >= 400`."""
    return condition_texts.on_entries(contract(spec).spec)
