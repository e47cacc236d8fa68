"""Relational clusters on Amazon Aurora."""
