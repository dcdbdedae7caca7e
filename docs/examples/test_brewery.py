"""Its tests, each on a rig of its own: `pytest docs/examples`, or `pytest -n 4 docs/examples`."""

from __future__ import annotations

from brewery import Brewery

from mockbrew.client import Rig


def test_the_mash_gets_warm_and_stays_so(mockbrew: Rig) -> None:
    brewery = Brewery(mockbrew.url)

    brewery.mash(65)
    reached = mockbrew.run_until("Temp3 >= 64.8", limit=7200)  # virtual seconds: it takes a moment
    mockbrew.clock.advance(3600)

    assert reached.time < 3600
    assert 64.5 < (brewery.watch() or 0) < 65.5


def test_the_mash_is_not_heated_without_a_probe(mockbrew: Rig) -> None:
    brewery = Brewery(mockbrew.url)
    brewery.mash(65)
    mockbrew.clock.advance(60)

    mockbrew.fault("open_circuit", "Temp3")

    assert brewery.watch() is None
    assert mockbrew.state("R1")["devices"]["R1"]["on"] == 0


def test_a_second_mash_finds_the_valves_as_they_were(mockbrew: Rig) -> None:
    brewery = Brewery(mockbrew.url)

    brewery.mash(50)
    mockbrew.clock.advance(900)
    brewery.mash(66)

    assert [entry.url for entry in mockbrew.entries("device == 'H'")] == ["/startH.py", "/startH.py"]
    mockbrew.verify({"order": {"where": ["arguments.setpoint == 50", "arguments.setpoint == 66"]}})
