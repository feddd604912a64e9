"""Families of rules, one folder each."""
