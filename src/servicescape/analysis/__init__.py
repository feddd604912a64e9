"""Pure functions of a catalog. Nothing here reads files, prints, or knows the time."""
