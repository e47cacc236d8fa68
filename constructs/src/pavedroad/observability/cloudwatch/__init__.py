"""Dashboards and objectives of services."""
