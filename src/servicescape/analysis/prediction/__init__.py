"""How often journeys fail: exact probabilities from the availability of components, and what to mend first."""
