"""Databases, relational and other."""
