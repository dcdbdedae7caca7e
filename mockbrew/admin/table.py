"""The table of all resources, as they are listed. A new one is a file, and a line here."""

from __future__ import annotations

from mockbrew.admin import about, clock, faults, journal, rigs, snapshots
from mockbrew.admin.resources import Resource

RESOURCES: tuple[Resource, ...] = (
    *about.RESOURCES,
    *rigs.RESOURCES,
    *clock.RESOURCES,
    *faults.RESOURCES,
    *journal.RESOURCES,
    *snapshots.RESOURCES,
)
