"""The control plane, `/__admin/`: what a test bench does to a rig and asks of it. One file a resource, all of them listed in `table`."""
