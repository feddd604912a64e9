"""Ways of looking at a catalog: what is there, what is missing, and what would help first."""
