"""References, names and cycles."""
