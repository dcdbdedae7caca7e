"""The test bench: what is done to a rig as a whole, and asked of its past. One file a resource, as in `admin`, which serves them."""
