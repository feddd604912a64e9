"""The set-ups for CI systems, tried as far as that goes without those systems."""
