"""Pipelines that bring an application to its users, and what they bring."""
