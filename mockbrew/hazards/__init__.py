"""Hazards: the rules of a spec, watched over all that happens (`watch`), and how far that has come, as a text (`docket`)."""
