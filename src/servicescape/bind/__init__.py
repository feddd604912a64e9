"""Nodes to typed entities that know where they stand."""
