"""Dependencies between components."""
