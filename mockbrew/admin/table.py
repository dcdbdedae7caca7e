"""The table of all resources, as they are listed. A new one is a file, and a line here."""

from __future__ import annotations

from mockbrew.admin import about, clock, faults, hazards, history, journal, openapi, provider_states, rigs, snapshots, state
from mockbrew.admin.resources import Resource

RESOURCES: tuple[Resource, ...] = (
    *about.RESOURCES,
    *openapi.RESOURCES,
    *rigs.RESOURCES,
    *state.RESOURCES,
    *provider_states.RESOURCES,
    *clock.RESOURCES,
    *faults.RESOURCES,
    *hazards.RESOURCES,
    *history.RESOURCES,
    *journal.RESOURCES,
    *snapshots.RESOURCES,
)
