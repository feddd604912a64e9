"""Objectives, windows and indicators."""
