"""Named diagrams."""
