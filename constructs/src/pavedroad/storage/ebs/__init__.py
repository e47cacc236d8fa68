"""Volumes of Amazon EBS, and their snapshots."""
