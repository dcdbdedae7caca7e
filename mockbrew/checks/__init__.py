"""What can be wrong with a spec: one file for each sort of mistake. All is pure; `mockbrew.spec` runs them in turn."""
