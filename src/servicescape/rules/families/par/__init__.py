"""Readiness: what should be there before something that matters fails."""
