"""The catalog language as typed, frozen models. Knows nothing of text, files or places."""
