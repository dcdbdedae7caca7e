"""What keeps a rig safe: who may heat, hazards, all that is on going off, and what was found brought back."""
