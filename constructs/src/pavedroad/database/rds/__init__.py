"""Relational databases on Amazon RDS."""
