"""Text to nodes and plain values that know where they stand."""
