"""Bringing a checked assembly to production: what will change, and why it did not."""
