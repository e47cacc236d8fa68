"""Buckets, file systems and volumes."""
