"""Logs that are sent on to other systems."""
