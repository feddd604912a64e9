"""Catalog to rules and configuration for other tools."""
