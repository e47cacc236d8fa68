"""Checks from outside."""
