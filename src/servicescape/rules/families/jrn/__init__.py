"""Journeys of customers."""
