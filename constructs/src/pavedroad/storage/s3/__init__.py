"""Buckets on Amazon S3."""
