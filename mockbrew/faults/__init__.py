"""Faults, as data: of devices (`devices`, `failing`, `active`) and of transport (`transport`, `strikes`); all of a rig are `documents`."""
