"""Backups, and what is left when everything else is lost."""
