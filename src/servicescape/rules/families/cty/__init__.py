"""Continuity: what a customer goes through when one way of doing something gives way to another."""
