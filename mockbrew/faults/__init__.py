"""Faults, as data. `devices`, `failing`, `active`: of devices. `transport`, `sorts`, `strikes`: of transport. `documents`: all of a rig."""
