"""Predictions as text, Markdown and JSON."""
