"""Caches on ElastiCache."""
