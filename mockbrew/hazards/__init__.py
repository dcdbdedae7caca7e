"""Hazards: the rules of a spec, watched over all that happens (`watch`, `precedents`), and how far that has come, as a text (`docket`)."""
