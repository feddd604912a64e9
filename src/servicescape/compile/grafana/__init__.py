"""Grafana dashboards: one for the catalog, one for each journey, one for each SLO."""
