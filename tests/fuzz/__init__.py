"""Inputs that nobody would write."""
