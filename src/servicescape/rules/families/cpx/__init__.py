"""Complexity: what is there for nothing, and what nobody can keep in mind."""
