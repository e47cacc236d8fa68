"""Encryption keys, roles and acknowledged findings."""
