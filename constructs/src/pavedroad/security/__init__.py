"""Encryption keys and acknowledged findings."""
