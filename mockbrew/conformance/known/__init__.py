"""What is known: the spec as its clients see it, what its commands do, what has been seen of a rig."""
