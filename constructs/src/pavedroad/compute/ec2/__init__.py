"""Instances of Amazon EC2, in Auto Scaling groups."""
