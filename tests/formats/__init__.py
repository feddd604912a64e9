"""Diagrams in the formats of other tools, opened by those tools."""
